"""The commissioner's report as a document: the answers, then the figures behind them. No child is in it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from s2s_portal.core import pdf, spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.svg import Spreads, drawn
from s2s_portal.oversight.documents.figures import Answer, Figure, Line, in_words
from s2s_portal.oversight.documents.sheets import HIDES, PRACTICE

AUTHOR = "School to School (S2S) support portal"
MOST_SPREADS = 8
"""Groups in a chart of medians."""
SHORT, WIDEST_NAME = 12, 18
"""Letters: of a cell that stays on one line, and of a name in a table's first column."""


@dataclass(frozen=True)
class Report:
    """What a report says: `answers` as on the overview, and the figures of pages by the pages' names."""

    period: str
    number: int
    at: datetime
    by: str
    answers: Sequence[Answer]
    pages: Sequence[tuple[str, Sequence[Figure]]]
    in_practice: bool = False


def report_document(one: Report) -> pdf.Document:
    """The report as it is printed; the same value gives the same bytes."""
    about = (
        ("Period", one.period),
        ("Figures as at", spoken.moment(one.at)),
        *((PRACTICE,) if one.in_practice else ()),
        ("Issued by", one.by),
        ("Kept as issued", "Later changes are in later reports: this one stays as it is."),
        ("What is counted", "The definition of each table stands at the end."),
    )
    answers = tuple(pdf.Headline(answer.question, answer.figure, answer.sentence) for answer in one.answers)
    return pdf.Document(
        title="Report to commissioners",
        subtitle=one.period,
        reference=f"Report {one.number}",
        version=spoken.day(london_date(one.at)),
        author=AUTHOR,
        made_at=one.at,
        sections=(
            pdf.Section("About this report", rows=about),
            pdf.Section("In short", headlines=answers),
            *_tables(one),
            *_definitions(one),
        ),
        footer=f"{'Invented data of a practice. ' if one.in_practice else ''}No child is named in this report",
        has_contents=True,
    )


def _tables(one: Report) -> Iterable[pdf.Section]:
    for page, figures in one.pages:
        yield pdf.Section(page)
        yield from (_section(figure) for figure in figures)


def _definitions(one: Report) -> Iterable[pdf.Section]:
    """What the tables count: each definition once, under the names of all tables that it is of."""
    named: dict[str, list[str]] = {}
    for page, figures in one.pages:
        for figure in figures:
            named.setdefault(figure.definition, []).append(f"{page}: {figure.caption}")
    if named:
        yield pdf.Section("What is counted")
    for definition, names in named.items():
        yield pdf.Section("; ".join(names), paragraphs=(definition,), level=2)


def _section(figure: Figure) -> pdf.Section:
    notes = (*figure.notes, *((HIDES,) if figure.hides else ()))
    header = tuple(column.label for column in figure.columns)
    rows = tuple(_row(line, figure) for line in figure.lines)
    numeric = frozenset(place for place, column in enumerate(figure.columns) if column.is_numeric)
    table = pdf.Table(header, rows, _widths(header, rows), whole_rows=True, numeric=numeric) if rows else None
    return pdf.Section(
        figure.caption,
        paragraphs=(figure.sentence,),
        picture=_picture(figure),
        table=table,
        notes=notes,
        level=2,
    )


def _picture(figure: Figure) -> pdf.Picture | None:
    """The chart that the figure's page has; the table under it has the same numbers in words.

    Dots of very many groups would take a page and say less than their table.
    """
    if figure.chart is None or not figure.lines:
        return None
    if isinstance(figure.chart, Spreads) and len(figure.chart.categories) > MOST_SPREADS:
        return None
    alt = f"Chart: {figure.chart.title}. {figure.chart.description}"
    return pdf.Picture(drawn(figure.chart), alt)


def _widths(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """The columns' shares: of each what cannot be broken, and in the first room for most names on one line."""
    first, *others = (
        max(max(map(len, label.split())), _longest(cells)) for label, *cells in zip(header, *rows, strict=True)
    )
    return (max(first, min(max(len(row[0]) for row in rows), WIDEST_NAME)), *others)


def _longest(cells: Iterable[str]) -> int:
    """The letters of the longest word; a short cell, such as "fewer than 6", is one."""
    return max(len(word) for cell in cells for word in ([cell] if len(cell) <= SHORT else cell.split()))


def _row(line: Line, figure: Figure) -> tuple[str, ...]:
    return tuple(in_words(value, column.unit) for value, column in zip(line.values, figure.columns, strict=True))
