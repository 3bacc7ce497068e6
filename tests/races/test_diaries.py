"""One teacher's morning, wanted by many at once: one visit is booked, nobody deadlocks, nothing is left half (R12)."""

import re
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape

import pytest

from referrals.actions import booking as actions
from referrals.actions import flagging, moving
from referrals.choices import BookingKind, BookingMode, BookingState, EventKind, Status, WhoAsked
from referrals.models import Booking, BookingFlag, BookingTeacher, Referral, ReferralEvent
from referrals.rules.bookings import Wanted
from s2s_portal.core.calendar import LONDON
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests import moments
from tests.factories import support
from tests.factories.calendar import ClosureFactory
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.harness import Call, most_at_once, statuses, together, visitor
from tests.races.processes import at_once, everything, killed_after

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
TEN = datetime(2024, 12, 3, 10, tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
def teachers(transactional_db):
    return [person(Role.S2S_TEACHER, full_name=name) for name in ("Ashill Carr", "Heron Acle")]


@pytest.fixture
def requests_of(teachers):
    """So many requests in touch, each with one of the teachers in turn."""
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    person(Role.S2S_COORDINATOR)
    period_with_places(early_years=40)

    def made(number, *whose):
        found = []
        for index in range(number):
            referral = sent_request(EstablishmentFactory(zone=zone), by=adviser)
            found.append(support.in_contact(referral, teacher=whose[index % len(whose)]))
        return found

    return made


def fields(*teachers, starts="10:00"):
    """What the page sends that books an hour on Tuesday 3 December."""
    return {
        "kind": "OBSERVATION",
        "mode": "REMOTE",
        "day_day": "3",
        "day_month": "12",
        "day_year": "2024",
        "starts": starts,
        "minutes": "60",
        "teachers": [str(teacher.pk) for teacher in teachers],
        "key": str(uuid.uuid4()),
    }


def said(answer):
    """The sentences of a page's error summary."""
    summary = re.search(r"govuk-error-summary__list.*?</ul>", answer.body, re.DOTALL)
    assert summary, answer.body[:500]
    return [re.sub(r"<.*?>", "", item) for item in re.findall(r"<li>(.*?)</li>", unescape(summary.group()), re.DOTALL)]


def check_one_visit(*, teachers):
    """Exactly one visit, whole: its rows, its line of history, its messages, and one request that is booked."""
    booking = Booking.objects.get()
    assert set(booking.teachers.values_list("teacher__full_name", flat=True)) == {one.full_name for one in teachers}
    assert BookingTeacher.objects.count() == len(teachers)
    assert ReferralEvent.objects.get(kind=EventKind.BOOKED).referral_id == booking.referral_id
    assert Referral.objects.get(status=Status.BOOKED).pk == booking.referral_id
    assert Notification.objects.filter(kind="VISIT_BOOKED").count() == len(teachers) + 1


# --- A hundred over HTTP ---
def test_of_a_hundred_bookings_for_one_teachers_morning_one_wins(racing_site, practice_date, teachers, requests_of):
    practice_date(moments.AN_ORDINARY_TUESDAY)
    teacher = teachers[0]
    referrals = requests_of(10, teacher)
    calls = [
        Call(visitor(racing_site, teacher), "POST", f"/requests/{one.reference}/book/", fields(teacher))
        for one in referrals
        for _ in range(10)
    ]
    started = time.perf_counter()
    answers = together(calls)
    print(f"100 bookings in {time.perf_counter() - started:.1f} s, {most_at_once(answers)} at once")
    assert statuses(answers) == {302: 1, 200: 99}
    assert most_at_once(answers) > 1
    refused = [said(answer) for answer in answers if answer.status == 200]
    assert all(re.fullmatch(r"Ashill Carr has a visit to .+ at 10:00 then\.", " ".join(one)) for one in refused)
    check_one_visit(teachers=[teacher])


def test_visits_by_two_teachers_named_in_either_order_do_not_deadlock(
    racing_site, practice_date, teachers, requests_of
):
    practice_date(moments.AN_ORDINARY_TUESDAY)
    referrals = requests_of(6, *teachers)
    calls = []
    for number in range(60):
        one = referrals[number % 6]
        whose = teachers if one.teacher == teachers[0] else teachers[::-1]
        calls.append(Call(visitor(racing_site, whose[0]), "POST", f"/requests/{one.reference}/book/", fields(*whose)))
    started = time.perf_counter()
    answers = together(calls)
    print(f"60 bookings of two teachers in {time.perf_counter() - started:.1f} s")
    assert statuses(answers) == {302: 1, 200: 59}
    for answer in answers:
        assert answer.status == 302 or all(sentence.endswith(" at 10:00 then.") for sentence in said(answer))
    check_one_visit(teachers=teachers)


# --- Processes ---
def book(referral, teachers, starts_at, key=None):
    """Book an hour, read afresh as a process of its own does; what came of it in a word."""
    row = Referral.objects.select_related("teacher").get(pk=referral)
    going = [User.objects.get(pk=pk) for pk in teachers]
    wanted = Wanted(BookingKind.TRAINING_STAFF, BookingMode.REMOTE, starts_at, starts_at + HOUR)
    made = actions.book(
        referral=row, key=key or uuid.uuid4(), wanted=wanted, teachers=going, reasons={}, by=row.teacher, at=AT
    )
    if made.booking is not None:
        return "booked"
    assert not made.refusal
    return made.judgement.refused[0].cause.value


def move(booking, starts_at):
    """Move a visit to another hour, as above."""
    row = Booking.objects.select_related("referral__teacher").get(pk=booking)
    made = moving.move(
        booking=row,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        sequence=row.sequence,
        asked_by=WhoAsked.S2S,
        note="",
        reasons={},
        by=row.referral.teacher,
        at=AT,
    )
    assert not made.refusal
    return "moved" if made.judgement.suits else made.judgement.refused[0].cause.value


def check_nobody_is_in_two_places():
    taken = {}
    for row in BookingTeacher.objects.filter(live=True).order_by("starts_at"):
        assert taken.get(row.teacher_id, row.starts_at) <= row.starts_at
        taken[row.teacher_id] = row.ends_at


def test_whatever_is_booked_at_once_nobody_is_in_two_places(teachers, requests_of):
    referrals = requests_of(8, *teachers)
    ids = [one.pk for one in teachers]
    going = [ids, ids[::-1], ids[:1], ids[1:]]
    works = [
        partial(book, referrals[number % 8].pk, going[number % 4], TEN + number % 5 * HOUR / 2) for number in range(24)
    ]
    results = at_once(works)
    assert set(results) == {"booked", "OVERLAP"}
    assert results.count("booked") == Booking.objects.count()
    check_nobody_is_in_two_places()


def test_the_same_press_in_many_processes_is_one_visit(teachers, requests_of):
    [referral] = requests_of(1, teachers[0])
    press = partial(book, referral.pk, [teachers[0].pk], TEN, uuid.uuid4())
    assert at_once([press] * 12) == ["booked"] * 12
    check_one_visit(teachers=teachers[:1])


def test_visits_that_are_moved_to_one_hour_at_once_do_not_meet(teachers, requests_of):
    teacher = teachers[0]
    referrals = requests_of(6, teacher)
    visits = [
        support.book(one, TEN + (index - 3) * HOUR, kind=BookingKind.TRAINING_STAFF, mode=BookingMode.REMOTE).pk
        for index, one in enumerate(referrals)
    ]
    afternoon = TEN + 5 * HOUR
    results = at_once([partial(move, pk, afternoon) for pk in visits])
    assert sorted(results) == ["OVERLAP"] * 5 + ["moved"]
    check_nobody_is_in_two_places()


def look_again():
    """One check of every planned visit."""
    found = flagging.check(by=ensure_system_user(), at=AT)
    return f"{found.raised}"


def test_checks_at_once_beside_moves_raise_each_flag_once_and_leave_none_that_is_stale(teachers, requests_of):
    referrals = requests_of(4, *teachers)
    visits = [
        support.book(one, TEN + index * HOUR, kind=BookingKind.TRAINING_STAFF, mode=BookingMode.REMOTE).pk
        for index, one in enumerate(referrals)
    ]
    for one in referrals:
        ClosureFactory(establishment=one.establishment, starts_on=date(2024, 12, 3))
    ensure_system_user()
    two_days_on = [partial(move, pk, TEN + index * HOUR + timedelta(days=2)) for index, pk in enumerate(visits[:2])]
    at_once([*[look_again] * 6, *two_days_on])
    still = BookingFlag.objects.filter(settled_at=None).values_list("booking", flat=True)
    assert sorted(still) == sorted(visits[2:])


# --- Killed in the middle ---
def test_a_booking_that_is_killed_anywhere_leaves_nothing(teachers, requests_of):
    [referral] = requests_of(1, teachers[0])
    work = partial(book, referral.pk, [one.pk for one in teachers], TEN)
    before = everything()
    number = 1
    while killed_after(number, work):
        assert everything() == before, f"killed after statement {number}"
        number += 1
    assert number > 15
    check_one_visit(teachers=teachers)


def test_a_move_that_is_killed_anywhere_leaves_the_visit_where_it_was(teachers, requests_of):
    [referral] = requests_of(1, teachers[0])
    visit = support.book(referral, TEN, kind=BookingKind.TRAINING_STAFF, mode=BookingMode.REMOTE)
    before = everything()
    number = 1
    while killed_after(number, partial(move, visit.pk, TEN + 2 * HOUR)):
        assert everything() == before, f"killed after statement {number}"
        number += 1
    assert number > 15
    row = Booking.objects.get(pk=visit.pk, state=BookingState.PLANNED)
    assert (row.starts_at, row.sequence) == (TEN + 2 * HOUR, 1)
