"""Celery's beat, as the portal has it: an hour that comes twice is no hour of waiting."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from s2s_portal.celery import TICK_EVERY, Steady, app

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


@pytest.fixture
def beat(tmp_path):
    with time_machine.travel(REAL, tick=False) as travel:
        scheduler = Steady(app=app, schedule_filename=str(tmp_path / "schedule"))
        scheduler.tick()
        yield scheduler, travel
        scheduler.close()


def test_it_is_the_one_that_runs():
    assert app.conf.beat_scheduler == f"{Steady.__module__}:{Steady.__name__}"


def test_it_waits_for_the_interval(beat):
    scheduler, _ = beat
    assert 0 < scheduler.tick() <= TICK_EVERY


def test_after_the_clock_went_back_it_waits_no_longer(beat):
    scheduler, travel = beat
    travel.shift(timedelta(hours=-1))
    assert 0 < scheduler.tick() <= TICK_EVERY
