"""What was added by hand is put right by an administrator, until it is merged."""

import uuid
from dataclasses import replace

import pytest

from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.actions.by_hand import LONGEST, NewSetting, correct_setting
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import AuditEvent, Establishment, EstablishmentKind, ReferenceChange
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries import by_hand, establishments
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
COLUMNS = ("name", "kind", "zone", "street", "locality", "town", "postcode", "telephone")


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, full_name="Ada Ministrator")


@pytest.fixture
def setting():
    return EstablishmentFactory(
        by_hand=True, name="Reed Lan Nursery", zone=ZoneFactory(name="Broad"), postcode="NR1 2DH"
    )


def now(setting):
    return Establishment.objects.select_related("kind", "zone").get(pk=setting.pk)


def told(setting, **changes):
    return replace(NewSetting(**{name: getattr(setting, name) for name in COLUMNS}), **changes)


def correct(setting, by, key=None, seen=None, **changes):
    given = {"seen": by_hand.seen_as(now(setting)) if seen is None else seen, "reason": "A slip.", "by": by, "at": AT}
    return correct_setting(setting=setting, told=told(setting, **changes), key=key or uuid.uuid4(), **given)


def test_each_fact_can_be_corrected_and_is_found_by_it(setting, administrator):
    wanted = {
        "name": "Réed Lane Nursery",
        "kind": EstablishmentKindFactory(school=True),
        "zone": ZoneFactory(name="Quay"),
    }
    wanted |= {"street": "2 Reed Lane", "locality": "Fen End", "town": "Market Staithe", "telephone": "01632 960000"}
    was = now(setting).kind
    change = correct(setting, administrator, **wanted)
    row = now(setting)
    assert {name: getattr(row, name) for name in wanted} == wanted
    assert (row.name_folded, row.town_folded) == ("reed lane nursery", "market staithe")
    assert (row.added_by, row.source, row.urn, row.is_open) == (setting.added_by, "LOCAL", setting.urn, True)
    assert list(establishments.matching("reed lane")) == [row]
    assert (change.subject, change.what, change.reason) == (f"Reed Lan Nursery ({setting.urn})", "corrected", "A slip.")
    assert change.was.startswith(f"Name: Reed Lan Nursery; Kind: {was}; Zone: Broad; Building and street: ")
    assert "Telephone: 01632 960000" in change.now
    assert "Postcode" not in change.now
    assert not is_asked(job=CHECK_BOOKINGS, subject="all")
    assert AuditEvent.objects.get().what.startswith("corrected: Reed Lan Nursery")


def test_another_postcode_has_journeys_looked_at_again(setting, administrator):
    change = correct(setting, administrator, postcode="NR2 4AA")
    assert (change.was, change.now) == ("Postcode: NR1 2DH", "Postcode: NR2 4AA")
    assert now(setting).outward == "NR2"
    assert is_asked(job=CHECK_BOOKINGS, subject="all")


def test_pressed_twice_is_once(setting, administrator):
    key, seen = uuid.uuid4(), by_hand.seen_as(setting)
    first = correct(setting, administrator, key=key, seen=seen, name="Reed Lane Nursery")
    assert correct(setting, administrator, key=key, seen=seen, name="Reed Lane Nursery") == first
    assert ReferenceChange.objects.count() == 1


def test_of_two_administrators_the_second_is_told(setting, administrator):
    seen = by_hand.seen_as(setting)
    with pytest.raises(ChangedMeanwhile, match="^Somebody has changed it"):
        correct(setting, administrator, seen="", name="Other")
    correct(setting, administrator, seen=seen, name="Reed Lane Nursery")
    with pytest.raises(ChangedMeanwhile, match="^Ada Ministrator has .* It is now: Name: Reed Lane Nursery;") as other:
        correct(setting, person(Role.ADMINISTRATOR), seen=seen, name="Third")
    assert other.value.now == by_hand.seen_as(now(setting))


def test_what_cannot_be_corrected(setting, administrator):
    with pytest.raises(CannotChange, match="Nothing is different"):
        correct(setting, administrator)
    with pytest.raises(CannotChange, match="No request can be made") as wrong:
        correct(setting, administrator, kind=EstablishmentKindFactory(name="Special", eligibility="PROVIDER"))
    assert wrong.value.field == "kind"
    register = EstablishmentFactory(zone=setting.zone)
    with pytest.raises(CannotChange, match="It is of a register"):
        correct(register, administrator, name="Other")
    Establishment.objects.filter(pk=setting.pk).update(merged_into=register, status="CLOSED")
    with pytest.raises(CannotChange, match=f"merged into {register.name}"):
        correct(setting, administrator, name="Other")
    assert not ReferenceChange.objects.exists()


def test_a_typing_error_is_put_right_even_where_no_request_can_be_made_any_more(setting, administrator):
    EstablishmentKind.objects.filter(pk=setting.kind_id).update(eligibility="NOT_ELIGIBLE")
    setting = now(setting)
    correct(setting, administrator, name="Reed Lane Nursery")
    assert now(setting).name == "Reed Lane Nursery"
    with pytest.raises(CannotChange, match="No request can be made"):
        correct(setting, administrator, kind=EstablishmentKindFactory(name="Special", eligibility="PROVIDER"))


LONG = {"name": "N" * 200, "street": "S" * 200, "locality": "L" * 200, "town": "T" * 100, "telephone": "0" * 30}


def test_of_long_facts_each_is_kept_but_for_its_end(setting, administrator):
    """However much is changed at once, the history has something of every fact, and postcode and telephone whole."""
    first = correct(setting, administrator, postcode="PE37 7AA", **LONG)
    setting = now(setting)
    wanted = {"kind": EstablishmentKindFactory(name="K" * 100), "zone": ZoneFactory(name="Z" * 60)}
    second = correct(setting, administrator, **wanted, **dict.fromkeys(LONG, "other"), postcode="NR2 4AA")
    assert "Name: Reed Lan Nursery; " in first.was
    for kept in (first.now, second.was):
        assert len(kept) <= LONGEST
        assert "; Postcode: PE37 7AA; Telephone: " + "0" * 30 in kept
        assert all(f"{letter * 20}" in kept and f"{letter}…" in kept for letter in "NSLT")
    assert second.now.startswith("Name: other; Kind: KKKK")
    assert second.now.endswith("Town or city: other; Postcode: NR2 4AA; Telephone: other")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators(setting, role):
    with pytest.raises(NotAllowed):
        correct(setting, person(role), name="Other")
    assert now(setting).name == "Reed Lan Nursery"
