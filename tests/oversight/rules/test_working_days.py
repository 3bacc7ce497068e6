"""Indexed days give the answers of the calendar's own, for every pair of days, and measure weeks of term."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.calendar import LONDON, Days, london_date
from s2s_portal.oversight.rules.working_days import indexed, london_day

FIRST, LAST = date(2024, 8, 20), date(2025, 9, 10)
YEAR = (
    (date(2024, 9, 2), date(2024, 10, 25)),
    (date(2024, 11, 4), date(2024, 12, 20)),
    (date(2025, 1, 6), date(2025, 4, 4)),
    (date(2025, 4, 22), date(2025, 7, 22)),
)
HOLIDAYS = frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 5, 5)})
a_day = st.dates(FIRST, LAST)
calendars = st.builds(
    Days,
    bank_holidays=st.frozensets(a_day, max_size=40),
    closures=st.frozensets(a_day, max_size=40),
    staff_only=st.frozensets(a_day, max_size=10),
    terms=st.sets(st.sampled_from(YEAR)).map(lambda some: tuple(sorted(some))),
)


@given(calendars, a_day, a_day)
def test_sums_agree_with_the_calendar(days, start, end):
    fast = indexed(days)
    assert fast.working_days_between(start, end) == days.working_days_between(start, end)
    assert fast.term_days_between(start, end) == days.term_days_between(start, end)
    assert fast.is_term_day(start) == days.is_term_day(start)


@given(calendars, a_day, st.integers(-60, 60))
def test_add_working_days_agrees_with_the_calendar(days, day, count):
    assert indexed(days).add_working_days(day, count) == days.add_working_days(day, count)


@given(st.integers(946_684_800, 2_208_988_800), st.sampled_from([UTC, LONDON]))
def test_london_day(seconds, zone):
    """From 2000 to 2040, at any second, as the database or a page gives it."""
    at = datetime.fromtimestamp(seconds, zone)
    assert london_day(at) == london_date(at)


@pytest.mark.parametrize("hour", [22, 23])
@pytest.mark.parametrize("month", [1, 7])
def test_london_day_around_midnight(month, hour):
    at = datetime(2024, month, 1, hour, 30, tzinfo=UTC)
    assert london_day(at) == london_date(at) == date(2024, month, 2 if (month, hour) == (7, 23) else 1)


def test_every_pair_of_a_winter():
    """Nothing left to chance around Christmas: all 100 x 100 pairs."""
    days = Days(bank_holidays=HOLIDAYS, terms=YEAR, closures=frozenset({date(2024, 12, 9)}))
    fast = indexed(days)
    some = [date(2024, 11, 1) + timedelta(days=number) for number in range(100)]
    for start in some:
        for end in some:
            assert fast.working_days_between(start, end) == days.working_days_between(start, end), (start, end)


@given(calendars, a_day, st.integers(1, 30))
def test_term_weeks_between_a_day_and_its_deadline(days, day, weeks):
    """As many weeks lie before a deadline in weeks of term as it was given."""
    due_on = days.add_term_weeks(day, weeks)
    if due_on is not None:
        assert indexed(days).term_weeks_between(day, due_on) == weeks


@pytest.mark.parametrize(
    ("start", "end", "less", "weeks"),
    [
        pytest.param(date(2024, 11, 4), date(2024, 11, 11), 0, 1.0, id="a week"),
        pytest.param(date(2024, 11, 4), date(2024, 11, 14), 0, 1.6, id="and three days"),
        pytest.param(date(2024, 11, 4), date(2024, 11, 14), 3, 1.0, id="less three"),
        pytest.param(date(2024, 11, 4), date(2024, 11, 5), 3, 0.0, id="never less than none"),
        pytest.param(date(2024, 12, 18), date(2025, 1, 7), 0, 0.8, id="Christmas is no time"),
        pytest.param(date(2025, 4, 30), date(2025, 5, 7), 0, 1.0, id="a bank holiday is part of its week"),
        pytest.param(date(2025, 7, 21), date(2025, 9, 8), 0, None, id="no dates for the next year"),
        pytest.param(date(2024, 8, 28), date(2024, 9, 4), 0, None, id="none for the last"),
    ],
)
def test_term_weeks_between(start, end, less, weeks):
    days = indexed(Days(bank_holidays=HOLIDAYS, terms=YEAR))
    assert days.term_weeks_between(start, end, less_days=less) == weeks
