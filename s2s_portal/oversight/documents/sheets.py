"""A table as a file carries it: what it is about in lines above it, then its columns and rows. Pure.

CSV files and workbooks are both written from it. It says no more than the page does: numbers have the page's decimals,
and what R16 hides on the page stands in the file in the same words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from referrals.rules.disclosure import Hidden
from s2s_portal.core import spoken
from s2s_portal.core.calendar import LONDON
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column, Figure, Value

HIDES = (
    "“Fewer than 6” and “not shown” protect children: small numbers are not shown, nor are some beside them. "
    "Do not publish this beside other counts of the same requests."
)
Written = str | int | float | date | datetime | None
"""A cell of a file. Moments are London's, without their zone: spreadsheets know none."""
PRACTICE = ("Practice", "Invented data of a practice: the moment above is no real one")


@dataclass(frozen=True)
class Made:
    """What a file is for and who made it. `at` is the moment of its numbers, `made_at` real time; both are aware.

    `stream` is "" for both streams.
    """

    period: str
    stream: str
    at: datetime
    by: str
    made_at: datetime
    in_practice: bool = False

    @property
    def narrowing(self) -> str:
        """The period, the stream and the moment in one line."""
        return f"{self.period}, {self.stream or 'both streams'}, as at {spoken.moment(self.at)}"


@dataclass(frozen=True)
class Sheet:
    """A table with what is told above it. `rows` may be read once only; `count` says how many there are."""

    title: str
    facts: tuple[tuple[str, str | int], ...]
    columns: tuple[Column, ...]
    rows: Iterable[Iterable[Value]]
    count: int
    sums: frozenset[int] = frozenset()
    """The places of rows that sum others up, from 0."""

    @property
    def labels(self) -> list[str]:
        """What stands over the columns. Per cent is said here: in a file the cell is a number."""
        return [f"{one.label} (%)" if one.unit == Unit.PER_CENT else one.label for one in self.columns]


def figure_sheet(figure: Figure, made: Made) -> Sheet:
    """The table of a figure as this person sees it."""
    notes = (*figure.notes, HIDES) if figure.hides else figure.notes
    told = [("In short", figure.sentence), ("What is counted", figure.definition), *(("Note", note) for note in notes)]
    return Sheet(
        figure.caption,
        _facts(figure.caption, told, made, len(figure.lines)),
        figure.columns,
        [line.values for line in figure.lines],
        len(figure.lines),
        frozenset(place for place, line in enumerate(figure.lines) if line.is_sum),
    )


def list_sheet(
    title: str, definition: str, made: Made, columns: Sequence[Column], rows: Iterable[Iterable[Value]], count: int
) -> Sheet:
    """A list of `count` rows, which are read when they are written."""
    return Sheet(title, _facts(title, [("What is counted", definition)], made, count), tuple(columns), rows, count)


def _facts(title: str, told: Iterable[tuple[str, str]], made: Made, count: int) -> tuple[tuple[str, str | int], ...]:
    return (
        ("Table", title),
        *told,
        ("Period", made.period),
        ("Stream", (made.stream or "both").capitalize()),
        ("As at", spoken.moment(made.at)),
        *([PRACTICE] if made.in_practice else []),
        ("Rows", count),
        ("Made by", made.by),
        ("Made at", spoken.moment(made.made_at)),
    )


def as_written(value: Value) -> Written:
    """A cell as files have it: numbers to the page's one decimal, moments in London, nothing for `None`."""
    if isinstance(value, Hidden):
        return value.value
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, datetime):
        return value.astimezone(LONDON).replace(tzinfo=None)
    return value
