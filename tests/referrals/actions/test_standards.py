"""R10's settings: set anew from now on, never changed, by commissioners."""

from dataclasses import replace
from datetime import timedelta

import pytest

from referrals.actions.standards import REFERENCE, WrongStandards, set_standards
from referrals.models import ServiceStandards
from referrals.queries.standards import history, standards_at, standing_at
from referrals.rules.standards import DEFAULTS, LIMITS
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
SLOWER = replace(DEFAULTS, contact_working_days=7)


@pytest.fixture
def commissioner():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


def put(standards, *, by, at=AT, seen=0, reason="Winter."):
    return set_standards(standards=standards, reason=reason, seen=seen, by=by, at=at)


def test_in_force_from_now_on(commissioner):
    outcome = put(SLOWER, by=commissioner)
    assert (outcome.moved, outcome.in_force.standards) == (False, SLOWER)
    assert standards_at(AT - timedelta(seconds=1)) == DEFAULTS
    assert standards_at(AT) == SLOWER
    row = ServiceStandards.objects.get()
    assert (row.set_by, row.set_at, row.in_force_from, row.reason) == (commissioner, AT, AT, "Winter.")
    assert AuditEvent.objects.filter(reference=REFERENCE, user_id=commissioner.pk).count() == 1


def test_a_change_is_a_new_row(commissioner):
    first = put(SLOWER, by=commissioner).in_force
    put(replace(SLOWER, most_visits=8), by=commissioner, at=LATER, seen=first.number)
    assert [(one.to.standards.most_visits, one.before.most_visits) for one in history()] == [(8, 6), (6, 6)]
    assert standards_at(AT) == SLOWER
    assert standing_at(LATER).now.row.set_by == commissioner


def test_the_same_again_writes_nothing(commissioner):
    put(SLOWER, by=commissioner)
    assert not put(SLOWER, by=commissioner, at=LATER).moved
    assert ServiceStandards.objects.count() == 1
    assert ServiceStandards.objects.get().set_at == AT


def test_the_defaults_again_write_nothing(commissioner):
    assert not put(DEFAULTS, by=commissioner).moved
    assert not ServiceStandards.objects.exists()


def test_of_two_commissioners_the_second_is_told(commissioner):
    first = put(SLOWER, by=commissioner).in_force
    second = put(replace(DEFAULTS, review_weeks=8), by=person(Role.COMMISSIONER), at=LATER, seen=0)
    assert second.moved
    assert second.in_force.number == first.number
    assert ServiceStandards.objects.count() == 1


def test_a_request_that_came_a_moment_earlier_and_had_to_wait_is_told_too(commissioner):
    first = put(SLOWER, by=commissioner, at=LATER).in_force
    second = put(replace(DEFAULTS, review_weeks=8), by=person(Role.COMMISSIONER), at=AT, seen=0)
    assert (second.moved, second.in_force.number) == (True, first.number)
    assert ServiceStandards.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else(role):
    with pytest.raises(NotAllowed, match="set up contracts"):
        put(SLOWER, by=person(role))


@pytest.mark.parametrize("column", LIMITS)
def test_slips_of_the_keyboard(commissioner, column):
    least, most = LIMITS[column]
    for number in (least - 1, most + 1):
        with pytest.raises(WrongStandards, match=f"between {least} and {most}"):
            put(replace(DEFAULTS, **{column: number}), by=commissioner)
    assert not ServiceStandards.objects.exists()


def test_the_hard_cap_is_not_below_the_soft_one(commissioner):
    with pytest.raises(WrongStandards, match="as many as the usual ones") as wrong:
        put(replace(DEFAULTS, usual_visits=7), by=commissioner)
    assert [problem.field for problem in wrong.value.problems] == ["most_visits"]
    assert not put(replace(DEFAULTS, usual_visits=6), by=commissioner).moved
