"""A record that is being written while its request is handed over: nothing lands after the hand-over (R17)."""

from datetime import timedelta
from functools import partial

import pytest

from referrals.actions import recording
from referrals.actions.recording import Typed
from referrals.models import RecordAnswer, Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import records as made
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

NAMES = [*made.WORDS, *made.action(1), *made.action(2), *made.action(3)]


@pytest.fixture
def visit(transactional_db):
    """A visit whose record is being written."""
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    person(Role.S2S_COORDINATOR)
    period_with_places(early_years=4)
    referral = sent_request(EstablishmentFactory(zone=zone), by=adviser)
    return made.visit_of(referral, at=AT, starts_at=AT + timedelta(days=2))


def save(visit, name):
    """Save one answer of a page that was read before the hand-over; whether it was taken."""
    given = {"by": visit.referral.teacher, "at": visit.booking.ends_at}
    try:
        saved = recording.save(visit=visit, typed={name: Typed("Typed in time?", 0)}, **given)
    except NotAllowed:
        return False
    return saved[name].answer is not None


def test_no_save_lands_after_the_hand_over(visit):
    AuditEvent.objects.all().delete()
    hand_over = partial(support.handed_over, visit.referral, at=visit.booking.ends_at)
    works = [partial(save, visit, name) for name in NAMES]
    results = at_once([*works[:4], hand_over, *works[4:]])
    new_teacher, taken = results.pop(4), [name for name, is_taken in zip(NAMES, results, strict=True) if is_taken]
    assert Referral.objects.get().teacher == new_teacher
    assert sorted(RecordAnswer.objects.values_list("name", flat=True)) == sorted(taken)
    handed_over = AuditEvent.objects.get(what="gave a request to another teacher").pk
    wrote = AuditEvent.objects.filter(what__startswith="wrote in a record of visit")
    assert wrote.count() == len(taken)
    assert not wrote.filter(pk__gt=handed_over).exists()
