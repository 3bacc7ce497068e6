"""The one shape of a dashboard's figure: a sentence, a definition, a table, and a chart of the same numbers.

Pages, files and the commissioner's report are all drawn from it, so that they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from referrals.rules.disclosure import Hidden, Shown
from s2s_portal.core import spoken
from s2s_portal.core.svg import Chart
from s2s_portal.oversight.choices import Dashboard, Unit

Value = str | int | float | date | datetime | Hidden | None
"""A cell. None: there is nothing to count or to measure. `Hidden`: there is, and R16 keeps it from this person."""

NOTHING = "–"
MINUS = "−"
"""The true sign, as wide as a plus. Files have numbers, which programs write as they do."""
NUMERIC = frozenset({Unit.COUNT, Unit.DAYS, Unit.WEEKS, Unit.RATE, Unit.PER_CENT})


@dataclass(frozen=True)
class Column:
    """A column of a figure's table. Numbers of `DAYS`, `WEEKS`, `RATE` and `PER_CENT` are shown to one decimal."""

    label: str
    unit: Unit = Unit.TEXT

    @property
    def is_numeric(self) -> bool:
        """Whether its values are aligned as numbers."""
        return self.unit in NUMERIC


@dataclass(frozen=True)
class Line:
    """A line of a figure's table, one value for each column. `key` stands in the address of its requests; "": none.

    `url` is where the line leads instead, if it has a page of its own.
    """

    values: tuple[Value, ...]
    key: str = ""
    is_sum: bool = False
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of a dashboard. `key` stands in addresses; `definition` says what is counted, from when to when.

    `is_list`: its lines are facts of single things, which are read one by one and not compared column by column.
    """

    key: str
    caption: str
    sentence: str
    definition: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    is_list: bool = False

    @property
    def hides(self) -> bool:
        """Whether R16 hides some of its numbers from the person who asks."""
        return any(isinstance(value, Hidden) for line in self.lines for value in line.values)


@dataclass(frozen=True)
class Answer:
    """One of the ten answers: its question, one figure, one sentence, and the page it leads to."""

    question: str
    figure: str
    sentence: str
    page: Dashboard
    level: str = field(default="", compare=False)


def in_words(value: Value, unit: Unit) -> str:
    """A value as pages and reports show it."""
    if value is None:
        return NOTHING
    if isinstance(value, Hidden):
        return value.value
    if isinstance(value, datetime):
        return spoken.moment(value)
    if isinstance(value, date):
        return spoken.day(value)
    if isinstance(value, str):
        return value
    number = (f"{value:,.1f}" if isinstance(value, float) else f"{value:,}").replace("-", MINUS)
    return f"{number}%" if isinstance(value, float) and unit == Unit.PER_CENT else number


def per_cent(part: int, whole: int) -> str:
    """A share of something, to the nearest per cent; never 100% or 0% of what is not all or nothing."""
    if part in (0, whole):
        return "100%" if part else "0%"
    return f"{min(99, max(1, round(100 * part / whole)))}%"


def sum_line(label: str, values: Sequence[Value]) -> Line:
    """The line under a table that sums it up."""
    return Line((label, *values), is_sum=True)


def with_sum(counts: Sequence[int], both: bool) -> tuple[int, ...]:
    """The counts of the streams, and what both have together where both are shown."""
    return (*counts, sum(counts)) if both else tuple(counts)


def drawable(count: Shown) -> float | str:
    """A count as a chart draws it; words for one that R16 hides, so that nobody takes it for 0."""
    return count.value if isinstance(count, Hidden) else float(count)


def chosen(figures: Sequence[Figure], key: str) -> Figure | None:
    """The figure with this key; None if the page has no such figure."""
    by_key: Mapping[str, Figure] = {figure.key: figure for figure in figures}
    return by_key.get(key)
