"""Journey times that somebody enters: once for a pair, by co-ordinators, with a line in the access log."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from s2s_portal.organisations.actions.journeys import NotAJourney, forget_journey_time, set_journey_time
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent, JourneyTime
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return [EstablishmentFactory(), EstablishmentFactory(school=True)]


@pytest.fixture
def coordinator():
    return person(Role.S2S_COORDINATOR)


def enter(one, other, by, minutes=55, note="Round the harbour", at=NOW):
    return set_journey_time(one=one, other=other, minutes=minutes, note=note, by=by, at=at)


@pytest.mark.parametrize("turned", [False, True])
def test_it_is_one_row_whichever_way_it_is_entered(places, coordinator, turned):
    row = enter(*(reversed(places) if turned else places), coordinator)
    assert (row.first, row.second) == tuple(places)
    assert (row.minutes, row.note, row.set_by, row.set_at) == (55, "Round the harbour", coordinator, NOW)
    event = AuditEvent.objects.get()
    assert (event.what, event.user_id) == ("set a journey to 55 minutes", coordinator.pk)
    assert event.reference == f"journey {places[0].pk} to {places[1].pk}"


def test_a_later_time_replaces_an_earlier_one(places, coordinator):
    later, other = NOW + timedelta(days=1), person(Role.S2S_COORDINATOR)
    before = enter(*places, coordinator)
    after = enter(*reversed(places), other, minutes=50, at=later)
    assert before == after == JourneyTime.objects.get()
    assert (after.minutes, after.set_by, after.set_at) == (50, other, later)
    assert AuditEvent.objects.count() == 2


def test_the_same_again_changes_nothing(places, coordinator):
    enter(*places, coordinator)
    again = enter(*reversed(places), person(Role.S2S_COORDINATOR), at=NOW + timedelta(days=1))
    assert (again.set_by, again.set_at) == (coordinator, NOW)
    assert AuditEvent.objects.count() == 1


def test_a_place_and_itself_is_no_journey(places, coordinator):
    with pytest.raises(NotAJourney, match="two different places"):
        enter(places[0], places[0], coordinator)


@pytest.mark.parametrize(("minutes", "is_fine"), [(0, False), (1, True), (600, True), (601, False), (-5, False)])
def test_minutes_that_can_be(places, coordinator, minutes, is_fine):
    if is_fine:
        assert enter(*places, coordinator, minutes=minutes).minutes == minutes
    else:
        with pytest.raises(NotAJourney, match="from 1 to 600 minutes"):
            enter(*places, coordinator, minutes=minutes)
        assert not JourneyTime.objects.exists()


def test_going_back_to_the_estimate(places, coordinator):
    enter(*places, coordinator)
    assert forget_journey_time(one=places[1], other=places[0], by=coordinator) is True
    assert not JourneyTime.objects.exists()
    assert AuditEvent.objects.latest("pk").what == "went back to a journey’s estimate"
    assert forget_journey_time(one=places[1], other=places[0], by=coordinator) is False
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.S2S_COORDINATOR}))
def test_nobody_else_may(places, coordinator, role):
    enter(*places, coordinator)
    someone = person(role)
    with pytest.raises(NotAllowed):
        enter(*places, someone, minutes=10)
    with pytest.raises(NotAllowed):
        forget_journey_time(one=places[0], other=places[1], by=someone)
    assert JourneyTime.objects.get().minutes == 55


@pytest.mark.parametrize(
    ("turned", "minutes", "name"),
    [(True, 55, "lower_key_first"), (False, 0, "minutes_likely"), (False, 601, "minutes_likely")],
)
def test_the_table_refuses(places, coordinator, turned, minutes, name):
    first, second = reversed(places) if turned else places
    with pytest.raises(IntegrityError, match=name):
        JourneyTime.objects.create(first=first, second=second, minutes=minutes, set_by=coordinator, set_at=NOW)


def test_the_table_holds_one_row_for_a_pair(places, coordinator):
    enter(*places, coordinator)
    with pytest.raises(IntegrityError):
        JourneyTime.objects.create(first=places[0], second=places[1], minutes=5, set_by=coordinator, set_at=NOW)
