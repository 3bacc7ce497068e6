"""Changing terms, bank holidays and closures: who may, what is refused, and what it sets off."""

import uuid
from datetime import date
from functools import partial

import pytest

from s2s_portal.jobs import tick
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.queries import is_asked
from s2s_portal.jobs.registry import jobs
from s2s_portal.organisations.actions import calendar
from s2s_portal.organisations.actions.calendar import WrongDates
from s2s_portal.organisations.actions.levers import ChangedMeanwhile
from s2s_portal.organisations.choices import CHECK_BOOKINGS, LOOK_AGAIN, ClosureKind, Role
from s2s_portal.organisations.models import AuditEvent, BankHoliday, Closure, ReferenceChange, Term
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.calendar_words import in_words
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, TermFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SPRING = {"name": "Spring", "starts_on": date(2025, 1, 6), "ends_on": date(2025, 2, 14), "support": "One source"}
SNOW = {"starts_on": date(2025, 1, 8), "ends_on": date(2025, 1, 9), "kind": ClosureKind.CLOSED, "note": "Snow"}
NEW_YEAR = {"day": date(2025, 1, 1), "name": "New Year’s Day"}


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def coordinator():
    return person(Role.S2S_COORDINATOR)


def why():
    return {"reason": "So.", "key": uuid.uuid4()}


def doings():
    """Every change of the calendar, by name: what it does, and to which row."""
    return {
        "add_term": lambda by: calendar.add_term(**SPRING, by=by, at=AT, **why()),
        "change_term": lambda by: calendar.change_term(term=TermFactory(), **SPRING, by=by, at=AT, **why()),
        "remove_term": lambda by: calendar.remove_term(term=TermFactory(), by=by, at=AT, **why()),
        "add_bank_holiday": lambda by: calendar.add_bank_holiday(**NEW_YEAR, by=by, at=AT, **why()),
        "change_bank_holiday": lambda by: calendar.change_bank_holiday(
            holiday=BankHolidayFactory(), **NEW_YEAR, by=by, at=AT, **why()
        ),
        "remove_bank_holiday": lambda by: calendar.remove_bank_holiday(
            holiday=BankHolidayFactory(), by=by, at=AT, **why()
        ),
        "add_closure": lambda by: calendar.add_closure(establishment=None, **SNOW, by=by, at=AT, **why()),
        "change_closure": lambda by: calendar.change_closure(closure=ClosureFactory(), **SNOW, by=by, at=AT, **why()),
        "remove_closure": lambda by: calendar.remove_closure(closure=ClosureFactory(), by=by, at=AT, **why()),
    }


AUDITED = {
    "add_term": "added term, 6 January to 14 February 2025",
    "change_term": "changed term, 6 January to 14 February 2025",
    "remove_term": "removed term, 4 November to 20 December 2024",
    "add_bank_holiday": "added bank holiday, 1 January 2025",
    "change_bank_holiday": "changed bank holiday, 1 January 2025",
    "remove_bank_holiday": "removed bank holiday, 25 December 2024",
    "add_closure": "added closure, 8 to 9 January 2025",
    "change_closure": "changed closure, 8 to 9 January 2025",
    "remove_closure": "removed closure, 9 December 2024",
}


@pytest.mark.parametrize(("doing", "what"), AUDITED.items())
def test_every_change_is_written_down_and_has_visits_looked_at_again(administrator, doing, what):
    doings()[doing](administrator)
    event = AuditEvent.objects.get()
    assert (event.what, event.reference, event.user_id, event.reason) == (what, "calendar", administrator.pk, "So.")
    assert is_asked(job=CHECK_BOOKINGS, subject="all")
    assert set(JobRequest.objects.values_list("job", "asked_at")) == {(CHECK_BOOKINGS, AT), (LOOK_AGAIN, AT)}


def test_pressed_twice_is_done_once(administrator):
    """The second press carries the first one's key, and other days so that it would show."""
    once = {"reason": "So.", "by": administrator, "at": AT}
    later = {"starts_on": date(2025, 3, 3), "ends_on": date(2025, 3, 4)}
    for add, row, other in (
        (calendar.add_term, SPRING, SPRING | later),
        (calendar.add_bank_holiday, NEW_YEAR, {"day": date(2025, 4, 18), "name": "Good Friday"}),
        (calendar.add_closure, SNOW | {"establishment": None}, SNOW | later | {"establishment": None}),
    ):
        key, written = uuid.uuid4(), AuditEvent.objects.count()
        is_there = add(**row, **once, key=key)
        add(**other, **once, key=key)
        assert list(type(is_there).objects.all()) == [is_there]
        assert {name: getattr(type(is_there).objects.get(), name) for name in row} == row
        assert ReferenceChange.objects.filter(key=key).count() == 1
        assert AuditEvent.objects.count() == written + 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
@pytest.mark.parametrize("doing", AUDITED)
def test_nobody_else_changes_the_countys_calendar(doing, role):
    with pytest.raises(NotAllowed):
        doings()[doing](person(role))
    assert not AuditEvent.objects.exists()
    assert not JobRequest.objects.exists()


def test_what_was_changed_is_there(administrator):
    term = calendar.change_term(term=TermFactory(), **SPRING, by=administrator, at=AT, **why())
    holiday = calendar.change_bank_holiday(holiday=BankHolidayFactory(), **NEW_YEAR, by=administrator, at=AT, **why())
    closure = calendar.change_closure(closure=ClosureFactory(), **SNOW, by=administrator, at=AT, **why())
    for row, given in ((term, SPRING), (holiday, NEW_YEAR), (closure, SNOW)):
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in given} == given


def test_what_was_removed_is_gone(administrator):
    for doing in ("remove_term", "remove_bank_holiday", "remove_closure"):
        doings()[doing](administrator)
    assert not Term.objects.exists()
    assert not BankHoliday.objects.exists()
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ((date(2025, 1, 6), date(2025, 1, 5)), "The last day must not be before the first."),
        ((date(2025, 1, 6), date(2026, 1, 7)), "A stretch of term is at most a year long."),
        ((date(2024, 12, 20), date(2025, 1, 10)), "4 November to 20 December 2024 is entered already."),
        ((date(2024, 10, 1), date(2024, 11, 4)), "4 November to 20 December 2024 is entered already."),
        ((date(2024, 11, 5), date(2024, 11, 6)), "4 November to 20 December 2024 is entered already."),
        ((date(2024, 10, 1), date(2025, 2, 1)), "4 November to 20 December 2024 is entered already."),
    ],
)
def test_dates_that_cannot_be(administrator, dates, sentence):
    TermFactory()
    given = SPRING | dict(zip(("starts_on", "ends_on"), dates, strict=True))
    with pytest.raises(WrongDates, match=sentence):
        calendar.add_term(**given, by=administrator, at=AT, **why())
    other = TermFactory(starts_on=date(2023, 1, 1), ends_on=date(2023, 1, 2))
    with pytest.raises(WrongDates, match=sentence):
        calendar.change_term(term=other, **given, by=administrator, at=AT, **why())
    assert not JobRequest.objects.exists()


def test_terms_may_touch_and_last_a_year(administrator):
    TermFactory()
    given = SPRING | {"starts_on": date(2024, 12, 21), "ends_on": date(2025, 12, 21)}
    calendar.add_term(**given, by=administrator, at=AT, **why())
    assert Term.objects.count() == 2


def test_a_term_does_not_overlap_itself(administrator):
    term = TermFactory()
    given = SPRING | {"starts_on": term.starts_on, "ends_on": date(2024, 12, 19)}
    assert calendar.change_term(term=term, **given, by=administrator, at=AT, **why()).pk == term.pk


def test_a_day_is_a_bank_holiday_once(administrator):
    BankHolidayFactory(day=NEW_YEAR["day"])
    with pytest.raises(WrongDates, match="1 January 2025 is a bank holiday already."):
        calendar.add_bank_holiday(**NEW_YEAR, by=administrator, at=AT, **why())
    with pytest.raises(WrongDates, match="1 January 2025 is a bank holiday already."):
        calendar.change_bank_holiday(holiday=BankHolidayFactory(), **NEW_YEAR, by=administrator, at=AT, **why())


# --- Two people at once ---
SEEN = {
    "change_term": ("term", TermFactory, SPRING),
    "remove_term": ("term", TermFactory, {}),
    "change_bank_holiday": ("holiday", BankHolidayFactory, NEW_YEAR),
    "remove_bank_holiday": ("holiday", BankHolidayFactory, {}),
    "change_closure": ("closure", ClosureFactory, SNOW),
    "remove_closure": ("closure", ClosureFactory, {}),
}


@pytest.mark.parametrize("doing", SEEN)
def test_what_is_not_as_the_page_showed_it_is_left_alone(administrator, doing):
    name, factory, given = SEEN[doing]
    row = factory()
    now, act = in_words(row), partial(getattr(calendar, doing), **given, by=administrator, at=AT)
    with pytest.raises(ChangedMeanwhile) as told:
        act(**{name: row}, **why(), seen="Something else: 1 May 2024")
    assert (told.value.now, str(told.value)) == (
        now,
        f"Somebody has changed it while you were writing. It is now: {now}",
    )
    assert in_words(factory._meta.model.objects.get()) == now
    assert not ReferenceChange.objects.exists()
    act(**{name: factory._meta.model.objects.get()}, **why(), seen=now)
    assert ReferenceChange.objects.get().was == now


def test_whoever_changed_the_line_is_named_and_not_who_changed_another(administrator, coordinator):
    school = EstablishmentFactory(school=True)
    closure = calendar.add_closure(establishment=school, **SNOW, by=coordinator, at=AT, **why())
    calendar.add_term(**SPRING, by=administrator, at=AT, **why())
    with pytest.raises(ChangedMeanwhile, match=f"^{coordinator.full_name} has changed it"):
        calendar.remove_closure(closure=closure, by=coordinator, at=AT, **why(), seen="")


# --- One school's closures ---
def test_a_coordinator_closes_a_school_and_nobody_else_does(coordinator):
    school = EstablishmentFactory(school=True)
    closure = calendar.add_closure(establishment=school, **SNOW, by=coordinator, at=AT, **why())
    assert AuditEvent.objects.get().reference == f"establishment GIAS {school.urn}"
    for role in set(Role) - {Role.S2S_COORDINATOR}:
        by = person(role)
        with pytest.raises(NotAllowed):
            calendar.add_closure(establishment=school, **SNOW, by=by, at=AT, **why())
        with pytest.raises(NotAllowed):
            calendar.change_closure(closure=closure, **SNOW, by=by, at=AT, **why())
        with pytest.raises(NotAllowed):
            calendar.remove_closure(closure=closure, by=by, at=AT, **why())
    calendar.remove_closure(closure=closure, by=coordinator, at=AT, **why())
    assert JobRequest.objects.filter(job=CHECK_BOOKINGS).count() == 2
    assert not Closure.objects.exists()


def test_closures_overlap_only_in_the_same_place(coordinator, administrator):
    school, other = EstablishmentFactory(school=True), EstablishmentFactory()
    calendar.add_closure(establishment=None, **SNOW, by=administrator, at=AT, **why())
    for place in (school, other):
        calendar.add_closure(establishment=place, **SNOW, by=coordinator, at=AT, **why())
    for place, by in ((school, coordinator), (None, administrator)):
        with pytest.raises(WrongDates, match="8 to 9 January 2025 is entered already."):
            calendar.add_closure(establishment=place, **SNOW, by=by, at=AT, **why())


def test_a_job_that_nobody_has_declared_yet_waits_and_breaks_nothing(administrator):
    calendar.add_closure(establishment=None, **SNOW, by=administrator, at=AT, **why())
    outcome = tick.tick([one for one in jobs() if one.name != CHECK_BOOKINGS and one.on_request])
    assert outcome.failed == []
    assert is_asked(job=CHECK_BOOKINGS, subject="all")
