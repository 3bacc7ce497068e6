"""Values as pages and reports show them."""

from datetime import date

import pytest

from referrals.rules.disclosure import Hidden
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import in_words, per_cent


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, Unit.COUNT, "–"),
        (-1234, Unit.COUNT, "\u22121,234"),
        (0, Unit.COUNT, "0"),
        (-0.25, Unit.RATE, "\u22120.2"),
        (-12.5, Unit.PER_CENT, "\u221212.5%"),
        ("Pre-school", Unit.TEXT, "Pre-school"),
        (date(2024, 11, 26), Unit.TEXT, "26 November 2024"),
        *((hidden, Unit.COUNT, hidden.value) for hidden in Hidden),
    ],
)
def test_a_value_in_words(value, unit, words):
    assert in_words(value, unit) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 3, "0%"), (1, 1000, "1%"), (2, 3, "67%"), (999, 1000, "99%"), (3, 3, "100%")]
)
def test_a_share_is_never_all_or_nothing_of_what_is_not(part, whole, words):
    assert per_cent(part, whole) == words
