"""Planned visits that change: moved, cancelled, or kept although something made them doubtful."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from referrals.actions import history, planned_visits, telling_visits
from referrals.actions.booking import Booked
from referrals.actions.steps import Opened, Step, opened, wrote
from referrals.choices import Action, BookingChanged, BookingProblem, BookingState, Status
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

    Judged as a new one is (see `booking.book`), but it is not one more. The same time again changes nothing. Somebody
    who saw an older time is refused, and so is who comes after the visit began. Raises `NotAllowed`.
    """
    now, row = _opened(booking, Action.MOVE_BOOKING, by, at)
    referral = now.referral
    refusal = _cannot_change(now, row, Action.MOVE_BOOKING, at)
    if not refusal and (row.starts_at, row.ends_at) == (starts_at, ends_at):
        return Booked(referral, booking=row)
    refusal = refusal or _has_changed(row, sequence)
    if refusal:
        return Booked(referral, refusal=refusal, booking=row)
    teachers = diaries.lock(planned_visits.teachers_of(row))
    wanted = Wanted(kind=row.kind, mode=row.mode, starts_at=starts_at, ends_at=ends_at)
    given = circumstances_of(referral, wanted, teachers, standards=standards_at(at), besides=row)
    judgement = rules.judge(rules.problems(wanted, given, at=at, is_new=False), reasons=reasons)
    if not judgement.suits:
        return Booked(referral, booking=row, judgement=judgement)
    _moved(row, referral, wanted, judgement.reasons, asked_by, note, by, at)
    wrote("moved a visit", referral, by)
    return Booked(referral, booking=row)


def _moved(
    row: Booking,
    referral: Referral,
    wanted: Wanted,
    reasons: Mapping[str, str],
    asked_by: str,
    note: str,
    by: User,
    at: datetime,
) -> None:
    was_starts_at, row.starts_at, row.ends_at = row.starts_at, wanted.starts_at, wanted.ends_at
    of_number = {cause: why for cause, why in row.reasons.items() if cause == BookingProblem.OVER_SOFT_CAP}
    row.sequence, row.reasons = row.sequence + 1, of_number | dict(reasons)
    row.save(update_fields=["starts_at", "ends_at", "sequence", "reasons"])
    row.teachers.filter(live=True).update(starts_at=row.starts_at, ends_at=row.ends_at)
    planned_visits.settle_flags([row], how="The visit was moved.", by=by, at=at)
    teachers = planned_visits.teachers_of(row)
    planned_visits.write_change(
        booking=row, what=BookingChanged.MOVED, teachers=teachers, by=by, at=at, asked_by=asked_by, note=note
    )
    facts = BookingMovedFacts(
        booking=str(row.key),
        kind=row.kind,
        was_starts_at=was_starts_at.isoformat(),
        starts_at=row.starts_at.isoformat(),
        ends_at=row.ends_at.isoformat(),
        teachers=[teacher.full_name for teacher in teachers],
        asked_by=asked_by,
        note=note,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling_visits.moved(booking=row, referral=referral, teachers=teachers, was_starts_at=was_starts_at, at=at)


def _opened(booking: Booking, action: Action, by: User, at: datetime) -> tuple[Opened, Booking]:
    """The request, locked and judged, and the booking's row as it is now: the request's lock is its lock."""
    now = opened(referral=booking.referral, action=action, by=by, at=at)
    return now, Booking.objects.get(pk=booking.pk)


def _cannot_change(now: Opened, booking: Booking, action: Action, at: datetime) -> str:
    """Why a visit cannot be changed now, in a sentence; "" if it can."""
    if booking.state != BookingState.PLANNED:
        return f"This visit is no longer planned. It is: {booking.get_state_display().lower()}."
    if now.step is None:
        return now.refused(action).refusal
    return rules.cannot_change(starts_at=booking.starts_at, at=at)


def _has_changed(booking: Booking, sequence: int) -> str:
    """What somebody is told who saw the visit as it was before; "" if it is as they saw it."""
    if booking.sequence == sequence:
        return ""
    return "Somebody has changed this visit since you opened it. Look at its time again."


@transaction.atomic
def cancel(*, booking: Booking, sequence: int, asked_by: str, note: str, by: User, at: datetime) -> Step:
    """Cancel a planned visit; without another one the request is in touch again. As `move`; twice is once."""
    now, row = _opened(booking, Action.CANCEL_BOOKING, by, at)
    referral = now.referral
    if row.state == BookingState.CANCELLED:
        return Step(referral)
    refusal = _cannot_change(now, row, Action.CANCEL_BOOKING, at) or _has_changed(row, sequence)
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
    """Keep a flagged visit as it is, for a written reason; its open flags are settled. Raises `NotAllowed`.

    An observation that lacks the parents' agreement is not kept (R11).
    """
    now, row = _opened(booking, Action.MOVE_BOOKING, by, at)
    causes = list(row.flags.filter(settled_at=None).values_list("cause", flat=True))
    refusal = _cannot_change(now, row, Action.MOVE_BOOKING, at) or rules.cannot_keep(causes)
    if refusal or not causes:
        return Step(now.referral, refusal)
    planned_visits.settle_flags([row], how=f"{planned_visits.KEPT}{why}", by=by, at=at)
    facts = BookingKeptFacts(booking=str(row.key), kind=row.kind, starts_at=row.starts_at.isoformat(), note=why)
    history.append(referral=now.referral, facts=facts, by=by, at=at)
    wrote("kept a visit", now.referral, by)
    return Step(now.referral)
