"""The ledger of reminders as people read it, and the requests about which something comes."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from referrals.choices import ReminderKind, ReminderState
from referrals.models import Referral, Reminder
from referrals.permissions import Asking, visible_requests

REFERENCE = re.compile(r"[A-Z]{2}-[0-9A-Z-]+")
ABOUT = {"draft": "A draft", "period": "Every draft", "contract": "The contract", "person": "One person"}
"""What a line that is not about a request is about, by the first word of its subject."""


def listed(*, state: str, kind: str) -> QuerySet[Reminder]:
    """What was sent, or was not, of one kind or ("") of all; the newest first.

    A summary that went to everyone is one line, not one more for each of them.
    """
    rows = Reminder.objects.filter(state=state)
    if state == ReminderState.SENT:
        rows = rows.exclude(kind=ReminderKind.WEEKLY_DIGEST, subject__startswith="person ")
    return (rows.filter(kind=kind) if kind else rows).order_by("-at", "-pk")


def is_request(subject: str) -> bool:
    """Whether a line's subject is the reference of a request."""
    return REFERENCE.fullmatch(subject) is not None


def about(subject: str) -> str:
    """A line's subject in words: a request's reference, or what else it is about."""
    return subject if is_request(subject) else ABOUT.get(subject.partition(" ")[0], "Everyone")


def opened_by(asking: Asking, subjects: Iterable[str]) -> set[str]:
    """Those of these subjects that are requests which the person may open. One query."""
    references = [subject for subject in subjects if is_request(subject)]
    return set(
        Referral.objects.filter(visible_requests(asking), reference__in=references).values_list("reference", flat=True)
    )


def watched_until(until: datetime, *, most: int) -> QuerySet[Referral]:
    """The first requests by time that are looked at until then, `most` at most."""
    first = Referral.objects.filter(remind_at__lte=until).order_by("remind_at", "pk")
    return Referral.objects.filter(pk__in=first.values("pk")[:most])
