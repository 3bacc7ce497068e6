"""CSV text: records by line whatever was forgotten in them, and cells that no spreadsheet calculates."""

import csv as standard
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core import csv


def cells(text: str, delimiter: str = ",") -> list:
    return [(one.first, one.last, one.cells) for one in csv.records(text, delimiter)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\nc,d", [(1, 1, ["a", "b"]), (2, 2, ["c", "d"])]),
        ("a\r\n\r\nb\r", [(1, 1, ["a"]), (2, 2, []), (3, 3, ["b"])]),
        ('a,"b\nc"\nd', [(1, 2, ["a", "b\nc"]), (3, 3, ["d"])]),
        ('"say ""hi"""\n', [(1, 1, ['say "hi"'])]),
        ('a,"forgotten\nb,c\nd,e\n', [(1, 1, None), (2, 2, ["b", "c"]), (3, 3, ["d", "e"])]),
        ('a\n"b" c\nd', [(1, 1, ["a"]), (2, 2, None), (3, 3, ["d"])]),
        ('6" pipe,a', [(1, 1, ['6" pipe', "a"])]),
        ('"', [(1, 1, None)]),
        ("", []),
    ],
    ids=["two", "line ends", "two lines", "doubled", "forgotten", "misplaced", "inside", "alone", "nothing"],
)
def test_records_take_their_lines_and_no_others(text, expected):
    assert cells(text) == expected


def test_a_forgotten_quotation_mark_is_not_looked_for_to_the_end():
    text = '"' + "line\n" * (csv.LONGEST_RECORD + 5) + '"'
    assert cells(text)[0] == (1, 1, None)


def test_an_endless_cell_is_refused_and_the_next_line_is_read():
    assert cells("a" * 200_000 + "\nb") == [(1, 1, None), (2, 2, ["b"])]


@given(st.text(alphabet='ab,"\n\r ', max_size=200))
def test_records_tile_every_text(text):
    ends = [0]
    for first, last, _ in cells(text):
        assert first == ends[-1] + 1
        assert last >= first
        ends.append(last)
    assert ends[-1] == sum(1 for _ in io.StringIO(text, newline=""))


@given(st.lists(st.lists(st.text(alphabet='ab,"\n;é', max_size=5), min_size=2, max_size=3), max_size=8))
def test_what_the_standard_library_writes_is_read(rows):
    out = io.StringIO(newline="")
    standard.writer(out).writerows(rows)
    assert [one.cells for one in csv.records(out.getvalue(), ",")] == rows


@pytest.mark.parametrize(
    ("text", "last"),
    [("", 0), ("a", 1), ("a\nb\n", 2), ('a\n,,\n"",""\n \n', 1), ("\n\na", 3), ("a\r\rb\r\n\r\n", 3)],
)
def test_the_last_line_on_which_something_is_written(text, last):
    assert csv.last_written_line(text) == last


@pytest.mark.parametrize(
    ("data", "called"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        ("URN".encode("utf-16"), "text in an encoding called Unicode or UTF-16"),
        (b"URN\0", "not a text file"),
        (b"\xef\xbb\xbfURN", ""),
        (b"caf\xe9", ""),
        (b"", ""),
    ],
)
def test_what_is_no_text_has_a_name(data, called):
    assert csv.not_text(data) == called


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|x", "'-cmd|x"),
        ("+cmd", "'+cmd"),
        ("\tx", "'\tx"),
        ("+44 1603 496000", "+44 1603 496000"),
        (-3, "-3"),
        (None, ""),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("Staithe – 1=2", "Staithe – 1=2"),
        ("\r=1", '"\'\r=1"'),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        (" =1+1", "' =1+1"),
        ("\n=1+1", '"\'\n=1+1"'),
        (" +44 1603 496000", " +44 1603 496000"),
    ],
)
def test_a_cell_is_written_so_that_nothing_calculates_it(cell, written):
    assert csv.written([[cell, "end"]]) == f"{written},end\r\n"


def test_a_download_tells_excel_that_it_is_utf8():
    assert csv.for_download("é") == b"\xef\xbb\xbf\xc3\xa9"


@pytest.mark.parametrize("name", ["LA (code)", " la_(CODE) ", "LA\u00a0(code)"])
def test_a_column_is_known_by_its_words(name):
    assert csv.column_name(name) == "la (code)"
