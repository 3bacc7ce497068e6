"""A commissioner decides about a late request, or its adviser answers, while a task is just moving it."""

from functools import partial

import pytest
from django.db import transaction

from referrals.actions import rollover_deciding, rollover_running, rollover_sweeping
from referrals.choices import Fate, LineState, Status
from referrals.models import Rollover, RolloverLine
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories import contract_ends as ends
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.races.processes import Turn, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def move(line, turn):
    """Do what the line says, and take a while."""
    with transaction.atomic():
        rollover_running.run_line(pk=line, by=ensure_system_user(), at=LAST_DAY)
        turn.first()
    return ""


def decide(line, turn, by):
    """Decide otherwise meanwhile; why not."""
    row, person_ = _read(line, turn, by)
    return rollover_deciding.decide(line=row, fate=Fate.FINISH, note="", by=person_, at=LAST_DAY).refusal


def answer(line, turn, by):
    """Answer otherwise meanwhile; why not."""
    row, person_ = _read(line, turn, by)
    return rollover_deciding.answer(line=row, wish=Fate.FINISH, note="", by=person_, at=LAST_DAY).refusal


def _read(line, turn, by):
    row = RolloverLine.objects.select_related("rollover", "referral").get(pk=line)
    person_ = User.objects.get(pk=by)
    turn.second()
    return row, person_


@pytest.mark.parametrize(
    ("other", "says"), [(decide, "no longer open under the old contract"), (answer, "It is too late to answer")]
)
def test_a_late_request_that_is_just_being_moved_is_neither_decided_nor_answered_otherwise(
    transactional_db, other, says
):
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory(name="Reedham Reach")])
    zone = adviser.memberships.get().zones.get()
    period, portal = period_with_places(), ensure_system_user()
    sent_request(EstablishmentFactory(zone=zone), by=adviser)
    done = ends.ran(ends.approved(ends.begun(period, ends.successor(period.contract))))
    late = sent_request(EstablishmentFactory(zone=zone), by=adviser)
    ends.ended(period.contract)
    rollover_sweeping.sweep(rollover=done, by=portal, at=LAST_DAY)
    line = ends.line_of(done, late)
    by = adviser if other is answer else ends.commissioners()[0]
    turn = Turn()
    _, refusal = at_once([partial(move, line.pk, turn), partial(other, line.pk, turn, by.pk)])
    assert says in refusal
    line = ends.line_of(Rollover.objects.get(), late)
    assert (line.state, line.outcome, line.referral.status) == (LineState.DONE, Fate.MOVE, Status.TRANSFERRED)
