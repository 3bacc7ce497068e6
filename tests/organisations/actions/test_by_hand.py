"""Settings that people add, and names that they give where a register withholds them."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from s2s_portal.organisations.actions.by_hand import NewSetting, add_setting, give_name, standing
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import EstablishmentStatus, ReferenceKind, Role, Source
from s2s_portal.organisations.models import AuditEvent, Establishment, ReferenceChange
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries import by_hand, establishments
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return ZoneFactory(name="Broad")


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone])


@pytest.fixture
def add(zone, adviser):
    def add(*, key=None, by=adviser, **changes):
        told = {"name": "St Olave’s Nursery", "kind": EstablishmentKindFactory(), "zone": zone, "postcode": "NR29 9ZZ"}
        return add_setting(told=NewSetting(**told | changes), key=key or uuid.uuid4(), by=by, at=AT)

    return add


def test_what_was_added_can_be_chosen_at_once(add, adviser):
    made = add(street="2 Reed Lane", town="Market Staithe")
    assert (made.source, made.is_open, made.added_by, made.added_at) == (Source.LOCAL, True, adviser, AT)
    assert [one.value for one in establishments.suggestions(adviser, "st olaves")] == [f"LOCAL:{made.urn}"]
    assert establishments.chosen(adviser, f"LOCAL:{made.urn}") == made
    assert establishments.label_of(made).endswith(f"(added by hand, {made.urn})")
    change = ReferenceChange.objects.get()
    assert (change.kind, change.subject, change.by) == (ReferenceKind.ESTABLISHMENT, "St Olave’s Nursery", adviser)
    assert AuditEvent.objects.filter(user_id=adviser.pk, what="added by hand: St Olave’s Nursery").count() == 1


def test_pressed_twice_it_is_one_and_numbers_do_not_collide(add):
    key = uuid.UUID(int=5)
    made = add(key=key)
    assert add(key=key, name="Typed again") == made
    other = add(key=uuid.UUID(int=10**8 + 5))
    assert (made.urn, other.urn) == ("L-00000005", "L-00000006")
    assert Establishment.objects.count() == 2


def test_a_key_that_stands_for_something_else_is_refused(add, zone):
    key = uuid.uuid4()
    made = add(key=key)
    with pytest.raises(NotAllowed, match="used for something else"):
        add(key=key, by=person(Role.EARLY_YEARS_ADVISER, zones=[zone]))
    nameless, told = EstablishmentFactory(name=""), {"seen": "", "reason": "It is on the gate.", "at": AT}
    by = person(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        give_name(establishment=nameless, name="Heron", key=key, by=by, **told)
    other = uuid.uuid4()
    give_name(establishment=nameless, name="Heron", key=other, by=by, **told)
    with pytest.raises(NotAllowed):
        give_name(establishment=EstablishmentFactory(name=""), name="Heron", key=other, by=by, **told)
    assert list(Establishment.objects.exclude(name="").order_by("pk").values_list("pk")) == [(made.pk,), (nameless.pk,)]


def test_only_of_the_persons_own_stream_and_zones(add):
    with pytest.raises(NotAllowed, match="own zones"):
        add(zone=ZoneFactory())
    with pytest.raises(NotAllowed, match="own zones"):
        add(kind=EstablishmentKindFactory(school=True))
    with pytest.raises(NotAllowed, match="own zones"):
        add(kind=EstablishmentKindFactory(name="Provider", eligibility="PROVIDER"))
    with pytest.raises(NotAllowed):
        add(by=person(Role.ADMINISTRATOR))
    assert not Establishment.objects.exists()


def test_what_is_about_to_be_chosen_is_read_again_if_it_was_added_by_hand(django_assert_num_queries):
    local, register = EstablishmentFactory(by_hand=True), EstablishmentFactory()
    Establishment.objects.update(status=EstablishmentStatus.CLOSED)
    with transaction.atomic(), django_assert_num_queries(2):
        assert not standing(local).is_open
    with django_assert_num_queries(0):
        assert standing(register).is_open


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("not_merged_into_itself", lambda one, other: {"merged_into": one, "status": "CLOSED"}),
        ("merged_ones_are_local_and_closed", lambda one, other: {"merged_into": other}),
        ("name_given_by_hand", lambda one, other: {"named_by_hand": True, "name": ""}),
        ("added_by_somebody", lambda one, other: {"added_at": AT}),
    ],
)
def test_what_the_database_refuses(constraint, wrong):
    one, other = EstablishmentFactory(by_hand=True), EstablishmentFactory()
    with pytest.raises(IntegrityError, match=f"organisations_establishment_{constraint}"), transaction.atomic():
        Establishment.objects.filter(pk=one.pk).update(**wrong(one, other))
    with pytest.raises(IntegrityError, match="merged_ones_are_local_and_closed"), transaction.atomic():
        Establishment.objects.filter(pk=other.pk).update(merged_into=one, status="CLOSED")


@pytest.fixture
def name():
    administrator = person(Role.ADMINISTRATOR)

    def name(one, called, *, seen="", key=None, by=administrator):
        told = {"name": called, "seen": seen, "reason": "She told us.", "key": key or uuid.uuid4(), "by": by, "at": AT}
        return give_name(establishment=one, **told)

    return name


def test_a_name_is_given_once_and_shown_everywhere(name):
    one, key = EstablishmentFactory(withheld=True), uuid.uuid4()
    was = one.display_name
    change = name(one, "Reed Cottage", key=key)
    assert name(one, "Reed Cottage", key=key) == change
    assert (change.was, change.now, change.reason) == (was, "Reed Cottage", "She told us.")
    one.refresh_from_db()
    assert (one.display_name, one.named_by_hand) == ("Reed Cottage", True)
    assert establishments.search(text="reed cott") == [one]
    assert (list(by_hand.nameless()), list(by_hand.named())) == ([], [one])


def test_a_name_that_was_given_can_be_mended_by_who_has_seen_it(name):
    one = EstablishmentFactory(withheld=True)
    name(one, "Red Cottage")
    with pytest.raises(ChangedMeanwhile, match="Red Cottage"):
        name(one, "Reed Cottage")
    with pytest.raises(CannotChange, match="already"):
        name(one, "Red Cottage", seen="Red Cottage")
    assert name(one, "Reed Cottage", seen="Red Cottage").was == "Red Cottage"


def test_a_name_that_a_register_has_is_not_given(name):
    for one in (EstablishmentFactory(), EstablishmentFactory(by_hand=True)):
        with pytest.raises(CannotChange, match="not withheld"):
            name(one, "Other", seen=one.name)
    with pytest.raises(NotAllowed):
        name(EstablishmentFactory(withheld=True), "Other", by=person(Role.COMMISSIONER))


def test_how_many_need_care(name):
    for fields in ({"by_hand": True}, {"withheld": True}, {"withheld": True}, {"withheld": True, "closed": True}, {}):
        EstablishmentFactory(**fields)
    assert by_hand.waiting_for_care() == (1, 2)


def test_the_zone_of_the_nearest_neighbours():
    near, far = ZoneFactory(name="Near"), ZoneFactory(name="Far")
    for postcode, zone in (
        ("NR29 9ZZ", far),
        ("NR29 9AA", near),
        ("NR29 9AB", near),
        ("NR29 3AB", far),
        ("NR2 9ZZ", far),
    ):
        EstablishmentFactory(postcode=postcode, zone=zone)
    EstablishmentFactory(postcode="NR28 1AA", zone=None)
    asked = ("NR29 9ZZ", "NR29 9XX", "NR29 3XX", "NR2 1AA", "NR28 1AA", "")
    assert [by_hand.zone_by_postcode(one) for one in asked] == [far, near, far, far, None, None]
