"""What charts say, as values. Pure."""

from dataclasses import dataclass
from datetime import date

Value = float | str | None
"""A number of a chart; None where there is none: nothing is drawn there. Words stand where it may not be shown."""


@dataclass(frozen=True)
class Series:
    """One row of numbers of a chart and what it is called in the key."""

    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Mark:
    """A line across a chart at a number, such as "R10: 5 working days"."""

    label: str
    at: float


@dataclass(frozen=True)
class DayMark:
    """A line across a chart at a day, such as "Cut-off"."""

    label: str
    on: date


@dataclass(frozen=True)
class Bars:
    """A horizontal bar for each category, of one part for each series; `stacked` ones stand end to end.

    Each series has one value for each category. `unit` is said once, at the axis: "requests", "working days". Words
    in the place of a number stand at the axis, or at the end of a stack behind the numbers of its other parts.
    """

    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    stacked: bool = False
    mark: Mark | None = None


@dataclass(frozen=True)
class Band:
    """What may lie between two rows of numbers, such as a run-out range."""

    label: str
    low: tuple[Value, ...]
    high: tuple[Value, ...]


@dataclass(frozen=True)
class Steps:
    """Numbers that hold from one day to the next, such as the places left. Each series has one value for each day."""

    title: str
    description: str
    days: tuple[date, ...]
    series: tuple[Series, ...]
    unit: str = ""
    band: Band | None = None
    marks: tuple[DayMark, ...] = ()


@dataclass(frozen=True)
class Spreads:
    """For each category a dot (the middle) and a line from it to a far end, such as median and 80th percentile."""

    title: str
    description: str
    categories: tuple[str, ...]
    middle: Series
    far: Series
    unit: str = ""
    mark: Mark | None = None


Chart = Bars | Steps | Spreads
