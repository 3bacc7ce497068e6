"""The school's or setting's contact chooses one of the offered times, or says that none suits, by a signed link."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import booking, history, telling_setting
from referrals.actions.booking import Booked
from referrals.actions.steps import NOT_YOURS, Step, locked
from referrals.choices import Action, BookingKind, BookingMode, OfferState
from referrals.documents import TimesAnsweredFacts
from referrals.models import Booking, Offer, OfferedTime, Referral
from referrals.permissions import may
from referrals.queries import setting
from referrals.rules import offers
from referrals.rules.bookings import Wanted
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import SignedLink

SETTLED = "These times have been answered or taken back already."
NOT_NOW = "No visit can be booked at the moment. S2S will be in touch with you."


@dataclass(frozen=True)
class Chosen(Step):
    """What came of an answer. `open`: it was refused, and the contact may still choose another time."""

    booking: Booking | None = None
    open: bool = False


@transaction.atomic
def choose(*, link: SignedLink, position: int, at: datetime) -> Chosen:
    """Book the time at `position` of the offer that `link` opens, for the teacher who offered it and in their name.

    It is judged again as a new booking under the lock of the teacher's diary (R12): an offer holds no time.
    """
    row, offer, refusal = _opened(link)
    if refusal:
        return Chosen(row, refusal)
    if not may(offer.teacher, row, Action.BOOK, today=london_date(at)):
        return Chosen(row, NOT_NOW, open=True)
    time = offer.times.get(position=position)
    if time.starts_at <= at:
        return Chosen(row, _cannot(offers.IMPOSSIBLE), open=True)
    made = _book(row, offer, time, at)
    if made.booking is None:
        causes = [problem.cause for problem in (*made.judgement.refused, *made.judgement.unexplained)]
        return Chosen(row, NOT_NOW if made.refusal else _cannot(offers.why_not(causes)), open=True)
    offer.state, offer.settled_at, offer.booking = OfferState.CHOSEN, at, made.booking
    offer.save(update_fields=["state", "settled_at", "booking"])
    _wrote(link, made.referral, offer, at, chosen=time)
    return Chosen(made.referral, booking=made.booking)


def _cannot(why: str) -> str:
    return f"This time {why}. Choose another one, or say that none suits."


def _book(row: Referral, offer: Offer, time: OfferedTime, at: datetime) -> Booked:
    wanted = Wanted(BookingKind(offer.kind), BookingMode(offer.mode), time.starts_at, time.ends_at)
    told = {"teachers": [offer.teacher], "reasons": time.reasons, "by": offer.teacher, "at": at}
    return booking.book(referral=row, key=offer.key, wanted=wanted, **told)


@transaction.atomic
def none_suits(*, link: SignedLink, note: str, at: datetime) -> Chosen:
    """Say that none of the offered times suits; `note` is for the teacher."""
    row, offer, refusal = _opened(link)
    if refusal:
        return Chosen(row, refusal)
    offer.state, offer.settled_at, offer.note = OfferState.NONE_SUITS, at, note
    offer.save(update_fields=["state", "settled_at", "note"])
    _wrote(link, row, offer, at, note=note)
    telling_setting.answered(
        referral=row,
        key=f"none-suits:{offer.key}",
        sentence="The school or setting says that none of the offered times suits. Why is on the request’s page.",
        at=at,
    )
    return Chosen(row)


def _opened(link: SignedLink) -> tuple[Referral, Offer, str]:
    """The request, locked, the offer as it is now, and why it cannot be answered ("" if it can)."""
    row, offer = locked(setting.request_behind(link)), setting.offer_for(link)
    if offer is None or offer.state != OfferState.OPEN:
        return row, offer, SETTLED
    return row, offer, "" if setting.is_contact(link, row) else NOT_YOURS


def _wrote(
    link: SignedLink, row: Referral, offer: Offer, at: datetime, *, chosen: OfferedTime | None = None, note: str = ""
) -> None:
    links.use(link, at=at)
    facts = TimesAnsweredFacts(
        offer=str(offer.key),
        kind=offer.kind,
        chosen_starts_at=chosen.starts_at.isoformat() if chosen else "",
        contact=row.contact_name,
        note=note,
    )
    history.append(referral=row, facts=facts, by=ensure_system_user(), at=at)
    what = "chose a time for a visit" if chosen else "said that no offered time suits"
    links.record_access(kind=AuditKind.WRITE, what=what, reference=row.reference, email=row.contact_email)
