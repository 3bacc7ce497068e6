"""When somebody cannot take a request on now, in words."""

from datetime import date, timedelta

import pytest

from referrals.queries.suggesting import away_in_words
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Away

TUESDAY = date(2024, 11, 26)
SOON = [date(2024, 11, 26), date(2024, 11, 27), date(2024, 11, 28), date(2024, 11, 29), date(2024, 12, 2)]
COUNTY = Days(bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26)}))


def leave(first: date, last: date) -> dict[date, Away]:
    """Every day from `first` to `last`."""
    return {first + timedelta(days=number): Away.ON_LEAVE for number in range((last - first).days + 1)}


@pytest.mark.parametrize(
    ("away", "words"),
    [
        pytest.param({}, ("", ""), id="there"),
        pytest.param(leave(TUESDAY, date(2024, 12, 1)), ("", ""), id="back in time to reach the setting"),
        pytest.param(leave(TUESDAY, date(2024, 12, 2)), ("On leave until 2 December 2024", ""), id="away all the time"),
        pytest.param(
            leave(TUESDAY, date(2024, 12, 24)) | leave(date(2024, 12, 27), date(2024, 12, 31)),
            ("On leave until 31 December 2024", ""),
            id="bank holidays and a weekend do not end it",
        ),
        pytest.param(
            leave(date(2024, 11, 27), date(2024, 12, 6)),
            ("", "On leave from 27 November 2024 to 6 December 2024"),
            id="leave from tomorrow",
        ),
        pytest.param(leave(SOON[2], SOON[2]), ("", "On leave on 28 November 2024"), id="one day's leave"),
        pytest.param(dict.fromkeys(SOON[1:], Away.DOES_NOT_WORK), ("", ""), id="works on Tuesdays only"),
        pytest.param(
            dict.fromkeys(SOON, Away.DOES_NOT_WORK),
            ("Not at work until 2 December 2024", ""),
            id="works on no day",
        ),
    ],
)
def test_away(away, words):
    assert away_in_words(away, SOON, COUNTY) == words
