"""A request goes on under the contract that follows: a new one with the old dates, and nothing drawn (R15)."""

import uuid
from datetime import datetime
from typing import Any

from quotas.actions import places
from referrals.actions import history, planned_visits, telling_support
from referrals.actions.steps import wrote
from referrals.choices import Action, BookingState, OfferState, Status
from referrals.documents import CarriedOverFacts, CarryUndoneFacts, MovedBackFacts, TransferredFacts
from referrals.models import Booking, Cover, Goal, Offer, Referral, RolloverLine, SupportWanted
from referrals.models.details import DETAIL_FIELDS
from referrals.rules import lifecycle
from s2s_portal.core import calendar, spoken
from s2s_portal.organisations.models import User

ALWAYS = ("stream", "zone_id", "cohort_id", "submitted_by_id", "submitted_at", "fee_basis", "returned_at", "edition")
"""What the new request has of the old one, beside its details: its dates too (R15)."""
WITH_THE_TEACHER = (
    *("teacher_id", "provider_school_id", "contact_paused_days", "observation_paused_days"),
    *("first_contact_at", "first_held_at", "visits_held", "reviewed_at"),
)
"""What it has where the same provider goes on; another one begins anew, with the old request to read."""


def carry_over(
    *, old: Referral, line: RolloverLine, locked: places.LockedQuota, same_provider: bool, by: User, at: datetime
) -> Referral:
    """Move one request, whose row is locked, into the quota's period, under the quota's lock; returns the new one.

    The old place stays spent; the new contract's ledger has a line of no places. Planned visits and offered times go
    along with their teacher; where another provider takes over, visits are cancelled and offers taken back.
    """
    reference = history.next_reference(history.PREFIX_OF_STREAM[old.stream])
    carried = places.carry(locked=locked, reference=reference, by=by, at=at)
    new = _new(old, line, reference, locked, same_provider=same_provider)
    new.place, new.remind_at = carried, at
    new.save(force_insert=True)
    Goal.objects.bulk_create(
        Goal(referral=new, position=goal.position, text=goal.text) for goal in old.goals.order_by("position")
    )
    SupportWanted.objects.bulk_create(SupportWanted(referral=new, kind=one.kind) for one in old.support_wanted.all())
    if same_provider:
        _take_along(old, new, at)
    else:
        planned_visits.cancel_all(referral=old, by=by, at=at)
    _end(old, new, locked, by, at)
    _begin(old, new, locked, by, at)
    return new


def _new(
    old: Referral, line: RolloverLine, reference: str, locked: places.LockedQuota, *, same_provider: bool
) -> Referral:
    names = (*DETAIL_FIELDS, *ALWAYS, *(WITH_THE_TEACHER if same_provider else ()))
    stands = lifecycle.leads_to(lifecycle.TRANSITIONS[None, Action.CARRY_OVER], returned_from=Status(old.status))
    returned_from = old.returned_from
    if not same_provider:
        stands = Status.RETURNED if stands == Status.RETURNED else Status.SUBMITTED
        returned_from = Status.SUBMITTED if stands == Status.RETURNED else ""
    new = Referral(
        **{name: getattr(old, name) for name in names},
        reference=reference,
        submission_key=uuid.uuid4(),  # moved back it may move again: its line, under lock, is done once at a time
        period_id=locked.quota.period_id,
        status=stands,
        returned_from=returned_from,
        fee_pence=0,  # it was paid for once
        continues=old,
        clocks_from=old.clocks_from or (old.place.at if old.place else None),
    )
    new.first_asked_at = old.first_asked_at or old.submitted_at
    new.establishment = old.establishment  # already read: what follows needs its name
    return new


def _take_along(old: Referral, new: Referral, at: datetime) -> None:
    """Planned visits, offered times and covers to come go on under the new request, and so do the links to them."""
    old.bookings.filter(state=BookingState.PLANNED).update(referral=new)
    old.offers.filter(state=OfferState.OPEN).update(referral=new)
    ahead = old.covers.filter(ends_on__gte=calendar.london_date(at))
    Cover.objects.bulk_create(
        Cover(
            referral=new,
            teacher_id=cover.teacher_id,
            starts_on=cover.starts_on,
            ends_on=cover.ends_on,
            note=cover.note,
            by_id=cover.by_id,
            at=cover.at,
        )
        for cover in ahead
    )


def _end(old: Referral, new: Referral, locked: places.LockedQuota, by: User, at: datetime) -> None:
    old.status = lifecycle.TRANSITIONS[Status(old.status), Action.TRANSFER].to
    old.returned_from, old.returned_at = "", None
    old.ended_at, old.ended_by = at, by
    old.save(update_fields=["status", "returned_from", "returned_at", "ended_at", "ended_by"])
    facts = TransferredFacts(reference=new.reference, contract=locked.quota.period.contract.name)
    event = history.append(referral=old, facts=facts, by=by, at=at)
    if new.teacher_id is None:  # else who has it is told of the new request
        sentence = f"The contract has ended. Another provider goes on with this request, as {new.reference}."
        telling_support.to_teacher(referral=old, sentence=sentence, seq=event.seq, by=by, at=at)
    wrote("moved a request to the new contract", old, by)


def _begin(old: Referral, new: Referral, locked: places.LockedQuota, by: User, at: datetime) -> None:
    facts = CarriedOverFacts(
        reference=old.reference,
        contract=old.period.contract.name,
        submitted_on=calendar.london_date(old.submitted_at).isoformat(),
        visits_held=old.visits_held,
        ledger_seq=locked.last.seq if locked.last else 0,
    )
    history.begin_all(lines=[(new, facts)], by=by, at=at)
    asked_on = spoken.day(calendar.london_date(new.first_asked_at or new.submitted_at))
    sentence = (
        f"Request {old.reference} goes on as {new.reference} under {locked.quota.period.contract.name}. Its dates are "
        f"kept: it was first asked for on {asked_on}. It uses no new place, and nothing has to be sent again."
    )
    told: dict[str, Any] = {"sentence": sentence, "seq": 1, "label": f"moved to the next contract, was {old.reference}"}
    telling_support.status(referral=new, at=at, **told)
    telling_support.to_teacher(referral=new, by=by, at=at, **told)
    wrote("carried a request over", new, by)


def move_back(*, line: RolloverLine, old: Referral, new: Referral, by: User, at: datetime) -> None:
    """Undo one move: the old request stands where it stood, the new one ends. Both rows are locked.

    Planned visits and offered times that went along come back; visits that were cancelled stay so, and the request is
    in touch again.
    """
    contract = new.period.contract.name
    Booking.objects.filter(referral=new, state=BookingState.PLANNED).update(referral=old)
    Offer.objects.filter(referral=new, state=OfferState.OPEN).update(referral=old)
    stands = lifecycle.leads_to(
        lifecycle.TRANSITIONS[Status(old.status), Action.MOVE_BACK], returned_from=Status(line.was_status)
    )
    planned = old.bookings.filter(state=BookingState.PLANNED).exists()
    old.status = lifecycle.after_a_visit_fell_through(stands, others_planned=planned)
    old.returned_from, old.returned_at = line.was_returned_from, new.returned_at
    old.ended_at, old.ended_by = None, None
    old.save(update_fields=["status", "returned_from", "returned_at", "ended_at", "ended_by"])
    back = MovedBackFacts(reference=new.reference, contract=contract)
    event = history.append(referral=old, facts=back, by=by, at=at)
    new.status = lifecycle.TRANSITIONS[Status(new.status), Action.UNDO_CARRY].to
    new.place, new.returned_from, new.returned_at = None, "", None
    new.visits_held, new.first_held_at, new.reviewed_at = 0, None, None  # they are the old request's again
    new.ended_at, new.ended_by = at, by
    new.save(update_fields=["status", *UNDONE])
    history.append(referral=new, facts=CarryUndoneFacts(reference=old.reference), by=by, at=at)
    sentence = f"It does not go on as {new.reference}: the move to {contract} was undone. It is {old.reference} again."
    told: dict[str, Any] = {
        "sentence": sentence,
        "seq": event.seq,
        "label": f"moved back, was {new.reference} for a time",
    }
    telling_support.status(referral=old, at=at, **told)
    telling_support.to_teacher(referral=old, by=by, at=at, **told)
    wrote("moved a request back", old, by)


UNDONE = (
    *("place", "returned_from", "returned_at", "visits_held", "first_held_at", "reviewed_at", "ended_at", "ended_by"),
)
"""What changes in the new request when its move is undone, beside its status."""
