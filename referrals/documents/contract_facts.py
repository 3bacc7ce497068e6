"""The facts of how a request went from one contract into the next, or back onto a waiting list, and their sentences."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from referrals.choices import EventKind
from s2s_portal.core import spoken


def _day(text: str) -> str:
    return spoken.day(date.fromisoformat(text))


@dataclass(frozen=True)
class BroughtBackFacts:
    """A later cut-off brought a request back for which no place had come free; it has its old turn (DESIGN §8)."""

    KIND: ClassVar[EventKind] = EventKind.BROUGHT_BACK
    VERSION: ClassVar[int] = 1

    turn: int
    cut_off_on: str
    allocation_deadline_on: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return (
            f"The cut-off was moved to {_day(self.cut_off_on)}: it waits again for one of the {stream_label} places, "
            f"with its old turn. Places are given until {_day(self.allocation_deadline_on)}."
        )


@dataclass(frozen=True)
class TransferredFacts:
    """Under which reference and contract a request goes on."""

    KIND: ClassVar[EventKind] = EventKind.TRANSFERRED
    VERSION: ClassVar[int] = 1

    reference: str
    contract: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"It goes on as {self.reference} under {self.contract}. The place it used stays used."


@dataclass(frozen=True)
class CarriedOverFacts:
    """Which request goes on as this one, since when, and what that cost. `visits_held` were held before."""

    KIND: ClassVar[EventKind] = EventKind.CARRIED_OVER
    VERSION: ClassVar[int] = 1

    reference: str
    contract: str
    submitted_on: str
    visits_held: int
    ledger_seq: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        held = {0: "", 1: " One visit was held before."}.get(
            self.visits_held, f" {self.visits_held} visits were held before."
        )
        before = f"Carried over from {self.contract}, where it was {self.reference}, sent on {_day(self.submitted_on)}."
        return f"{before}{held} It uses no {stream_label} place here."


@dataclass(frozen=True)
class MovedBackFacts:
    """Which move was undone."""

    KIND: ClassVar[EventKind] = EventKind.MOVED_BACK
    VERSION: ClassVar[int] = 1

    reference: str
    contract: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"The move to {self.contract} was undone: support goes on here and not as {self.reference}."


@dataclass(frozen=True)
class CarryUndoneFacts:
    """Under which reference support goes on instead."""

    KIND: ClassVar[EventKind] = EventKind.CARRY_UNDONE
    VERSION: ClassVar[int] = 1

    reference: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"The move was undone: support goes on as {self.reference}."
