"""Days, moments, ages and numbers in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from s2s_portal.core import spoken

TODAY = date(2024, 11, 26)
IN_SUMMER = datetime(2024, 7, 1, 22, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "today"),
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (13, "13 days ago"),
        (14, "2 weeks ago"),
        (69, "9 weeks ago"),
        (70, "2 months ago"),
        (87, "3 months ago"),
        (400, "13 months ago"),
    ],
)
def test_ago(days, words):
    assert spoken.ago(TODAY - timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (date(2024, 11, 26), "26 November 2024"),
        (date(2024, 11, 28), "26 to 28 November 2024"),
        (date(2024, 12, 3), "26 November to 3 December 2024"),
        (date(2025, 11, 26), "26 November 2024 to 26 November 2025"),
    ],
)
def test_stretch(last, words):
    assert spoken.stretch(TODAY, last) == words


def test_moments_are_london_ones_and_days_have_no_leading_zero():
    assert spoken.day(date(2024, 12, 3)) == "3 December 2024"
    assert spoken.moment(IN_SUMMER) == "1 July 2024, 23:30"
    assert spoken.clock_time(IN_SUMMER) == "23:30"
    assert spoken.hours(IN_SUMMER, IN_SUMMER + timedelta(minutes=75)) == "23:30 to 00:45"
    assert spoken.moment_with_weekday(IN_SUMMER) == "Monday 1 July 2024, 23:30"
    assert spoken.second(IN_SUMMER) == "23:30:05 on 1 July 2024"


@pytest.mark.parametrize(("number", "words"), [(2, "+2"), (0, "+0"), (-1, "−1")])
def test_signed(number, words):
    assert spoken.signed(number) == words


@pytest.mark.parametrize(
    ("text", "dial"),
    [
        ("01603 496000", "01603496000"),
        ("+44 (0)1603 496000", "+441603496000"),
        ("01603 496000 ext 12", "01603496000"),
        ("Office: 01603-496000, mornings", "01603496000"),
        ("", ""),
        ("ask", ""),
    ],
)
def test_a_number_as_a_telephone_takes_it(text, dial):
    assert spoken.dialled(text) == dial
