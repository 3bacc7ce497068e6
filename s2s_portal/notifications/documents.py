"""What each message says: one dataclass for each kind, whose fields are the keys of the outbox row's `context`.

No field holds anything about a child. Reasons and other free text that an adviser typed stay on the portal's pages:
they may name one. Moments end in `_at`, dates in `_on`; both are ISO 8601 text in the row.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
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
    establishment: str  # or "3 schools of cohort CO-8M2T-4X"
    stream_label: str
    decided_at: str
    rule: str
    count: str
    next_date: str
    whom_to_ask: str
    cohort_reference: str = ""  # if it was a cohort that was sent


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


@dataclass(frozen=True, kw_only=True)
class WaitingJoinedToAdviser:
    """A request joined the waiting list: where it stands, and until when places are given."""

    reference: str
    establishment: str
    stream_label: str
    joined_at: str
    ahead: int  # requests that get a place before this one
    cut_off_on: str
    allocation_deadline_on: str
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class WaitingJoinedToContact:
    """The request for this school or setting waits for a place; nobody from S2S will be in touch before it has one."""

    reference: str
    establishment: str
    stream_label: str
    joined_at: str
    adviser_name: str
    adviser_email: str


@dataclass(frozen=True, kw_only=True)
class PlaceGivenToAdviser:
    """A request that waited has a place and is with S2S now."""

    reference: str
    establishment: str
    stream_label: str
    joined_at: str
    given_at: str
    by_hand: bool  # the commissioner gave it, after the cut-off
    places_left: int
    places_granted: int
    contact_working_days: int
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class PlaceFree:
    """A place is free after the cut-off and somebody waits: a commissioner is to give it, or not."""

    stream_label: str
    freed_at: str
    places_left: int
    waiting: int
    allocation_deadline_on: str
    address: str  # the path of the page where it is given


@dataclass(frozen=True, kw_only=True)
class WaitingLapsedToAdviser:
    """The allocation deadline passed and the request had no place: it ends, counted as demand that was not met."""

    reference: str
    establishment: str
    stream_label: str
    joined_at: str
    allocation_deadline_on: str
    successor: str  # what follows the contract, "" if nothing is known
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class WaitingLapsedToContact:
    """No place came free for the request for this school or setting."""

    reference: str
    establishment: str
    stream_label: str
    allocation_deadline_on: str
    adviser_name: str
    adviser_email: str


@dataclass(frozen=True, kw_only=True)
class CohortSent:
    """What became of each school of a cohort. The cohort's title is the adviser's own text and stays on the portal."""

    cohort_reference: str
    sent_at: str
    sent: list[dict[str, str]]  # {"reference": "MS-7K4M-2Q", "establishment": "…"}, each with a place
    waiting: list[dict[str, str]]  # the same, in their order on the waiting list
    places_left: int
    places_granted: int
    contact_working_days: int
    whom_to_ask: str


@dataclass(frozen=True, kw_only=True)
class QuotaThreshold:
    """So many per cent of a stream's places are used: 80, 95 or 100."""

    stream_label: str
    threshold: int
    places_used: int
    places_granted: int
    places_left: int
    cut_off_on: str


@dataclass(frozen=True, kw_only=True)
class ChangeProposed:
    """Somebody proposed a change that a second person approves or refuses."""

    summary: str
    proposed_by: str
    address: str  # the path of its page


@dataclass(frozen=True, kw_only=True)
class ChangeDecided:
    """What the second person decided."""

    summary: str
    approved: bool
    decided_by: str
    address: str  # the path of its page, where the reasons are


DOCUMENTS: dict[Kind, type] = {
    Kind.REQUEST_SENT_ADVISER: RequestSentToAdviser,
    Kind.REQUEST_SENT_CONTACT: RequestSentToContact,
    Kind.REQUEST_REFUSED: RequestRefused,
    Kind.REQUEST_WITHDRAWN_ADVISER: RequestWithdrawnToAdviser,
    Kind.REQUEST_WITHDRAWN_CONTACT: RequestWithdrawnToContact,
    Kind.WAITING_JOINED_ADVISER: WaitingJoinedToAdviser,
    Kind.WAITING_JOINED_CONTACT: WaitingJoinedToContact,
    Kind.PLACE_GIVEN_ADVISER: PlaceGivenToAdviser,
    Kind.PLACE_FREE: PlaceFree,
    Kind.WAITING_LAPSED_ADVISER: WaitingLapsedToAdviser,
    Kind.WAITING_LAPSED_CONTACT: WaitingLapsedToContact,
    Kind.COHORT_SENT: CohortSent,
    Kind.QUOTA_THRESHOLD: QuotaThreshold,
    Kind.CHANGE_PROPOSED: ChangeProposed,
    Kind.CHANGE_DECIDED: ChangeDecided,
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
    """A stored context as templates use it: keys that end in `_at` become aware moments, those in `_on` dates."""
    return {key: _read(key, value) for key, value in stored.items()}


def _read(key: str, value: Any) -> Any:
    if key.endswith("_at"):
        return _moment(key, value)
    return date.fromisoformat(value) if key.endswith("_on") else value


def _moment(key: str, text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{key} has no time zone: {text}")
    return moment
