"""A zone is removed only if nothing was ever in it."""

import uuid

import pytest

from referrals.actions.zones import remove_zone
from referrals.models import Cohort
from referrals.queries.levers import zone_uses
from s2s_portal.organisations.actions.levers import CannotChange
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership, ReferenceChange, Zone
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


def remove(zone, by, key=None):
    return remove_zone(zone=zone, reason="A slip.", key=key or uuid.uuid4(), by=by, at=AT)


@pytest.fixture
def by():
    return person(Role.ADMINISTRATOR)


def test_an_unused_zone_goes_and_its_history_stays(by):
    zone = ZoneFactory(name="Broads")
    key = uuid.uuid4()
    change = remove(zone, by, key)
    assert remove(zone, by, key) == change
    assert not Zone.objects.exists()
    assert (change.subject, change.what, change.was) == ("Broads", "removed", "Broads")
    with pytest.raises(CannotChange, match="gone already"):
        remove(zone, by)


def filed(zone):
    cohort = Cohort.objects.create(title="Reading", started_by=person(), started_at=AT, changed_at=AT)
    cohort.zones.add(zone)


@pytest.mark.parametrize(
    "use",
    [
        lambda zone: EstablishmentFactory(zone=zone, status="CLOSED"),
        lambda zone: person(Role.S2S_TEACHER, zones=[zone]),
        filed,
    ],
    ids=["a closed school", "a role", "a cohort"],
)
def test_a_zone_in_use_stays(by, use):
    zone = ZoneFactory()
    use(zone)
    with pytest.raises(CannotChange, match="Only one that nothing was ever in"):
        remove(zone, by)
    assert Zone.objects.filter(pk=zone.pk).exists()
    assert not ReferenceChange.objects.exists()


def test_what_is_in_each_zone(council, django_assert_num_queries):
    empty = ZoneFactory(name="Zzz")
    with django_assert_num_queries(1):
        uses = zone_uses()
    assert uses[empty].is_unused
    here = uses[council.zone]
    assert (here.establishments, here.drafts, here.filed, here.is_unused) == (2, 1, True, False)
    assert here.roles == Membership.objects.filter(zones=council.zone).count() > 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else(role):
    with pytest.raises(NotAllowed):
        remove(ZoneFactory(), person(role))
