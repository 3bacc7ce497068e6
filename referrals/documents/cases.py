"""One request in words: what it is and costs, where it stands, what happens next."""

from datetime import date

from quotas.choices import FeeBasis
from referrals.choices import Status
from referrals.documents.answers import Answer
from referrals.models import Referral
from referrals.rules.standards import CONTACT_WORKING_DAYS
from s2s_portal.core import calendar, spoken

NEXT_STEPS = {
    Status.SUBMITTED: "The S2S co-ordinator gives this request to a teacher of a complex needs school, who gets in "
    f"touch with the contact person. S2S aims to do so within {CONTACT_WORKING_DAYS} working days.",
    Status.WITHDRAWN: "Nothing more happens. If support is needed again, it is a new request, which uses a new place.",
}
"""What comes after each status, in a sentence; statuses that nothing leads to yet have none."""


def summary_of(referral: Referral, *, was_sent: bool = True) -> list[Answer]:
    """What the request is, for everybody who may open it: where, when, by whom, at what cost.

    `was_sent`: it has, or once had, a place, and so has reached S2S.
    """
    where = [referral.establishment.display_name, referral.establishment.where]
    return [
        Answer("stream", "Stream", referral.get_stream_display().capitalize()),
        Answer("establishment_id", "School or setting", "\n".join(line for line in where if line)),
        Answer("zone_id", "Zone", str(referral.zone)),
        *_moments(referral),
        Answer("period_id", "Period", f"{referral.period}\n{referral.period.contract}"),
        Answer("fee_pence", "Fee", fee_in_words(referral, was_sent=was_sent)),
    ]


def _moments(referral: Referral) -> list[Answer]:
    """When it was sent; for one that waited, when it joined the waiting list and when it got its place."""
    begun = f"{spoken.moment(referral.submitted_at)}\nby {referral.submitted_by}"
    if referral.turn is None:
        return [Answer("submitted_at", "Sent", begun)]
    joined = Answer("submitted_at", "Joined the waiting list", begun)
    return [joined, Answer("place_id", "Got a place", spoken.moment(referral.place.at))] if referral.place else [joined]


def fee_in_words(referral: Referral, *, was_sent: bool = True) -> str:
    """What the request costs, such as "None: fully funded" or "£100.00: a fee for each request"."""
    basis = FeeBasis(referral.fee_basis).label
    if not referral.fee_pence:
        return f"None: {basis}"
    if was_sent:
        return f"£{referral.fee_pence / 100:,.2f}: {basis}"
    if referral.status == Status.WAITING:
        return f"£{referral.fee_pence / 100:,.2f}, only if it gets a place: {basis}"
    return "None: it never had a place"


def place_sentence(referral: Referral, *, was_sent: bool = True) -> str:
    """What became of the request's place, in a sentence."""
    stream = referral.get_stream_display()
    if referral.place is not None:
        return f"This request uses one {stream} place."
    if referral.status == Status.WAITING:
        return f"This request waits for one {stream} place. It holds none."
    if not was_sent:
        return f"This request never held one of the {stream} places."
    if referral.ended_at is not None:
        return f"Its {stream} place was given back on {spoken.day(calendar.london_date(referral.ended_at))}."
    return f"This request holds no {stream} place."


def next_step(referral: Referral) -> str:
    """What happens next, in a sentence or two; "" where nothing can be said yet."""
    status = Status(referral.status)
    if status == Status.WAITING:
        return how_places_are_given(referral.period.requests_close_on, referral.period.allocation_deadline_on)
    if status == Status.LAPSED:
        return _lapsed(referral)
    return NEXT_STEPS.get(status, "")


def how_places_are_given(cut_off_on: date, allocation_deadline_on: date) -> str:
    """What happens to somebody on the waiting list, until both dates (each includes its whole day)."""
    by_itself = f"Until the end of {spoken.day(cut_off_on)} a place that comes free goes to the first who waits."
    if allocation_deadline_on == cut_off_on:
        by_hand = ""
    else:
        by_hand = (
            f" After that the commissioner gives it, in the same order, until the end of "
            f"{spoken.day(allocation_deadline_on)}."
        )
    return f"{by_itself}{by_hand} If none comes free by then, the adviser and the contact are told."


def _lapsed(referral: Referral) -> str:
    successor = referral.period.contract.successor_name
    offered = f", and offered to {successor} with its original dates" if successor else ""
    return (
        f"Places were given until {spoken.day(referral.period.allocation_deadline_on)}, and none came free for this "
        f"request. It is counted as support that was needed and could not be given{offered}."
    )
