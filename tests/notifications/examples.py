"""One example of every message, as the gallery shows it."""

from s2s_portal.notifications.documents.examples import (
    ADVISER,
    CONTEXTS,
    MOVE_PAGE,
    REQUEST_PAGE,
    SENT,
    VISIT,
    WHOM_TO_ASK,
)

__all__ = ["ADVISER", "CONTEXTS", "MOVE_PAGE", "REQUEST_PAGE", "SENT", "VISIT", "WHOM_TO_ASK"]
