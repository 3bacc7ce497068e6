"""Days and deadlines in Europe/London, as truth tables: last seconds, clock changes, 29 February."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core import calendar
from tests import moments

SPRING, AUTUMN = date(2025, 3, 30), date(2024, 10, 27)
"""The Sundays on which the clocks go forward and back."""


def utc(*parts):
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (utc(2024, 12, 13, 23, 59, 59), date(2024, 12, 13)),
        (utc(2024, 12, 14, 0, 0, 0), date(2024, 12, 14)),
        (utc(2024, 7, 1, 22, 59, 59), date(2024, 7, 1)),
        (utc(2024, 7, 1, 23, 0, 0), date(2024, 7, 2)),
        (utc(2025, 3, 30, 0, 59, 59), SPRING),
        (utc(2024, 2, 29, 23, 59, 59), date(2024, 2, 29)),
    ],
)
def test_london_date(at, day):
    assert calendar.london_date(at) == day


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (date(2024, 12, 13), utc(2024, 12, 13), utc(2024, 12, 14), 24),
        (date(2024, 7, 1), utc(2024, 6, 30, 23), utc(2024, 7, 1, 23), 24),
        (SPRING, utc(2025, 3, 30), utc(2025, 3, 30, 23), 23),
        (AUTUMN, utc(2024, 10, 26, 23), utc(2024, 10, 28), 25),
        (date(2024, 2, 29), utc(2024, 2, 29), utc(2024, 3, 1), 24),
        (date(2024, 12, 31), utc(2024, 12, 31), utc(2025, 1, 1), 24),
    ],
    ids=["winter", "summer", "clocks go forward", "clocks go back", "29 February", "year's end"],
)
def test_a_day_is_the_half_open_stretch_between_two_midnights(day, starts, ends, hours):
    assert calendar.starts_at(day) == starts
    assert calendar.ends_at(day) == ends
    assert ends - starts == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "at", "in_time"),
    [
        (date(2024, 12, 13), moments.LAST_SECOND, True),
        (date(2024, 12, 13), moments.LAST_SECOND + timedelta(microseconds=999_999), True),
        (date(2024, 12, 13), moments.FIRST_MOMENT_TOO_LATE, False),
        (date(2024, 12, 13), moments.AN_ORDINARY_TUESDAY, True),
        (date(2024, 7, 1), utc(2024, 7, 1, 22, 59, 59), True),
        (date(2024, 7, 1), utc(2024, 7, 1, 23, 0, 0), False),
        (SPRING, utc(2025, 3, 30, 22, 59, 59), True),
        (SPRING, utc(2025, 3, 30, 23, 0, 0), False),
        (AUTUMN, utc(2024, 10, 27, 23, 59, 59), True),
        (AUTUMN, utc(2024, 10, 28, 0, 0, 0), False),
    ],
)
def test_is_by_end_of(day, at, in_time):
    assert calendar.is_by_end_of(day, at) is in_time


@given(st.integers(int(utc(2000, 1, 1).timestamp()), int(utc(2100, 1, 1).timestamp())))
def test_every_moment_lies_in_its_own_day(second):
    at = datetime.fromtimestamp(second, UTC)
    day = calendar.london_date(at)
    assert calendar.starts_at(day) <= at < calendar.ends_at(day)
    assert calendar.is_by_end_of(day, at)
    assert not calendar.is_by_end_of(day - timedelta(days=1), at)


@pytest.mark.parametrize("day", [date(2024, 12, 30), date(2025, 1, 1), date(2025, 1, 5)])
def test_monday_of(day):
    assert calendar.monday_of(day) == date(2024, 12, 30)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2024, 8, 31), 2023),
        (date(2024, 9, 1), 2024),
        (date(2024, 12, 31), 2024),
        (date(2025, 1, 1), 2024),
        (date(2024, 2, 29), 2023),
    ],
)
def test_academic_year(day, year):
    assert calendar.academic_year(day) == year


@pytest.mark.parametrize(
    ("day", "born", "age"),
    [
        (date(2024, 11, 26), date(2020, 11, 26), 4),
        (date(2024, 11, 25), date(2020, 11, 26), 3),
        (date(2025, 2, 28), date(2020, 2, 29), 4),
        (date(2025, 3, 1), date(2020, 2, 29), 5),
        (date(2024, 2, 29), date(2020, 2, 29), 4),
        (date(2024, 2, 28), date(2020, 2, 29), 3),
        (date(2020, 2, 29), date(2020, 2, 29), 0),
    ],
)
def test_age_on(day, born, age):
    assert calendar.age_on(day, born) == age


@pytest.mark.parametrize(
    ("day", "born", "age"),
    [
        (date(2024, 11, 26), date(2020, 8, 31), 4),
        (date(2024, 11, 26), date(2020, 9, 1), 3),
        (date(2024, 8, 31), date(2020, 8, 31), 3),
        (date(2024, 9, 1), date(2020, 8, 31), 4),
        (date(2025, 8, 31), date(2020, 8, 31), 4),
    ],
    ids=["youngest in Reception", "oldest in nursery", "last day of the year", "first day", "next summer"],
)
def test_age_for_school_year(day, born, age):
    assert calendar.age_for_school_year(day, born) == age
