"""R10's settings from a day to come: what counts at which moment, what waits, and what is taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from referrals.actions.standards import REFERENCE, WrongStandards, set_standards, take_back
from referrals.models import ServiceStandards, StandardsTakenBack
from referrals.queries.standards import history, newest, over_time, standards_at, standing_at
from referrals.rules.standards import DEFAULTS
from s2s_portal.core.calendar import LONDON
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import LOOK_AGAIN, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 2)
MIDNIGHT = datetime(2024, 12, 2, tzinfo=LONDON)
SECOND = timedelta(seconds=1)
SLOWER, LONGER = replace(DEFAULTS, contact_working_days=7), replace(DEFAULTS, review_weeks=8)


@pytest.fixture
def commissioner():
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


def put(standards, *, by, at=AT, seen=None, from_day=DAY, reason="Winter."):
    seen = newest().number if seen is None else seen
    return set_standards(standards=standards, reason=reason, seen=seen, by=by, at=at, from_day=from_day)


def back(one, *, by, at=AT, reason="Too soon."):
    return take_back(number=one.in_force.number, reason=reason, by=by, at=at)


@pytest.mark.parametrize(
    ("from_day", "begins"),
    [
        (date(2024, 12, 2), datetime(2024, 12, 2, tzinfo=UTC)),
        # Clocks go forward at 01:00 UTC on 30 March 2025: that day begins in winter time, the next in summer time.
        (date(2025, 3, 30), datetime(2025, 3, 30, tzinfo=UTC)),
        (date(2025, 3, 31), datetime(2025, 3, 30, 23, tzinfo=UTC)),
        # They go back at 01:00 UTC on 26 October 2025: that day begins in summer time, the next in winter time.
        (date(2025, 10, 26), datetime(2025, 10, 25, 23, tzinfo=UTC)),
        (date(2025, 10, 27), datetime(2025, 10, 27, tzinfo=UTC)),
    ],
)
def test_from_the_first_moment_of_a_day_in_london(commissioner, from_day, begins):
    put(SLOWER, by=commissioner, from_day=from_day)
    for moment, counts in (
        (AT - SECOND, DEFAULTS),
        (AT, DEFAULTS),
        (begins - SECOND, DEFAULTS),
        (begins - timedelta(microseconds=1), DEFAULTS),
        (begins, SLOWER),
        (begins + timedelta(hours=25), SLOWER),
    ):
        assert standards_at(moment) == counts, moment
        assert standing_at(moment).now.standards == counts, moment
        assert (standing_at(moment).coming is None) == (counts == SLOWER), moment
        assert over_time(begins).at(moment) == counts, moment


def test_today_is_from_now(commissioner):
    outcome = put(SLOWER, by=commissioner, from_day=date(2024, 11, 26))
    assert outcome.in_force.row.in_force_from == AT
    assert standards_at(AT - SECOND) == DEFAULTS
    assert JobRequest.objects.get().job == LOOK_AGAIN


def test_in_the_last_second_of_a_day_the_next_is_a_day_to_come(commissioner):
    at = MIDNIGHT - SECOND
    assert put(SLOWER, by=commissioner, at=at).in_force.row.in_force_from == MIDNIGHT
    assert standards_at(at) == DEFAULTS


def test_what_is_past_stays_as_it_was(commissioner):
    with pytest.raises(WrongStandards, match="today or later") as wrong:
        put(SLOWER, by=commissioner, from_day=date(2024, 11, 25))
    assert [problem.field for problem in wrong.value.problems] == ["from_day"]
    with pytest.raises(WrongStandards, match="today or later"):  # a page that was opened before midnight
        put(SLOWER, by=commissioner, at=MIDNIGHT + timedelta(days=1))
    assert not ServiceStandards.objects.exists()


@pytest.mark.parametrize("from_day", [None, date(2024, 11, 27), DAY, date(2024, 12, 3)])
def test_one_change_waits_at_most(commissioner, from_day):
    put(SLOWER, by=commissioner)
    with pytest.raises(WrongStandards, match="A change from 2 December 2024 is already waiting. Take it back first"):
        put(LONGER, by=commissioner, from_day=from_day)
    with pytest.raises(WrongStandards, match="is already waiting"):  # its own settings, but from another day
        put(SLOWER, by=commissioner, from_day=from_day if from_day != DAY else None)
    assert ServiceStandards.objects.count() == 1


def test_once_it_has_begun_another_can_be_set(commissioner):
    put(SLOWER, by=commissioner)
    assert not put(LONGER, by=commissioner, at=MIDNIGHT, from_day=None).moved
    assert (standards_at(MIDNIGHT - SECOND), standards_at(MIDNIGHT)) == (DEFAULTS, LONGER)


def test_the_same_again_writes_nothing(commissioner):
    first = put(SLOWER, by=commissioner)
    again = put(SLOWER, by=person(Role.COMMISSIONER), seen=0)
    assert (again.moved, again.in_force.number) == (False, first.in_force.number)
    assert ServiceStandards.objects.count() == 1


def test_whoever_did_not_see_what_waits_is_told(commissioner):
    first = put(SLOWER, by=commissioner)
    second = put(LONGER, by=person(Role.COMMISSIONER), seen=0, from_day=None)
    assert (second.moved, second.in_force.number) == (True, first.in_force.number)
    assert ServiceStandards.objects.count() == 1


def test_a_change_that_waits_has_nothing_looked_at_before_its_day(commissioner):
    put(SLOWER, by=commissioner)
    assert not JobRequest.objects.exists()


def test_taken_back_it_never_counts_and_stays_in_the_history(commissioner):
    first = put(SLOWER, by=commissioner)
    other = person(Role.COMMISSIONER, full_name="Ida Mautby")
    taken = back(first, by=other, at=MIDNIGHT - SECOND)
    assert (taken.by, taken.at, taken.reason) == (other, MIDNIGHT - SECOND, "Too soon.")
    assert standards_at(MIDNIGHT) == DEFAULTS
    assert over_time(MIDNIGHT).at(MIDNIGHT) == DEFAULTS
    assert standing_at(AT).coming is None
    second = put(LONGER, by=commissioner)  # from the same day
    assert standards_at(MIDNIGHT) == LONGER
    assert standing_at(AT).coming.number == second.in_force.number
    assert [(one.to.standards, one.before) for one in history()] == [(LONGER, DEFAULTS), (SLOWER, DEFAULTS)]
    assert [one.to.taken_back for one in history()] == [None, taken]
    assert AuditEvent.objects.filter(reference=REFERENCE).count() == 3


def test_taken_back_twice_is_taken_back_once(commissioner):
    first = put(SLOWER, by=commissioner)
    assert back(first, by=commissioner) == back(first, by=commissioner, at=AT + SECOND)
    assert StandardsTakenBack.objects.count() == 1
    with pytest.raises(CannotChange, match="Merle Ketteringham has taken this change back already"):
        back(first, by=person(Role.COMMISSIONER))


def test_what_has_begun_is_not_taken_back(commissioner):
    first = put(SLOWER, by=commissioner)
    with pytest.raises(CannotChange, match="in force already"):
        back(first, by=commissioner, at=MIDNIGHT)
    with pytest.raises(CannotChange, match="no such change"):
        take_back(number=first.in_force.number + 1, reason="x", by=commissioner, at=AT)
    assert standards_at(MIDNIGHT) == SLOWER


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COMMISSIONER])
def test_nobody_else_takes_back(commissioner, role):
    first = put(SLOWER, by=commissioner)
    with pytest.raises(NotAllowed, match="set up contracts"):
        back(first, by=person(role))


def test_the_database_keeps_both_as_they_were(commissioner):
    back(put(SLOWER, by=commissioner), by=commissioner)
    for model in (ServiceStandards, StandardsTakenBack):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(reason="Other.")
