"""The facts of how a request came to S2S, waited or was withdrawn, and their sentences."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from referrals.choices import EventKind, WithdrawReason
from s2s_portal.core import spoken


def places_sentence(*, stream_label: str, left: int, bought: int, used_one: bool = False, waiting: int = 0) -> str:
    """How a place is spoken of: "This used one early years place. 5 of 50 are left." (DESIGN §3).

    With `waiting` it also says how many wait, and whose the places are that are left.
    """
    if left < 0:
        counted = f"All {bought} {stream_label} places are used, and {-left} more: over by {-left}."
    elif not left and not used_one:
        counted = f"All {bought} {stream_label} places are used." if bought else f"No {stream_label} place is bought."
    else:
        places = "" if used_one else f"{stream_label} places "
        counted = f"{left} of {bought} {places}{'is' if left == 1 else 'are'} left."
    sentences = [f"This used one {stream_label} place."] if used_one else []
    return " ".join([*sentences, counted, *([_waiting_sentence(left, waiting)] if waiting else [])])


def _waiting_sentence(left: int, waiting: int) -> str:
    """How many wait; "and come first" where places are left that are theirs."""
    requests = "1 request is waiting" if waiting == 1 else f"{waiting} requests are waiting"
    return f"{requests} and come{'s' if waiting == 1 else ''} first." if left > 0 else f"{requests}."


def returned_sentence(*, stream_label: str, gave_back: bool) -> str:
    """What became of the place of a request that ended before a visit; one that was carried over used none (R15)."""
    return f"Its {stream_label} place was given back." if gave_back else f"It used no {stream_label} place."


@dataclass(frozen=True)
class SubmittedFacts:
    """What was true when a request was accepted. Places are counts, the fee is in pence."""

    KIND: ClassVar[EventKind] = EventKind.SUBMITTED
    VERSION: ClassVar[int] = 1

    places_left: int
    places_bought: int
    ledger_seq: int
    fee_pence: int
    fee_basis: str
    cut_off_on: str
    placed_out_of_year: bool

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"Sent to S2S. {self.place_used(stream_label=stream_label)}"

    def place_used(self, *, stream_label: str) -> str:
        """What it cost: "This used one early years place. 5 of 50 are left."."""
        return places_sentence(
            stream_label=stream_label, left=self.places_left, bought=self.places_bought, used_one=True
        )


@dataclass(frozen=True)
class WithdrawnFacts:
    """Why a request was withdrawn, and what became of its place. `note` may be empty; it is never sent by e-mail."""

    KIND: ClassVar[EventKind] = EventKind.WITHDRAWN
    VERSION: ClassVar[int] = 1

    reason: str
    note: str
    places_left: int
    places_bought: int
    ledger_seq: int
    gave_back: bool = True

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        counted = places_sentence(stream_label=stream_label, left=self.places_left, bought=self.places_bought)
        place = "Its place was given back." if self.gave_back else "It used no place."
        return f"Withdrawn: {WithdrawReason(self.reason).label.lower()}. {place} {counted}"


@dataclass(frozen=True)
class JoinedFacts:
    """How a request came onto the waiting list: how many were ahead of it, and until when places are given."""

    KIND: ClassVar[EventKind] = EventKind.JOINED
    VERSION: ClassVar[int] = 1

    turn: int
    ahead: int
    places_left: int
    places_bought: int
    cut_off_on: str
    allocation_deadline_on: str
    fee_pence: int
    fee_basis: str
    placed_out_of_year: bool

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        ahead = f"{self.ahead} {'was' if self.ahead == 1 else 'were'} ahead of it" if self.ahead else "It was the first"
        return f"No {stream_label} place was free. {ahead} on the waiting list."


@dataclass(frozen=True)
class PlaceGivenFacts:
    """How a request that waited got its place. `ahead` and its original dates are in the history before it."""

    KIND: ClassVar[EventKind] = EventKind.PLACE_GIVEN
    VERSION: ClassVar[int] = 1

    by_hand: bool
    places_left: int
    places_bought: int
    ledger_seq: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        how = "The commissioner gave it a place that came free" if self.by_hand else "A place came free for it"
        counted = places_sentence(
            stream_label=stream_label, left=self.places_left, bought=self.places_bought, used_one=True
        )
        return f"{how}, and it was sent to S2S. {counted}"


@dataclass(frozen=True)
class LeftFacts:
    """Why a request left the waiting list. `note` may be empty; it is never sent by e-mail."""

    KIND: ClassVar[EventKind] = EventKind.LEFT
    VERSION: ClassVar[int] = 1

    reason: str
    note: str
    waiting: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        label = WithdrawReason(self.reason).label
        return f"Left the waiting list for {stream_label} places: {label[0].lower() + label[1:]}. It held no place."


@dataclass(frozen=True)
class LapsedFacts:
    """What was so when the allocation deadline passed: nobody gets a place any more."""

    KIND: ClassVar[EventKind] = EventKind.LAPSED
    VERSION: ClassVar[int] = 1

    allocation_deadline_on: str
    joined_at: str
    successor: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        day = spoken.day(date.fromisoformat(self.allocation_deadline_on))
        offered = f" It is offered to {self.successor} with its original dates." if self.successor else ""
        return f"{stream_label.capitalize()} places were given until {day}, and none came free for it.{offered}"
