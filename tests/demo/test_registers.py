"""The demo's registers: in the true layouts, the same every time, and of no school that exists."""

import csv
from pathlib import Path

import pytest

from s2s_portal.core.text import folded
from s2s_portal.demo.documents import childcare, registers, schools

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FILES = {
    "gias_statefunded_20250717_norfolk.csv": ("EstablishmentName", schools.REDUCED),
    "gias_alldata_layout_norfolk_ASSEMBLED_20231116.csv": ("EstablishmentName", None),
    "ofsted_childcare_20210831_norfolk.csv": ("Provider name", childcare.COLUMNS),
}
#: Words of special schools that exist (the demo's own must not even resemble them).
WORDS_OF_REAL_SCHOOLS = ("Woodfields", "Sidestrand", "Harford", "Clare", "Fred Nicholson", "Chapel Green")


def names() -> list[str]:
    found = registers.registers()
    settings = [row["Provider name"] for row in found.settings + found.new_settings]
    return [row["EstablishmentName"] for row in found.schools] + [name for name in settings if name != "REDACTED"]


def test_the_same_every_time():
    assert registers.registers() == registers.registers()


def test_no_word_of_a_real_special_school():
    assert [name for name in names() if any(word in name for word in WORDS_OF_REAL_SCHOOLS)] == []


def test_layouts_are_complete():
    assert (len(schools.REDUCED), len(schools.COLUMNS), len(childcare.COLUMNS)) == (33, 35, 48)
    found = registers.registers()
    assert {tuple(row) for row in found.schools} == {schools.COLUMNS}
    assert {tuple(row) for row in found.settings + found.new_settings} == {childcare.COLUMNS}


def test_a_gias_file_is_cp1252_without_a_newline_at_its_end(tmp_path):
    path = tmp_path / "schools.csv"
    registers.write_schools(path, registers.registers())
    text = path.read_bytes()
    assert not text.endswith(b"\n")
    assert text.count(b"\r\n") == text.count(b"\n") == 394
    assert "King’s Lynn" in text.decode("cp1252")


def test_every_telephone_number_is_one_that_nobody_has():
    found = registers.registers()
    numbers = [row["TelephoneNum"] for row in found.schools] + [row["Telephone Number"] for row in found.settings]
    assert {number[:8] for number in numbers if number != "REDACTED"} == {"01632960"}


@pytest.mark.parametrize("file", FILES)
def test_no_school_or_setting_exists(file):
    path = REAL / file
    if not path.exists():
        return  # the real registers are not part of the project
    column, layout = FILES[file]
    with path.open(encoding="cp1252" if file.startswith("gias") else "utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        real = {folded(row[column]) for row in rows} - {"redacted"}
    assert len(real) > 200
    assert [name for name in names() if folded(name) in real] == []
    assert layout is None or tuple(rows.fieldnames) == layout
