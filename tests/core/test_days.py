"""Working days and term time, as truth tables on Norfolk's 2024/25 and 2025/26."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.calendar import DayKind, Days

TERMS_OF_2024 = (
    (date(2024, 9, 4), date(2024, 10, 25)),
    (date(2024, 11, 4), date(2024, 12, 20)),
    (date(2025, 1, 6), date(2025, 2, 14)),
    (date(2025, 2, 24), date(2025, 4, 4)),
    (date(2025, 4, 22), date(2025, 5, 23)),
    (date(2025, 6, 2), date(2025, 7, 22)),
)
TERMS_OF_2025 = (
    (date(2025, 9, 3), date(2025, 10, 24)),
    (date(2025, 11, 4), date(2025, 12, 19)),
    (date(2026, 1, 6), date(2026, 2, 13)),
    (date(2026, 2, 23), date(2026, 3, 27)),
    (date(2026, 4, 15), date(2026, 5, 22)),
    (date(2026, 6, 1), date(2026, 7, 17)),
)
BANK_HOLIDAYS = frozenset(
    [
        *(date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21)),
        *(date(2025, 5, 5), date(2025, 5, 26), date(2025, 8, 25), date(2025, 12, 25), date(2025, 12, 26)),
    ]
)
TRAINING = frozenset([date(2025, 11, 3), date(2026, 4, 14)])
SNOW = date(2025, 1, 8)
NORFOLK = Days(BANK_HOLIDAYS, TERMS_OF_2024 + TERMS_OF_2025, frozenset([SNOW]), TRAINING)
SOME_DAY = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2024, 12, 2), DayKind.TERM),
        (date(2024, 9, 4), DayKind.TERM),
        (date(2025, 7, 22), DayKind.TERM),
        (date(2024, 11, 30), DayKind.WEEKEND),
        (date(2024, 12, 1), DayKind.WEEKEND),
        (date(2024, 12, 25), DayKind.BANK_HOLIDAY),
        (date(2025, 5, 5), DayKind.BANK_HOLIDAY),
        (SNOW, DayKind.CLOSED),
        (date(2025, 11, 3), DayKind.STAFF_ONLY),
        (date(2024, 10, 28), DayKind.HOLIDAY),
        (date(2024, 9, 3), DayKind.HOLIDAY),
        (date(2025, 8, 1), DayKind.HOLIDAY),
        (date(2026, 8, 31), DayKind.HOLIDAY),
        (date(2024, 8, 30), DayKind.TERMS_NOT_ENTERED),
        (date(2026, 9, 1), DayKind.TERMS_NOT_ENTERED),
    ],
)
def test_what_a_day_is(day, kind):
    assert NORFOLK.kind_of(day) == kind
    assert NORFOLK.is_term_day(day) is (kind == DayKind.TERM)
    never = (DayKind.WEEKEND, DayKind.BANK_HOLIDAY, DayKind.CLOSED)
    assert NORFOLK.is_working_day(day) is (kind not in never)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2024, 11, 26), 0, date(2024, 11, 26)),
        (date(2024, 11, 26), 1, date(2024, 11, 27)),
        (date(2024, 11, 29), 1, date(2024, 12, 2)),
        (date(2024, 11, 30), 1, date(2024, 12, 2)),
        (date(2024, 11, 30), 0, date(2024, 11, 30)),
        (date(2024, 12, 18), 10, date(2025, 1, 6)),
        (date(2024, 12, 24), 1, date(2024, 12, 27)),
        (date(2025, 4, 17), 1, date(2025, 4, 22)),
        (date(2025, 1, 7), 1, date(2025, 1, 9)),
        (date(2025, 10, 31), 1, date(2025, 11, 3)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 1, date(2024, 3, 1)),
        (date(2025, 2, 28), 1, date(2025, 3, 3)),
        (date(2024, 10, 25), 2, date(2024, 10, 29)),
        (date(2025, 3, 28), 2, date(2025, 4, 1)),
        (date(2024, 12, 13), -5, date(2024, 12, 6)),
        (date(2024, 12, 27), -1, date(2024, 12, 24)),
        (date(2024, 12, 1), -1, date(2024, 11, 29)),
    ],
    ids=[
        *("itself", "tomorrow", "over a weekend", "from a Saturday", "a Saturday itself"),
        *("10 from 18 December lands in January", "over Christmas", "Easter 2025", "over a closure"),
        *("a training day is a working day", "to 29 February", "from 29 February", "no 29 February"),
        *("clocks go back", "clocks go forward", "5 before the cut-off", "back over Christmas", "back from a Sunday"),
    ],
)
def test_working_days(start, days, end):
    assert NORFOLK.add_working_days(start, days) == end


@given(SOME_DAY, st.integers(0, 60))
def test_as_many_working_days_lie_between_as_were_added(day, days):
    assert NORFOLK.working_days_between(day, NORFOLK.add_working_days(day, days)) == days


@given(SOME_DAY.filter(NORFOLK.is_working_day), st.integers(0, 60))
def test_going_back_and_forth_ends_where_it_began(day, days):
    assert NORFOLK.add_working_days(NORFOLK.add_working_days(day, -days), days) == day


@given(SOME_DAY, SOME_DAY)
def test_working_days_between_are_those_that_one_counts(start, end):
    counted = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    assert NORFOLK.working_days_between(start, end) == len([day for day in counted if NORFOLK.is_working_day(day)])


def test_nothing_lies_between_a_day_and_one_before_it():
    assert NORFOLK.working_days_between(date(2024, 12, 13), date(2024, 12, 2)) == 0


def test_the_designs_own_count_of_working_days():
    assert NORFOLK.working_days_between(date(2024, 12, 15), date(2025, 3, 31)) == 73 - 1  # without the snow


@pytest.mark.parametrize(
    ("start", "weeks", "end"),
    [
        (date(2024, 12, 2), 0, date(2024, 12, 2)),
        (date(2024, 9, 9), 4, date(2024, 10, 7)),
        (date(2024, 12, 2), 4, date(2025, 1, 13)),
        (date(2024, 10, 21), 1, date(2024, 11, 4)),
        (date(2024, 10, 30), 1, date(2024, 11, 8)),
        (date(2024, 9, 2), 1, date(2024, 9, 10)),
        (date(2025, 4, 28), 1, date(2025, 5, 5)),
        (date(2025, 4, 28), 2, date(2025, 5, 12)),
        (date(2025, 3, 31), 1, date(2025, 4, 22)),
        (date(2025, 1, 6), 1, date(2025, 1, 13)),
        (date(2025, 10, 20), 2, date(2025, 11, 10)),
        (date(2025, 7, 16), 1, date(2025, 9, 3)),
        (date(2024, 11, 30), 1, date(2024, 12, 6)),
        (date(2026, 7, 10), 1, date(2026, 7, 17)),
        (date(2026, 7, 13), 1, None),
        (date(2026, 8, 3), 4, None),
        (date(2026, 9, 7), 1, None),
        (date(2026, 9, 7), 0, None),
        (date(2024, 8, 30), 4, None),
    ],
    ids=[
        *("itself", "within a half", "skips Christmas", "skips half-term", "from half-term", "before term begins"),
        *("onto a bank holiday", "over a bank holiday", "skips Easter", "over a closure", "over a training day"),
        *("over the summer", "from a Saturday", "to the last day", "runs out", "runs out in the summer"),
        *("not entered", "not entered, nothing added", "before what is entered"),
    ],
)
def test_weeks_of_term(start, weeks, end):
    assert NORFOLK.add_term_weeks(start, weeks) == end


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 9, 3), date(2024, 12, 13), 68),
        (date(2024, 12, 13), date(2024, 12, 20), 5),
        (date(2025, 1, 3), date(2025, 4, 4), 60 - 1),
        (date(2025, 5, 2), date(2025, 5, 9), 4),
        (date(2025, 10, 24), date(2025, 11, 5), 2),
        (date(2024, 12, 2), date(2024, 12, 2), 0),
        (date(2024, 12, 13), date(2024, 12, 2), 0),
        (date(2026, 7, 10), date(2026, 8, 31), 5),
        (date(2026, 7, 10), date(2026, 9, 1), None),
        (date(2024, 8, 30), date(2024, 9, 6), None),
    ],
    ids=[
        *("autumn without half-term", "last week", "spring without half-term and snow", "bank holiday"),
        *("training day", "none", "backwards", "into the summer", "runs out", "not entered"),
    ],
)
def test_term_days_between(start, end, days):
    assert NORFOLK.term_days_between(start, end) == days


@pytest.mark.parametrize("missing", range(1, len(TERMS_OF_2024 + TERMS_OF_2025) - 1))
def test_a_stretch_that_nobody_entered_is_a_hole_and_no_holiday(missing):
    terms = TERMS_OF_2024 + TERMS_OF_2025
    first, last = terms[missing]
    days = Days(terms=terms[:missing] + terms[missing + 1 :])
    assert not days.knows_terms(first)
    assert days.kind_of(last) == DayKind.TERMS_NOT_ENTERED
    assert days.add_term_weeks(terms[missing - 1][1] - timedelta(days=1), 1) is None
    assert days.knows_terms(terms[missing - 1][1])
    assert days.knows_terms(terms[missing + 1][0])


def test_order_and_doubles_do_not_matter():
    days = Days(terms=tuple(reversed(TERMS_OF_2024)) + TERMS_OF_2024)
    assert days.add_term_weeks(date(2024, 12, 2), 4) == date(2025, 1, 13)
    assert days.knows_terms(date(2024, 9, 1))


def test_without_anything_entered_weekdays_are_worked_and_terms_are_not_known():
    days = Days()
    assert days.add_working_days(date(2024, 12, 18), 10) == date(2025, 1, 1)
    assert days.kind_of(date(2024, 12, 18)) == DayKind.TERMS_NOT_ENTERED
    assert days.add_term_weeks(date(2024, 12, 18), 4) is None
    assert days.term_days_between(date(2024, 12, 18), date(2024, 12, 18)) is None


@given(SOME_DAY, st.integers(0, 20))
def test_weeks_of_term_end_on_a_weekday_of_term_or_are_not_known(day, weeks):
    end = NORFOLK.add_term_weeks(day, weeks)
    assert end is None or end >= day + timedelta(weeks=weeks) - timedelta(days=3) or weeks == 0
    if end is not None and weeks:
        assert end in TRAINING or any(first <= end <= last for first, last in NORFOLK.terms)
        assert end.weekday() < 5


@pytest.mark.parametrize("day", [date(2024, 12, 2), date(2025, 3, 24), date(2024, 2, 1)])
def test_calendar_weeks_take_no_notice_of_anything(day):
    assert NORFOLK.add_calendar_weeks(day, 4) == day + timedelta(days=28)
