"""A table as CSV and as a workbook: the same numbers as on the page, and nothing in it that calculates."""

from datetime import UTC, date, datetime
from itertools import repeat

import pytest

from referrals.rules.disclosure import Hidden
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column, Figure, Line, sum_line
from s2s_portal.oversight.documents.sheets import HIDES, Made, figure_sheet, list_sheet
from s2s_portal.oversight.exports.lines import csv_pieces
from tests.oversight.exports.reading import as_csv, as_xlsx, below

MADE = Made(
    period="Autumn 2024",
    stream="early years",
    at=datetime(2024, 6, 30, 23, 30, tzinfo=UTC),
    by="Marion Skipper",
    made_at=datetime(2026, 1, 2, 9, 5, tzinfo=UTC),
)
COLUMNS = (
    *(Column("Zone"), Column("Children", Unit.COUNT), Column("Share", Unit.PER_CENT)),
    *(Column("First", Unit.DAY), Column("Last", Unit.MOMENT)),
)
FORMULAS = ["=1+1", "+SUM(A1)", "-cmd", "@x", "\t=1", '=HYPERLINK("http://example.org")', "{=1}", "http://example.org"]


def figure(*lines: Line, **changes: object) -> Figure:
    told = {"key": "zones", "caption": "By zone", "sentence": "Two zones.", "definition": "Each request once."}
    return Figure(**told | {"columns": COLUMNS, "lines": lines} | changes)


FILLED = figure(
    Line(("Reedham", 1234, 33.3333, date(2024, 7, 1), datetime(2024, 6, 30, 23, 30, tzinfo=UTC))),
    Line(("Saltings", Hidden.FEWER, None, None, None)),
    sum_line("All", (1236, 100.0, None, None)),
    notes=("Zones of today.",),
)


def test_a_csv_has_what_the_table_is_about_above_it():
    rows = as_csv(figure_sheet(FILLED, MADE))
    assert rows == [
        ["Table", "By zone"],
        ["In short", "Two zones."],
        ["What is counted", "Each request once."],
        ["Note", "Zones of today."],
        ["Note", HIDES],
        ["Period", "Autumn 2024"],
        ["Stream", "Early years"],
        ["As at", "1 July 2024, 00:30"],
        ["Rows", "3"],
        ["Made by", "Marion Skipper"],
        ["Made at", "2 January 2026, 09:05"],
        [],
        ["Zone", "Children", "Share (%)", "First", "Last"],
        ["Reedham", "1234", "33.3", "2024-07-01", "2024-07-01 00:30"],
        ["Saltings", "fewer than 6", "", "", ""],
        ["All", "1236", "100.0", "", ""],
    ]


def test_a_workbook_has_numbers_as_numbers_and_days_as_days():
    rows = as_xlsx(figure_sheet(FILLED, MADE))
    assert rows[:11] == [[*map(_number, row), None, None, None] for row in as_csv(figure_sheet(FILLED, MADE))[:11]]
    assert below(rows, "Zone") == [
        ["Reedham", 1234, 33.3, datetime.fromisoformat("2024-07-01"), datetime.fromisoformat("2024-07-01 00:30")],
        ["Saltings", "fewer than 6", None, None, None],
        ["All", 1236, 100, None, None],
    ]


def _number(text: str) -> str | int:
    return int(text) if text.isdigit() else text


@pytest.mark.parametrize("typed", FORMULAS)
def test_nothing_that_somebody_typed_is_calculated(typed):
    hostile = figure(Line((typed, 1, None, None, None)), caption=typed)
    made = Made(typed, "", MADE.at, typed, MADE.made_at, in_practice=True)
    told = as_csv(figure_sheet(hostile, made))
    starts = [cell[0] for row in told for cell in row if cell]
    assert not set(starts) & {"=", "+", "-", "@", "\t", "\r"}
    rows = as_xlsx(figure_sheet(hostile, made))
    assert below(rows, "Zone")[0][0] == typed
    assert [row[1] for row in rows if row[0] in ("Table", "Made by", "Period")] == [typed] * 3
    assert any(row[0] == "Practice" for row in rows)


def test_a_figure_of_no_lines_is_a_table_of_none():
    sheet = figure_sheet(figure(), MADE)
    assert below(as_csv(sheet), "Zone") == []
    assert ["Rows", "0"] in as_csv(sheet)
    assert below(as_xlsx(sheet), "Zone") == []
    assert not any(HIDES in row for row in as_csv(sheet))


def test_a_long_list_is_written_as_it_is_read():
    columns, read = [Column("Reference")], []

    def rows():
        for number in range(1_200):
            read.append(number)
            yield (f"EY-{number}",)

    pieces = csv_pieces(list_sheet("Requests", "Each once.", MADE, columns, rows(), 1_200))
    next(pieces)
    assert read == []
    next(pieces)
    assert len(read) == 500
    assert sum(piece.count(b"\r\n") for piece in pieces) == 700
    assert (
        len(below(as_xlsx(list_sheet("Requests", "", MADE, columns, repeat(("EY",), 1_200), 1_200)), "Reference"))
        == 1_200
    )
