"""R16: which counts of needs are shown, and that none that is hidden can be worked out. No database.

Who reads the page knows the sum, what is shown, and that "fewer than 6" means 0 to 5 and "not shown" one of the
smallest of 6 or more, unless nothing in the column is shown. `possible` tries every column that fits that.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.disclosure import FEWEST_SHOWN, Hidden, combined, suppressed

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([6, 7, 30], [6, 7, 30]),
        ([0, 0, 0], [0, 0, 0]),
        ([5, 3, 30], [FEWER, FEWER, 30]),
        ([5, 30, 12], [FEWER, 30, NOT_SHOWN]),
        ([0, 30, 12], [FEWER, 30, NOT_SHOWN]),
        ([0, 0, 12, 30], [FEWER, FEWER, NOT_SHOWN, 30]),
        ([5, 5, 12, 30], [FEWER, FEWER, NOT_SHOWN, 30]),
        ([5, 4, 12, 30], [FEWER, FEWER, 12, 30]),
        ([0, 1, 12, 30], [FEWER, FEWER, 12, 30]),
        ([0, 6, 9, 12], [FEWER, NOT_SHOWN, NOT_SHOWN, 12]),
        ([3, 6, 6, 9], [FEWER, NOT_SHOWN, NOT_SHOWN, 9]),
        ([5, 7, 7, 9], [FEWER, NOT_SHOWN, NOT_SHOWN, 9]),
        ([4, 7, 7, 9], [FEWER, NOT_SHOWN, 7, 9]),
        ([5, 6, 6], [FEWER, NOT_SHOWN, NOT_SHOWN]),
        ([5, 12, 12, 30], [FEWER, NOT_SHOWN, NOT_SHOWN, 30]),
        ([0, 6, 6, 9, 12], [FEWER, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, 12]),
        ([1, 0], [FEWER, FEWER]),
        ([5, 5], [NOT_SHOWN, NOT_SHOWN]),
        ([0, 6], [NOT_SHOWN, NOT_SHOWN]),
        ([0, 7], [FEWER, NOT_SHOWN]),
        ([0, 0, 6, 6], [NOT_SHOWN] * 4),
        ([12, 12, 4], [NOT_SHOWN, 12, FEWER]),
        ([12, 12, 5], [NOT_SHOWN, NOT_SHOWN, FEWER]),
    ],
    ids=str,
)
def test_suppressed(counts, shown):
    assert suppressed(counts) == shown


def test_the_words():
    assert [str(word) for word in Hidden] == ["fewer than 6", "not shown"]


def possible(shown: list, total: int) -> Iterator[tuple[int, ...]]:
    """Every column that somebody who sees `shown` and its sum has to think possible."""
    nothing_is_shown = set(shown) == {NOT_SHOWN}
    most = min((cell for cell in shown if not isinstance(cell, Hidden)), default=total)

    def continued(place: int, left: int) -> Iterator[tuple[int, ...]]:
        if place == len(shown):
            yield from [()] if left == 0 else []
            return
        for value in candidates(shown[place], left):
            for rest in continued(place + 1, left - value):
                yield (value, *rest)

    def candidates(cell: int | Hidden, left: int) -> range:
        if cell is FEWER:
            return range(min(FEWEST_SHOWN - 1, left) + 1)
        if cell is NOT_SHOWN:
            return range(0 if nothing_is_shown else FEWEST_SHOWN, min(left, most) + 1)
        return range(cell, cell + 1) if cell <= left else range(0)

    return continued(0, total)


COLUMNS = st.lists(st.one_of(st.integers(0, 7), st.integers(0, 14)), min_size=2, max_size=4)


@given(COLUMNS)
def test_no_hidden_count_follows_from_what_is_shown(counts):
    shown = suppressed(counts)
    columns = list(possible(shown, sum(counts)))
    assert tuple(counts) in columns
    for place, cell in enumerate(shown):
        if isinstance(cell, Hidden):
            assert len({column[place] for column in columns}) > 1


@given(st.lists(st.integers(0, 40), min_size=2, max_size=15))
def test_what_is_shown_is_true_and_never_small(counts):
    shown = suppressed(counts)
    for count, cell in zip(counts, shown, strict=True):
        if isinstance(cell, Hidden):
            assert cell is NOT_SHOWN or count < FEWEST_SHOWN
        else:
            assert cell == count
            assert count >= FEWEST_SHOWN or sum(counts) == 0


@given(st.lists(st.integers(FEWEST_SHOWN, 40), min_size=2, max_size=15))
def test_nothing_is_hidden_where_nothing_is_small(counts):
    assert suppressed(counts) == counts


@given(COLUMNS)
def test_no_more_is_hidden_than_has_to_be(counts):
    """The smallest are held back; with the largest of them shown as well, something that is hidden would follow."""
    shown = suppressed(counts)
    held_back = {place: counts[place] for place, cell in enumerate(shown) if cell is NOT_SHOWN}
    if not held_back or len(held_back) == len(counts):
        return
    largest = max(held_back.values())
    assert all(largest <= cell for cell in shown if not isinstance(cell, Hidden))
    last = max(place for place, count in held_back.items() if count == largest)
    columns = list(possible([*shown[:last], largest, *shown[last + 1 :]], sum(counts)))
    hidden = [place for place, cell in enumerate(shown) if isinstance(cell, Hidden) and place != last]
    assert any(len({column[place] for column in columns}) == 1 for place in hidden)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([], 0),
        ([7, 9, 0], 16),
        ([7, FEWER], NOT_SHOWN),
        ([0, FEWER, 0], FEWER),
        ([0, NOT_SHOWN], NOT_SHOWN),
        ([FEWER, FEWER], NOT_SHOWN),
        ([FEWER, NOT_SHOWN, 9], NOT_SHOWN),
    ],
    ids=str,
)
def test_combined(parts, shown):
    assert combined(parts) == shown


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=3))
def test_the_table_of_both_streams_gives_away_neither_of_theirs(pairs):
    columns = [list(column) for column in zip(*pairs, strict=True)]
    shown = [suppressed(column) for column in columns]
    both = [combined(cells) for cells in zip(*shown, strict=True)]
    each = [list(possible(cells, sum(column))) for cells, column in zip(shown, columns, strict=True)]
    pictures = [
        (one, other)
        for one in each[0]
        for other in each[1]
        if all(isinstance(cell, Hidden) or a + b == cell for a, b, cell in zip(one, other, both, strict=True))
    ]
    for stream in (0, 1):
        for place, cell in enumerate(shown[stream]):
            if isinstance(cell, Hidden):
                assert len({picture[stream][place] for picture in pictures}) > 1
