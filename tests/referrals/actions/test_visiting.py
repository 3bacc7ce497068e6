"""What became of a visit: told once, not before it begins; the first that is held spends the place."""

from datetime import timedelta

import pytest

from referrals.actions import returning, visiting
from referrals.choices import BookingKind, BookingState, EventKind, NotHeldReason, Status, VisitOutcome
from referrals.models import Booking, BookingTeacher, RecordDraft, Referral, ReferralEvent, Visit
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
HELD = visiting.Told(outcome=VisitOutcome.HELD, note="A calm morning")
NOT_HELD = visiting.Told(outcome=VisitOutcome.NOT_HELD, reason=NotHeldReason.TRAVEL, note="Snow")


@pytest.fixture
def council(shared_council):
    return shared_council


@pytest.fixture
def booking(council):
    return support.booked(council.early_years)


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


def row_of(booking) -> Referral:
    return Referral.objects.get(pk=booking.referral_id)


def last_event(booking) -> ReferralEvent:
    return ReferralEvent.objects.filter(referral=booking.referral_id).latest("seq")


def test_a_held_visit_spends_the_place_and_begins_its_record(booking, teacher):
    AuditEvent.objects.all().delete()
    done = visiting.tell_outcome(booking=booking, told=HELD, by=teacher, at=booking.starts_at)
    referral, visit = row_of(booking), Visit.objects.get()
    assert done.visit == visit
    assert (visit.outcome, visit.note, visit.by, visit.at) == ("HELD", "A calm morning", teacher, booking.starts_at)
    assert (referral.status, referral.visits_held, referral.first_held_at) == (
        Status.SUPPORTING,
        1,
        booking.starts_at,
    )
    assert referral.place is not None
    assert referral.reviewed_at is None
    assert Booking.objects.get().state == BookingState.HELD
    assert BookingTeacher.objects.get().live
    assert RecordDraft.objects.get().visit == visit
    event = last_event(booking)
    assert (event.kind, event.facts["first"], event.facts["minutes_late"]) == (EventKind.VISIT_HELD, True, 0)
    assert AuditEvent.objects.get().what == "told what became of a visit"


def test_one_that_began_late_says_by_how_much(booking, teacher):
    told = visiting.Told(outcome=VisitOutcome.HELD_LATE, minutes_late=20)
    visiting.tell_outcome(booking=booking, told=told, by=teacher, at=booking.ends_at)
    assert Visit.objects.get().minutes_late == 20
    assert last_event(booking).facts["minutes_late"] == 20


def test_one_that_was_not_held_frees_the_teacher_and_keeps_the_place(booking, teacher):
    done = visiting.tell_outcome(booking=booking, told=NOT_HELD, by=teacher, at=booking.ends_at)
    referral = row_of(booking)
    assert (done.visit.outcome, done.visit.reason) == ("NOT_HELD", "TRAVEL")
    assert (referral.status, referral.visits_held, referral.place is None) == (Status.IN_CONTACT, 0, False)
    assert Booking.objects.get().state == BookingState.NOT_HELD
    assert not BookingTeacher.objects.get().live
    assert not RecordDraft.objects.exists()
    assert last_event(booking).kind == EventKind.VISIT_NOT_HELD


def test_told_again_the_first_stays(booking, teacher):
    at = {"by": teacher, "at": booking.ends_at}
    first = visiting.tell_outcome(booking=booking, told=HELD, **at)
    again = visiting.tell_outcome(booking=booking, told=NOT_HELD, **at)
    assert (again.visit, again.refusal) == (first.visit, "")
    assert again.visit.outcome == VisitOutcome.HELD
    assert (Visit.objects.count(), row_of(booking).visits_held) == (1, 1)


def test_nothing_is_told_a_second_before_it_begins(booking, teacher):
    early = visiting.tell_outcome(booking=booking, told=HELD, by=teacher, at=booking.starts_at - SECOND)
    assert (early.visit, early.refusal) == (
        None,
        "The visit begins on 28 November 2024, 09:30. Tell what became of it after that.",
    )
    assert not Visit.objects.exists()


def test_nothing_is_told_of_a_cancelled_visit(booking, teacher):
    Booking.objects.update(state=BookingState.CANCELLED)
    done = visiting.tell_outcome(booking=booking, told=HELD, by=teacher, at=booking.ends_at)
    assert done.refusal == "This visit is no longer planned. It is: cancelled."


def test_nothing_is_told_while_more_information_is_awaited(booking, teacher):
    returning.ask(referral=row_of(booking), question="Which room?", by=teacher, at=AT)
    done = visiting.tell_outcome(booking=booking, told=HELD, by=teacher, at=booking.ends_at)
    assert (done.visit, "It stands at: More information needed." in done.refusal) == (None, True)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.S2S_TEACHER])
@pytest.mark.parametrize("told", [HELD, NOT_HELD], ids=["held", "not held"])
def test_only_who_has_the_request_tells(booking, council, role, told):
    with pytest.raises(NotAllowed):
        visiting.tell_outcome(booking=booking, told=told, by=council.people[role], at=booking.ends_at)


def test_a_later_visit_changes_neither_place_nor_first_day(booking, teacher):
    support.held(booking)
    review = support.book(
        row_of(booking), booking.starts_at + 7 * DAY, at=booking.ends_at, kind=BookingKind.REVIEW_MEETING
    )
    support.held(review)
    referral = row_of(booking)
    assert (referral.visits_held, referral.first_held_at, referral.reviewed_at) == (
        *(2, booking.starts_at),
        review.starts_at,
    )
    assert last_event(booking).facts["first"] is False


def test_visits_told_in_another_order_begin_with_the_first(booking, teacher):
    later = support.book(row_of(booking), booking.starts_at + 7 * DAY)
    support.held(later)
    support.held(booking, at=later.ends_at)
    assert row_of(booking).first_held_at == booking.starts_at


def test_reviews_told_in_another_order_count_from_the_first(booking, teacher):
    support.held(booking)
    first, second = (
        support.book(
            row_of(booking), booking.starts_at + days * DAY, at=booking.ends_at, kind=BookingKind.REVIEW_MEETING
        )
        for days in (7, 14)
    )
    support.held(second)
    support.held(first, at=second.ends_at)
    assert row_of(booking).reviewed_at == first.starts_at
