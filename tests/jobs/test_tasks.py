"""Celery's one task, and housekeeping."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from s2s_portal.celery import app
from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from s2s_portal.jobs.actions import KEPT
from s2s_portal.jobs.models import JobRun
from s2s_portal.jobs.registry import Run
from s2s_portal.jobs.tasks import clear_sessions, tick_once, tidy_jobs
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.test_delivery import put

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


def session(key, *, ends):
    Session.objects.create(session_key=key, session_data="", expire_date=ends)


def sessions_left():
    return set(Session.objects.values_list("session_key", flat=True))


def test_beat_fires_the_tick_every_fifteen_seconds_and_nothing_else():
    [entry] = app.conf.beat_schedule.values()
    assert entry == {"task": tick_once.name, "schedule": 15.0, "options": {"expires": 60.0}}
    assert entry["task"] in app.tasks


def test_the_task_does_what_is_due_and_says_so():
    put("rowan")
    assert "deliver: sent 1, put off 0, failed 0" in tick_once.delay().get().splitlines()


def test_the_task_carries_the_practice_date_on():
    beaten = clock.real_now() - timedelta(seconds=30)
    RehearsalClock.objects.create(practice_at=AN_ORDINARY_TUESDAY, beat_at=beaten)
    tick_once()
    assert RehearsalClock.objects.get().practice_at >= AN_ORDINARY_TUESDAY + timedelta(seconds=30)


def test_sessions_that_have_ended_are_cleared_once_an_hour_of_real_time():
    with time_machine.travel(REAL, tick=False) as now:
        session("live", ends=REAL + timedelta(days=1))
        tick_once()
        session("over", ends=REAL)
        for minutes, left in ((59, {"live", "over"}), (60, {"live"})):
            now.move_to(REAL + timedelta(minutes=minutes))
            tick_once()
            assert sessions_left() == left


def test_clearing_sessions_has_nothing_to_say():
    assert clear_sessions(Run(at=AN_ORDINARY_TUESDAY)) == ""


def test_tidying_says_how_many_it_forgot():
    assert tidy_jobs(Run(at=AN_ORDINARY_TUESDAY)) == ""
    old = clock.real_now() - KEPT - timedelta(days=1)
    JobRun.objects.create(job="lapse", slot=old, started_at=old, done_at=old)
    recent = clock.real_now() - timedelta(days=3)
    JobRun.objects.create(job="deliver", slot=recent, started_at=recent, done_at=recent)
    assert tidy_jobs(Run(at=AN_ORDINARY_TUESDAY)) == "2 forgotten"
