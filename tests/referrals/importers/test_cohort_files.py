"""Files and pasted lists of a cohort's schools: what is read, what is refused and why, and that no line is lost."""

import io
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from referrals.choices import Priority
from referrals.importers import cohort_files
from referrals.importers.cohort_columns import COLUMNS
from referrals.importers.cohort_files import CohortFileRow, File, read

HEADER = ",".join(COLUMNS.values())


def urns(file: File) -> list[str]:
    assert file.problem == ""
    return [row.urn for row in file.rows]


def reasons(file: File) -> list[tuple[int, str, str]]:
    assert file.problem == ""
    return [(one.line, one.column, one.reason) for one in file.refused]


def accounted(file: File) -> int:
    """How many lines the file says something about: rows, refusals, header, example and blank ones."""
    lines = [range(one.line, one.last_line + 1) for one in [*file.rows, *file.refused]]
    return len(set().union(*lines)) + file.header + file.example + file.blank


def test_every_column_is_read():
    text = (
        f"{HEADER}\n"
        '900001,Staithe Primary School,nr299zz,6,high,Perran Oxnead,SENCo,perran@school.invalid,+44 1603 496000,"One.\n'
        'Two.",Yes,"Ida Mautby, head",5/11/2024\n'
    )
    assert read(text.encode()).rows == [
        CohortFileRow(
            line=2,
            last_line=3,
            urn="900001",
            name="Staithe Primary School",
            postcode="NR29 9ZZ",
            children=6,
            priority=Priority.HIGH,
            contact_name="Perran Oxnead",
            contact_job_title="SENCo",
            contact_email="perran@school.invalid",
            contact_telephone="+44 1603 496000",
            goals="One.\nTwo.",
            agreed=True,
            agreed_by="Ida Mautby, head",
            agreed_on=date(2024, 11, 5),
        )
    ]


def test_the_template_can_be_read_and_its_example_is_left_out():
    text = cohort_files.template()
    assert text.startswith(HEADER)
    file = read((text + "900001" + "," * 12 + "\r\n").encode("utf-8-sig"))
    assert (urns(file), file.refused, file.example) == (["900001"], [], 1)


def test_the_templates_example_is_a_row_that_would_be_read():
    file = read(cohort_files.template().replace("999999", "900001"))
    assert (urns(file), file.refused, file.example) == (["900001"], [], 0)


@pytest.mark.parametrize(
    "text",
    [
        "URN,Contact e-mail\n900001,a@b.example\n",
        "contact email,urn\na@b.example,900001\n",
        "\n ,\nURN;CONTACT  E-MAIL\n900001;a@b.example",
        " urn \tContact_E mail\r\n900001\ta@b.example\r\n\r\n",
        "URN,Contact e-mail,,\n900001,a@b.example,,\n",
        '"URN","Contact Email"\r900001,"a@b.example"\r',
        "urn,contact e\u2010mail\nurn: 900 001,a@b.example",
    ],
    ids=["template", "order", "semicolons", "tabs", "blank columns", "old Mac", "typed"],
)
@pytest.mark.parametrize("encode", [str, str.encode, lambda it: it.encode("utf-8-sig"), lambda it: f"\ufeff{it}"])
def test_columns_are_known_in_any_order_and_writing(text, encode):
    file = read(encode(text))
    assert [(row.urn, row.contact_email) for row in file.rows] == [("900001", "a@b.example")]
    assert file.refused == []


@pytest.mark.parametrize(
    ("pasted", "schools"),
    [
        ("900001\n900002\r\n\r\n 900003 ", ["900001", "900002", "900003"]),
        ("Staithe Primary School\nSt Withburga’s, Marram", ["Staithe Primary School", "St Withburga’s, Marram"]),
        ("St Withburga’s, Marram\n900002", ["St Withburga’s, Marram", "900002"]),
        ("EY123456\nURN 900002", ["EY123456", "900002"]),
        ("School name\nSt Withburga’s, Marram", ["St Withburga’s, Marram"]),
        ("900001", ["900001"]),
    ],
)
def test_pasted_lines_without_header_are_urns_or_names(pasted, schools):
    file = read(pasted)
    assert [row.urn or row.name for row in file.rows] == schools
    assert file.refused == []
    assert read("900001\n" + pasted).rows[0].urn == "900001"


def test_a_pasted_line_with_more_than_a_school_is_refused_and_the_others_are_kept():
    file = read("900001\n900002, Staithe\n900003;6\n900004\t6\n900005")
    assert urns(file) == ["900001", "900005"]
    assert reasons(file) == [(line, "", cohort_files.ONE_A_LINE) for line in (2, 3, 4)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in it"),
        (b"\xef\xbb\xbf \r\n,,;\t\n\"\"", "There is nothing in it"),
        ("  ", "There is nothing in it"),
        (b"PK\x03\x04\x14\x00", "This is an Excel workbook: save it as CSV UTF-8"),
        (b"PK\x03\x04" + b"x" * 3_000_000, "This is an Excel workbook: save it as CSV UTF-8"),
        (b"%PDF-1.4\n%\xe2\xe3", "This is a PDF: save it as CSV UTF-8"),
        ("URN\n900001".encode("utf-16"), "Unicode or UTF-16: save it as CSV UTF-8"),
        (b"URN\n9000\x0001", "This is not a text file: save it"),
        ("URN\n9000\x0001", "This is not a text file: save it"),
        (b"URN\n" + b"900001\n" * 430_000, "larger than 1 MB: a cohort takes up to 40 schools"),
        (b"Ref,Child\n1,Wilf\n", "It has “Ref”, “Child” instead."),
        (b"900001\n900002\n", "Its first line has to name columns of the template: “URN”, “School name”"),
        ("Ref,Child,Age\n1,Wilf,3\n", "It has “Ref”, “Child”, “Age” instead."),
        ("Ref;Child\n1;Wilf\n", "It has “Ref”, “Child” instead."),
        (b"URN,Child name,Notes\n900001,,\n", "does not have: “Child name”, “Notes”. Take them out"),
        (b"URN,Contact email,contact E-mail\n900001,,\n", "more than one column “Contact e-mail”: keep one"),
        (b"Postcode,Children\nNR29 9ZZ,6\n", "neither a column “URN” nor a column “School name”"),
        (b'"URN,Children\n900001,6\n', "instead."),
        (bytes(range(128, 256)) * 9, "Its first line has to name columns"),
        (b"x" * 300_000, "Its first line has to name columns"),
    ],
    ids=["empty", "blank", "spaces", "xlsx", "3 MB xlsx", "pdf", "utf-16", "nul", "pasted nul", "3 MB", "other columns",
         "no header", "pasted table", "pasted semicolons", "unknown columns", "twice", "no school", "quotes in header",
         "noise", "endless"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(data, sentence):
    file = read(data)
    assert sentence in file.problem
    assert (file.rows, file.refused) == ([], [])
    assert file.problem.isprintable()
    assert len(file.problem) < 1_000


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Children", "six", "“six” is not a whole number from 1 to 500."),
        ("Children", "0", "“0” is not a whole number from 1 to 500."),
        ("Children", "501", "“501” is not a whole number"),
        ("Children", "6.0", "“6.0” is not a whole number"),
        ("Children", "-3", "“-3” is not a whole number"),
        ("Children", "٣", "“٣” is not a whole number"),
        ("Children", "=1+1", "It begins with “=”, which a spreadsheet takes for a formula"),
        ("School name", "@SUM(A1)", "It begins with “@”"),
        ("School name", "+Staithe", "It begins with “+”"),
        ("Goals", "- Talks more", "It begins with “-”"),
        ("Goals", "\t=1", "It begins with a tab"),
        ("Goals", "\r=1", "It begins with a line break"),
        ("Goals", " =1", "It begins with “=”"),
        ("Contact telephone", "+cmd|x", "It begins with “+”"),
        ("Contact telephone", "mornings", "“mornings” is not a telephone number"),
        ("Contact telephone", "0" * 31, "It has 31 characters: at most 30 fit."),
        ("School name", "x" * 201, "It has 201 characters: at most 200 fit."),
        ("Contact name", "x" * 201, "at most 200 fit"),
        ("Contact job title", "x" * 101, "It has 101 characters: at most 100 fit."),
        ("Goals", "x" * 501, "It has 501 characters: at most 500 fit."),
        ("Goals", "x" * 60_000, "It has 60,000 characters"),
        ("Agreed by", "x" * 201, "at most 200 fit"),
        ("Contact e-mail", "perran", "“perran” is not an e-mail address: it is not like name@example.com."),
        ("Contact e-mail", "périne@b.example", "is not an e-mail address: the part of the e-mail address before"),
        ("Contact e-mail", "a@" + "b" * 300 + ".example", "is not an e-mail address"),
        ("Agreed on", "13/13/2024", "is not a date, such as 20/11/2024 (day, month, year)."),
        ("Agreed on", "11/25/2024", "is not a date"),
        ("Agreed on", "5/11/24", "is not a date"),
        ("Agreed on", "soon", "is not a date"),
        ("Agreed on", "31/12/0204", "is not a date"),
        ("School has agreed", "perhaps", "“perhaps” is neither Yes nor No."),
        ("Priority", "urgent", "“urgent” is not a priority: write High, Medium or Low."),
        ("Postcode", "NR29", "“NR29” is not a postcode, such as NR1 2DH."),
        ("URN", "1.2E+05", "“1.2E+05” is not a URN"),
        ("URN", "12", "“12” is not a URN"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_refused_with_its_line_and_the_others_are_kept(column, cell, reason):
    columns = ["URN", "Agreed by"] if column not in ("URN", "Agreed by") else ["School name"]
    lines = [[*columns, column], *([*map(str, good), bad] for good, bad in _around(columns, cell))]
    text = "\n".join(",".join('"' + one.replace('"', '""') + '"' for one in line) for line in lines)
    file = read(text.encode())
    assert len(file.rows) == 2
    [(line, where, why)] = reasons(file)
    assert (line, where) == (3, column)
    assert reason in why


def _around(columns, cell):
    """A good row, one with the cell, and a good one."""
    return [([f"90000{number}", ""][: len(columns)], cell if number == 2 else "") for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("Contact telephone", "+44 1603 496000", "+44 1603 496000"),
        ("Contact telephone", "+44 (0)1603 496000 ext 12", "+44 (0)1603 496000 ext 12"),
        ("Agreed on", "2024-11-05", date(2024, 11, 5)),
        ("Agreed on", " 5 November 2024 ", date(2024, 11, 5)),
        ("Agreed on", "05.11.2024", date(2024, 11, 5)),
        ("School has agreed", "Y", True),
        ("School has agreed", "not yet", False),
        ("School has agreed", "", False),
        ("Children", "500", 500),
        ("Children", "", None),
        ("Priority", "low", Priority.LOW),
        ("Contact e-mail", "ann@exämple.org", "ann@xn--exmple-cua.org"),
        ("Goals", "a\u00a0 b\r\n\r\nc", "a b\nc"),
        ("School name", "St  Withburga’s\u00a0é", "St Withburga’s é"),
        ("School name", "x" * 200, "x" * 200),
    ],
)
def test_what_people_write_in_a_cell_is_understood(column, cell, value):
    file = read(f'URN,{column}\n900001,"{cell}"\n'.encode())
    assert reasons(file) == []
    field = {words: field for field, words in COLUMNS.items()}[column]
    assert getattr(file.rows[0], field) == value


def test_letters_of_another_encoding_refuse_their_row_alone():
    text = "URN,School name\n900001,Staithe\n900002,Café School\n900003,Marram\n"
    file = read(text.encode("cp1252"))
    assert urns(file) == ["900001", "900003"]
    [refused] = file.refused
    assert (refused.line, refused.column, refused.text) == (3, "School name", "Caf� School")
    assert "save the file as “CSV UTF-8”" in refused.reason
    assert urns(read(text.encode("utf-8-sig"))) == ["900001", "900002", "900003"]


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    file = read("URN,Children,Agreed on\nx,six,soon\n900002,6,")
    assert [(one.line, one.column) for one in file.refused] == [(2, "URN"), (2, "Children"), (2, "Agreed on")]
    assert urns(file) == ["900002"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("900002,Staithe, Primary,6", "It has 4 cells where the first line names 3 columns"),
        ("900002", "It has 1 cells where"),
        ('900002,"Staithe" Primary,6', "Its quotation marks do not match"),
        ('900002,"Staithe,6', "Its quotation marks do not match"),
        (" , ,6", "It names no school: give its URN or its name."),
        ("900001,Staithe,6", "“900001” is already in line 2, which is kept."),
    ],
)
def test_a_misshapen_row_costs_no_other(line, reason):
    file = read(f"URN,School name,Children\n900001,,\n{line}\n900003,,\n".encode())
    assert urns(file) == ["900001", "900003"]
    [(number, _, why)] = reasons(file)
    assert number == 3
    assert reason in why
    assert accounted(file) == 4


def test_a_school_named_twice_without_urn_is_the_same_only_at_one_postcode():
    rows = "Staithe Primary,NR29 9ZZ\nSTAITHE  primary,nr299zz\nStaithe Primary,NR28 1AA\n"
    file = read(f"School name,Postcode\n{rows}")
    assert [row.line for row in file.rows] == [2, 4]
    assert reasons(file) == [(3, "School name", "“STAITHE primary” is already in line 2, which is kept.")]


def test_a_refused_row_does_not_stand_in_the_way_of_a_good_one_with_its_urn():
    assert urns(read("URN,Children\n900001,six\n900001,6\n")) == ["900001"]


def test_text_under_a_column_without_name_is_not_dropped_in_silence():
    file = read("URN,\n900001,\n900002,Wilf\n")
    assert urns(file) == ["900001"]
    assert "text in a column without a name" in file.refused[0].reason


@pytest.mark.parametrize(
    ("rows", "end", "sentence"),
    [
        (40, "\n,\n\n", None),
        (41, "", "Row 42 was not read: a cohort takes up to 40 schools at a time."),
        (41, "\n,\n\n", "Row 42 was not read: a cohort takes up to 40 schools at a time."),
        (10_000, "\n", "Rows 42 to 10,001 were not read: a cohort takes up to 40 schools at a time."),
    ],
)
def test_forty_rows_are_read_and_the_rest_is_refused_in_one_line(rows, end, sentence):
    text = "URN,Children\n" + "\n".join(f"{900_000 + number},6" for number in range(rows)) + end
    file = read(text)
    assert len(file.rows) == 40
    assert [one.reason for one in file.refused] == ([sentence] if sentence else [])
    assert accounted(file) == text.count("\n") + (not text.endswith("\n"))


def test_the_example_and_blank_lines_take_none_of_the_forty():
    rows = "".join(f"{900_000 + number}{',' * 12}\n\n" for number in range(40))
    file = read(cohort_files.template() + rows)
    assert (len(file.rows), file.refused, file.example, file.blank) == (40, [], 1, 40)


def test_bad_rows_count_among_the_forty_so_that_no_list_of_refusals_is_endless():
    file = read("URN,Children\n" + "900001,six\n" * 9_000)
    assert (len(file.rows), len(file.refused)) == (0, 41)


def counted(data: bytes | str) -> int:
    text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data
    return sum(1 for _ in io.StringIO(text.removeprefix("\ufeff"), newline=""))


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [HEADER, "URN,School name", "900001,Staithe", "900002;x", '"', '900003,"a\nb"', "", ",", "=1,x"]
        ),
        st.sampled_from(["900004", "School name", "Example Primary School", "Caf\udce9,x", "\u2028", "\x0b", "a\tb"]),
        st.text(max_size=20),
    ),
    max_size=60,
)


@given(st.lists(st.binary(max_size=40), max_size=50).map(b"\n".join), st.sampled_from([b"", b"URN,Goals\n"]))
def test_no_bytes_make_the_reader_raise_or_lose_a_line(data, before):
    check(before + data)


@given(LINES, st.sampled_from(["", "URN,School name\n", "urn;postcode\n", "School name\n"]))
@example(["900001"] * 60, "")
@example([f"{900_000 + number},x" for number in range(60)] + [","] * 9, "URN,School name\n")
def test_no_text_makes_the_reader_raise_or_lose_a_line(lines, before):
    check(before + "\n".join(lines))
    check((before + "\n".join(lines)).encode("utf-8", "surrogatepass"))


def check(data: bytes | str) -> None:
    file = read(data)
    assert len(file.rows) <= 40
    if file.problem:
        assert accounted(file) == 0
    else:
        assert accounted(file) == counted(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    for shown in [file.problem, *(one.text + one.reason for one in file.refused)]:
        shown.encode()
    for row in file.rows:
        repr(row).encode()
