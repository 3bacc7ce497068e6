"""What S2S has done in the demo by the morning on which it opens: every state, and a day's work for each desk."""

from collections import Counter

import pytest

from quotas.models import LedgerEntry
from referrals.choices import BookingKind, BookingState, EndState, EventKind, Status, VisitOutcome
from referrals.models import Booking, BookingFlag, Cover, RecordDraft, Referral, ReferralEvent, Visit, VisitRecord
from s2s_portal.core.calendar import LONDON, london_date
from s2s_portal.organisations.models import Leave, Term, User
from tests.moments import AN_ORDINARY_TUESDAY as NOW

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]
NOT_YET = {Status.TRANSFERRED, Status.WAITING}
"""Moving requests comes with the contract's end; places are still free, so that nobody waits."""


def test_every_state_that_a_request_can_have_is_there(demo):
    assert set(Referral.objects.values_list("status", flat=True)) == set(Status) - NOT_YET
    assert set(Referral.objects.filter(status=Status.CLOSED).values_list("end_state", flat=True)) == set(EndState)
    assert set(Booking.objects.values_list("state", flat=True)) == set(BookingState)
    assert set(Visit.objects.values_list("outcome", flat=True)) == set(VisitOutcome)


def test_the_teacher_among_personas_has_a_full_day(demo):
    priya = User.objects.get(email="s2s-teacher@demo.invalid")
    planned = Booking.objects.filter(teachers__teacher=priya, teachers__live=True, state=BookingState.PLANNED)
    days = Counter(london_date(one.starts_at) for one in planned)
    assert days[NOW.date()] == 3
    assert planned.filter(starts_at__lte=NOW).count() == 1
    assert planned.filter(referral__visits_held=0).exclude(kind=BookingKind.OBSERVATION).count() == 0
    assert len(days) >= 4
    own = Referral.objects.filter(teacher=priya)
    assert {Status.ASSIGNED, Status.BOOKED, Status.SUPPORTING} <= set(own.values_list("status", flat=True))
    cover = Cover.objects.get(teacher=priya, starts_on__lte=NOW.date(), ends_on__gte=NOW.date())
    away = Leave.objects.filter(user=cover.referral.teacher)
    assert away.filter(starts_on__lte=NOW.date(), ends_on__gte=NOW.date()).exists()
    assert not cover.referral.bookings.filter(state=BookingState.PLANNED).exists()
    assert BookingFlag.objects.filter(booking__in=planned, settled_at=None).exists()
    assert ReferralEvent.objects.filter(kind=EventKind.REASSIGNED, referral__teacher=priya).exists()


def test_nobody_did_anything_at_night_or_in_the_future(demo):
    done = list(ReferralEvent.objects.exclude(kind=EventKind.LAPSED).values_list("at", flat=True))
    assert max(done) <= NOW
    assert {7 <= at.astimezone(LONDON).hour < 19 for at in done} == {True}
    told = Visit.objects.select_related("booking")
    assert all(visit.at >= visit.booking.starts_at for visit in told)


def test_held_visits_and_their_requests_agree(demo):
    held = Counter(Visit.objects.exclude(outcome=VisitOutcome.NOT_HELD).values_list("referral", flat=True))
    for referral in Referral.objects.all():
        assert referral.visits_held == held[referral.pk]
    assert Visit.objects.filter(records=None, draft=None).exclude(outcome=VisitOutcome.NOT_HELD).count() == 0
    assert RecordDraft.objects.filter(answers__isnull=False).exists()


def test_records_say_something_and_actions_roll_forward(demo):
    records = VisitRecord.objects.all()
    assert all(record.content["seen"] and record.content["needs_now"] for record in records)
    assert any(record.content["results"] for record in records)


def test_what_ended_without_a_visit_gave_its_place_back(demo):
    ended = Referral.objects.filter(visits_held=0, status__in=(Status.DECLINED, Status.CLOSED, Status.WITHDRAWN))
    drawn = set(LedgerEntry.objects.filter(answered_by=None, places=-1).values_list("reference", flat=True))
    assert ended.exists()
    assert not drawn & set(ended.values_list("reference", flat=True))


def test_the_school_calendar_is_entered(demo):
    assert Term.objects.filter(starts_on__lte=NOW.date(), ends_on__gte=NOW.date()).count() == 1
