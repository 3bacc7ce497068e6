"""At what pace places are used and when they run out: truth tables, and what must hold of every ledger."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.calendar import Days
from s2s_portal.oversight.rules.pace import (
    DayOfPlaces,
    Outlook,
    Prospect,
    Span,
    WeekOfPlaces,
    Window,
    burn_down,
    outlook,
    weeks,
    windows,
)

CHRISTMAS = Days(bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1)}))
OPENS, CLOSES = date(2024, 9, 2), date(2024, 12, 13)
BEFORE = date(2024, 8, 12)
TUESDAY = date(2024, 11, 26)


def granted(places=50, **days):
    """A ledger of places bought in August; `d1007=3` draws three on 7 October 2024, a negative number gives back."""
    found = {BEFORE: DayOfPlaces(granted=places)} if places else {}
    for name, used in days.items():
        day = date(2024, int(name[1:3]), int(name[3:5]))
        found[day] = DayOfPlaces(drawn=max(0, used), released=max(0, -used))
    return found


def every_working_day(first, last, *, drawn=1, places=50, days=CHRISTMAS):
    """A ledger in which every working day draws as many."""
    found = granted(places)
    day = first
    while day <= last:
        if days.is_working_day(day):
            found[day] = DayOfPlaces(drawn=drawn)
        day += timedelta(days=1)
    return found


def seen(places, today, *, opens=OPENS, closes=CLOSES, days=CHRISTMAS):
    """What stands, and the range."""
    found = outlook(places, Span(opens, closes, today), days)
    return found.prospect, found.earliest(today), found.latest


# --- What is said ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("places", "today", "expected"),
    [
        pytest.param({}, TUESDAY, Prospect.NOT_BOUGHT, id="no line yet"),
        pytest.param(granted(0), TUESDAY, Prospect.NOT_BOUGHT, id="nothing bought"),
        pytest.param(granted(2, d1007=2), TUESDAY, Prospect.FULL, id="full"),
        pytest.param(granted(2, d1007=2), date(2025, 1, 7), Prospect.FULL, id="full after the cut-off"),
        pytest.param(
            granted(2, d1007=2) | {date(2024, 10, 8): DayOfPlaces(adjusted=-1)}, TUESDAY, Prospect.OVER, id="over"
        ),
        pytest.param(
            granted(2, d1007=2) | {date(2024, 10, 8): DayOfPlaces(adjusted=-2)}, TUESDAY, Prospect.OVER, id="all gone"
        ),
        pytest.param(granted(), date(2024, 9, 1), Prospect.NOT_OPEN, id="the day before it opens"),
        pytest.param(granted(d0902=1), OPENS, Prospect.NO_PACE, id="the first day"),
        pytest.param(granted(d0902=4), date(2024, 9, 5), Prospect.NO_PACE, id="the fourth working day"),
        pytest.param(granted(d0902=2), date(2024, 9, 6), Prospect.LASTS, id="the fifth working day"),
        pytest.param(granted(d0902=45), date(2024, 9, 8), Prospect.RUNS_OUT, id="a Sunday"),
        pytest.param(granted(), TUESDAY, Prospect.NO_PACE, id="no request in three months"),
        pytest.param(granted(d0902=3, d0910=-3), TUESDAY, Prospect.NO_PACE, id="all given back"),
        pytest.param(granted(d0902=40), CLOSES, Prospect.LASTS, id="the cut-off day, with many left"),
        pytest.param(granted(d1212=49), CLOSES, Prospect.MAY_RUN_OUT, id="the cut-off day, with one left"),
        pytest.param(granted(d0902=40), date(2024, 12, 14), Prospect.CLOSED, id="the day after the cut-off"),
        pytest.param(every_working_day(OPENS, date(2024, 9, 27)), date(2024, 9, 27), Prospect.RUNS_OUT, id="steady"),
        pytest.param(granted(d0902=45), TUESDAY, Prospect.MAY_RUN_OUT, id="one cohort on the first day, then nothing"),
    ],
)
def test_outlook_prospect(places, today, expected):
    assert seen(places, today)[0] == expected


def test_outlook_steady_pace():
    """20 of 50 in 20 working days: 30 last for 30 more, or 29 if today counts."""
    places = every_working_day(OPENS, date(2024, 9, 27))
    assert seen(places, date(2024, 9, 27)) == (Prospect.RUNS_OUT, date(2024, 11, 7), date(2024, 11, 8))


def test_outlook_counts_working_days_over_christmas():
    """Five are left on 20 December at one a day: 23, 24, 27, 30 and 31 December, not a day on which nobody works."""
    opens, today = date(2024, 12, 2), date(2024, 12, 20)
    places = every_working_day(opens, today, places=20)
    found = seen(places, today, opens=opens, closes=date(2025, 1, 31))
    assert found == (Prospect.RUNS_OUT, date(2024, 12, 30), date(2024, 12, 31))


def test_outlook_over_29_february():
    opens, today = date(2024, 2, 12), date(2024, 2, 28)
    places = {BEFORE - timedelta(days=365): DayOfPlaces(granted=15)} | every_working_day(opens, today, places=0)
    found = seen(places, today, opens=opens, closes=date(2024, 3, 28))
    assert found == (Prospect.RUNS_OUT, date(2024, 2, 29), date(2024, 3, 1))


def test_outlook_from_a_weekend():
    """On a Saturday the last place may go that day, or on Monday."""
    saturday = date(2024, 9, 28)
    places = every_working_day(OPENS, date(2024, 9, 27), places=21)
    assert seen(places, saturday) == (Prospect.RUNS_OUT, saturday, date(2024, 9, 30))


def test_outlook_is_never_a_single_day():
    first, last = seen(every_working_day(OPENS, date(2024, 9, 6), places=6), date(2024, 9, 6))[1:]
    assert first == date(2024, 9, 6) < last == date(2024, 9, 9)


def test_outlook_faster_lately_gives_a_wide_range():
    places = granted(d0902=20) | every_working_day(date(2024, 11, 13), TUESDAY, drawn=2, places=0)
    found = outlook(places, Span(OPENS, CLOSES, TUESDAY), CHRISTMAS)
    assert [window.used for window in found.windows] == [40, 20, 20]
    assert (found.fastest, found.slowest) == (2, Fraction(40, 62))
    assert (found.earliest(TUESDAY), found.latest) == (date(2024, 12, 2), None)
    assert [found.projected(window) for window in found.windows] == [None, date(2024, 12, 10), date(2024, 12, 3)]


def test_outlook_full_since():
    places = granted(2, d0903=2, d0904=-1, d0910=1)
    assert outlook(places, Span(OPENS, CLOSES, TUESDAY), CHRISTMAS).since == date(2024, 9, 10)


def test_outlook_more_bought_is_nobodys_use():
    """Ten raised, or moved in, on 25 November: ten more are left, and the pace is what it was."""
    places = every_working_day(date(2024, 11, 11), TUESDAY, places=15)
    raised = places | {date(2024, 11, 25): DayOfPlaces(adjusted=10, drawn=1)}
    before, after = (outlook(one, Span(OPENS, CLOSES, TUESDAY), CHRISTMAS) for one in (places, raised))
    assert (before.left, after.left) == (3, 13)
    assert before.windows == after.windows
    assert after.latest is None


# --- Windows -----------------------------------------------------------------------------------------------------
def window_sizes(places, today):
    return [(window.days, window.used) for window in windows(places, Span(OPENS, CLOSES, today), CHRISTMAS)]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2024, 9, 2), [1], id="first day"),
        pytest.param(date(2024, 9, 13), [10], id="10 days are the whole"),
        pytest.param(date(2024, 9, 16), [11, 10], id="11"),
        pytest.param(date(2024, 9, 27), [20, 10], id="20"),
        pytest.param(date(2024, 9, 30), [21, 20, 10], id="21"),
        pytest.param(date(2024, 9, 29), [20, 10], id="a Sunday adds none"),
    ],
)
def test_windows_sizes(today, expected):
    assert [days for days, _ in window_sizes(granted(), today)] == expected


def test_windows_first_is_the_whole():
    assert windows(granted(), Span(OPENS, CLOSES, TUESDAY), CHRISTMAS)[0] == Window(62, 0, is_whole=True)


def test_windows_use_at_a_weekend_counts():
    assert window_sizes(granted(d0907=4), date(2024, 9, 13)) == [(10, 4)]


def test_windows_places_given_back_count_back():
    assert window_sizes(granted(d0903=4, d0910=-1), date(2024, 9, 13)) == [(10, 3)]


def test_windows_leave_out_days_without_a_free_place():
    """Full from 5 to 11 September, raised on the 12th: nobody could send a request on five working days."""
    places = granted(4, d0903=3, d0904=1) | {date(2024, 9, 12): DayOfPlaces(adjusted=5)}
    assert window_sizes(places, date(2024, 9, 13)) == [(5, 4)]


def test_windows_a_day_that_took_the_last_place_counts():
    """Given back and given on at once, or the last one taken: that day had a free place."""
    places = granted(1, d0902=1) | {date(2024, 9, 5): DayOfPlaces(drawn=1, released=1)}
    assert window_sizes(places, date(2024, 9, 6)) == [(2, 1)]


def test_windows_none_where_no_place_was_ever_free():
    assert window_sizes({}, TUESDAY) == []


# --- Days and weeks ----------------------------------------------------------------------------------------------
def test_burn_down():
    places = granted(5, d0903=2, d0904=-1) | {date(2024, 9, 5): DayOfPlaces(adjusted=-5)}
    found = burn_down(places, OPENS, date(2024, 9, 6))
    assert [left for _, left in found] == [5, 3, 4, -1, -1]
    assert found[0][0] == OPENS


def test_weeks():
    """Opening on a Wednesday: what came on the Monday of its week came before."""
    places = {
        date(2024, 9, 2): DayOfPlaces(granted=5),
        date(2024, 9, 4): DayOfPlaces(drawn=1),
        date(2024, 9, 8): DayOfPlaces(drawn=1),
        date(2024, 9, 16): DayOfPlaces(released=1, adjusted=2),
    }
    assert weeks(places, date(2024, 9, 4), date(2024, 9, 17)) == [
        WeekOfPlaces(None, DayOfPlaces(granted=5), 5),
        WeekOfPlaces(date(2024, 9, 2), DayOfPlaces(drawn=2), 3),
        WeekOfPlaces(date(2024, 9, 9), DayOfPlaces(), 3),
        WeekOfPlaces(date(2024, 9, 16), DayOfPlaces(released=1, adjusted=2), 6),
    ]


def test_weeks_before_opening():
    assert weeks(granted(5), OPENS, date(2024, 8, 20)) == [WeekOfPlaces(None, DayOfPlaces(granted=5), 5)]


# --- What always holds -------------------------------------------------------------------------------------------
DAYS = st.integers(0, (date(2024, 12, 20) - OPENS).days).map(lambda number: OPENS + timedelta(days=number))
CHANGES = st.builds(
    DayOfPlaces, adjusted=st.integers(-3, 3), drawn=st.integers(0, 6), released=st.integers(0, 2), granted=st.just(0)
)
LEDGERS = st.dictionaries(DAYS, CHANGES, max_size=40)


@given(LEDGERS, DAYS, st.integers(1, 120))
def test_the_range_contains_each_projection(ledger, today, bought):
    ledger = {day: one for day, one in ledger.items() if day <= today} | {BEFORE: DayOfPlaces(granted=bought)}
    found = outlook(ledger, Span(OPENS, CLOSES, today), CHRISTMAS)
    first, last = found.earliest(today), found.latest
    if found.prospect not in (Prospect.RUNS_OUT, Prospect.MAY_RUN_OUT, Prospect.LASTS):
        return
    projected = [found.projected(window) for window in found.windows]
    known = [day for day in projected if day is not None]
    assert all(first is not None and first <= day and (last is None or day <= last) for day in known)
    assert last is None or (first is not None and today <= first < last <= CLOSES)
    assert (last is None) == (None in projected)
    fewest, most = found.unused(CLOSES)
    assert 0 <= fewest <= most <= found.left
    assert (fewest > 0) <= (found.prospect == Prospect.LASTS)
    assert (most == 0) == (found.prospect == Prospect.RUNS_OUT)


@given(LEDGERS, DAYS, st.integers(1, 120))
def test_days_and_weeks_end_with_what_is_left(ledger, today, bought):
    """And the same number is what every line sums up to."""
    ledger = {day: one for day, one in ledger.items() if day <= today} | {BEFORE: DayOfPlaces(granted=bought)}
    left = sum(one.granted + one.adjusted - one.drawn + one.released for one in ledger.values())
    assert outlook(ledger, Span(OPENS, CLOSES, today), CHRISTMAS).left == left
    assert burn_down(ledger, OPENS, today)[-1] == (today, left)
    assert weeks(ledger, OPENS, today)[-1].left == left


WINDOWS = st.lists(st.builds(Window, days=st.integers(1, 70), used=st.integers(-5, 60)), min_size=1, max_size=3)
TO_COME = tuple(TUESDAY + timedelta(days=number) for number in range(1, 40))


def order(day):
    """Days in order; never comes last."""
    return day or date.max


@given(WINDOWS, st.integers(1, 99), st.integers(0, 20), st.integers(0, 39))
def test_more_places_never_run_out_earlier(some, left, more, days):
    few = Outlook(Prospect.LASTS, left, tuple(some), TO_COME[:days])
    many = replace(few, left=left + more)
    assert order(few.earliest(TUESDAY)) <= order(many.earliest(TUESDAY))
    assert order(few.latest) <= order(many.latest)
    assert order(few.earliest(TUESDAY)) <= order(few.latest)
    assert all(one <= other for one, other in zip(few.unused(TO_COME[-1]), many.unused(TO_COME[-1]), strict=True))
