"""Sending what waits in the outbox (ENGINEERING §6): nothing is lost, and nothing is sent inside someone's request.

A worker has a message to itself for `LEASE`. If it is killed in between, the next one sends the message again under
the same Message-ID: the server may then have it twice, which `Notification.repeats` counts.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.utils import formataddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string

from s2s_portal.core import clock
from s2s_portal.core.addresses import deliverable
from s2s_portal.core.ics import Invitation, calendar_file
from s2s_portal.notifications.documents import invitation, spoken
from s2s_portal.notifications.models import Notification

logger = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
"""How long to wait after each failed attempt: a server may be out for most of a day before we give up."""
MOST_ATTEMPTS = len(PAUSES) + 1
CALENDAR_FILE = "visit.ics"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What one round did; `unreachable` if the mail server could not be reached, so that messages still wait."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    unreachable: bool = False

    def __str__(self) -> str:
        line = f"sent {self.sent}, put off {self.put_off}, failed {self.failed}"
        return f"{line}; the mail server cannot be reached" if self.unreachable else line


def deliver_waiting(*, limit: int = 100, stopping: Callable[[], bool] = lambda: False) -> Counts:
    """Send up to `limit` messages that are due, over one connection, and count what became of them.

    `stopping` is asked before each message and ends the round when true.
    Any number of processes may do this at once. Call it outside a transaction: each claim and result is committed by
    itself, before and after the server is spoken to.
    """
    due = _due(clock.real_now()).order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit]
    counts = {"sent": 0, "put_off": 0, "failed": 0}
    waiting = list(due)
    connection = get_connection() if waiting else None
    try:
        for pk in waiting:
            if stopping():
                break
            # Before the claim: a server that is out is no fault of the message and costs it no attempt.
            connection.open()
            message = _claim(pk)
            if message is not None:
                counts[_deliver(message, connection)] += 1
    except OSError as unreachable:  # smtplib's errors are OSErrors too
        logger.warning("The mail server cannot be reached: %s", unreachable)
        return Counts(**counts, unreachable=True)
    finally:
        if connection is not None:
            connection.close()
    return Counts(**counts)


def _due(real: datetime) -> QuerySet[Notification]:
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=real)
    return Notification.objects.filter(unclaimed, sent_at__isnull=True, failed_at__isnull=True, next_try_at__lte=real)


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


def _deliver(message: Notification, connection: BaseEmailBackend) -> str:
    """Send one claimed message and write down how it went, as a key of `Counts`."""
    if message.attempts > MOST_ATTEMPTS:
        return _put_off(message, "Workers were lost while sending this message.")
    try:
        address = deliverable(message.to_email)
    except ValidationError as wrong:  # no later attempt will find another address in the row
        return _put_off(message, " ".join(wrong.messages), for_good=True)
    try:
        sent = connection.send_messages([_rendered(message, address)])
    except Exception as refused:  # whatever is wrong with one message, the others go out
        outcome = _put_off(message, f"{type(refused).__name__}: {refused}")
        # After an error the conversation with the server may be out of step: the next message starts a new one.
        connection.close()
        return outcome
    if not sent:
        return _put_off(message, "The mail server took no message.")
    # Not only while the claim is ours: the server has it, whoever else may have claimed it since.
    Notification.objects.filter(pk=message.pk).update(
        sent_at=clock.real_now(), failed_at=None, claimed_until=None, last_error=""
    )
    return "sent"


def _put_off(message: Notification, error: str, *, for_good: bool = False) -> str:
    real = clock.real_now()
    logger.warning("Message %s was not sent (attempt %s): %s", message.message_id, message.attempts, error)
    given_up = for_good or message.attempts >= MOST_ATTEMPTS
    result = {"failed_at": real} if given_up else {"next_try_at": real + PAUSES[message.attempts - 1]}
    ours = Notification.objects.filter(pk=message.pk, claimed_until=message.claimed_until, sent_at__isnull=True)
    ours.update(claimed_until=None, last_error=error[:500], **result)
    return "failed" if given_up else "put_off"


def _rendered(message: Notification, address: str) -> EmailMultiAlternatives:
    """The message as e-mail to `address`: subject, plain text and HTML from the kind's three templates."""
    template = f"notifications/{message.kind.lower()}"
    said = spoken(message.context)
    context = said | {"to_name": message.to_name, "base_url": settings.BASE_URL}
    mail = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{template}.subject.txt", context).split()),
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[address],
        headers={
            "To": _named(message.to_name, address),
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    visit = invitation(message.kind, said, base_url=settings.BASE_URL, to=(message.to_name, address))
    if visit is not None:
        _attach(mail, visit)
    return mail


def _attach(mail: EmailMultiAlternatives, visit: Invitation) -> None:
    """Put the calendar file into `mail` twice, as Google's own invitations have it.

    Outlook and Gmail take the alternative part for an invitation; others show the attachment, whose type keeps
    Outlook from entering it a second time.
    """
    file = calendar_file(visit)
    mail.attach_alternative(file.decode(), f'text/calendar; method={visit.method}; name="{CALENDAR_FILE}"')
    mail.attach(CALENDAR_FILE, file, "application/ics")


def _named(name: str, address: str) -> str:
    """Name and address for a header. A name outside ASCII becomes words of at most 75 characters (RFC 2047).

    Between them the line can be folded: as one word, 200 characters may be longer than any server takes (998 bytes).
    """
    if name.isascii():
        return formataddr((name, address))
    return f"{Header(name, 'utf-8').encode(linesep='')} <{address}>"
