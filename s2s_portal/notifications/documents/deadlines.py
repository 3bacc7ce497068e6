"""Messages about deadlines that passed, drafts that nobody finished, and the nightly reconciliation."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CutOffPassed:
    """Requests of a stream have closed: what the period's intake came to."""

    stream_label: str
    period: str
    cut_off_on: str
    sent: int  # requests of the period that got a place, whatever became of them
    waiting: int
    drafts: int  # unsent drafts of the stream
    own_drafts: int  # those that this person started
    places_left: int
    places_granted: int
    allocation_deadline_on: str
    address: str  # the path of the page where this person goes on
    given_back: int = 0  # places that requests which ended gave back


@dataclass(frozen=True, kw_only=True)
class AllocationEnded:
    """The last day on which places could be given is over."""

    stream_label: str
    period: str
    allocation_deadline_on: str
    given: int  # places given from the waiting list
    by_hand: int  # of those, by a commissioner after the cut-off
    lapses: int  # requests for which no place came free
    places_left: int
    places_granted: int
    address: str  # the path of the page of unmet demand


@dataclass(frozen=True, kw_only=True)
class DraftPurgeNear:
    """A draft that nobody has touched for long will be deleted."""

    establishment: str
    stream_label: str
    started_at: str
    changed_at: str
    deleted_on: str
    address: str  # the path of the draft's page
    instead_of: str = ""  # who started it, if this goes to another adviser of its zone
    nobody_files: bool = False  # its zone has no adviser, so that this goes to the commissioners


@dataclass(frozen=True, kw_only=True)
class LedgerDiffers:
    """The nightly comparison of the ledger with the requests found differences."""

    checked_at: str
    differences: int
    address: str  # the path of the page that names each
