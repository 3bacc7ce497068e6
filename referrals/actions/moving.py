"""Planned visits that change: moved, cancelled, or kept although something made them doubtful."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from referrals.actions import history, planned_visits, telling_visits
from referrals.actions.booking import Booked
from referrals.actions.steps import Opened, Step, opened, wrote
from referrals.choices import Action, BookingChanged, BookingState, Status
from referrals.documents import BookingKeptFacts, BookingMovedFacts
from referrals.models import Booking, Referral
from referrals.queries import diaries
from referrals.queries.circumstances import circumstances_of
from referrals.queries.standards import standards_at
from referrals.rules import bookings as rules
from referrals.rules import lifecycle
from referrals.rules.bookings import Wanted
from s2s_portal.organisations.models import User


@transaction.atomic
def move(
    *,
    booking: Booking,
    starts_at: datetime,
    ends_at: datetime,
    sequence: int,
    asked_by: str,
    note: str,
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
) -> Booked:
    """Move a planned visit to another time; `asked_by` is a `WhoAsked`, `sequence` the booking's as it was shown.

    Judged as a new one is: see `booking.book`. Somebody who saw an older time is refused. Raises `NotAllowed`.
    """
    now, row = _opened(booking, Action.MOVE_BOOKING, by, at)
    referral = now.referral
    refusal = _cannot_change(now, row, Action.MOVE_BOOKING, sequence)
    if refusal:
        return Booked(referral, refusal=refusal, booking=row)
    if (row.starts_at, row.ends_at) == (starts_at, ends_at):
        return Booked(referral, booking=row)
    teachers = diaries.lock(planned_visits.teachers_of(row))
    wanted = Wanted(kind=row.kind, mode=row.mode, starts_at=starts_at, ends_at=ends_at)
    given = circumstances_of(referral, wanted, teachers, standards=standards_at(at), besides=row)
    judgement = rules.judge(rules.problems(wanted, given, at=at), reasons=dict(reasons))
    if not judgement.suits:
        return Booked(referral, booking=row, judgement=judgement)
    was_starts_at, row.starts_at, row.ends_at = row.starts_at, starts_at, ends_at
    row.sequence, row.reasons = row.sequence + 1, {cause: why for cause, why in reasons.items() if why.strip()}
    row.save(update_fields=["starts_at", "ends_at", "sequence", "reasons"])
    row.teachers.filter(live=True).update(starts_at=starts_at, ends_at=ends_at)
    planned_visits.settle_flags([row], how="The visit was moved.", by=by, at=at)
    planned_visits.write_change(
        booking=row, what=BookingChanged.MOVED, teachers=teachers, by=by, at=at, asked_by=asked_by, note=note
    )
    facts = BookingMovedFacts(
        booking=str(row.key),
        kind=row.kind,
        was_starts_at=was_starts_at.isoformat(),
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
        teachers=[teacher.full_name for teacher in teachers],
        asked_by=asked_by,
        note=note,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling_visits.moved(booking=row, referral=referral, teachers=teachers, was_starts_at=was_starts_at, at=at)
    wrote("moved a visit", referral, by)
    return Booked(referral, booking=row)


def _opened(booking: Booking, action: Action, by: User, at: datetime) -> tuple[Opened, Booking]:
    """The request, locked and judged, and the booking's row as it is now: the request's lock is its lock."""
    now = opened(referral=booking.referral, action=action, by=by, at=at)
    return now, Booking.objects.get(pk=booking.pk)


def _cannot_change(now: Opened, booking: Booking, action: Action, sequence: int) -> str:
    """Why a visit cannot be changed now, in a sentence; "" if it can."""
    if booking.state != BookingState.PLANNED:
        return f"This visit is no longer planned. It is: {booking.get_state_display().lower()}."
    if now.step is None:
        return now.refused(action).refusal
    if booking.sequence != sequence:
        return "Somebody has changed this visit since you opened it. Look at its time again."
    return ""


@transaction.atomic
def cancel(*, booking: Booking, sequence: int, asked_by: str, note: str, by: User, at: datetime) -> Step:
    """Cancel a planned visit; without another one the request is in touch again. As `move`; twice is once."""
    now, row = _opened(booking, Action.CANCEL_BOOKING, by, at)
    referral = now.referral
    if row.state == BookingState.CANCELLED:
        return Step(referral)
    refusal = _cannot_change(now, row, Action.CANCEL_BOOKING, sequence)
    if refusal:
        return Step(referral, refusal)
    planned_visits.cancel(booking=row, referral=referral, asked_by=asked_by, note=note, by=by, at=at)
    step_down(referral)
    wrote("cancelled a visit", referral, by)
    return Step(referral)


def step_down(referral: Referral) -> None:
    """Put a request whose planned visit fell through where it belongs now, also while information is awaited."""
    others = referral.bookings.filter(state=BookingState.PLANNED).exists()
    if referral.status == Status.RETURNED:
        was = Status(referral.returned_from)
        referral.returned_from = lifecycle.after_a_visit_fell_through(was, others_planned=others)
    else:
        stands = Status(referral.status)
        referral.status = lifecycle.after_a_visit_fell_through(stands, others_planned=others)
    referral.save(update_fields=["status", "returned_from"])


@transaction.atomic
def keep(*, booking: Booking, why: str, by: User, at: datetime) -> Step:
    """Keep a flagged visit as it is, for a written reason; its open flags are settled. Raises `NotAllowed`."""
    now, row = _opened(booking, Action.MOVE_BOOKING, by, at)
    if row.state != BookingState.PLANNED or now.step is None:
        return Step(now.referral, _cannot_change(now, row, Action.MOVE_BOOKING, row.sequence))
    if not row.flags.filter(settled_at=None).exists():
        return Step(now.referral)
    planned_visits.settle_flags([row], how=why, by=by, at=at)
    facts = BookingKeptFacts(booking=str(row.key), kind=row.kind, starts_at=row.starts_at.isoformat(), note=why)
    history.append(referral=now.referral, facts=facts, by=by, at=at)
    wrote("kept a visit", now.referral, by)
    return Step(now.referral)
