"""Messages for workers to send, and what the mail server's own record says of them."""

from collections import Counter
from collections.abc import Iterable

from s2s_portal.core import clock
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from tests.notifications.examples import CONTEXTS


def put(count: int, *, name: str = "person") -> list[str]:
    """Queue this many messages, each to somebody else, and return their Message-IDs."""
    at = clock.real_now()
    rows = [
        message(
            kind=Kind.REQUEST_SENT_ADVISER,
            key=f"survival:{name}{number}",
            to_email=f"{name}{number}@council.invalid",
            to_name=f"{name.capitalize()} {number}",
            context=CONTEXTS[Kind.REQUEST_SENT_ADVISER],
            at=at,
        )
        for number in range(count)
    ]
    queue_all(rows)
    return [row.message_id for row in rows]


def waiting() -> bool:
    """Whether any message has neither been sent nor failed."""
    return Notification.objects.filter(sent_at=None, failed_at=None).exists()


def repeats() -> Counter[str]:
    """What the portal counts: Message-ID to how often a worker was lost over it. Absent if none was."""
    return Counter(dict(Notification.objects.filter(repeats__gt=0).values_list("message_id", "repeats")))


def surplus(received: Iterable[str]) -> Counter[str]:
    """What the mail server counts: Message-ID to how many copies it has beyond the first."""
    return Counter(received) - Counter(set(received))


def check_nothing_lost(received: Iterable[str]) -> None:
    """Every message of the outbox is sent, and the server's record, de-duplicated by Message-ID, has each once."""
    assert not Notification.objects.filter(sent_at=None).exists()
    assert set(received) == set(Notification.objects.values_list("message_id", flat=True))
