"""What a row of a cohort's file comes to: truth tables, no database."""

from itertools import permutations
from time import process_time

import pytest

from referrals.rules.matching import Hit, MatchState, alike, standing_of, state_of

GOOD = Hit()
OUTSIDE = Hit(is_own=False)
CLOSED = Hit(is_open=False)
SPECIAL = Hit(is_mainstream=False)


@pytest.mark.parametrize(
    ("mainstream", "is_open", "own", "state"),
    [
        (True, True, True, MatchState.MATCHED),
        (True, True, False, MatchState.OUTSIDE),
        (True, False, True, MatchState.CLOSED),
        (True, False, False, MatchState.CLOSED),
        (False, True, True, MatchState.NOT_MAINSTREAM),
        (False, True, False, MatchState.NOT_MAINSTREAM),
        (False, False, True, MatchState.NOT_MAINSTREAM),
        (False, False, False, MatchState.NOT_MAINSTREAM),
    ],
)
def test_whether_one_school_can_be_chosen(mainstream, is_open, own, state):
    hit = Hit(is_mainstream=mainstream, is_open=is_open, is_own=own)
    assert standing_of(hit) == state
    assert state_of([hit]) == state


@pytest.mark.parametrize(
    ("hits", "state"),
    [
        ([], MatchState.UNKNOWN),
        ([GOOD], MatchState.MATCHED),
        ([GOOD, GOOD], MatchState.AMBIGUOUS),
        ([GOOD, CLOSED], MatchState.MATCHED),
        ([GOOD, OUTSIDE, SPECIAL], MatchState.MATCHED),
        ([GOOD, GOOD, CLOSED], MatchState.AMBIGUOUS),
        ([OUTSIDE, OUTSIDE], MatchState.OUTSIDE),
        ([OUTSIDE, CLOSED, SPECIAL], MatchState.OUTSIDE),
        ([CLOSED, SPECIAL], MatchState.CLOSED),
        ([SPECIAL, SPECIAL], MatchState.NOT_MAINSTREAM),
    ],
)
def test_what_several_schools_come_to_in_any_order(hits, state):
    assert {state_of(order) for order in permutations(hits)} == {state}


def test_every_state_has_words_of_its_own():
    assert len({state.label for state in MatchState}) == len(MatchState)


@pytest.mark.parametrize(
    ("typed", "held", "expected"),
    [
        ("staithe primary", "staithe primary school", True),
        ("the staithe primary school and nursery", "staithe primary school", True),
        ("primary staithe", "staithe primary school", True),
        ("st withburgas ce vc primary", "saint withburgas church of england voluntary controlled primary school", True),
        ("st withburgas c of e primary", "st withburgas cofe primary academy", True),
        ("st withburgas cofe primary", "st withburgas rc primary", False),
        ("staithe infant school", "staithe junior school", False),
        ("staithe primary", "marram primary school", False),
        ("staithes", "staithe primary school", False),
        ("", "staithe primary school", False),
        ("staithe", "", False),
        ("the of and", "staithe of the marsh", False),
    ],
)
def test_names_that_may_be_one_schools(typed, held, expected):
    assert alike(typed, held) == expected
    assert alike(held, typed) == expected


def test_a_county_of_schools_is_compared_with_three_full_lists_in_no_time():
    """Every look at a list compares each of its rows with each school of the zones."""
    schools = [f"saint marram {number} church of england voluntary aided primary school" for number in range(400)]
    rows = [f"saint saltpan {number} c of e voluntary controlled primary sch" for number in range(120)]
    began = process_time()
    assert not any(alike(row, school) for row in rows for school in schools)
    assert process_time() - began < 0.5
