"""Messages about the waiting list."""

from dataclasses import dataclass


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
