"""Files of tables as spreadsheets read them."""

import csv
import io
from collections.abc import Iterable

from openpyxl import load_workbook

from s2s_portal.oversight.documents.sheets import Sheet
from s2s_portal.oversight.exports.lines import csv_pieces
from s2s_portal.oversight.exports.workbooks import workbook


def csv_rows(data: bytes) -> list[list[str]]:
    """The rows of a CSV file, which begins with the mark that tells Excel its encoding."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_cells(data: bytes) -> list[list[object]]:
    """The cells of a workbook's only page; those of formulas would be texts that begin with "="."""
    book = load_workbook(io.BytesIO(data))
    [page] = book.worksheets
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}
    return [[cell.value for cell in row] for row in page.iter_rows()]


def as_csv(sheet: Sheet) -> list[list[str]]:
    """A sheet, written and read."""
    return csv_rows(b"".join(csv_pieces(sheet)))


def as_xlsx(sheet: Sheet) -> list[list[object]]:
    """A sheet, written and read."""
    with workbook(sheet) as file:
        return xlsx_cells(file.read())


def body_of(answer: Iterable[bytes]) -> bytes:
    """What a streamed answer sends."""
    return b"".join(answer.streaming_content)


def below(rows: list[list], label: str) -> list[list]:
    """The rows under the columns, the first of which is called `label`."""
    return rows[[row[:1] for row in rows].index([label]) + 1 :]
