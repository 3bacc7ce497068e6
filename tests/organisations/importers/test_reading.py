"""Files as they come: encodings, headers in any order, title lines, and every way in which a file is no use."""

import pytest

from s2s_portal.organisations.importers.reading import NotARegister, rows, scanned
from tests.organisations.importers import files

REQUIRED = ("URN", "EstablishmentName")
NAMES = "St Thomas à Becket’s – North Star 180°"


def read(path):
    """Every row of the file at `path`, as (line, URN, name)."""
    found = rows(scanned(path), REQUIRED, called="a list of schools")
    return [(row.line, row.text("URN"), row.text("EstablishmentName")) for row in found]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_rows_are_read_in_every_encoding_the_registers_use(save, encoding):
    path = save(files.gias_text([files.school(EstablishmentName=NAMES)]), encoding=encoding)
    assert read(path) == [(2, "900001", NAMES)]


def test_encoding_is_decided_by_the_whole_file_not_its_beginning(save):
    many = [files.school(URN=str(n)) for n in range(100000, 106000)]
    path = save(files.gias_text([*many, files.school(EstablishmentName=NAMES)]))
    assert path.stat().st_size > 1 << 20
    assert scanned(path).encoding == "cp1252"
    assert read(path)[-1][2] == NAMES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"URN","EstablishmentName"\r\n1,"A"\r\n2,"B"', [(2, "1", "A"), (3, "2", "B")]),
        ("establishmentname,FaxNum,urn\nA,,1\n", [(2, "1", "A")]),
        ("Establishment name list\nas at 1 May,,\n\nURN,EstablishmentName\n1,A\n", [(5, "1", "A")]),
        ('URN,EstablishmentName\n1,"A\nB"\n2,C\n', [(2, "1", "A B"), (4, "2", "C")]),
        ("URN,EstablishmentName\n1,A\n,\n\n2,B\n", [(2, "1", "A"), (5, "2", "B")]),
        ("URN,EstablishmentName\n1,\u00a0A  and\u00a0 B \n", [(2, "1", "A and B")]),
        ('URN,EstablishmentName\n1,"The ""Ark"", upstairs"\n', [(2, "1", 'The "Ark", upstairs')]),
        ("URN,EstablishmentName,,\n1,A,,\n", [(2, "1", "A")]),
        ("URN,EstablishmentName,URN\n1,A,9\n", [(2, "1", "A")]),
        ("URN,EstablishmentName\r1,A\r", [(2, "1", "A")]),
    ],
    ids=["gias", "any order and case", "title lines", "line break in a cell", "blank rows", "no-break spaces",
         "quotation marks", "blank columns", "column twice", "old Mac line ends"],
)  # fmt: skip
def test_rows_by_header_name(save, text, expected):
    assert read(save(text)) == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "register.csv is empty."),
        (b"\xef\xbb\xbf", "register.csv is empty."),
        (b" \r\n\r\n", "register.csv is empty."),
        (b"PK\x03\x04\x00\x00xl/workbook.xml", "is not a text file"),
        ("URN,EstablishmentName\n1,A\n".encode("utf-16"), "is not a text file"),
        (b"URN,EstablishmentName\n1,\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
        (b'{"england-and-wales": {"division": 1}}', "is not a list of schools"),
        (b"URN,Name\n1,A\n", "is not a list of schools: none of its first lines names the columns URN, Est"),
        (b"x\n" * 60 + b"URN,EstablishmentName\n1,A\n", "is not a list of schools"),
        (b"URN,EstablishmentName\n", "has a header but no rows"),
        (b'URN,EstablishmentName\n1,A\n2,"B', "is cut off: it ends at line 3"),
        (b"URN,EstablishmentName\n1,A\n2", "is cut off: line 3, its last"),
        (b'"URN","EstablishmentName"\r\n1,"A"\r\n2,', "is cut off: line 3, its last"),
        (b'URN,EstablishmentName\n1,"A" and B\n2,C\n', "is damaged at line 2"),
        (b"URN,EstablishmentName\n1,A,B\n2,C,D\n3,E\n", "most of its rows have not as many columns"),
        (b"URN,EstablishmentName\n1," + b"A" * 200_000, "is damaged at line 2"),
        (b"A" * 1_000_001, "a million characters"),
        (b"URN,EstablishmentName\n1.00063E+11,A\n", "saved again by Excel"),
    ],
    ids=["empty", "only a byte order mark", "blank", "workbook", "utf-16", "unknown bytes", "json", "other columns",
         "header too late", "only a header", "cut in a cell", "cut in a row", "cut after the last comma",
         "quotes in the wrong place", "other columns than the header", "endless cell", "endless line", "scientific"],
)  # fmt: skip
def test_refused_files_say_why_in_one_sentence(save, content, sentence):
    with pytest.raises(NotARegister, match="register.csv .*") as refusal:
        read(save(content))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(NotARegister, match=r"There is no file .*nowhere\.csv\."):
        scanned(tmp_path / "nowhere.csv")


def test_a_misaligned_row_between_good_ones_is_handed_on_for_the_caller_to_judge(save):
    path = save("URN,EstablishmentName\n1,A\n2,B,C\n3,D\n")
    found = list(rows(scanned(path), REQUIRED, called="a list of schools"))
    assert [(row.line, row.is_misaligned) for row in found] == [(2, False), (3, True), (4, False)]


def test_a_gias_file_cut_anywhere_in_its_last_row_is_noticed(save):
    """Every byte of the last row, in the file as GIAS writes it: no newline at its end to go by."""
    whole = files.gias_text([files.school(), files.school(URN="900002"), files.school(URN="900003")]).encode()
    starts = whole.rindex(b"\n") + 1
    for end in range(starts + 1, len(whole)):
        with pytest.raises(NotARegister, match="cut off"):
            read(save(whole[:end]))
    assert len(read(save(whole))) == 3
