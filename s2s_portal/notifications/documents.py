"""What each message says: one dataclass for each kind, whose fields are the keys of the outbox row's `context`.

No field holds anything about a child. Reasons and other free text that an adviser typed stay on the portal's pages:
they may name one. Moments end in `_at` and are aware ISO 8601 text in the row.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from s2s_portal.notifications.choices import Kind


@dataclass(frozen=True, kw_only=True)
class RequestSentToAdviser:
    """A request was sent and used one place; what happens next."""

    reference: str  # "EY-7K4M-2Q"
    establishment: str
    stream_label: str  # "early years" or "mainstream"
    sent_at: str
    places_left: int
    places_granted: int  # granted and adjusted: the 50 of "5 of 50 are left"
    whom_to_ask: str  # a plain sentence or two
    contact_working_days: int  # R10


@dataclass(frozen=True, kw_only=True)
class RequestSentToContact:
    """An adviser asked for support for this school or setting; who will be in touch."""

    reference: str
    establishment: str
    stream_label: str
    sent_at: str
    adviser_name: str
    adviser_email: str
    contact_working_days: int


@dataclass(frozen=True, kw_only=True)
class RequestRefused:
    """A request was not accepted; the facts of the decision, in the decision page's own sentences."""

    refusal_reference: str
    establishment: str
    stream_label: str
    decided_at: str
    rule: str
    count: str
    next_date: str
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawnToAdviser:
    """A request was withdrawn, and what became of its place."""

    reference: str
    establishment: str
    stream_label: str
    withdrawn_at: str
    withdrawn_by: str  # the person's full name
    place_returned: bool
    places_left: int
    places_granted: int
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawnToContact:
    """The request for this school or setting was withdrawn; S2S will not visit because of it."""

    reference: str
    establishment: str
    stream_label: str
    withdrawn_at: str
    adviser_name: str
    adviser_email: str


DOCUMENTS: dict[Kind, type] = {
    Kind.REQUEST_SENT_ADVISER: RequestSentToAdviser,
    Kind.REQUEST_SENT_CONTACT: RequestSentToContact,
    Kind.REQUEST_REFUSED: RequestRefused,
    Kind.REQUEST_WITHDRAWN_ADVISER: RequestWithdrawnToAdviser,
    Kind.REQUEST_WITHDRAWN_CONTACT: RequestWithdrawnToContact,
}


class WrongContext(ValueError):
    """A message was queued with a key missing, unknown or not readable as a moment."""


def checked(kind: Kind, context: Mapping[str, Any]) -> dict[str, Any]:
    """`context` with defaults filled in, ready to store; raises `WrongContext` unless it has the kind's keys only."""
    document = DOCUMENTS[kind]
    known = {field.name for field in fields(document)}
    if unknown := sorted(set(context) - known):
        raise WrongContext(f"{kind} does not say {', '.join(unknown)}.")
    try:
        stored = asdict(document(**context))
        spoken(stored)
    except (TypeError, ValueError) as wrong:
        raise WrongContext(f"{kind}: {wrong}") from wrong
    return stored


def spoken(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored context as templates use it: keys that end in `_at` become aware moments."""
    return {key: _moment(key, value) if key.endswith("_at") else value for key, value in stored.items()}


def _moment(key: str, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{key} has no time zone: {text}")
    return moment
