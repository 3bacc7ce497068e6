"""Planned visits that are moved, cancelled and kept, and what stands in calendars afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
import vobject

from referrals.actions import assigning, moving, visiting, withdrawing
from referrals.choices import (
    BookingProblem,
    BookingState,
    EventKind,
    NotHeldReason,
    Status,
    VisitOutcome,
    WhoAsked,
    WithdrawReason,
)
from referrals.models import Booking, BookingFlag, Referral
from s2s_portal.core.ics import calendar_file
from s2s_portal.jobs.models import JobRequest
from s2s_portal.notifications.documents import invitation, spoken
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.calendar import ClosureFactory
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
P = BookingProblem
HOUR = timedelta(hours=1)


def at(day, hour=10, minute=0, *, month=12, year=2024):
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


@pytest.fixture
def booking(council):
    return support.booked(council.early_years, starts_at=at(3))


def move(booking, starts_at, *, hours=1, sequence=None, by=None, now=AT, reasons=None, **told):
    return moving.move(
        booking=booking,
        starts_at=starts_at,
        ends_at=starts_at + hours * HOUR,
        sequence=booking.sequence if sequence is None else sequence,
        asked_by=told.get("asked_by", WhoAsked.SETTING),
        note=told.get("note", ""),
        reasons=reasons or {},
        by=by or booking.referral.teacher,
        at=now,
    )


def cancel(booking, *, sequence=None, by=None, now=AT, note=""):
    return moving.cancel(
        booking=booking,
        sequence=booking.sequence if sequence is None else sequence,
        asked_by=WhoAsked.FAMILY,
        note=note,
        by=by or booking.referral.teacher,
        at=now,
    )


def now_of(booking):
    return Booking.objects.select_related("referral__teacher").get(pk=booking.pk)


def flagged(booking, cause=P.SETTING_CLOSED):
    return BookingFlag.objects.create(booking=booking, cause=cause, detail="Snow.", raised_at=AT)


# --- Moving ---
def test_a_visit_is_moved_with_who_asked_and_why(booking, teacher):
    flag = flagged(booking)
    made = move(booking, at(5, 13), hours=2, note="The hall is taken.")
    row = now_of(booking)
    assert (made.refusal, row.starts_at, row.ends_at, row.sequence) == ("", at(5, 13), at(5, 15), 1)
    assert [(one.starts_at, one.ends_at) for one in row.teachers.all()] == [(at(5, 13), at(5, 15))]
    change = row.changes.get(seq=2)
    assert (change.what, change.asked_by, change.note) == ("MOVED", WhoAsked.SETTING, "The hall is taken.")
    event = row.referral.events.get(kind=EventKind.BOOKING_MOVED)
    assert (event.facts["was_starts_at"], event.facts["starts_at"]) == (at(3).isoformat(), at(5, 13).isoformat())
    flag.refresh_from_db()
    assert (flag.settled_by, flag.settlement) == (teacher, "The visit was moved.")
    assert Notification.objects.filter(kind="VISIT_MOVED").count() == 2
    assert row.referral.status == Status.BOOKED


def test_the_same_move_sent_twice_moves_once(booking):
    for _ in range(2):
        made = move(booking, at(5), sequence=0)
        assert (made.refusal, made.booking.starts_at) == ("", at(5))
    assert (now_of(booking).sequence, Notification.objects.filter(kind="VISIT_MOVED").count()) == (1, 2)


def test_somebody_who_saw_an_older_time_changes_nothing(booking):
    move(booking, at(5))
    made = move(booking, at(6), sequence=0)
    assert "Somebody has changed this visit" in made.refusal
    assert now_of(booking).starts_at == at(5)
    assert "Somebody has changed this visit" in cancel(booking, sequence=0).refusal
    assert now_of(booking).state == BookingState.PLANNED


def test_a_new_time_is_judged_as_a_new_visit_but_for_its_own_time_and_the_caps(council, booking):
    referral = booking.referral
    for day in (4, 5):
        support.book(referral, at(day))
    for day in (6, 9, 10):
        support.book(referral, at(day), reasons={P.OVER_SOFT_CAP: "Two rooms."})
    assert move(booking, at(3, 10, 30)).judgement.suits
    ClosureFactory(establishment=council.setting, starts_on=date(2024, 12, 11))
    made = move(now_of(booking), at(11))
    assert [one.cause for one in made.judgement.refused] == [P.SETTING_CLOSED]
    taken = move(now_of(booking), at(4, 10, 30))
    assert [one.cause for one in taken.judgement.refused] == [P.OVERLAP]
    assert now_of(booking).starts_at == at(3, 10, 30)


def test_why_there_is_one_more_than_usual_goes_along_when_it_moves(booking):
    for day in (4, 5):
        support.book(booking.referral, at(day))
    fourth = support.book(booking.referral, at(6), reasons={P.OVER_SOFT_CAP: "Two rooms."})
    assert move(fourth, at(9)).booking.reasons == {"OVER_SOFT_CAP": "Two rooms."}


def test_a_visit_that_has_begun_is_neither_moved_nor_cancelled_nor_kept(booking):
    flagged(booking)
    for refusal in (
        move(booking, at(5), now=at(3)).refusal,
        cancel(booking, now=at(3)).refusal,
        moving.keep(booking=booking, why="It is on.", by=booking.referral.teacher, at=at(3)).refusal,
    ):
        assert refusal == "The visit began on 3 December 2024, 10:00. Tell what became of it instead."
    assert cancel(booking, now=at(3) - timedelta(seconds=1)).refusal == ""


@pytest.mark.parametrize("role", Role)
def test_only_its_teacher_and_co_ordinators_change_a_visit(council, booking, role):
    flagged(booking)
    by = council.people[role]
    steps = [
        lambda: move(booking, at(5), sequence=0, by=by),
        lambda: moving.keep(booking=booking, why="It is on.", by=by, at=AT),
        lambda: cancel(now_of(booking), by=by),
    ]
    for step in steps:
        if role in (Role.S2S_COORDINATOR, Role.S2S_TEACHER):
            assert step().refusal == ""
        else:
            with pytest.raises(NotAllowed):
                step()


# --- Cancelling ---
def test_a_cancelled_visit_frees_the_time_and_the_request_is_in_touch_again(booking, teacher):
    flag = flagged(booking)
    for _ in range(2):
        assert cancel(booking, note="Chicken pox.").refusal == ""
    row = now_of(booking)
    assert (row.state, row.sequence, row.referral.status) == (BookingState.CANCELLED, 1, Status.IN_CONTACT)
    assert not row.teachers.filter(live=True).exists()
    flag.refresh_from_db()
    assert flag.settlement == "The visit was cancelled."
    assert [one.what for one in row.changes.order_by("seq")] == ["BOOKED", "CANCELLED"]
    assert Notification.objects.filter(kind="VISIT_CANCELLED").count() == 2
    assert support.book(row.referral, at(3)).starts_at == at(3)


def test_with_another_visit_planned_the_request_stays_booked(booking):
    support.book(booking.referral, at(5))
    cancel(booking)
    assert Referral.objects.get(pk=booking.referral_id).status == Status.BOOKED


def test_what_was_cancelled_is_not_moved(booking):
    cancel(booking)
    assert move(booking, at(5)).refusal == "This visit is no longer planned. It is: cancelled."


def test_a_visit_that_should_have_been_cancelled_with_its_request_is_left_alone(booking, council):
    reason = {"reason": WithdrawReason.OTHER, "note": ""}
    adviser = council.people[Role.EARLY_YEARS_ADVISER]
    withdrawing.withdraw(referral=booking.referral, **reason, by=adviser, at=AT)
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.PLANNED)  # nothing in the portal does this
    assert "can no longer be given another time" in move(booking, booking.starts_at + timedelta(days=1)).refusal


def test_no_free_text_leaves_in_a_message(booking):
    move(booking, at(5), note="Wilf is in hospital.")
    cancel(now_of(booking), note="Wilf moved away.")
    for one in Notification.objects.filter(kind__startswith="VISIT_"):
        assert "Wilf" not in str(one.context)


# --- Keeping ---
def test_a_flagged_visit_is_kept_with_a_reason(booking, teacher):
    flag = flagged(booking)
    step = moving.keep(booking=booking, why="The nursery opens for us.", by=teacher, at=AT)
    assert step.refusal == ""
    flag.refresh_from_db()
    assert (flag.settled_by, flag.settlement) == (teacher, "Kept: The nursery opens for us.")
    assert booking.referral.events.get(kind=EventKind.BOOKING_KEPT).facts["note"] == "The nursery opens for us."
    assert moving.keep(booking=booking, why="Again.", by=teacher, at=AT).refusal == ""
    assert booking.referral.events.filter(kind=EventKind.BOOKING_KEPT).count() == 1


def test_an_observation_without_the_parents_agreement_is_not_kept(booking, teacher):
    flag = flagged(booking, P.NO_AGREEMENT)
    step = moving.keep(booking=booking, why="They will sign.", by=teacher, at=AT)
    assert "parental agreement" in step.refusal
    flag.refresh_from_db()
    assert flag.settled_at is None


# --- Handing over ---
def test_another_teacher_settles_what_was_about_the_first_and_is_looked_at(council, booking):
    away, closed = flagged(booking, P.TEACHER_AWAY), flagged(booking, P.SETTING_CLOSED)
    assigning.reassign(
        referral=booking.referral,
        teacher=person(Role.S2S_TEACHER),
        note="",
        by=council.people[Role.S2S_COORDINATOR],
        at=AT,
    )
    away.refresh_from_db()
    closed.refresh_from_db()
    assert away.settlement.endswith("took the visit over.")
    assert closed.settled_at is None
    assert JobRequest.objects.filter(job=CHECK_BOOKINGS, subject=str(booking.referral_id)).exists()


# --- Afterwards ---
def test_a_visit_that_was_not_held_frees_the_teacher(booking, teacher):
    told = visiting.Told(outcome=VisitOutcome.NOT_HELD, reason=NotHeldReason.CHILD_ABSENT)
    assert visiting.tell_outcome(booking=booking, told=told, by=teacher, at=at(3)).refusal == ""
    assert not now_of(booking).teachers.filter(live=True).exists()


# --- Calendars: what the messages in the outbox bring, read by a parser that shares no code with the writer ---
def entries():
    """The calendar entry of each message about a visit, in order, as (method, event)."""
    found = []
    for one in Notification.objects.filter(kind__startswith="VISIT_").order_by("pk"):
        entry = invitation(
            one.kind, spoken(one.context), base_url="https://portal.invalid", to=(one.to_name, one.to_email)
        )
        calendar = vobject.readOne(calendar_file(entry).decode())
        found.append((calendar.method.value, calendar.vevent))
    return found


def test_a_visit_stays_one_entry_in_every_calendar(booking):
    move(booking, at(5))
    move(now_of(booking), at(6), hours=2)
    cancel(now_of(booking))
    found = entries()
    assert {event.uid.value for _, event in found} == {str(booking.key)}
    told = [(method, event.sequence.value, event.status.value) for method, event in found]
    assert (
        told[::2]
        == told[1::2]
        == [  # the teacher's and the contact's
            ("REQUEST", "0", "CONFIRMED"),
            ("REQUEST", "1", "CONFIRMED"),
            ("REQUEST", "2", "CONFIRMED"),
            ("CANCEL", "3", "CANCELLED"),
        ]
    )
    last = found[-1][1]
    assert (last.dtstart.value, last.dtend.value) == (at(6), at(6, 12))


@pytest.mark.parametrize(
    ("now", "before", "after", "offsets"),
    [
        (AT, at(28, 9, 30, month=3, year=2025), at(31, 9, 30, month=3, year=2025), (0, 1)),
        (
            datetime(2025, 9, 9, 9, tzinfo=LONDON),
            at(24, 9, 30, month=10, year=2025),
            at(27, 9, 30, month=10, year=2025),
            (1, 0),
        ),
    ],
    ids=["March 2025", "October 2025"],
)
def test_the_time_in_calendars_is_londons_on_both_sides_of_a_clock_change(council, now, before, after, offsets):
    contract = council.period.contract
    contract.run_off_ends_on = date(2025, 12, 31)
    contract.save()
    referral = support.in_contact(council.early_years)
    booking = support.book(referral, before, at=now)
    move(booking, after, now=now)
    first, _, moved, _ = [event for _, event in entries()]
    for event, moment, offset in ((first, before, offsets[0]), (moved, after, offsets[1])):
        shown = event.dtstart.value
        assert (shown, shown.replace(tzinfo=None).time().isoformat()) == (moment, "09:30:00")
        assert shown.utcoffset() == timedelta(hours=offset)
        assert event.dtend.value - shown == HOUR
        assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/London"]
