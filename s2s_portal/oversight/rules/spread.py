"""What is said of many waits: the middle, the far end, the share within the standard, and who still waits. Pure.

Percentiles are nearest-rank: the smallest wait such that so many per cent were no longer. It is always a wait that
somebody had, never a number between two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple

MEDIAN = 50
FAR = 80


class WaitState(IntEnum):
    """How a wait stands: over, going on, or ended without what was waited for."""

    OVER = auto()
    GOING_ON = auto()
    ENDED = auto()


class Wait(NamedTuple):
    """One wait. `length` is None unless it is over and could be measured.

    `is_late`: what was waited for came after its due day, or has not come and the due day is over.
    """

    state: WaitState
    length: float | None = None
    is_late: bool = False


ENDED = Wait(WaitState.ENDED)


@dataclass(frozen=True)
class Spread:
    """Many waits, counted. `median` and `far` are None without a measured one.

    `over` counts those that are over, `measured` those of them that could be measured, `within` those of these that
    ended in time; `waiting` those that go on, `overdue` those of them whose due day is over; `ended` the rest.
    """

    over: int
    measured: int
    median: float | None
    far: float | None
    within: int
    waiting: int
    overdue: int
    ended: int

    @property
    def due(self) -> int:
        """How many can be judged: the measured ones, and those that go on and are late already."""
        return self.measured + self.overdue

    @property
    def share_within(self) -> float | None:
        """The per cent of those that can be judged that ended in time; None without one."""
        return 100 * self.within / self.due if self.due else None


def nearest_rank(values: Sequence[float], per_cent: int) -> float | None:
    """The smallest of `values` (in order) such that `per_cent` of them (1 to 100) are no greater; None for none."""
    if not values:
        return None
    return values[-(-len(values) * per_cent // 100) - 1]


def spread_of(waits: Mapping[Wait, int]) -> Spread:
    """The waits, counted. Thousands of them are of a few lengths: `waits` has how many there are of each."""
    lengths: list[float] = []
    over = within = waiting = overdue = ended = 0
    for (state, length, is_late), count in waits.items():
        if state is WaitState.OVER:
            over += count
            if length is not None:
                lengths.extend([length] * count)
                within += 0 if is_late else count
        elif state is WaitState.GOING_ON:
            waiting += count
            overdue += count if is_late else 0
        else:
            ended += count
    lengths.sort()
    return Spread(
        over=over,
        measured=len(lengths),
        median=nearest_rank(lengths, MEDIAN),
        far=nearest_rank(lengths, FAR),
        within=within,
        waiting=waiting,
        overdue=overdue,
        ended=ended,
    )
