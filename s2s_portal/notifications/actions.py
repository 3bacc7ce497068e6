"""Writing to the outbox."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from s2s_portal.core.text import tidy
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import checked
from s2s_portal.notifications.models import Notification, message_id_of


def queue(*, kind: Kind, key: str, to_email: str, to_name: str, context: Mapping[str, Any], at: datetime) -> None:
    """Put one message in the outbox: `queue_all` of the one `message`."""
    queue_all([message(kind=kind, key=key, to_email=to_email, to_name=to_name, context=context, at=at)])


def queue_all(messages: Iterable[Notification]) -> None:
    """Put messages in the outbox, in the caller's transaction; whoever finds them there sends them.

    A key that is already there changes nothing.
    """
    Notification.objects.bulk_create(messages, ignore_conflicts=True)


def message(
    *, kind: Kind, key: str, to_email: str, to_name: str, context: Mapping[str, Any], at: datetime
) -> Notification:
    """A message for `queue_all`. `key` says what is told to whom, such as `request-sent:EY-7K4M-2Q:adviser`.

    `context` holds the fields of the kind's dataclass in `documents`; anything else raises `WrongContext`.
    """
    if not to_email:
        # SQLite's INSERT OR IGNORE would pass over a failed check in silence and the message would be lost.
        raise ValueError(f"{key} has no e-mail address to go to.")
    return Notification(
        kind=kind,
        key=key,
        to_email=to_email,
        to_name=tidy(to_name)[:200],
        context=checked(kind, context),
        message_id=message_id_of(key),
        queued_at=at,
    )
