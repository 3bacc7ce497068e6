"""Times that are offered to a school or setting: how many, and which of them cannot be offered or chosen. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from referrals.choices import BookingProblem

MOST_TIMES = 3
TOO_LATE = "This time has passed. Choose another one."
TWICE = "This time overlaps another one that you offer."
TAKEN = "has been taken in the meantime"
IMPOSSIBLE = "is not possible any more"
_TAKEN_BY = frozenset({BookingProblem.OVERLAP, BookingProblem.TEACHER_AWAY, BookingProblem.TOO_LITTLE_TRAVEL})


@dataclass(frozen=True)
class Slot:
    """One offered time: aware moments, `starts_at` before `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Whether both cannot be kept by one person; touching is no overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def problems_of(slots: Sequence[Slot], *, at: datetime) -> dict[int, list[str]]:
    """For each slot (by its place in `slots`) what keeps it from being offered at `at`, beside the rules of booking."""
    found: dict[int, list[str]] = {}
    for place, slot in enumerate(slots):
        if slot.starts_at <= at:
            found.setdefault(place, []).append(TOO_LATE)
        if any(slot.overlaps(earlier) for earlier in slots[:place]):
            found.setdefault(place, []).append(TWICE)
    return found


def why_not(causes: Iterable[BookingProblem]) -> str:
    """What a contact is told whose chosen time is refused. Whom else a teacher visits is not theirs to know."""
    return TAKEN if set(causes) <= _TAKEN_BY else IMPOSSIBLE
