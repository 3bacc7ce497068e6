"""References: never the same twice, not to be guessed, and read back however people type them."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.references import ALPHABET, LARGEST, PATTERN, readable, tidied

KEY = b"a key for tests"


def test_shape():
    assert re.fullmatch(PATTERN, readable("EY", 1, key=KEY))
    assert readable("MS", 1, key=KEY).startswith("MS-")


def test_the_permutation_never_maps_two_numbers_to_one_reference():
    numbers = [*range(30_000), *range(LARGEST - 10_000, LARGEST + 1)]
    numbers += random.Random(7).sample(range(30_000, LARGEST - 10_000), 30_000)
    assert len({readable("EY", number, key=KEY) for number in numbers}) == len(numbers)


def test_the_next_reference_cannot_be_told_from_the_last():
    one, two = readable("EY", 100, key=KEY), readable("EY", 101, key=KEY)
    assert sum(a != b for a, b in zip(one[3:], two[3:], strict=True)) >= 3
    assert readable("EY", 100, key=b"another key") != one
    assert readable("EY", 100, key=KEY) == one


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_numbers_out_of_range_are_refused(number):
    with pytest.raises(ValueError, match="needs a number from 0"):
        readable("EY", number, key=KEY)


@pytest.mark.parametrize("number", [0, LARGEST])
def test_the_first_and_the_last_number_have_references(number):
    assert tidied(readable("EY", number, key=KEY))


def test_no_look_alike_characters_and_no_vowels():
    assert not set(ALPHABET) & set("0O1IL5S8BAEU")
    assert len(set(ALPHABET)) == len(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "proper"),
    [
        ("EY-7K4M-2Q", "EY-7K4M-2Q"),
        (" ey-7k4m-2q ", "EY-7K4M-2Q"),
        ("ey7k4m2q", "EY-7K4M-2Q"),
        ("EY 7K4M 2Q", "EY-7K4M-2Q"),
        ("EY–7K4M—2Q", "EY-7K4M-2Q"),
        ("EY7K 4M2Q", "EY-7K4M-2Q"),
    ],
)
def test_tidied(typed, proper):
    assert tidied(typed) == proper


@pytest.mark.parametrize(
    "typed", ["", "EY", "EY-7K4M-2", "EY-7K4M-2Q9", "EY-7O4M-2Q", "E-7K4M-2Q", "Saltmarsh", "٧K4M"]
)
def test_tidied_of_something_else_is_none(typed):
    assert tidied(typed) is None


@given(st.integers(0, LARGEST))
def test_every_reference_reads_back_as_itself(number):
    reference = readable("EY", number, key=KEY)
    assert tidied(reference) == reference
    assert tidied(reference.lower().replace("-", " ")) == reference


@given(st.text(alphabet=ALPHABET + ALPHABET.lower() + "EYMSRF0OI1 -–—\t\n\x00٧é.", max_size=14))
def test_anything_typed_is_a_reference_or_nothing(text):
    found = tidied(text)
    assert found is None or re.fullmatch(PATTERN, found)
