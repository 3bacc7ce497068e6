"""What kinds mean, and what zones are called: changed with a reason, once, seen by the next, kept in the history."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from s2s_portal.jobs.registry import Run
from s2s_portal.organisations import tasks
from s2s_portal.organisations.actions.kinds import begin_meanings, set_eligibility, take_meaning_back
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.actions.zones import add_zone, rename_zone
from s2s_portal.organisations.choices import Eligibility, EstablishmentStatus, ReferenceKind, Role
from s2s_portal.organisations.models import AuditEvent, ComingMeaning, EstablishmentKind, ReferenceChange, Zone
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries import reference
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = pytest.mark.django_db
KEY = uuid.UUID("6b0f2f7e-8d7c-4a37-9a28-5f2f4b1f0a01")
TOLD = {"reason": "The council decided so.", "at": AT}
OTHERS = [role for role in Role if role != Role.ADMINISTRATOR]


@pytest.fixture
def by():
    return person(Role.ADMINISTRATOR, full_name="Merle Ketteringham")


def mean(kind, eligibility, *, by, seen="Early years", key=KEY, from_day=None):
    return set_eligibility(kind=kind, eligibility=eligibility, from_day=from_day, seen=seen, key=key, by=by, **TOLD)


def test_a_kind_means_something_else(by):
    kind = EstablishmentKindFactory()
    change = mean(kind, Eligibility.NOT_ELIGIBLE, by=by)
    kind.refresh_from_db()
    assert kind.eligibility == Eligibility.NOT_ELIGIBLE
    assert (change.kind, change.was, change.now) == (ReferenceKind.KIND, "Early years", "Not eligible")
    assert (change.by, change.at, change.reason, change.subject) == (by, AT, TOLD["reason"], str(kind))
    assert AuditEvent.objects.filter(user_id=by.pk, reference="settings kind").count() == 1


def test_a_kind_is_changed_once_however_often_it_is_pressed(by):
    kind = EstablishmentKindFactory()
    first = mean(kind, Eligibility.NOT_ELIGIBLE, by=by)
    assert mean(kind, Eligibility.NOT_ELIGIBLE, by=by) == first
    assert ReferenceChange.objects.count() == 1


def test_of_two_people_the_second_is_told_what_it_is_now(by):
    kind = EstablishmentKindFactory()
    mean(kind, Eligibility.NOT_ELIGIBLE, by=by)
    with pytest.raises(ChangedMeanwhile, match="Merle Ketteringham .*now: Not eligible") as told:
        mean(kind, Eligibility.PROVIDER, by=person(Role.ADMINISTRATOR), key=uuid.uuid4())
    assert told.value.now == "Not eligible"


def test_a_kind_that_something_else_has_changed(by):
    kind = EstablishmentKindFactory()
    with pytest.raises(ChangedMeanwhile, match="Somebody has changed it"):
        mean(kind, Eligibility.PROVIDER, by=by, seen="Mainstream")


def test_a_kind_that_means_it_already(by):
    with pytest.raises(CannotChange, match="already"):
        mean(EstablishmentKindFactory(), Eligibility.EARLY_YEARS, by=by)


# --- From a day to come ---
NEW_YEAR = date(2025, 1, 1)
THE_NIGHT_BEFORE = datetime(2024, 12, 31, 23, 59, 59, tzinfo=LONDON)
MIDNIGHT = THE_NIGHT_BEFORE + timedelta(seconds=1)


def meaning(kind):
    return EstablishmentKind.objects.get(pk=kind.pk).eligibility


def test_a_kind_means_something_else_from_the_beginning_of_a_day(by):
    kind = EstablishmentKindFactory()
    change = mean(kind, Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR)
    assert mean(kind, Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR) == change
    assert (change.what, change.was, change.now) == ("from 1 January 2025", "Early years", "Not eligible")
    assert begin_meanings(at=THE_NIGHT_BEFORE) == 0
    assert meaning(kind) == Eligibility.EARLY_YEARS
    assert begin_meanings(at=MIDNIGHT) == 1
    assert begin_meanings(at=MIDNIGHT) == 0
    assert meaning(kind) == Eligibility.NOT_ELIGIBLE
    last = reference.history_of([ReferenceKind.KIND]).first()
    assert (last.what, last.was, last.now, last.reason) == (
        "has come into force",
        "Early years",
        "Not eligible",
        TOLD["reason"],
    )
    assert (last.by, last.at) == (by, MIDNIGHT)


def test_a_day_that_was_missed_is_made_up_for(by):
    kinds = [EstablishmentKindFactory(name=f"Nursery {number}") for number in range(2)]
    for number, kind in enumerate(kinds):
        day = NEW_YEAR + timedelta(days=7 * number)
        mean(kind, Eligibility.PROVIDER, by=by, from_day=day, key=uuid.uuid4())
    assert begin_meanings(at=MIDNIGHT + timedelta(days=3)) == 1
    assert [meaning(kind) for kind in kinds] == [Eligibility.PROVIDER, Eligibility.EARLY_YEARS]


def test_today_is_now_and_yesterday_is_over(by):
    kind = EstablishmentKindFactory()
    with pytest.raises(CannotChange, match="That day is over") as told:
        mean(kind, Eligibility.PROVIDER, by=by, from_day=date(2024, 11, 25))
    assert told.value.field == "from_day"
    mean(kind, Eligibility.PROVIDER, by=by, from_day=date(2024, 11, 26))
    assert meaning(kind) == Eligibility.PROVIDER
    assert not ComingMeaning.objects.exists()


def test_what_waits_is_taken_back_before_anything_else_is_set(by):
    kind = EstablishmentKindFactory()
    mean(kind, Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR)
    for from_day in (None, date(2025, 2, 1)):
        with pytest.raises(CannotChange, match="Merle Ketteringham has changed it from 1 January 2025 already"):
            mean(kind, Eligibility.PROVIDER, by=by, from_day=from_day, key=uuid.uuid4())
    key, coming = uuid.uuid4(), ComingMeaning.objects.get()
    back = take_meaning_back(coming=coming, key=key, by=by, **TOLD)
    assert take_meaning_back(coming=coming, key=key, by=by, **TOLD) == back
    assert (back.what, back.was, back.now) == ("not from 1 January 2025 after all", "Not eligible", "Early years")
    assert begin_meanings(at=MIDNIGHT) == 0
    mean(kind, Eligibility.PROVIDER, by=by, from_day=date(2025, 9, 1), key=uuid.uuid4())
    with pytest.raises(CannotChange, match="taken back"):  # the page of the one before is no way to this one
        take_meaning_back(coming=coming, key=uuid.uuid4(), by=by, **TOLD)
    assert ComingMeaning.objects.get().from_day == date(2025, 9, 1)


def test_a_day_that_has_begun_cannot_be_taken_back_nor_passed_over(by):
    """Whoever is before the morning's work does it."""
    kind = EstablishmentKindFactory()
    mean(kind, Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR)
    coming, late = ComingMeaning.objects.get(), {"reason": "Late.", "key": uuid.uuid4(), "by": by, "at": MIDNIGHT}
    with pytest.raises(CannotChange, match="come into force"):
        take_meaning_back(coming=coming, **late)
    with pytest.raises(ChangedMeanwhile, match="now: Not eligible"):
        set_eligibility(kind=kind, eligibility=Eligibility.PROVIDER, seen="Early years", **late)
    assert begin_meanings(at=MIDNIGHT) == 1  # both were taken back with what they had begun
    assert meaning(kind) == Eligibility.NOT_ELIGIBLE


def test_the_job_says_how_many(by):
    assert tasks.begin_meanings(Run(at=MIDNIGHT)) == ""
    mean(EstablishmentKindFactory(), Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR)
    assert tasks.begin_meanings(Run(at=MIDNIGHT)) == "1 changed"


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_takes_it_back(by, role):
    kind = EstablishmentKindFactory()
    mean(kind, Eligibility.NOT_ELIGIBLE, by=by, from_day=NEW_YEAR)
    with pytest.raises(NotAllowed):
        take_meaning_back(coming=ComingMeaning.objects.get(), key=uuid.uuid4(), by=person(role), **TOLD)
    assert ComingMeaning.objects.count() == 1


# --- Zones ---
def test_a_zone_is_added_and_renamed(by):
    add_zone(name="Broads", key=KEY, by=by, **TOLD)
    zone = Zone.objects.get(name="Broads")
    change = rename_zone(zone=zone, name="Broads and coast", seen="Broads", key=uuid.uuid4(), by=by, **TOLD)
    zone.refresh_from_db()
    assert zone.name == "Broads and coast"
    assert (change.subject, change.what, change.was, change.now) == ("Broads", "renamed", "Broads", "Broads and coast")
    found = reference.history_of([ReferenceKind.ZONE])
    assert [(one.what, one.now) for one in found] == [("renamed", "Broads and coast"), ("added", "Broads")]
    assert reference.newest_changes() == {ReferenceKind.ZONE: change}


def test_a_zone_is_added_and_renamed_once_however_often_it_is_pressed(by):
    for _ in range(2):
        add_zone(name="Broads", key=KEY, by=by, **TOLD)
    zone, key = Zone.objects.get(), uuid.uuid4()
    for _ in range(2):
        rename_zone(zone=zone, name="Fens", seen="Broads", key=key, by=by, **TOLD)
    assert ReferenceChange.objects.count() == 2


@pytest.mark.parametrize("name", ["Broads", "broads", "BROADS "])
def test_two_zones_are_not_called_alike(by, name):
    ZoneFactory(name="Marsh")
    ZoneFactory(name="Broads")
    fens = ZoneFactory(name="Fens")
    with pytest.raises(CannotChange, match="called “Broads” already"):
        add_zone(name=name, key=KEY, by=by, **TOLD)
    with pytest.raises(CannotChange, match="called “Broads” already"):
        rename_zone(zone=fens, name=name, seen="Fens", key=KEY, by=by, **TOLD)
    assert Zone.objects.count() == 3


def test_only_the_capitals_of_a_zone_change(by):
    zone = ZoneFactory(name="broads")
    rename_zone(zone=zone, name="Broads", seen="broads", key=KEY, by=by, **TOLD)
    assert Zone.objects.get().name == "Broads"


def test_a_zone_that_is_called_so_or_was_renamed_meanwhile(by):
    zone = ZoneFactory(name="Broads")
    with pytest.raises(CannotChange, match="called so already"):
        rename_zone(zone=zone, name="Broads", seen="Broads", key=KEY, by=by, **TOLD)
    with pytest.raises(ChangedMeanwhile):
        rename_zone(zone=zone, name="Fens", seen="Marsh", key=KEY, by=by, **TOLD)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else(role):
    who, zone, kind = person(role), ZoneFactory(), EstablishmentKindFactory()
    with pytest.raises(NotAllowed):
        mean(kind, Eligibility.PROVIDER, by=who)
    with pytest.raises(NotAllowed):
        add_zone(name="Broads", key=KEY, by=who, **TOLD)
    with pytest.raises(NotAllowed):
        rename_zone(zone=zone, name="Broads", seen=zone.name, key=KEY, by=who, **TOLD)


@pytest.mark.parametrize("count", [1, 3])
def test_kinds_are_counted_in_one_query(django_assert_num_queries, count):
    kind = EstablishmentKindFactory()
    for _ in range(count):
        EstablishmentFactory(kind=kind)
        EstablishmentFactory(kind=kind, status=EstablishmentStatus.CLOSED)
    with django_assert_num_queries(1):
        assert [(one.pk, one.open) for one in reference.kinds()] == [(kind.pk, count)]
    assert reference.kind(kind.pk).open == count
    assert reference.kind(0) is None
    assert reference.zone(0) is None
