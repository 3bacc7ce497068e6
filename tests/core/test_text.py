"""Names and postcodes as people and registers write them."""

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.text import folded, is_blank, postcode, tidy
from tests.organisations.importers.files import SHARED


def collected(name):
    """The rows of a file of collected cases; none where the machine has no such file."""
    if not SHARED.is_dir():
        return []
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("NR1 2DH", "NR1 2DH"),
        ("nr12dh", "NR1 2DH"),
        (" NR1  2DH ", "NR1 2DH"),
        ("NR1\u00a02DH", "NR1 2DH"),
        ("NR1-2DH", "NR1 2DH"),
        ("NR10 3EZ.", "NR10 3EZ"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("M1 1AE", "M1 1AE"),
        ("GIR 0AA", "GIR 0AA"),
        ("FIQQ 1ZZ", "FIQQ 1ZZ"),
        ("BF1 3AA", "BF1 3AA"),
        ("PE14 8DB", "PE14 8DB"),
    ],
)
def test_postcode(written, usual):
    assert postcode(written) == usual


@pytest.mark.parametrize(
    "written",
    ["", "-", "NR1", "NR1 2D", "NR1 DHH", "NR100 1AA", "NR1O 3EZ", "ZZ99 3VZ", "2036", "90210", "Not known", "NR1 2CI"],
)
def test_postcode_of_something_else_is_none(written):
    assert postcode(written) is None


@pytest.mark.parametrize("case", collected("postcode_cases.csv"), ids=lambda case: case["input"].strip())
def test_postcode_collected_cases(case):
    verdict, found = case["verdict"], postcode(case["input"])
    if verdict.startswith("valid"):
        assert found is not None
        assert not case["normalised"] or found == case["normalised"]
    elif verdict == "invalid-or-normalise":
        assert found in (None, case["normalised"])
    else:
        assert verdict.startswith(("invalid", "pseudo"))
        assert found is None


@given(st.text())
def test_postcode_in_its_usual_form_stays_as_it_is(text):
    found = postcode(text)
    assert found is None or postcode(found) == found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  St  Bee's\u00a0School ", "St Bee's School"),
        ("\u00a0Wilson", "Wilson"),
        ("Zoe\u0308", "Zoë"),
        ("line\r\nbreak\tand tab", "line break and tab"),
        ("nul\x00byte", "nul byte"),
        ("Llŷr 李 🎒", "Llŷr 李 🎒"),
        ("", ""),
    ],
)
def test_tidy(written, expected):
    assert tidy(written) == expected


@pytest.mark.parametrize(
    "nothing", ["", " ", "\u200b" * 12, "\u2060\ufeff\xad", "\u3164", "\u2800 \u2800", "\u202e\n", "\ufe0f"]
)
def test_what_shows_nothing_is_no_text(nothing):
    assert is_blank(nothing)
    assert tidy(nothing) == ""


@pytest.mark.parametrize("something", ["a", "\u200b1", "é", "–", "👩\u200d🏫", "\u05d0\u200f"])
def test_what_shows_something_is_kept(something):
    assert not is_blank(something)
    assert tidy(something)


@given(st.text())
def test_tidy_leaves_tidy_text_alone(text):
    once = tidy(text)
    assert tidy(once) == once
    assert once == once.strip()
    assert "\x00" not in once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O’Neill", "O'Neill"),
        ("O'connell", "OConnell"),
        ("Siân", "SIAN"),
        ("Zoe\u0308", "Zoë"),
        ("Nguyễn", "Nguyen"),
        ("St. Brannock's C.E. School", "st brannocks ce school"),
        ("Staithe & Broads", "Staithe and  Broads"),
        ("Barnes- Kemp", "Barnes-Kemp"),
        ("Puddle Lane (Pre-school)", "Puddle Lane Pre school"),
        ("MACDONALD", "macdonald"),
    ],
)
def test_folded_names_compare_equal(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Puddle Lane", "Puddle Road"), ("李", "王"), ("Saltmarsh Infant", "Saltmarsh Junior")]
)
def test_folded_names_that_differ_stay_different(one, other):
    assert folded(one) != folded(other)


@pytest.mark.parametrize("case", collected("name_edge_cases.csv"), ids=lambda case: ascii(case["value"]))
def test_collected_names_survive(case):
    """Nothing is taken from a name but spaces around it; only a name that is all punctuation folds to nothing."""
    name = tidy(case["value"])
    assert name == unicodedata.normalize("NFC", case["value"].replace("\u00a0", " ").strip())
    assert bool(folded(name)) is (case["why"] != "placeholder full stop")
    assert folded(name.upper()) == folded(name)
