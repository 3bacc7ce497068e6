"""Requests by week: in, out, open; whatever their histories, the sums hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.oversight.rules.flow import AGES, Left, Movement, age_of, monday_of, weeks_of

MONDAY = date(2024, 11, 4)
UNTIL = date(2024, 11, 26)


def on(week, weekday=0, left=None):
    """A movement in a week (from 0) on a weekday (from 0, a Monday)."""
    return Movement(MONDAY + timedelta(days=7 * week + weekday), left)


def numbers(movements, until=UNTIL):
    """Came, left, moved and open, week by week."""
    return [
        (len(week.came), len(week.gone) - len(week.left[Left.MOVED]), len(week.left[Left.MOVED]), len(week.open))
        for week in weeks_of(movements, until=until)
    ]


@pytest.mark.parametrize(
    ("some", "by_week"),
    [
        pytest.param([on(0)], [(1, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1)], id="came and stays"),
        pytest.param([on(0), on(1, 6, Left.COMPLETED)], [(1, 0, 0, 1), (0, 1, 0, 0)] + 2 * [(0, 0, 0, 0)], id="left"),
        pytest.param(
            [on(0), on(2, 0, Left.MOVED)], [(1, 0, 0, 1), (0, 0, 0, 1), (0, 0, 1, 0), (0, 0, 0, 0)], id="moved"
        ),
        pytest.param([on(0), on(0, 4, Left.WITHDRAWN)], [(1, 1, 0, 0)] + 3 * [(0, 0, 0, 0)], id="in and out in a week"),
        pytest.param(
            [on(0), on(1, 0, Left.WITHDRAWN), on(1, 3)], [(1, 0, 0, 1)] + 3 * [(0, 0, 0, 1)], id="gone for days only"
        ),
        pytest.param(
            [on(0), on(1, 0, Left.COMPLETED), on(2), on(3, 1, Left.ENDED_EARLY)],
            [(1, 0, 0, 1), (0, 1, 0, 0), (1, 0, 0, 1), (0, 1, 0, 0)],
            id="opened again",
        ),
        pytest.param(
            [on(3), on(3, 0, Left.WITHDRAWN), on(3, 1), on(3, 1, Left.DECLINED)], [(1, 1, 0, 0)], id="twice in a week"
        ),
    ],
)
def test_weeks_of_one_request(some, by_week):
    assert numbers({1: some}) == by_week


def test_weeks_of_nothing():
    assert weeks_of({}, until=UNTIL) == []


def test_weeks_of_how_it_left_last():
    """Withdrawn, reinstated and not taken on within a week: it was not taken on."""
    some = [on(0), on(1, 0, Left.WITHDRAWN), on(1, 1), on(1, 2, Left.DECLINED)]
    week = weeks_of({7: some}, until=UNTIL)[1]
    assert week.left == {how: [7] if how == Left.DECLINED else [] for how in Left}


histories = st.lists(st.tuples(st.integers(0, 27), st.sampled_from([None, *Left])), min_size=1, max_size=8).map(
    lambda some: [Movement(MONDAY + timedelta(days=day), left) for day, left in sorted(some, key=lambda one: one[0])]
)


def is_open_before(day, some):
    """Whether the last movement before `day` opened it."""
    earlier = [one for one in some if one.on < day]
    return bool(earlier) and earlier[-1].left is None


@given(st.dictionaries(st.integers(1, 50), histories, max_size=12))
def test_open_before_and_what_came_less_what_left_is_open_after(movements):
    before = 0
    for week in weeks_of(movements, until=MONDAY + timedelta(days=27)):
        assert before + len(week.came) - len(week.gone) == len(week.open) == week.still
        assert len(set(week.came)) == len(week.came)
        assert len(set(week.gone)) == len(week.gone)
        ends = week.monday + timedelta(days=7)
        assert week.open == {pk for pk, some in movements.items() if is_open_before(ends, some)}
        before = len(week.open)


@pytest.mark.parametrize(
    ("days", "key"),
    [(0, "0"), (27, "0"), (28, "4"), (55, "4"), (56, "8"), (90, "8"), (91, "13"), (182, "26"), (999, "26")],
)
def test_age_of(days, key):
    assert age_of(UNTIL - timedelta(days=days), UNTIL).key == key


def test_ages_have_no_hole():
    assert [age.least for age in AGES[1:]] == [age.most + 1 for age in AGES[:-1]]
    assert [age.label for age in AGES] == [
        *("Under 4 weeks", "4 to 7 weeks", "8 to 12 weeks", "13 to 25 weeks", "26 weeks or more")
    ]


@given(st.dates())
def test_monday_of(day):
    assert monday_of(day).weekday() == 0
    assert 0 <= (day - monday_of(day)).days < 7
