"""A sheet as CSV, piece by piece: however long it is, a few hundred rows are in memory."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from s2s_portal.core import csv
from s2s_portal.oversight.documents.figures import Value
from s2s_portal.oversight.documents.sheets import Sheet, Written, as_written

AT_A_TIME = 500


def csv_pieces(sheet: Sheet) -> Iterator[bytes]:
    """The file in pieces of `AT_A_TIME` rows, the first of which is what the table is about."""
    yield csv.for_download(csv.written(chain(sheet.facts, [()], [sheet.labels])))
    rows = iter(sheet.rows)
    while some := list(islice(rows, AT_A_TIME)):
        yield csv.written(_cells(row) for row in some).encode()


def _cells(row: Iterable[Value]) -> list[object]:
    return [_text(as_written(value)) for value in row]


def _text(value: Written) -> object:
    """Days and moments as every program reads them: 2024-11-26, and 2024-11-26 09:30."""
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value
