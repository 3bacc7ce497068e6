"""Fees as people type and read them: whole pence, never a fraction of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas import rules
from quotas.choices import FeeBasis


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("100", 100_00),
        ("£100", 100_00),
        ("£ 100.50", 100_50),
        (" 1,250.05 ", 1250_05),
        ("0.01", 1),
        ("0", 0),
        ("100.5", None),
        ("100.505", None),
        ("-5", None),
        ("1,25", None),
        ("12,50.00", None),
        ("ten", None),
        ("", None),
        ("1e3", None),
        ("１００", None),
        ("1" * 30, None),
    ],
)
def test_pounds_and_pence(typed, pence):
    assert rules.pence_of(typed) == pence


@given(st.integers(min_value=0, max_value=rules.MOST_PENCE))
def test_what_is_shown_can_be_typed(pence):
    shown = rules.fee_in_words(FeeBasis.PER_REQUEST, pence)
    assert rules.pence_of(shown.removesuffix(" for each request")) == pence


@pytest.mark.parametrize(
    ("basis", "pence", "words"),
    [
        (FeeBasis.PER_REQUEST, 1, ""),
        (FeeBasis.PER_REQUEST, rules.MOST_PENCE, ""),
        (FeeBasis.PER_REQUEST, 0, "between"),
        (FeeBasis.PER_REQUEST, rules.MOST_PENCE + 1, "between"),
        (FeeBasis.FUNDED, 0, ""),
        (FeeBasis.TRADED_HOURS, 0, ""),
        (FeeBasis.FUNDED, 1, "only for a fee"),
        (FeeBasis.TRADED_HOURS, 1, "only for a fee"),
    ],
)
def test_what_can_be_charged(basis, pence, words):
    found = rules.cannot_charge(basis=basis, pence=pence)
    assert (words in found) if words else found == ""


def test_in_words():
    assert rules.fee_in_words(FeeBasis.PER_REQUEST, 1250_05) == "£1,250.05 for each request"
    assert rules.fee_in_words(FeeBasis.FUNDED, 0) == "nothing: fully funded"
    assert rules.fee_in_words(FeeBasis.TRADED_HOURS, 0) == "traded hours"
