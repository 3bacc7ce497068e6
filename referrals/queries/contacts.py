"""The contact log of a request, for those who see the whole case."""

from dataclasses import dataclass
from datetime import datetime

from referrals.choices import ContactHow, ContactOutcome
from referrals.models import ContactAttempt, Referral


@dataclass(frozen=True)
class ContactLine:
    """One attempt in plain words; the names are those of the timeline component."""

    at: datetime
    by: str
    title: str
    text: str


def contact_log(referral: Referral) -> list[ContactLine]:
    """Every attempt to reach the school or setting, the latest first. One query; none before a teacher had it."""
    if referral.teacher_id is None:
        return []
    attempts = ContactAttempt.objects.filter(referral=referral).select_related("by").order_by("-happened_at", "-pk")
    return [_line(one) for one in attempts]


def _line(one: ContactAttempt) -> ContactLine:
    whom = f", {one.who}" if one.who else ""
    how = ContactHow(one.how).label
    title = f"{how}: {ContactOutcome(one.outcome).label.lower()}{whom}"
    return ContactLine(at=one.happened_at, by=str(one.by), title=title, text=one.note)
