"""From numbers to places on the paper, and which numbers stand at an axis. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from s2s_portal.core.svg.values import Value

NICE = (1, 2, 5, 10)
MONTH_STEPS = (1, 2, 3, 6, 12)
DAY_STEPS = (1, 2, 7, 14)
LEAST = 1e-6
"""Numbers that differ by less are drawn as the same."""
MOST_DAYS = 5
"""Days that are named at an axis, or one more."""


@dataclass(frozen=True)
class Linear:
    """Numbers from `low` to `high` (not the same) lie between `start` and `end`, in units of the paper."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def numbers(values: Iterable[Value]) -> list[float]:
    """The values that can be drawn: neither None nor words nor infinite."""
    return [value for value in values if isinstance(value, int | float) and math.isfinite(value)]


def reach(values: Iterable[Value]) -> tuple[float, float]:
    """The lowest and the highest of the numbers and 0; 0 to 1 if they hardly differ."""
    found = [0.0, *numbers(values)]
    low, high = min(found), max(found)
    return (low, high) if high - low > LEAST else (0.0, 1.0)


def step_of(low: float, high: float, *, most: int, whole: bool) -> float:
    """A round step by which at most `most` ticks follow the first; a whole number of at least 1 if `whole`."""
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next((nice * size for nice in NICE if nice * size >= rough), 10 * size)
    return max(step, 1.0) if whole else step


def ticks(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, both included."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def day_ticks(first: date, last: date) -> list[date]:
    """Few days from `first` to `last`: beginnings of months where there are two or more, else every so many days."""
    starts = _month_starts(first, last)
    if len(starts) >= 2:
        every = next((step for step in MONTH_STEPS if len(starts) <= step * (MOST_DAYS + 1)), 12)
        return [day for day in starts if (day.month - 1) % every == 0]
    length = (last - first).days
    every = next((step for step in DAY_STEPS if length <= step * MOST_DAYS), DAY_STEPS[-1])
    return [first + timedelta(days=days) for days in range(0, length + 1, every)]


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [date(month // 12, month % 12 + 1, 1) for month in months]
    return [day for day in starts if day >= first]
