"""However long a list is, a few hundred of its rows are in memory while it is written."""

import tracemalloc

import pytest

from s2s_portal.oversight.documents.figures import Column
from s2s_portal.oversight.documents.sheets import list_sheet
from s2s_portal.oversight.exports.lines import csv_pieces
from s2s_portal.oversight.exports.workbooks import workbook
from tests.oversight.exports.test_sheets import MADE

COLUMNS = [Column("Reference"), Column("School or setting"), Column("Zone"), Column("Status")]
MOST = 2 * 2**20
"""Bytes: the rows, kept, would take three times as much or more."""


def as_csv(sheet):
    for _ in csv_pieces(sheet):
        pass


def as_workbook(sheet):
    workbook(sheet).close()


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_a_long_list_takes_little_memory(write):
    count = 20_000
    rows = ((f"EY-{n}", f"Marram Pre-school {n}", f"Zone {n}", f"Status {n}") for n in range(count))
    sheet = list_sheet("Requests", "Each once.", MADE, COLUMNS, rows, count)
    tracemalloc.start()
    try:
        write(sheet)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST
