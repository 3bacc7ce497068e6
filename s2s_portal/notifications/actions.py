"""Writing to the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from s2s_portal.core.text import tidy
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import checked
from s2s_portal.notifications.models import Notification, message_id_of


def queue(*, kind: Kind, key: str, to_email: str, to_name: str, context: Mapping[str, Any], at: datetime) -> None:
    """Put one message in the outbox, in the caller's transaction; whoever finds it there sends it.

    `key` says what is told to whom, such as `request-sent:EY-7K4M-2Q:adviser`; a key that is already there changes
    nothing. `context` holds the fields of the kind's dataclass in `documents`; anything else raises `WrongContext`.
    """
    if not to_email:
        # SQLite's INSERT OR IGNORE would pass over a failed check in silence and the message would be lost.
        raise ValueError(f"{key} has no e-mail address to go to.")
    row = Notification(
        kind=kind,
        key=key,
        to_email=to_email,
        to_name=tidy(to_name)[:200],
        context=checked(kind, context),
        message_id=message_id_of(key),
        queued_at=at,
    )
    Notification.objects.bulk_create([row], ignore_conflicts=True)
