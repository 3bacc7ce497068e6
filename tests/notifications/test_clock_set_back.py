"""What a clock that goes back leaves behind in the outbox: claims and pauses that end in what is now the future."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from s2s_portal.jobs.actions import CLOCKS_DIFFER_BY
from s2s_portal.notifications.delivery import PAUSES, deliver_waiting, mend_clock
from s2s_portal.notifications.models import Notification
from tests.notifications.test_delivery import put

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
LEASE = timedelta(seconds=120)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(REAL, tick=False) as travel:
        yield travel


def test_a_claim_ends_as_if_it_had_been_taken_now(now, server):
    put("rowan")
    Notification.objects.update(claimed_until=REAL + timedelta(hours=1) + LEASE, attempts=1)
    assert mend_clock() == 1
    assert Notification.objects.get().claimed_until == REAL + LEASE
    now.shift(LEASE)
    deliver_waiting()
    assert (len(server.accepted), Notification.objects.get().repeats) == (1, 1)


@pytest.mark.parametrize("tried", range(1, len(PAUSES) + 1))
def test_a_pause_from_the_future_begins_now_and_is_the_shortest(tried):
    put("rowan")
    too_late = REAL + PAUSES[tried - 1] + timedelta(hours=1)
    Notification.objects.update(attempts=tried, next_try_at=too_late)
    assert mend_clock() == 1
    assert Notification.objects.get().next_try_at == REAL + PAUSES[0]


def test_clocks_that_differ_a_little_change_nothing():
    claimed, put_off, fresh = put("rowan", "wren", "teal")
    Notification.objects.filter(pk=claimed.pk).update(claimed_until=REAL + LEASE + CLOCKS_DIFFER_BY)
    Notification.objects.filter(pk=put_off.pk).update(attempts=1, next_try_at=REAL + PAUSES[0] + CLOCKS_DIFFER_BY)
    before = list(Notification.objects.order_by("pk").values())
    assert mend_clock() == 0
    assert list(Notification.objects.order_by("pk").values()) == before
