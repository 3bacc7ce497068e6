"""The page of background jobs: what ran, what comes, what failed, what waits, and whether anybody works at all."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from s2s_portal.core import clock
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.actions import ask, claim_run, done, failed
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.queries import job_states
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import Daily, Every
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.views.job_rows import JOB_COLUMNS, job_rows, lasted, timetable
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY
from tests.real_time import MIDNIGHT, wait_until_none_is_near

pytestmark = pytest.mark.django_db

PAGE = reverse("organisations:job_list")
REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=300)


@pytest.fixture
def administrator(client):
    client.force_login(person(Role.ADMINISTRATOR))
    return client


def job(name="fill", when=None, *, on_request=False):
    """A job that is only looked at."""
    return Job(name=name, label=name, timetable=when, on_request=on_request, every_round=False, work=str)


FIVE = Every(timedelta(minutes=5))
NIGHT = Daily(time(0, 10))


def row(one, *, real=REAL, at=REAL):
    """The cells of one job's line by column, as text and hint."""
    [cells] = job_rows(job_states([one], real), real=real, at=at)
    pairs = [(cell["text"], cell.get("hint", "")) if isinstance(cell, dict) else (cell, "") for cell in cells]
    return dict(zip((column["label"] for column in JOB_COLUMNS), pairs, strict=True))


def run(*, slot=REAL, name="fill", most=1):
    return claim_run(job=name, slot=slot, real=REAL, most_attempts=most)


def test_a_job_that_never_ran():
    assert row(job(when=FIVE)) == {
        "What it does": ("fill", "Every 5 minutes"),
        "Last run": ("Never yet", ""),
        "Next run": ("10:05:00 on 15 January 2026", ""),
        "Failures in 7 days": (0, ""),
        "Waiting to run": (0, ""),
    }


@pytest.mark.parametrize(
    ("when", "on_request", "told"),
    [
        (Every(timedelta(seconds=15)), False, "Every 15 seconds"),
        (Every(timedelta(minutes=1)), True, "Every minute and when asked"),
        (Every(timedelta(hours=1)), False, "Every hour"),
        (Every(timedelta(hours=10)), False, "Every 10 hours"),
        (NIGHT, False, "Each day at 00:10"),
        (NIGHT, True, "Each day at 00:10 and when asked"),
        (None, True, "When asked"),
    ],
)
def test_when_a_job_runs_in_words(when, on_request, told):
    assert timetable(job(when=when, on_request=on_request)) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "less than a second"),
        (0.99, "less than a second"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (7_300, "2 hours"),
        (200_000, "2 days"),
    ],
)
def test_how_long_it_took_in_words(seconds, told):
    assert lasted(timedelta(seconds=seconds)) == told


def test_what_the_last_run_said():
    done(run(), line="2 given", real=REAL + 3 * SECOND)
    assert row(job(when=FIVE))["Last run"] == ("10:00:00 on 15 January 2026", "Took 3 seconds. 2 given")


def test_a_daily_run_says_which_day_it_was_for_and_when_the_next_comes():
    done(run(slot=AN_ORDINARY_TUESDAY.replace(hour=0, minute=10), most=6), line="", real=REAL)
    cells = row(job(when=NIGHT), at=AN_ORDINARY_TUESDAY)
    told = "Took less than a second. For 26 November 2024, 00:10"
    assert cells["Last run"] == ("10:00:00 on 15 January 2026", told)
    assert cells["Next run"] == ("00:10:00 on 27 November 2024", "")


def test_a_run_in_hand_and_one_that_lost_its_worker():
    run()
    assert row(job(when=FIVE), real=REAL + 90 * SECOND)["Last run"][1] == "Running for 1 minute"
    assert row(job(when=FIVE), real=REAL + LEASE)["Last run"][1] == "Its worker was lost"


def test_a_run_that_failed_and_will_not_be_tried_again():
    failed(run(), error="ValueError", real=REAL + SECOND)
    cells = row(job(when=FIVE))
    assert cells["Last run"][1] == "Failed after 1 second"
    assert cells["Next run"][1] == ""
    assert cells["Failures in 7 days"] == (1, "10:00:01 on 15 January 2026: ValueError")


def test_a_run_that_failed_and_is_tried_again():
    failed(run(most=6), error="ValueError", real=REAL + SECOND)
    cells = row(job(when=NIGHT))
    assert cells["Next run"] == (
        "00:10:00 on 16 January 2026",
        "What is unfinished is tried again at 10:01:01 on 15 January 2026",
    )
    later = row(job(when=NIGHT), real=REAL + timedelta(hours=1))
    assert later["Next run"][1] == "What is unfinished is tried again at 11:00:00 on 15 January 2026"


def test_failures_of_a_week_are_counted_in_both_tables_with_the_newest_error():
    failed(run(slot=REAL), error="ValueError", real=REAL - timedelta(days=7, seconds=1))
    failed(run(slot=REAL + SECOND), error="KeyError", real=REAL - timedelta(days=7))
    failed(run(slot=REAL + 2 * SECOND), error="TypeError", real=REAL - timedelta(days=1))
    ask(job="fill", subject="7", at=REAL)
    JobRequest.objects.update(failures=3, failed_at=REAL, error="OSError: out", started_at=REAL, claimed_until=None)
    cells = row(job(when=FIVE, on_request=True))
    assert cells["Failures in 7 days"] == (5, "10:00:00 on 15 January 2026: OSError: out")
    assert cells["Waiting to run"] == (1, "")


def test_a_request_counts_as_a_run():
    done(run(), line="of the slot", real=REAL)
    ask(job="fill", subject="7", at=REAL)
    JobRequest.objects.update(started_at=REAL + SECOND, done_at=REAL + SECOND, line="1 given")
    cells = row(job(when=FIVE, on_request=True))
    told = "Took less than a second. Asked for. 1 given"
    assert cells["Last run"] == ("10:00:01 on 15 January 2026", told)
    assert cells["Waiting to run"] == (0, "")
    assert row(job(on_request=True))["Next run"] == ("When asked", "")


def test_one_job_does_not_show_anothers_runs():
    done(run(name="other"), line="of the other", real=REAL)
    assert row(job(when=FIVE))["Last run"] == ("Never yet", "")


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_page_warns_when_nobody_works(administrator):
    assert "Background work is not running" in text_of(administrator.get(PAGE))


@pytest.mark.parametrize(("age", "warned"), [(110, False), (130, True)])
def test_page_warns_after_two_quiet_minutes(administrator, age, warned):
    began = clock.real_now() - timedelta(seconds=age)
    JobRun.objects.create(job="deliver", slot=began, started_at=began, done_at=began)
    assert ("Background work is not running" in text_of(administrator.get(PAGE))) is warned


def test_page_shows_the_jobs_of_all_apps_after_a_round(administrator):
    call_command("run_jobs", "--once")
    text = text_of(administrator.get(PAGE))
    assert "Background work is not running" not in text
    for label in ("Send the messages that wait", "Clear sessions that have ended", "Each day at 03:30"):
        assert label in text
    assert "Never yet" not in text.partition("Send the messages that wait")[2][:200]


def test_page_says_both_times_when_they_differ(administrator, practice_date):
    wait_until_none_is_near([MIDNIGHT], seconds=5)
    practice_date(AN_ORDINARY_TUESDAY)
    text = text_of(administrator.get(PAGE))
    assert "the practice date is 26 November 2024, 09:30" in text
    assert "Practice date: Tuesday 26 November 2024, 09:30" in text  # the banner of every page
    assert f"It is {london_date(clock.real_now()):%-d %B %Y}" in text


@pytest.mark.usefixtures("at")
def test_page_says_one_time_when_there_is_one(administrator):
    text = text_of(administrator.get(PAGE))
    assert "It is 26 November 2024, 09:30 ." in text or "It is 26 November 2024, 09:30." in text
    assert "practice date is" not in text


@pytest.mark.parametrize("count", [1, 300])
def test_the_states_take_the_same_queries_for_any_number_of_jobs_and_runs(django_assert_num_queries, count):
    values = {"started_at": REAL, "failed_at": REAL, "failures": 1}
    names = [f"job {number % 30}" for number in range(count)]
    JobRun.objects.bulk_create(
        JobRun(job=name, slot=REAL + number * SECOND, **values) for number, name in enumerate(names)
    )
    JobRequest.objects.bulk_create(JobRequest(job=name, asked_at=REAL, **values) for name in names)
    with django_assert_num_queries(7):
        states = job_states([job(name, FIVE) for name in sorted(set(names))], REAL)
    assert {(state.failures, state.waiting) for state in states} == {(2 * count // len(states), count // len(states))}
