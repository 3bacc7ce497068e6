"""Sending what waits in the outbox (ENGINEERING §6): nothing is lost, and nothing is sent inside someone's request.

A worker has a message to itself for `LEASE`. If it is killed in between, the next one sends the message again under
the same Message-ID: the server may then have it twice, which `Notification.repeats` counts.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from s2s_portal.core import clock
from s2s_portal.core.addresses import deliverable
from s2s_portal.jobs.actions import CLOCKS_DIFFER_BY
from s2s_portal.notifications.backends import Backend, Closed, Later, Never
from s2s_portal.notifications.backends.notify import Notify
from s2s_portal.notifications.backends.smtp import Smtp
from s2s_portal.notifications.choices import ON_THEIR_WAY, UNDELIVERED, Channel, Fate
from s2s_portal.notifications.models import Notification

logger = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
"""How long to wait after each failed attempt: a server may be out for most of a day before we give up."""
MOST_ATTEMPTS = len(PAUSES) + 1
BACKENDS: dict[str, Callable[[], Backend]] = {"smtp": Smtp, "notify": Notify}
FIRST_CHECK = timedelta(minutes=5)
"""So long after Notify took a message it is asked what became of it."""
LATER_CHECKS = timedelta(hours=1)
"""So long between later questions; and until then `FIRST_CHECK`."""
LAST_CHECK = timedelta(days=5)
"""Notify itself gives up after three days, and forgets after seven."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What one round did; `closed` says why no message is taken now, so that they still wait."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    closed: str = ""

    def __str__(self) -> str:
        line = f"sent {self.sent}, put off {self.put_off}, failed {self.failed}"
        return f"{line}; {self.closed}" if self.closed else line


def deliver_waiting(*, limit: int = 100, stopping: Callable[[], bool] = lambda: False) -> Counts:
    """Send up to `limit` messages that are due, over one connection, and count what became of them.

    `stopping` is asked before each message and ends the round when true.
    Any number of processes may do this at once. Call it outside a transaction: each claim and result is committed by
    itself, before and after the server is spoken to.
    """
    due = _due(clock.real_now()).order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit]
    counts = {"sent": 0, "put_off": 0, "failed": 0}
    waiting = list(due)
    if not waiting:
        return Counts()
    backend = BACKENDS[settings.S2S_MAIL]()
    try:
        for pk in waiting:
            if stopping():
                break
            # Before the claim: a server that is out is no fault of the message and costs it no attempt.
            backend.open()
            message = _claim(pk)
            if message is not None:
                counts[_deliver(message, backend)] += 1
    except OSError as closed:  # smtplib's errors are OSErrors too
        logger.warning("No message is taken: %s", closed)
        why = str(closed) if isinstance(closed, Closed) else "the mail server cannot be reached"
        return Counts(**counts, closed=why)
    finally:
        backend.close()
    return Counts(**counts)


def mend_clock() -> int:
    """Free messages from a clock that has gone back since they were claimed or put off; returns how many.

    A claim then ends as if it had been taken now, so that whoever holds it has time to finish; a pause begins now.
    """
    real = clock.real_now()
    ends = real + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    waiting = Notification.objects.filter(sent_at__isnull=True, failed_at__isnull=True)
    claimed = waiting.filter(claimed_until__gt=ends + CLOCKS_DIFFER_BY)
    mended = claimed.update(claimed_until=ends) if claimed.exists() else 0
    too_late = Q(pk__in=[])
    for tried, pause in enumerate(PAUSES, start=1):
        too_late |= Q(attempts=tried, next_try_at__gt=real + pause + CLOCKS_DIFFER_BY)
    put_off = waiting.filter(too_late)
    return mended + (put_off.update(next_try_at=real + PAUSES[0]) if put_off.exists() else 0)


def _due(real: datetime) -> QuerySet[Notification]:
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=real)
    unsent = Notification.objects.filter(channel=Channel.AT_ONCE, sent_at__isnull=True, failed_at__isnull=True)
    return unsent.filter(unclaimed, next_try_at__lte=real)


def take_back(messages: QuerySet[Notification]) -> int:
    """Delete those of `messages` that no server has and no worker is sending now, failed ones too; returns how many.

    What Notify has is not asked about any more, so that nothing of it comes back to be sent again. Call it inside a
    transaction: the rows are locked, so that no worker takes one meanwhile.
    """
    messages.filter(sent_at__isnull=False).update(next_check_at=None)
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=clock.real_now())
    here = messages.filter(unclaimed, sent_at__isnull=True).select_for_update()
    rows = Notification.objects.filter(pk__in=list(here.values_list("pk", flat=True)))
    return rows.delete()[0]


def _claim(pk: int) -> Notification | None:
    """Take a message for this worker alone until the lease ends; None if another has it or has sent it.

    One UPDATE decides. A claim over a lease that ran out means that a worker was lost while sending.
    """
    real = clock.real_now()
    lease = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    lost = _due(real).filter(pk=pk, claimed_until__isnull=False)
    taken = lost.update(claimed_until=real + lease, attempts=F("attempts") + 1, repeats=F("repeats") + 1)
    if not taken:
        fresh = _due(real).filter(pk=pk, claimed_until__isnull=True)
        taken = fresh.update(claimed_until=real + lease, attempts=F("attempts") + 1)
    return Notification.objects.get(pk=pk) if taken else None


def _deliver(message: Notification, backend: Backend) -> str:
    """Send one claimed message and write down how it went, as a key of `Counts`. Raises `Closed`: all of them wait."""
    if message.attempts > MOST_ATTEMPTS:
        return _put_off(message, "Workers were lost while sending this message.")
    try:
        address = deliverable(message.to_email)
        # The attempts begin anew when a person has it sent again; that it was tried before, its last error says.
        again = message.attempts > 1 or message.last_error != ""
        remote_id = backend.send(message, address, again=again)
    except Closed:
        # It is no fault of the message: this costs it no attempt, and the next round begins with it.
        _ours(message).update(claimed_until=None, attempts=F("attempts") - 1)
        raise
    except ValidationError as wrong:  # no later attempt will find another address in the row
        return _put_off(message, " ".join(wrong.messages), for_good=True)
    except Never as refused:
        backend.close()
        return _put_off(message, str(refused), for_good=True)
    except Exception as refused:  # whatever is wrong with one message, the others go out
        # After an error the conversation with the server may be out of step: the next message starts a new one.
        backend.close()
        return _put_off(message, _told(refused))
    _took(message, remote_id)
    return "sent"


def _told(refused: Exception) -> str:
    return str(refused) if isinstance(refused, Later) else f"{type(refused).__name__}: {refused}"


def _took(message: Notification, remote_id: str) -> None:
    """Not only while the claim is ours: the server has it, whoever else may have claimed it since."""
    real = clock.real_now()
    way = {"fate": Fate.CREATED, "next_check_at": real + FIRST_CHECK} if remote_id else {}
    Notification.objects.filter(pk=message.pk).update(
        sent_at=real, failed_at=None, claimed_until=None, last_error="", remote_id=remote_id, **way
    )


def _ours(message: Notification) -> QuerySet[Notification]:
    """The row, as long as the claim on it is this worker's."""
    return Notification.objects.filter(pk=message.pk, claimed_until=message.claimed_until, sent_at__isnull=True)


def _put_off(message: Notification, error: str, *, for_good: bool = False) -> str:
    real = clock.real_now()
    logger.warning("Message %s was not sent (attempt %s): %s", message.message_id, message.attempts, error)
    given_up = for_good or message.attempts >= MOST_ATTEMPTS
    result = {"failed_at": real} if given_up else {"next_try_at": real + PAUSES[message.attempts - 1]}
    _ours(message).update(claimed_until=None, last_error=error[:500], **result)
    return "failed" if given_up else "put_off"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one round of questions to Notify brought: messages in inboxes, given up, and to be sent once more."""

    delivered: int = 0
    failed: int = 0
    put_off: int = 0

    def __str__(self) -> str:
        return f"delivered {self.delivered}, failed {self.failed}, to be sent again {self.put_off}"


def hear_of_sent(*, limit: int = 200, stopping: Callable[[], bool] = lambda: False) -> Heard:
    """Ask Notify about up to `limit` messages that it took and whose end we have not heard of.

    Any number of processes may do this at once. Raises `Closed` if Notify answers nothing; then all are asked about
    at the next round.
    """
    due = Notification.objects.filter(next_check_at__lte=clock.real_now()).order_by("next_check_at", "pk")[:limit]
    rows = list(due)
    if not rows or settings.S2S_MAIL != "notify":
        return Heard()
    notify, counts = Notify(), {"delivered": 0, "failed": 0, "put_off": 0}
    try:
        for row in rows:
            if stopping():
                break
            if outcome := _heard(row, notify.fate(row.remote_id, so_far=Fate(row.fate))):
                counts[outcome] += 1
    finally:
        notify.close()
    return Heard(**counts)


def _heard(row: Notification, fate: Fate | None) -> str:
    """Write down what Notify says of one message; returns a field of `Heard`, or "" for no end yet."""
    real = clock.real_now()
    asked = Notification.objects.filter(pk=row.pk, remote_id=row.remote_id, sent_at__isnull=False)
    asked = asked.filter(next_check_at__isnull=False)
    if fate in UNDELIVERED:
        return _undelivered(row, asked, Fate(fate), real)
    if fate == Fate.DELIVERED:
        return "delivered" if asked.update(fate=fate, delivered_at=real, next_check_at=None) else ""
    asked.update(fate=fate or row.fate, next_check_at=_next_check(row, fate, real))
    return ""


def _next_check(row: Notification, fate: Fate | None, real: datetime) -> datetime | None:
    age = real - (row.sent_at or real)
    if fate not in ON_THEIR_WAY or age > LAST_CHECK:
        return None
    return real + (FIRST_CHECK if age < LATER_CHECKS else LATER_CHECKS)


def _undelivered(row: Notification, asked: QuerySet[Notification], fate: Fate, real: datetime) -> str:
    """No such address: given up. Anything else is sent again, as after any other failure."""
    logger.warning("Message %s was not delivered: %s", row.message_id, fate)
    told: dict[str, object] = {"last_error": f"GOV.UK Notify: {fate.label}.", "fate": fate, "next_check_at": None}
    if fate == Fate.PERMANENT_FAILURE or row.attempts >= MOST_ATTEMPTS:
        return "failed" if asked.update(sent_at=None, failed_at=real, **told) else ""
    again = {"sent_at": None, "next_try_at": real + PAUSES[row.attempts - 1]}
    return "put_off" if asked.update(**again, **told) else ""
