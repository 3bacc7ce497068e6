"""One request in words: what it is and costs, who has it, what became of its place."""

from quotas.choices import FeeBasis
from referrals.choices import Status
from referrals.documents.answers import Answer
from referrals.models import Referral
from s2s_portal.core import calendar, spoken


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
        *_teacher(referral),
        Answer("period_id", "Period", f"{referral.period}\n{referral.period.contract}"),
        Answer("fee_pence", "Fee", fee_in_words(referral, was_sent=was_sent)),
    ]


def _teacher(referral: Referral) -> list[Answer]:
    """Who has it, and from which school; nothing before somebody does."""
    if referral.teacher is None:
        return []
    school = referral.provider_school.display_name if referral.provider_school else ""
    return [Answer("teacher_id", "S2S teacher", "\n".join(line for line in (str(referral.teacher), school) if line))]


def _moments(referral: Referral) -> list[Answer]:
    """When it was first asked for, if that was before, when it was sent or joined the waiting list, and got a place."""
    rows = []
    if referral.first_asked_at is not None:
        rows.append(Answer("first_asked_at", "First asked for", spoken.moment(referral.first_asked_at)))
    began = "Sent" if referral.turn is None else "Joined the waiting list"
    rows.append(Answer("submitted_at", began, f"{spoken.moment(referral.submitted_at)}\nby {referral.submitted_by}"))
    if referral.turn is not None and referral.place:
        rows.append(Answer("place_id", "Got a place", spoken.moment(referral.place.at)))
    return rows


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
    if referral.clocks_from is not None:  # it was carried over, and draws nothing from the new quota (R15)
        used = "uses" if referral.ended_at is None else "used"
        return f"This request was carried over from the contract before and {used} no {stream} place."
    if referral.place is not None:
        return f"This request uses one {stream} place."
    if referral.status == Status.WAITING:
        return f"This request waits for one {stream} place. It holds none."
    if not was_sent:
        return f"This request never held one of the {stream} places."
    if referral.ended_at is not None:
        return f"Its {stream} place was given back on {spoken.day(calendar.london_date(referral.ended_at))}."
    return f"This request holds no {stream} place."
