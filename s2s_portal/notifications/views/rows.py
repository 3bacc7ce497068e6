"""Lines of the lists of messages as cells of a table (core.templatetags.tables), and the links between their pages."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from s2s_portal.core import spoken
from s2s_portal.notifications.documents.standing import failure_of
from s2s_portal.notifications.documents.writing import subject_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can

Cell = str | int | dict[str, Any]

MY_COLUMNS = [{"label": label} for label in ("Message", "When", "Read")]
FAILED_COLUMNS = [{"label": label} for label in ("Message", "To", "Why", "Tried", "Send again")]

PAGES = (
    ("Your messages", "message_list", Permission.USE_PORTAL),
    ("How you get messages", "message_choice", Permission.USE_PORTAL),
    ("Could not be delivered", "failed_list", Permission.MEND_MESSAGES),
    ("Every kind of message", "kind_list", Permission.SEE_MESSAGE_KINDS),
)


def pages_for(user: Any, current: str) -> list[dict[str, Any]]:
    """The pages of messages that `user` may open, with the one named `current` marked."""
    return [
        {"label": label, "url": reverse(f"notifications:{name}"), "current": name == current}
        for label, name, permission in PAGES
        if can(user, permission)
    ]


def my_rows(messages: Iterable[Any]) -> list[list[Cell]]:
    """One line for each message of one's own, as `MY_COLUMNS`."""
    return [
        [
            {
                "text": subject_of(one.kind, one.context),
                "url": reverse("notifications:message_detail", args=[one.pk]),
            },
            spoken.moment(one.queued_at),
            "Yes" if one.read_at else {"text": "Not yet", "colour": "blue"},
        ]
        for one in messages
    ]


def failed_rows(messages: Iterable[Any]) -> list[list[Cell]]:
    """One line for each message that could not be delivered, as `FAILED_COLUMNS`."""
    return [
        [
            {"text": one.get_kind_display(), "hint": one.reference},
            {"text": one.to_name or one.to_email, "hint": one.to_email if one.to_name else ""},
            {"text": failure_of(one.last_error).sentence, "hint": spoken.moment(one.failed_at)},
            "Once" if one.attempts == 1 else f"{one.attempts} times",
            {"text": "Send again", "url": reverse("notifications:failed_again", args=[one.pk])},
        ]
        for one in messages
    ]
