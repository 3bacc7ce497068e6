"""What became of a visit: held, late, or not held and why. With the first that is held the place is spent (R8)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import history, planned_visits
from referrals.actions.moving import step_down
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action, BookingState, VisitOutcome
from referrals.documents import VisitHeldFacts, VisitNotHeldFacts
from referrals.models import Booking, RecordDraft, Referral, Visit
from referrals.rules import bookings as rules
from referrals.rules import lifecycle
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Told:
    """What somebody told of a visit: a `VisitOutcome`, how late (minutes), or why not held (`NotHeldReason`)."""

    outcome: str
    minutes_late: int | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Visited(Step):
    """What came of telling: the visit, which carries what was told first."""

    visit: Visit | None = None


@transaction.atomic
def tell_outcome(*, booking: Booking, told: Told, by: User, at: datetime) -> Visited:
    """Write down what became of a planned visit, once: told again, the first stays. A held one begins its record.

    Raises `NotAllowed` unless `by` has the request. A visit that has not begun is refused: no record of the future.
    """
    action = Action.NOT_HELD if told.outcome == VisitOutcome.NOT_HELD else Action.HOLD
    now = opened(referral=booking.referral, action=action, by=by, at=at)
    referral = now.referral
    row = Booking.objects.get(pk=booking.pk)
    known = Visit.objects.filter(booking=row).first()
    if known is not None:
        return Visited(referral, visit=known)
    refusal = rules.cannot_tell_outcome(starts_at=row.starts_at, at=at)
    if row.state != BookingState.PLANNED:
        refusal = f"This visit is no longer planned. It is: {row.get_state_display().lower()}."
    if now.step is None or refusal:
        return Visited(referral, refusal or now.refused(action).refusal)
    visit = Visit.objects.create(booking=row, referral=referral, **vars(told), by=by, at=at)
    planned_visits.settle_flags([row], how="Its outcome was told.", by=by, at=at)
    if action == Action.NOT_HELD:
        _not_held(referral, row, visit, by, at)
    else:
        referral.status = lifecycle.leads_to(now.step, returned_from=None)
        _held(referral, row, visit, by, at)
    wrote("told what became of a visit", referral, by)
    return Visited(referral, visit=visit)


def _held(referral: Referral, booking: Booking, visit: Visit, by: User, at: datetime) -> None:
    booking.state = BookingState.HELD
    booking.save(update_fields=["state"])
    first = not referral.visits_held
    referral.visits_held += 1
    if first or booking.starts_at < referral.first_held_at:
        referral.first_held_at = booking.starts_at
    if booking.kind in rules.REVIEWS and (referral.reviewed_at is None or booking.starts_at < referral.reviewed_at):
        referral.reviewed_at = booking.starts_at
    referral.save(update_fields=["status", "visits_held", "first_held_at", "reviewed_at"])
    RecordDraft.objects.create(visit=visit, started_by=by, started_at=at)
    facts = VisitHeldFacts(
        booking=str(booking.key),
        kind=booking.kind,
        starts_at=booking.starts_at.isoformat(),
        minutes_late=visit.minutes_late or 0,
        first=first,
        note=visit.note,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)


def _not_held(referral: Referral, booking: Booking, visit: Visit, by: User, at: datetime) -> None:
    booking.state = BookingState.NOT_HELD
    booking.save(update_fields=["state"])
    booking.teachers.update(live=False)
    step_down(referral)
    facts = VisitNotHeldFacts(
        booking=str(booking.key),
        kind=booking.kind,
        starts_at=booking.starts_at.isoformat(),
        reason=visit.reason,
        note=visit.note,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
