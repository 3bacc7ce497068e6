"""The clock: real time in production; where rehearsal is on, a practice date that only moves forward."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from tests.moments import AN_ORDINARY_TUESDAY, LAST_SECOND

pytestmark = pytest.mark.django_db

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def real():
    """Real time, held at `REAL` until the test shifts it."""
    with time_machine.travel(REAL, tick=False) as travel:
        yield travel


@pytest.fixture
def practice(real, settings):
    """A practice date set at `AN_ORDINARY_TUESDAY`; gives the real time's control."""
    settings.S2S_REHEARSAL_CLOCK = True
    clock.move_to(moment=AN_ORDINARY_TUESDAY)
    return real


# --- Production -------------------------------------------------------------------------------------------------


def test_without_rehearsal_it_is_real_time(real, settings, django_assert_num_queries):
    settings.S2S_REHEARSAL_CLOCK = False
    with django_assert_num_queries(0):
        assert clock.now() == clock.real_now() == REAL
        assert not clock.is_rehearsing()
        clock.beat()


def test_without_rehearsal_a_practice_date_left_in_the_database_is_ignored(practice, settings):
    settings.S2S_REHEARSAL_CLOCK = False
    assert clock.now() == REAL
    assert not clock.is_rehearsing()
    clock.beat()
    assert RehearsalClock.objects.get().practice_at == AN_ORDINARY_TUESDAY


def test_without_rehearsal_it_cannot_be_moved(settings):
    settings.S2S_REHEARSAL_CLOCK = False
    with pytest.raises(clock.RehearsalIsOff):
        clock.move_to(moment=AN_ORDINARY_TUESDAY)
    assert not RehearsalClock.objects.exists()


# --- Rehearsal ----------------------------------------------------------------------------------------------------


def test_rehearsal_without_a_practice_date_is_real_time(real, settings):
    settings.S2S_REHEARSAL_CLOCK = True
    assert clock.now() == REAL
    assert not clock.is_rehearsing()
    clock.beat()
    assert not RehearsalClock.objects.exists()


def test_practice_date_runs_on_in_real_time(practice):
    assert clock.is_rehearsing()
    assert clock.now() == AN_ORDINARY_TUESDAY
    practice.shift(45 * SECOND)
    assert clock.now() == AN_ORDINARY_TUESDAY + 45 * SECOND
    assert clock.real_now() == REAL + 45 * SECOND


def test_practice_date_pauses_after_a_minute_without_a_beat(practice):
    practice.shift(timedelta(hours=9))
    assert clock.now() == AN_ORDINARY_TUESDAY + clock.LONGEST_GAP
    clock.beat()
    assert clock.now() == AN_ORDINARY_TUESDAY + clock.LONGEST_GAP
    practice.shift(10 * SECOND)
    assert clock.now() == AN_ORDINARY_TUESDAY + clock.LONGEST_GAP + 10 * SECOND


def test_beats_carry_the_practice_date_on(practice):
    for _ in range(10):
        practice.shift(30 * SECOND)
        clock.beat()
    assert clock.now() == AN_ORDINARY_TUESDAY + 300 * SECOND


def test_practice_date_stands_still_while_real_time_is_put_back(practice):
    practice.shift(-30 * SECOND)
    assert clock.now() == AN_ORDINARY_TUESDAY
    clock.beat()
    assert clock.now() == AN_ORDINARY_TUESDAY


def test_move_to_a_later_moment(practice):
    assert clock.move_to(moment=LAST_SECOND) == LAST_SECOND
    assert clock.now() == LAST_SECOND
    practice.shift(SECOND)
    assert clock.now() == LAST_SECOND + SECOND


@pytest.mark.parametrize("passed", [0 * SECOND, 20 * SECOND])
def test_never_back(practice, passed):
    practice.shift(passed)
    now = clock.now()
    with pytest.raises(clock.CannotMoveBack):
        clock.move_to(moment=now - timedelta(microseconds=1))
    assert clock.now() == now
    assert clock.move_to(moment=now) == now


def test_one_query_a_request(practice, django_assert_num_queries):
    with django_assert_num_queries(1):
        clock.now()
