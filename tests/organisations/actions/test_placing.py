"""Schools and settings are put in zones many at once: exactly those that the person saw, once, and written down."""

import uuid

import pytest

from s2s_portal.organisations.actions.placing import PlacedMeanwhile, place
from s2s_portal.organisations.choices import AuditKind, Eligibility, ReferenceKind, Role
from s2s_portal.organisations.models import AuditEvent, Establishment, ReferenceChange
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.placing import NO_POSTCODE, Wanted, districts, listed, seen_as, still_to_place
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def broad():
    return ZoneFactory(name="Broad")


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def put(broad, administrator):
    """`place` in the zone Broad, as somebody who has just looked."""

    def put(wanted=None, *, key=None, seen=None, by=administrator, reason="The map"):
        wanted = wanted or Wanted()
        if seen is None:
            seen = seen_as(wanted, listed(wanted).values_list("pk", flat=True))
        return place(wanted=wanted, to=broad, seen=seen, reason=reason, key=key or uuid.uuid4(), by=by, at=AT)

    return put


def without_zone(**fields):
    return EstablishmentFactory(zone=None, **fields)


def zones_of(*establishments):
    return [Establishment.objects.get(pk=one.pk).zone for one in establishments]


def test_all_that_match_and_nothing_else(put, broad):
    near, also = without_zone(postcode="NR29 9ZZ"), without_zone(postcode="NR29 3AB")
    far, placed = without_zone(postcode="NR30 1AA"), EstablishmentFactory(postcode="NR29 9ZZ")
    put(Wanted(outwards=("NR29",)))
    assert zones_of(near, also, far) == [broad, broad, None]
    assert zones_of(placed) == [placed.zone]


def test_only_the_ticked(put, broad):
    one, other = without_zone(), without_zone()
    put(Wanted(ticked=(one.pk,)))
    assert zones_of(one, other) == [broad, None]


def test_history_and_audit(put, administrator):
    one, other = without_zone(urn="EY900001"), without_zone(urn="EY900002")
    put()
    change = ReferenceChange.objects.get()
    assert (change.kind, change.subject, change.what) == (ReferenceKind.ZONE, "Broad", "given 2 schools and settings")
    assert (change.was, change.now) == ("No zone", "OFSTED EY900001, OFSTED EY900002")
    assert (change.reason, change.by, change.at) == ("The map", administrator, AT)
    events = AuditEvent.objects.filter(kind=AuditKind.WRITE).order_by("reference")
    assert [(event.what, event.reference) for event in events] == [
        ("put in Broad", f"OFSTED {one.urn}"),
        ("put in Broad", f"OFSTED {other.urn}"),
    ]


def test_a_second_press_changes_nothing(put):
    key, wanted = uuid.uuid4(), Wanted()
    without_zone()
    seen = seen_as(wanted, listed(wanted).values_list("pk", flat=True))
    first = put(wanted, key=key, seen=seen)
    assert put(wanted, key=key, seen=seen) == first
    assert (ReferenceChange.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_of_two_administrators_the_second_looks_again(put):
    wanted = Wanted()
    one, other = without_zone(), without_zone()
    seen = seen_as(wanted, [one.pk, other.pk])
    marsh = ZoneFactory(name="Marsh")
    Establishment.objects.filter(pk=other.pk).update(zone=marsh)
    with pytest.raises(PlacedMeanwhile):
        put(wanted, seen=seen)
    assert zones_of(one, other) == [None, marsh]
    assert not ReferenceChange.objects.exists()


def test_what_was_put_in_the_wrong_zone_is_moved(put, broad):
    marsh = ZoneFactory(name="Marsh")
    wrong = EstablishmentFactory(zone=marsh)
    change = put(Wanted(zone_id=marsh.pk))
    assert zones_of(wrong) == [broad]
    assert change.was == "Marsh"


def test_a_long_history_line_names_the_first_and_counts_the_rest(put):
    for _ in range(14):
        without_zone()
    assert put().now.endswith(" and 2 more")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_may(put, role):
    one = without_zone()
    with pytest.raises(NotAllowed):
        put(by=person(role))
    assert zones_of(one) == [None]


def test_what_needs_a_zone_and_by_district():
    special = EstablishmentKindFactory(name="Home childcarer", eligibility=Eligibility.NOT_ELIGIBLE)
    without_zone(postcode="NR29 9ZZ", town="Market Staithe", town_folded="market staithe")
    without_zone(postcode="", town="", town_folded="")
    without_zone(kind=special)
    without_zone(closed=True)
    assert still_to_place() == 2
    assert districts(Wanted()) == [("", 1), ("NR29", 1)]
    assert listed(Wanted(is_every=True)).count() == 4
    assert listed(Wanted(outwards=(NO_POSTCODE,))).get().postcode == ""
    assert listed(Wanted(town="Staithe")).get().postcode == "NR29 9ZZ"
    assert listed(Wanted(kind_id=special.pk, is_every=True)).get().kind == special
