"""When facts change, planned visits are flagged within one tick, once, until they are dealt with."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import flagging, moving
from referrals.choices import Agreement, BookingProblem, WhoAsked
from referrals.models import Booking, BookingFlag, Referral
from s2s_portal.jobs import actions as job_actions
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.rules import Daily
from s2s_portal.jobs.tick import tick
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions import calendar as calendar_actions
from s2s_portal.organisations.actions import leave as leave_actions
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import CHECK_BOOKINGS, ClosureKind, EstablishmentStatus, Role
from tests.factories import support
from tests.factories.calendar import TermFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
P = BookingProblem
[OURS] = [job for job in jobs() if job.name == CHECK_BOOKINGS]
HOUR = timedelta(hours=1)


def at(day, hour=10, minute=0, *, month=12, year=2024):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        tick([OURS])  # today's slot, and whatever was asked for so far
        yield


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


@pytest.fixture
def booking(council):
    return support.booked(council.early_years, starts_at=at(3))


def open_flags(booking):
    flags = booking.flags.filter(settled_at=None).order_by("pk")
    return [(flag.cause, flag.detail) for flag in flags]


def ask_and_tick(subject="all"):
    job_actions.ask(job=CHECK_BOOKINGS, subject=subject, at=AT)
    return tick([OURS])


# --- Every cause, within one tick ---
def test_nothing_is_flagged_while_nothing_changes(booking):
    assert ask_and_tick().lines == []
    assert open_flags(booking) == []


def close(council, day=3, kind=ClosureKind.CLOSED, place=None):
    return calendar_actions.add_closure(
        establishment=place or council.setting,
        starts_on=date(2024, 12, day),
        ends_on=date(2024, 12, day),
        kind=kind,
        note="Snow",
        by=council.people[Role.S2S_COORDINATOR],
        at=AT,
        reason="So.",
        key=uuid.uuid4(),
    )


def test_a_school_that_closes(council, booking):
    close(council)
    assert tick([OURS]).lines == ["check_bookings: 1 flagged, 0 settled"]
    assert open_flags(booking) == [(P.SETTING_CLOSED, "The school or setting is closed on 3 December 2024.")]


def test_a_special_school_that_closes_is_told_of_the_visits_to_it_only(council, booking):
    school = EstablishmentFactory(school=True, name="Tidemark School")
    teacher = person(Role.S2S_TEACHER)
    teacher.memberships.update(home_school=school)
    referral = support.in_contact(council.far, teacher=teacher)
    reverse = support.book(referral, at(3), kind="REVERSE_VISIT", reasons=support.UNKNOWN_TERMS)
    support.book(referral, at(3, 13), kind="TRAINING_STAFF", reasons=support.UNKNOWN_TERMS)
    close(council, place=school)
    assert tick([OURS]).lines == ["check_bookings: 1 flagged, 0 settled"]
    assert open_flags(reverse) == [(P.SETTING_CLOSED, "Tidemark School is closed on 3 December 2024.")]
    with pytest.raises(AssertionError, match="Tidemark School is closed on 3 December 2024"):
        support.book(referral, at(3, 15), kind="REVERSE_VISIT", reasons=support.UNKNOWN_TERMS)


def test_a_training_day_is_one_for_observations_only(council, booking):
    training = support.book(booking.referral, at(3, 13), kind="TRAINING_STAFF")
    close(council, kind=ClosureKind.STAFF_ONLY)
    tick([OURS])
    assert [cause for cause, _ in open_flags(booking)] == [P.PUPILS_AWAY]
    assert open_flags(training) == []


def take_leave(teacher, day=3):
    return leave_actions.add_leave(
        person=teacher, starts_on=date(2024, 12, day), ends_on=date(2024, 12, day), note="", by=teacher, at=AT
    )


def test_a_teacher_who_takes_leave(booking, teacher):
    take_leave(teacher)
    tick([OURS])
    assert open_flags(booking) == [(P.TEACHER_AWAY, f"{teacher.full_name} is on leave on 3 December 2024.")]


def test_terms_that_move(council):
    term = TermFactory()
    TermFactory(starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    booking = support.booked(council.mainstream, starts_at=at(19))
    calendar_actions.change_term(
        term=term,
        name=term.name,
        starts_on=term.starts_on,
        ends_on=date(2024, 12, 18),
        support="",
        by=council.people[Role.ADMINISTRATOR],
        at=AT,
        reason="So.",
        key=uuid.uuid4(),
    )
    tick([OURS])
    assert open_flags(booking) == [(P.OUT_OF_TERM, "19 December 2024 is in the school holidays.")]


def test_a_contract_whose_last_day_moves(council, booking):
    contract = council.period.contract
    contract.ends_on = contract.run_off_ends_on = date(2024, 12, 2)
    contract.save()
    ask_and_tick()
    assert open_flags(booking) == [
        (P.AFTER_RUN_OFF, "Visits end on 2 December 2024, the contract’s last day for them.")
    ]


def test_an_agreement_that_is_withdrawn_is_asked_about_for_its_request_alone(council, booking):
    Referral.objects.filter(pk=booking.referral_id).update(agreement=Agreement.WITHDRAWN)
    other = support.booked(council.far, starts_at=at(5))
    Referral.objects.filter(pk=other.referral_id).update(agreement=Agreement.WITHDRAWN)
    ask_and_tick(str(booking.referral_id))
    assert [cause for cause, _ in open_flags(booking)] == [P.NO_AGREEMENT]
    assert open_flags(other) == []


def test_a_teacher_who_signs_in_no_more(booking, teacher):
    teacher.is_active = False
    teacher.save()
    ask_and_tick()
    assert open_flags(booking) == [(P.TEACHER_LEFT, f"{teacher.full_name} is no longer an S2S teacher.")]


def test_a_place_that_closes_for_good(council, booking):
    council.setting.status, council.setting.closed_on = EstablishmentStatus.CLOSED, date(2024, 12, 1)
    council.setting.save()
    ask_and_tick()
    assert open_flags(booking) == [(P.SETTING_CLOSED, "The school or setting closes on 1 December 2024 for good.")]


def test_what_nobody_asked_for_is_found_the_next_morning(booking, teacher):
    assert OURS.timetable == Daily(time(4, 30))
    teacher.is_active = False
    teacher.save()
    assert tick([OURS]).lines == []
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        assert tick([OURS]).lines == ["check_bookings: 1 flagged, 0 settled"]


# --- Once ---
def test_a_cause_is_flagged_once_however_often_it_is_looked_at(council, booking):
    close(council)
    for _ in range(3):
        ask_and_tick()
    assert BookingFlag.objects.count() == 1


def test_a_cause_that_has_gone_settles_its_flag_and_one_that_comes_back_opens_it(council, booking):
    closure = close(council)
    tick([OURS])
    coordinator = council.people[Role.S2S_COORDINATOR]
    calendar_actions.remove_closure(closure=closure, by=coordinator, at=AT, reason="So.", key=uuid.uuid4())
    assert tick([OURS]).lines == ["check_bookings: 0 flagged, 1 settled"]
    [flag] = booking.flags.all()
    assert (flag.settlement, flag.settled_by) == ("The cause has gone.", ensure_system_user())
    close(council)
    tick([OURS])
    assert [cause for cause, _ in open_flags(booking)] == [P.SETTING_CLOSED]
    assert booking.flags.count() == 1


def test_a_kept_visit_stays_kept_until_something_else_comes(council, booking, teacher):
    close(council)
    tick([OURS])
    moving.keep(booking=booking, why="They open for us.", by=teacher, at=AT)
    ask_and_tick()
    assert open_flags(booking) == []
    take_leave(teacher)
    tick([OURS])
    assert [cause for cause, _ in open_flags(booking)] == [P.TEACHER_AWAY]


def test_moving_settles(council, booking, teacher):
    close(council)
    tick([OURS])
    moving.move(
        booking=booking,
        starts_at=at(5),
        ends_at=at(5, 11),
        sequence=0,
        asked_by=WhoAsked.SETTING,
        note="",
        reasons={},
        by=teacher,
        at=AT,
    )
    ask_and_tick()
    assert open_flags(booking) == []


def test_what_a_visit_was_booked_in_spite_of_is_no_news(council):
    TermFactory()
    TermFactory(starts_on=date(2025, 1, 6), ends_on=date(2025, 2, 14))
    referral = support.in_contact(council.mainstream)
    booking = support.book(referral, at(23), reasons={P.OUT_OF_TERM: "They open."})
    ask_and_tick()
    assert open_flags(booking) == []


def test_visits_that_have_begun_or_are_off_are_left_alone(council, booking, teacher):
    off = support.booked(council.far, starts_at=at(3, 13))
    moving.cancel(booking=off, sequence=0, asked_by=WhoAsked.S2S, note="", by=teacher, at=AT)
    teacher.is_active = False
    teacher.save()
    checked = flagging.check(by=ensure_system_user(), at=at(3))
    assert (checked, BookingFlag.objects.count()) == (flagging.Checked(), 0)
    assert flagging.check(by=ensure_system_user(), at=at(3) - timedelta(seconds=1)).raised == 1


# --- Many ---
def test_the_number_of_queries_does_not_grow_with_the_visits(council, booking):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            flagging.check(by=ensure_system_user(), at=AT)
        return len(captured)

    queries()
    one = queries()
    for day, where in ((4, council.far), (5, council.mainstream)):
        support.booked(where, teacher=person(Role.S2S_TEACHER), starts_at=at(day))
    assert Booking.objects.count() == 3
    assert queries() == one <= 20


def test_more_than_one_lot_is_looked_at_to_the_end(council, booking, teacher, monkeypatch):
    monkeypatch.setattr(flagging, "AT_ONCE", 2)
    for day in (4, 5):
        support.book(booking.referral, at(day))
    for day in (6, 9):
        support.book(booking.referral, at(day), reasons={P.OVER_SOFT_CAP: "Two rooms."})
    teacher.is_active = False
    teacher.save()
    stops = iter([False, False, True])
    assert flagging.check(by=ensure_system_user(), at=AT, stopping=lambda: next(stops)).raised == 4
    assert ask_and_tick().lines == ["check_bookings: 1 flagged, 0 settled"]


# --- Told ---
def test_the_teacher_is_told_once_a_day_and_not_what_somebody_wrote(council, booking, teacher):
    closure = close(council)
    ask_and_tick()
    calendar_actions.remove_closure(
        closure=closure, by=council.people[Role.S2S_COORDINATOR], at=AT, reason="So.", key=uuid.uuid4()
    )
    ask_and_tick()
    close(council)
    ask_and_tick()
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER)
    assert [(one.to_email, one.context["changed_by"]) for one in told] == [(teacher.email, "S2S portal")]
    assert "Tuesday 3 December 2024, 10:00 needs a decision" in told.get().context["sentence"]
