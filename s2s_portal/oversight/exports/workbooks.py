"""A sheet as an Excel workbook, written row by row into a file: however long it is, one row is in memory.

Texts are written as texts: nothing that somebody typed is ever a formula or a link. Numbers are numbers, days are days.
"""

from collections.abc import Iterable
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from s2s_portal.core import csv
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column
from s2s_portal.oversight.documents.sheets import Sheet, Written, as_written

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDE, NARROW = 30, 14
"""Widths of columns in characters: of texts, and of everything else."""


def workbook(sheet: Sheet) -> IO[bytes]:
    """The workbook as an open file without a name, at its beginning; closing it removes it."""
    file = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with Workbook(file, OPTIONS) as book:
            _written(book, sheet)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


class _Cells:
    """Writes cells by what they are; `bold` is for labels and sums."""

    def __init__(self, book: Any) -> None:
        self.page = book.add_worksheet("Table")
        self.formats = {
            (look, bold): book.add_format({**shape, "bold": bold}) for look, shape in _LOOKS.items() for bold in (0, 1)
        }

    def row(self, place: int, values: Iterable[Written], *, bold: bool = False) -> None:
        """One row; rows are written from the top, none twice."""
        for column, value in enumerate(values):
            if value is not None:
                write, look = self._how(value)
                write(place, column, value, self.formats[look, int(bold)])

    def _how(self, value: Written) -> tuple[Any, str]:
        if isinstance(value, str):
            return self.page.write_string, "guarded" if csv.starts_a_formula(value) else "text"
        if isinstance(value, datetime):
            return self.page.write_datetime, "moment"
        if isinstance(value, date):
            return self.page.write_datetime, "day"
        return self.page.write_number, "decimal" if isinstance(value, float) else "number"


_LOOKS: dict[str, dict[str, Any]] = {
    "text": {},
    "guarded": {"quote_prefix": True},  # it stays text when somebody edits the cell
    "number": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.0"},
    "day": {"num_format": "d mmmm yyyy", "align": "left"},
    "moment": {"num_format": "d mmmm yyyy, hh:mm", "align": "left"},
}


def _written(book: Any, sheet: Sheet) -> None:
    book.set_properties({"title": sheet.title})
    cells = _Cells(book)
    for place, column in enumerate(sheet.columns):
        cells.page.set_column(place, place, _width(column, is_first=place == 0))
    for place, fact in enumerate(sheet.facts):
        cells.row(place, fact)
    top = len(sheet.facts) + 1
    cells.row(top, sheet.labels, bold=True)
    for place, row in enumerate(sheet.rows):
        cells.row(top + 1 + place, map(as_written, row), bold=place in sheet.sums)


def _width(column: Column, *, is_first: bool) -> int:
    """Wide enough for most of its cells; the first column has the labels of what is told above the table, too."""
    return (
        WIDE if is_first or column.unit in (Unit.TEXT, Unit.MOMENT) else max(NARROW, min(len(column.label) + 4, WIDE))
    )
