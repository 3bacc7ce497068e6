"""People and zones, with the same number of queries however many there are."""

import pytest

from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.queries import people, placing
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person

pytestmark = pytest.mark.django_db


def test_people_are_by_name_without_the_portal_itself():
    ensure_system_user()
    zoe, ann = person(full_name="Zoe", is_active=False), person(full_name="Ann")
    assert list(people.people()) == [ann, zoe]


def test_zones_count_open_places_and_active_advisers():
    marsh, empty = ZoneFactory(name="Marsh"), ZoneFactory(name="Empty")
    EstablishmentFactory(zone=marsh)
    EstablishmentFactory(zone=marsh)
    EstablishmentFactory(zone=marsh, closed=True)
    EstablishmentFactory(zone=None)
    EstablishmentFactory(school=True, zone=marsh)
    special = EstablishmentKindFactory(source=Source.GIAS, name="Special", eligibility=Eligibility.PROVIDER)
    EstablishmentFactory(zone=marsh, kind=special)
    person(Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, zones=[marsh])
    person(Role.SEND_ADVISER, zones=[marsh])
    person(Role.SEND_ADVISER, zones=[marsh], is_active=False)
    person(Role.S2S_TEACHER, zones=[marsh, empty])
    assert people.zones() == [
        people.ZoneRow(empty.pk, "Empty", 0, 0, 0, 0),
        people.ZoneRow(marsh.pk, "Marsh", 2, 1, 1, 2),
    ]
    assert placing.still_to_place() == 1


def test_zones_named_keeps_the_order_and_drops_repeats():
    a, b = ZoneFactory(name="A"), ZoneFactory(name="B")
    assert people.zones_named(["B", "A", "B"]) == [b, a]
    assert people.zones_named([]) == []


def test_zones_named_says_which_is_unknown_and_which_exist():
    with pytest.raises(LookupError, match=r"no zone named Z\. The zones: none is loaded yet\."):
        people.zones_named(["Z"])
    ZoneFactory(name="A")
    with pytest.raises(LookupError, match=r"no zone named Z, Y\. The zones: A\."):
        people.zones_named(["Z", "A", "Y"])
