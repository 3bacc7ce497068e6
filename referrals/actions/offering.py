"""Offering a school or setting up to three times for a visit. An offer takes nobody's time: booking does."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from referrals.actions import history, open_offers, telling_setting
from referrals.actions.steps import USED_ELSEWHERE, Step, opened, wrote
from referrals.choices import Action, BookingKind, BookingMode
from referrals.documents import TimesOfferedFacts
from referrals.models import Offer, OfferedTime, Referral
from referrals.queries.circumstances import circumstances_of
from referrals.queries.standards import standards_at
from referrals.rules import bookings, offers
from referrals.rules.bookings import Judgement, Wanted
from referrals.rules.offers import Slot
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Offered(Step):
    """What came of offering times: the offer, or what speaks against each time, by its place."""

    offer: Offer | None = None
    problems: Mapping[int, list[str]] = field(default_factory=dict)


@transaction.atomic
def offer(
    *,
    referral: Referral,
    key: uuid.UUID,
    kind: BookingKind,
    mode: BookingMode,
    slots: Sequence[Slot],
    why: str,
    by: User,
    at: datetime,
) -> Offered:
    """Ask the contact to choose one of these times for a visit by `by`; the same `key` again is the same offer.

    Each time is judged as a booking is (R11, R12); `why` overrules what only warns. An earlier offer that waits for an
    answer is taken back. Raises `NotAllowed` unless `by` has the request, `ValueError` without one to three times.
    """
    if not 1 <= len(slots) <= offers.MOST_TIMES:
        raise ValueError("One to three times are offered.")
    now = opened(referral=referral, action=Action.BOOK, by=by, at=at)
    row, known = now.referral, Offer.objects.filter(key=key).first()
    if known is not None:
        is_same = known.referral_id == row.pk
        return Offered(row, offer=known) if is_same else Offered(row, USED_ELSEWHERE)
    if now.step is None:
        return Offered(row, now.refused(Action.BOOK).refusal)
    judged = [_judged(row, Wanted(kind, mode, one.starts_at, one.ends_at), by, why, at) for one in slots]
    problems = _problems(slots, judged, at)
    if problems:
        return Offered(row, problems=problems)
    open_offers.take_back(referral=row, at=at)
    made = Offer.objects.create(key=key, referral=row, kind=kind, mode=mode, teacher=by, offered_at=at)
    OfferedTime.objects.bulk_create(
        OfferedTime(offer=made, position=place, starts_at=slot.starts_at, ends_at=slot.ends_at, reasons=one.reasons)
        for place, (slot, one) in enumerate(zip(slots, judged, strict=True), start=1)
    )
    starts = [slot.starts_at.isoformat() for slot in slots]
    facts = TimesOfferedFacts(offer=str(key), kind=made.kind, starts_at=starts)
    history.append(referral=row, facts=facts, by=by, at=at)
    telling_setting.times_offered(offer=made, slots=slots, referral=row, at=at)
    wrote("offered times for a visit", row, by)
    return Offered(row, offer=made)


def _judged(referral: Referral, wanted: Wanted, teacher: User, why: str, at: datetime) -> Judgement:
    given = circumstances_of(referral, wanted, [teacher], standards=standards_at(at))
    reasons = {cause.value: why for cause in bookings.MAY_BE_KEPT}
    return bookings.judge(bookings.problems(wanted, given, at=at), reasons=reasons)


def _problems(slots: Sequence[Slot], judged: Sequence[Judgement], at: datetime) -> dict[int, list[str]]:
    found = offers.problems_of(slots, at=at)
    for place, one in enumerate(judged):
        said = [problem.sentence for problem in one.refused]
        said += [f"{problem.sentence} Say below why this is all right." for problem in one.unexplained]
        if said:
            found[place] = found.get(place, []) + said
    return found
