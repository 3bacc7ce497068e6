"""Sending what is due about requests, in batches; whoever is killed is gone on from where they were.

A request is looked at when its `remind_at` has passed, so that a scan costs what is due and not what exists. Each is
dealt with in a transaction of its own that begins by moving `remind_at` on: of two scans only one does, and waits for
whoever is changing the request. What changed meanwhile has set `remind_at` again, and is looked at again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from referrals.models import Referral, Reminder
from referrals.queries import reminding
from referrals.queries.reminding import Watched
from referrals.queries.standards import standards_at
from referrals.reminders import ledger, words
from referrals.reminders.recipients import told_of
from referrals.rules import reminder_kinds, reminders
from referrals.rules.reminders import Due
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.calendar import days
from s2s_portal.organisations.queries.people import active_people

logger = logging.getLogger(__name__)
BATCH = 200
"""Requests that are read together; SQLite takes 999 parameters."""


IMPOSSIBLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What one request that cannot be reckoned raises. It must not keep everybody else's reminders from them."""


class SomeFailed(RuntimeError):
    """Requests whose reminders could not be reckoned; all others were dealt with. It says how many, and of which."""


@dataclass(frozen=True)
class Morning:
    """What every reminder of one run goes by."""

    at: datetime
    standards: Standards
    days: Days
    coordinators: Sequence[User]


def morning(at: datetime) -> Morning:
    """What every reminder at `at` goes by. Four queries."""
    return Morning(at, standards_at(at), days(), list(active_people(Role.S2S_COORDINATOR)))


def remind_requests(now: Morning, *, stopping: Callable[[], bool] = lambda: False, batch: int = BATCH) -> int:
    """Write down everything that is due about requests, and queue what goes. Returns how many reminders were sent.

    `stopping` is asked before each request and ends the scan when true. Raises `SomeFailed` at the end if requests
    could not be dealt with; they are tried again with the next run. Call it outside a transaction.
    """
    sent, after = 0, None
    failed: list[str] = []
    while found := reminding.due_ids(now.at, after=after, most=batch):
        seen = dict(found)
        rows = Referral.objects.filter(pk__in=list(seen), remind_at__lte=now.at)
        for one in _read(rows, now, failed):
            if stopping():
                return sent
            try:
                sent += _deal_with(one, now)
            except IMPOSSIBLE:
                logger.exception("Reminders of %s", one.referral.reference)
                failed.append(one.referral.reference)
        after = (found[-1][1], found[-1][0])
    if failed:
        raise SomeFailed(f"{len(failed)} requests, {', '.join(failed[:5])}; {sent} reminders sent.")
    return sent


def _read(rows: QuerySet[Referral], now: Morning, failed: list[str]) -> list[Watched]:
    """The requests as reminders see them; one by one where one of them cannot be read, which joins `failed`."""
    today = london_date(now.at)
    try:
        return reminding.watched(rows, today=today)
    except IMPOSSIBLE:
        found = []
    for row in rows.only("pk", "reference"):
        try:
            found += reminding.watched(Referral.objects.filter(pk=row.pk), today=today)
        except IMPOSSIBLE:
            logger.exception("Reminders of %s", row.reference)
            failed.append(row.reference)
    return found


def _deal_with(one: Watched, now: Morning) -> int:
    """What is due about one request, unless somebody has changed it since it was read. How many were sent."""
    series = series_of(one, now)
    subject = one.referral.reference
    due = reminders.due(series, subject=subject, written=one.written, at=now.at)
    with transaction.atomic():
        unchanged = Referral.objects.filter(pk=one.referral.pk, remind_at=one.referral.remind_at)
        if not unchanged.update(remind_at=reminders.next_look(series, now.at)):
            return 0
        lines, messages = _written(due, one, now)
        Reminder.objects.bulk_create(lines)
        queue_all(messages)
    return sum(1 for line in lines if line.told)


def series_of(one: Watched, now: Morning) -> list[reminders.Series]:
    """Every series of reminders of a request, over or not."""
    return reminder_kinds.series_of(one.situation, standards=now.standards, days=now.days)


def _written(due: Sequence[Due], one: Watched, now: Morning) -> tuple[list[Reminder], list[Notification]]:
    """The ledger's lines for what is due about a request, and the messages of what goes."""
    lines, messages = [], []
    for reminder in due:
        told = told_of(reminder, one, now.coordinators)
        lines.append(
            ledger.line(reminder, subject=one.referral.reference, told=told.names, notes=told.notes, at=now.at)
        )
        if not reminder.why:
            messages += [_message(reminder, one, to, now) for to in told.recipients]
    return lines, messages


def _message(due: Due, one: Watched, to: words.Recipient, now: Morning) -> Notification:
    told = words.Told(due, one, to, now.standards, now.days, london_date(now.at))
    return message(
        kind=Kind[f"REMIND_{due.series.kind}"],
        key=f"remind:{due.key}:{to.user.pk if to.user else 'contact'}",
        to_email=to.email,
        to_name=to.name,
        context=words.context_of(told),
        at=now.at,
        person=to.user,
    )
