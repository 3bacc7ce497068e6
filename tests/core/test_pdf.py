"""PDFs: their tags and properties, what was typed standing in them word for word, and the same bytes every time."""

import hashlib
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfua import Severity, validate

from s2s_portal.core import pdf
from s2s_portal.core.svg import Bars, Series, drawn
from tests.core import pdf_text

MADE_AT = datetime(2024, 11, 26, 9, 30, tzinfo=UTC)
ACTIONS = pdf.Table(
    ("Action", "Who", "By"),
    (("Picture timetable at her table", "Class teacher", "3 December 2024"), ("Quiet start", "", "")),
    (3, 1, 1),
)
RECORD = pdf.Document(
    title="Record of visit",
    subtitle="Reedham Staithe Primary School",
    reference="RKM4Q7",
    version="2",
    author="School to School support",
    made_at=MADE_AT,
    sections=(
        pdf.Section("The visit", rows=(("When", "26 November 2024"), ("What was seen", "One thing.\n\nAnother."))),
        pdf.Section("What works", paragraphs=("Short words.",), points=("Pictures", "Pauses")),
        pdf.Section("Agreed actions", table=ACTIONS, notes=("Checked at the next visit.",)),
    ),
    footer="Confidential",
)


def saying(*paragraphs: str) -> pdf.Document:
    """The record with nothing under its title but one section of these paragraphs."""
    return replace(RECORD, sections=(pdf.Section("Notes", paragraphs=paragraphs),))


def words(value: pdf.Document) -> str:
    """All that is read aloud of a document."""
    return "".join(pdf_text.content(pdf_text.opened(pdf.document(value))))


@pytest.fixture(scope="module")
def record() -> pikepdf.Pdf:
    return pdf_text.opened(pdf.document(RECORD))


def test_viewers_and_screen_readers_are_told_what_they_need(record):
    assert bool(record.Root.MarkInfo.Marked)
    assert record.Root.Lang == "en-GB"
    assert bool(record.Root.ViewerPreferences.DisplayDocTitle)
    assert record.docinfo.Title == "Record of visit"
    with record.open_metadata() as properties:
        assert properties["dc:title"] == "Record of visit"
        assert properties["pdfuaid:part"] == "1"
        assert properties["dc:creator"] == ["School to School support"]
        assert properties["xmp:CreateDate"] == "2024-11-26T09:30:00+00:00"


def test_the_checker_finds_nothing(tmp_path):
    path = tmp_path / "record.pdf"
    path.write_bytes(pdf.document(RECORD))
    report = validate(str(path))
    assert [one for one in report.findings if one.severity in (Severity.ERROR, Severity.WARNING)] == []


def test_headings_lists_and_tables_are_tagged_in_their_order(record):
    order = [name for _, name, _ in pdf_text.tags(record) if name in {"Title", "H1", "H2", "L", "Table"}]
    assert order == ["Title", "H1", "L", "H1", "L", "H1", "Table"]


def test_labels_belong_to_their_texts(record):
    depths = [(depth, name) for depth, name, _ in pdf_text.tags(record)]
    start = depths.index(next(one for one in depths if one[1] == "L"))
    inside = [name for depth, name in depths[start : start + 12] if name in {"LI", "Lbl", "LBody", "P"}]
    assert inside[:7] == ["LI", "Lbl", "LBody", "P", "LI", "Lbl", "LBody"]


def test_each_cell_of_a_table_names_its_header(record):
    cells = [(name, element) for _, name, element in pdf_text.tags(record) if name in {"TH", "TD"}]
    headers = {str(element.ID): element.A[0].Scope for name, element in cells if name == "TH"}
    assert list(headers.values()) == ["/Column"] * 3
    named = [str(element.A[0].Headers[0]) for name, element in cells if name == "TD"]
    assert named == list(headers) * 2


def test_a_text_is_read_in_paragraphs_and_in_order(record):
    assert pdf_text.content(record) == [
        "Record of visit",
        "Reedham Staithe Primary School",
        "RKM4Q7, version 2",
        "The visit",
        "When",
        "26 November 2024",
        "What was seen",
        "One thing.",
        "Another.",
        "What works",
        "Short words.",
        "•",
        "Pictures",
        "•",
        "Pauses",
        "Agreed actions",
        "Action",
        "Who",
        "By",
        "Picture timetable at her table",
        "Class teacher",
        "3 December 2024",
        "Quiet start",
        "Checked at the next visit.",
    ]


def test_reference_version_and_page_stand_on_every_page_and_are_not_read_aloud():
    rows = tuple((f"Action {number}", "Class teacher", "") for number in range(80))
    made = pdf_text.opened(
        pdf.document(replace(RECORD, sections=(pdf.Section("Actions", table=replace(ACTIONS, rows=rows)),)))
    )
    assert len(made.pages) > 1
    for number, page in enumerate(made.pages, start=1):
        text = pdf_text.running(page)
        assert "RKM4Q7, version 2 · Confidential" in text
        assert f"Page {number} of {len(made.pages)}" in text
    assert "Page" not in "".join(pdf_text.content(made))
    assert pdf_text.content(made).count("Who") == 1, "the header is read once"
    assert "Who" in pdf_text.running(made.pages[1]), "and seen on each page"


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        "*bold* _em_ `raw` = heading - item / term: no",
        '$x$ \\ @ref <label> // no comment #import "@preview/x:1.0.0" ~ -- ... \'single\' "double"',
        "#{panic()} #set page(width: 1pt) ]] [[ }} {{ %",
        "£ é € – ’ ½ office flies",
        "Łukasz Żółć Gżegżółka",
        "Petrauskaitė Šarūnas Žvirblė",
        "João Conceição Assunção",
        "Ștefan Țurcanu Ŵyn Őrsi Yıldız",
        "Оксана Ελένη",
        "w" * 300,
        "https://example.org/" + "a-long-address/" * 12,
    ],
)
def test_what_was_typed_stands_there_letter_for_letter(typed):
    assert typed in words(saying(typed))


def test_a_title_cannot_be_markup_either():
    typed = '#read("/etc/passwd") *x*'
    value = replace(saying(), title=typed, subtitle=typed, reference=typed, footer=typed)
    assert words(value).count(typed) == 3
    assert pdf_text.opened(pdf.document(value)).docinfo.Title == typed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("well done 😀!", "well done [grinning face]!"),
        ("👨\u200d👩\u200d👧", "[man][woman][girl]"),
        ("❤️", "❤"),
        ("李", "[cjk unified ideograph-674e]"),
        ("a\x00b\x07c\td", "a b c d"),
        ("a\u202eb\ufeffc\u00add", "abcd"),
        ("a\ud800b", "a\ufffdb"),
        ("a\uffffb", "a[u+ffff]b"),
    ],
)
def test_what_cannot_be_printed_is_named_or_left_out(typed, printed):
    assert printed in words(saying(typed))


def test_arabic_and_hebrew_have_letters():
    said = words(saying("علي", "שלום"))
    assert set("עليשלום") - {"ע"} <= set(said)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n", "\u2028", "\v"])
def test_a_new_line_begins_a_paragraph(end):
    made = pdf_text.opened(pdf.document(saying(f"One.{end} Two.  \n")))
    assert pdf_text.content(made)[-2:] == ["One.", "Two."]
    assert [name for _, name, _ in pdf_text.tags(made)][-2:] == ["P", "P"]


def test_many_different_characters_without_a_font_are_all_named():
    letters = "".join(map(chr, range(0x4E00, 0x5600)))
    assert words(saying(letters)).count("[cjk unified ideograph-") == len(letters)


@pytest.mark.parametrize(
    "word", ["Petrauskaitė said ", "Оксана ", "x@a-long-host-name.example ", "Žvirblė@a-long-host-name.example "]
)
def test_a_long_text_may_be_full_of_such_words(word):
    assert words(saying(word * 1200)).count(word.strip()) == 1200


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_no_text_stops_a_record(typed):
    assert pdf.document(saying(typed)).startswith(b"%PDF-1.7")


def test_the_same_record_gives_the_same_bytes_in_another_process():
    here = hashlib.sha256(pdf.document(RECORD)).hexdigest()
    there = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tests.core.test_pdf import *; print(hashlib.sha256(pdf.document(RECORD)).hexdigest())",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_another_version_or_moment_gives_other_bytes():
    later = replace(RECORD, made_at=datetime(2024, 11, 26, 9, 31, tzinfo=UTC))
    assert len({pdf.document(one) for one in (RECORD, later, replace(RECORD, version="3"))}) == 3


def test_a_record_without_a_version_or_footer_has_no_stray_marks():
    made = pdf_text.opened(pdf.document(replace(saying("x"), version="", footer="", subtitle="")))
    assert pdf_text.content(made) == ["Record of visit", "RKM4Q7", "Notes", "x"]
    assert pdf_text.running(made.pages[0]) == "RKM4Q7" + "Page 1 of 1"


@pytest.mark.parametrize(
    "table",
    [
        lambda: pdf.Table((), ()),
        lambda: pdf.Table(("a", "b"), (("1", "2"), ("1",))),
        lambda: pdf.Table(("a", "b"), (), (1,)),
    ],
    ids=["no header", "short row", "widths"],
)
def test_a_crooked_table_is_refused(table):
    with pytest.raises(ValueError, match="as long as its header"):
        table()


def test_a_document_without_a_title_is_refused():
    with pytest.raises(ValueError, match="needs a title"):
        replace(RECORD, title=" ")


def split_rows(table):
    """How many of the rows of four lines, each of which says its number, stand on two pages."""
    opened = pdf_text.opened(pdf.document(replace(RECORD, sections=(pdf.Section("Actions", table=table),))))
    texts = ["".join(text for text, _ in pdf_text.pieces(page)) for page in opened.pages]
    found = [Counter(re.findall(r"#(\d{3})", text)) for text in texts]
    assert len(found) > 2
    return sum(0 < page[number] < 4 for page in found for number in page)


def test_rows_stay_whole_where_that_is_asked_for():
    rows = tuple((f"#{100 + number}\n" * 4, "", "") for number in range(60))
    table = replace(ACTIONS, rows=rows)
    assert split_rows(table)
    assert not split_rows(replace(table, whole_rows=True))


def left_edges(page, wanted):
    """Where each text that `wanted` matches begins, in points from the page's left edge, in its order."""
    letters, places, found = {}, [pikepdf.Matrix()], []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            places.append(places[-1])
        elif name == "Q":
            places.pop()
        elif name == "cm":
            places[-1] = pikepdf.Matrix(*map(float, operands)) @ places[-1]
        elif name == "Tf":
            letters = pdf_text._letters(page.Resources.Font[str(operands[0])])
        elif name in {"Tj", "TJ"} and re.fullmatch(wanted, pdf_text._shown(operands, letters)):
            found.append(round(places[-1].e, 1))
    return found


def test_numbers_stand_at_the_right_and_texts_at_the_left():
    rows = tuple((name, number, number) for name, number in (("Marsh", "7"), ("Broad", "1,007")))
    table = pdf.Table(("Zone", "Code", "Requests"), rows, numeric=frozenset({2}))
    opened = pdf_text.opened(pdf.document(replace(RECORD, sections=(pdf.Section("Zones", table=table),))))
    text, right, long_text, long_right = left_edges(opened.pages[0], "7|1,007")
    assert text == long_text
    assert long_right < right, "the longer number begins further left"


HEADLINES = tuple(
    pdf.Headline(f"Question {number}?", f"{number} of 50", f"Begins{number}. {'More words. ' * 20} Ends{number}.")
    for number in range(20)
)


def test_headlines_are_headings_with_their_answers_on_the_same_page(tmp_path):
    made = pdf.document(replace(RECORD, sections=(pdf.Section("In short", headlines=HEADLINES),)))
    opened = pdf_text.opened(made)
    headings = [name for _, name, _ in pdf_text.tags(opened) if name in {"H1", "H2"}]
    assert headings == ["H1", *["H2"] * 20]
    pages = ["".join(text for text, _ in pdf_text.pieces(page)) for page in opened.pages]
    assert len(pages) > 2
    for number in range(20):
        parts = (f"Question {number}?", f"{number} of 50", f"Begins{number}.", f"Ends{number}.")
        assert any(all(part in page for part in parts) for page in pages), number
    path = tmp_path / "headlines.pdf"
    path.write_bytes(made)
    found = validate(str(path)).findings
    assert [one for one in found if one.severity in (Severity.ERROR, Severity.WARNING)] == []


def test_a_table_does_not_leave_its_heading_and_sentence_behind():
    table = replace(ACTIONS, whole_rows=True)
    for lines in range(30, 46):
        before = replace(RECORD.sections[0], paragraphs=("Long ago.\n" * lines,), rows=())
        for paragraphs in ((), ("Sentence.",)):
            after = pdf.Section("Agreed", paragraphs=paragraphs, table=table)
            opened = pdf_text.opened(pdf.document(replace(RECORD, sections=(before, after))))
            pages = ["|".join(text for text, _ in pdf_text.pieces(page)) for page in opened.pages]
            first = [at for at, page in enumerate(pages) if "Agreed" in page]
            assert first == [min(at for at, page in enumerate(pages) if "Picture timetable" in page)], lines


BARS = Bars("Places", "Used and left.", ("Early years",), (Series("Used", (44.0,)), Series("Left", (6.0,))))


def drawing(alt: str = "44 of 50 places are used.", categories: int = 1, name: str = "Early years") -> pdf.Document:
    """The record with a chart of so many rows between a sentence and a table."""
    series = tuple(Series(one.label, one.values * categories) for one in BARS.series)
    chart = replace(BARS, categories=tuple(f"{name} {number}" for number in range(categories)), series=series)
    picture = pdf.Picture(drawn(chart), alt)
    return replace(RECORD, sections=(pdf.Section("Places", paragraphs=("44.",), picture=picture, table=ACTIONS),))


def test_a_picture_is_tagged_with_its_words_between_sentence_and_table(tmp_path):
    made = pdf.document(drawing())
    opened = pdf_text.opened(made)
    tags = pdf_text.tags(opened)
    names = [name for _, name, _ in tags]
    assert [name for name in names if name in {"H1", "Figure", "Table"}] == ["H1", "Figure", "Table"]
    [figure] = [element for _, name, element in tags if name == "Figure"]
    assert str(figure.Alt) == "44 of 50 places are used."
    path = tmp_path / "chart.pdf"
    path.write_bytes(made)
    found = validate(str(path)).findings
    assert [one for one in found if one.severity in (Severity.ERROR, Severity.WARNING)] == []
    assert pdf.document(drawing()) == made


def test_a_picture_stays_with_its_heading_and_however_long_it_is_on_one_page():
    assert len(pdf_text.opened(pdf.document(drawing(categories=60))).pages) == 1
    for lines in range(24, 36):
        before = replace(RECORD.sections[0], paragraphs=("Long ago.\n" * lines,), rows=())
        opened = pdf_text.opened(pdf.document(replace(drawing(), sections=(before, *drawing().sections))))
        pages = ["|".join(text for text, _ in pdf_text.pieces(page)) for page in opened.pages]
        where = [[at for at, page in enumerate(pages) if word in page] for word in ("Places|", "44.|", "Early years 0")]
        assert where in ([[0]] * 3, [[1]] * 3), lines


@pytest.mark.parametrize("name", ["Žvirblė", "李", "😀", "علي", '<image href="/etc/passwd"/>&amp;'])
def test_no_name_stops_a_picture(name):
    assert pdf.document(drawing(name=name, alt=f"Chart: {name}")).startswith(b"%PDF-1.7")


def test_a_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="needs words"):
        pdf.Picture("<svg/>", " ")


def test_a_table_may_be_empty():
    assert "Action" in words(replace(RECORD, sections=(pdf.Section("Actions", table=replace(ACTIONS, rows=())),)))
