"""Percentiles by nearest rank, against the standard library and by their own definition; and what is counted."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.oversight.rules.spread import ENDED, Spread, Wait, WaitState, nearest_rank, spread_of

lengths = st.lists(st.integers(0, 60), min_size=1, max_size=60)
waits = st.lists(
    st.one_of(
        st.builds(Wait, st.just(WaitState.OVER), st.none() | st.integers(0, 60), st.booleans()),
        st.builds(Wait, st.just(WaitState.GOING_ON), st.none(), st.booleans()),
        st.just(ENDED),
    ),
    max_size=40,
)


@given(lengths)
def test_the_median_is_one_that_somebody_had(values):
    assert nearest_rank(sorted(values), 50) == statistics.median_low(values)


@given(lengths, st.integers(1, 100))
def test_nearest_rank_is_the_smallest_that_covers_so_many(values, per_cent):
    found = nearest_rank(sorted(values), per_cent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= per_cent * len(values)
    assert sum(value < found for value in values) * 100 < per_cent * len(values)


@pytest.mark.parametrize(
    ("values", "median", "far"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 9], 1, 9),
        ([1, 2, 3, 4, 5], 3, 4),
        ([1, 2, 3, 4, 5, 6], 3, 5),
        ([0, 0, 0, 0, 30], 0, 0),
    ],
)
def test_nearest_rank(values, median, far):
    assert (nearest_rank(values, 50), nearest_rank(values, 80)) == (median, far)


def test_spread_of():
    """Five are over, of which one could not be measured and one came late; two go on, one of them too long."""
    over = [Wait(WaitState.OVER, length, length > 5) for length in (9, 2, 4, 5)]
    going_on = [Wait(WaitState.GOING_ON), Wait(WaitState.GOING_ON, is_late=True)]
    found = spread_of(Counter([*over, Wait(WaitState.OVER), *going_on, ENDED]))
    assert found == Spread(over=5, measured=4, median=4, far=9, within=3, waiting=2, overdue=1, ended=1)
    assert (found.due, found.share_within) == (5, 60)


def test_spread_of_nothing():
    found = spread_of({})
    assert found == Spread(over=0, measured=0, median=None, far=None, within=0, waiting=0, overdue=0, ended=0)
    assert found.share_within is None


@given(waits, st.randoms())
def test_spread_of_loses_none_and_knows_no_order(some, random):
    found = spread_of(Counter(some))
    assert found.over + found.waiting + found.ended == len(some)
    assert 0 <= found.within <= found.measured <= found.over
    assert 0 <= found.overdue <= found.waiting
    shuffled = list(some)
    random.shuffle(shuffled)
    assert spread_of(Counter(shuffled)) == found
