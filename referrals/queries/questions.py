"""More information: the question that is open on a request. Only those who see the whole case may read it."""

from dataclasses import dataclass
from datetime import datetime

from referrals.choices import EventKind, Status
from referrals.models import Referral, ReferralEvent
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Question:
    """What S2S asked, who did, and when (aware)."""

    text: str
    by: User
    at: datetime


def open_question(referral: Referral) -> Question | None:
    """The question that keeps a returned request from going on; None for any other.

    Its text may name a child: show it where `sees_child` holds.
    """
    if referral.status != Status.RETURNED:
        return None
    asked = last_asked(referral)
    return Question(text=asked.facts["note"], by=asked.by, at=asked.at)


def last_asked(referral: Referral) -> ReferralEvent:
    """The line of history with the question that a returned request waits for. One query, where it was not moved.

    A request that goes on under another contract was asked under its old reference (R15).
    """
    events = referral.events.filter(kind=EventKind.ASKED).select_related("by").order_by("-seq")
    asked = events.first()
    if asked is None and referral.continues is not None:
        return last_asked(referral.continues)
    return asked or events.get()


def just_said(referral: Referral, *, kind: EventKind, text: str, by: User) -> bool:
    """Whether the last line of the request's history is this text of this person: a button that was pressed twice."""
    last = ReferralEvent.objects.filter(referral=referral).latest("seq")
    return (last.kind, last.by_id, last.facts.get("note")) == (kind, by.pk, text)
