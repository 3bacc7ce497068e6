"""One example of every message: what the actions that queue it put into its context. The gallery shows them."""

from typing import Any

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.examples import (
    contracts,
    deadlines,
    people,
    questions,
    quotas,
    reminders,
    requests,
    summaries,
    support,
    visits,
    waiting,
)
from s2s_portal.notifications.documents.examples.shared import (
    ADVISER,
    MOVE_PAGE,
    REQUEST_PAGE,
    SENT,
    VISIT,
    WHOM_TO_ASK,
)

__all__ = ["ADVISER", "CONTEXTS", "MOVE_PAGE", "REQUEST_PAGE", "SENT", "VISIT", "WHOM_TO_ASK"]

_PARTS = (contracts, deadlines, requests, waiting, quotas, support, visits, questions, summaries, reminders, people)
CONTEXTS: dict[Kind, dict[str, Any]] = {kind: context for part in _PARTS for kind, context in part.CONTEXTS.items()}
