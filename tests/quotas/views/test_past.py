"""The quota page as at a past moment, from the ledger alone (DESIGN §6)."""

from datetime import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from quotas.actions import levers, places
from tests.factories.quotas import commissioner, period_with_places, quota_of, use_places
from tests.moments import LONDON
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LEDGER = reverse("quotas:quota_detail", args=["early-years"])
MONDAY = datetime(2024, 11, 25, 14, 30, 40, tzinfo=LONDON)


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def viewer(by, client_for):
    return client_for(by)


@pytest.fixture
def quota(by):
    """50 bought in August, two used then, 5 more on Monday 25 November at 14:30, one used later that day."""
    quota = quota_of(period_with_places(by=by))
    use_places(quota, 2, by=by)
    levers.adjust(quota=quota, places=5, reason="More were bought", by=by, at=MONDAY)
    with transaction.atomic():
        evening = MONDAY.replace(hour=23, minute=59, second=59)
        places.draw(locked=places.locked(quota), reference="EY-LATE", by=by, at=evening)
    return quota


def asked(day="", month="", year="", time="", **more):
    return {"on_day": day, "on_month": month, "on_year": year, "time": time, **more}


@pytest.mark.parametrize(
    ("day", "time", "heading", "words", "lines"),
    [
        ("24", "", "as at the end of 24 November 2024", "50 − 2 = 48 left", 3),
        ("25", "14:29", "as at 25 November 2024, 14:29", "50 − 2 = 48 left", 3),
        ("25", "14:30", "as at 25 November 2024, 14:30", "50 + 5 − 2 = 53 left", 4),
        ("25", "2.30pm", "as at 25 November 2024, 14:30", "50 + 5 − 2 = 53 left", 4),
        ("25", "", "as at the end of 25 November 2024", "50 + 5 − 3 = 52 left", 5),
        ("26", "", "as at 26 November 2024, 09:30", "50 + 5 − 3 = 52 left", 5),
    ],
)
def test_the_sum_and_the_lines_are_those_of_the_moment(viewer, quota, day, time, heading, words, lines):
    page = text_of(viewer.get(LEDGER, asked(day, "11", "2024", time)))
    assert f"Early years quota {heading}</h1>" in page
    assert words in page
    assert f"{lines} lines add up to" in page
    assert page.count('<tr class="govuk-table__row" role="row">') == lines + 1
    assert ("EY-LATE" in page) == (lines == 5)
    assert f'href="{LEDGER}">See the quota as it stands now<' in page
    assert "Raise or lower" not in page


def test_before_anything_was_bought_there_is_nothing(viewer, quota):
    page = text_of(viewer.get(LEDGER, asked("1", "7", "2024")))
    assert "This quota had no lines by then" in page
    assert "0 left" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (asked("27", "11", "2024"), "27 November 2024 is still to come."),
        (asked("26", "11", "2024", "09:31"), "09:31 on 26 November 2024 is still to come."),
        (asked("31", "11", "2024"), "The day must be a real date"),
        (asked("x", "y", "z"), "The day must be a real date"),
        (asked("1", "1", "9" * 5000), "The day must be a real date"),
        (asked("25", "11", "2024", "half past"), "Time must be a time like 14:30"),
        (asked("25", "11", "2024", "25:00"), "Time must be a time like 14:30"),
        (asked("25", "11", "2024", "\x00"), "Time must be a time like 14:30"),
        (asked("31", "3", "2024", "01:30"), "There was no 01:30 on 31 March 2024"),
        (asked("", "", "", "14:30"), "Enter the day"),
        ({"time": ""}, "Enter the day"),
    ],
)
def test_what_is_no_past_moment_is_refused_with_a_sentence_and_now_is_shown(viewer, quota, given, words):
    answer = viewer.get(LEDGER, given)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert words in page
    assert "Early years quota, line by line</h1>" in page
    assert "52 left" in page


def test_the_period_that_was_asked_for_stays(viewer, quota):
    period = str(quota.period_id)
    page = text_of(viewer.get(LEDGER, asked("24", "11", "2024", period=period)))
    assert f'<input type="hidden" name="period" value="{period}">' in page
    assert f'href="{LEDGER}?period={period}">See the quota as it stands now<' in page


def test_pages_of_the_past_keep_the_moment(viewer, by):
    quota = quota_of(period_with_places(by=by))
    use_places(quota, 30, by=by)
    page = text_of(viewer.get(LEDGER, asked("24", "11", "2024", page="2")))
    assert "as at the end of 24 November 2024" in page
    assert "on_day=24" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_past_takes_as_many_queries_for_each_number_of_lines(viewer, by, django_assert_num_queries, count):
    use_places(quota_of(period_with_places(by=by)), count, by=by)
    with django_assert_num_queries(10):
        assert text_of(viewer.get(LEDGER, asked("24", "11", "2024"))).count("Request sent") == count
