"""One request in words: what it is and costs, where it stands, what happens next."""

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


def summary_of(referral: Referral) -> list[Answer]:
    """What the request is, for everybody who may open it: where, when, by whom, at what cost."""
    where = [referral.establishment.display_name, referral.establishment.where]
    return [
        Answer("stream", "Stream", referral.get_stream_display().capitalize()),
        Answer("establishment_id", "School or setting", "\n".join(line for line in where if line)),
        Answer("zone_id", "Zone", str(referral.zone)),
        Answer("submitted_at", "Sent", f"{spoken.moment(referral.submitted_at)}\nby {referral.submitted_by}"),
        Answer("period_id", "Period", f"{referral.period}\n{referral.period.contract}"),
        Answer("fee_pence", "Fee", fee_in_words(referral)),
    ]


def fee_in_words(referral: Referral) -> str:
    """What the request costs, such as "None: fully funded" or "£100.00: a fee for each request"."""
    basis = FeeBasis(referral.fee_basis).label
    return f"£{referral.fee_pence / 100:,.2f}: {basis}" if referral.fee_pence else f"None: {basis}"


def place_sentence(referral: Referral) -> str:
    """What became of the request's place, in a sentence."""
    stream = referral.get_stream_display()
    if referral.place is not None:
        return f"This request uses one {stream} place."
    if referral.ended_at is not None:
        return f"Its {stream} place was given back on {spoken.day(calendar.london_date(referral.ended_at))}."
    return f"This request holds no {stream} place."


def next_step(referral: Referral) -> str:
    """What happens next, in a sentence or two; "" where nothing can be said yet."""
    return NEXT_STEPS.get(Status(referral.status), "")
