"""Workers killed while they send (ENGINEERING §6): nothing lost, and what the server has twice is counted here too."""

import random
import time
from collections import Counter

import pytest

from s2s_portal.notifications.models import Notification
from tests.survival.company import Company
from tests.survival.interrupted import killed_again_and_again
from tests.survival.outbox import check_nothing_lost, put, repeats, surplus, waiting

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

MESSAGES = 60


def test_killed_between_the_servers_yes_and_our_commit(server, tmp_path):
    """At the server's first yes to every tenth message the worker that it says it to is killed: it cannot know."""
    doomed = set(put(MESSAGES)[::10])
    left = set(doomed)
    with Company(tmp_path, EMAIL_URL=server.url) as company:

        def kill_at_the_doomed(port: int, message_id: str) -> None:
            time.sleep(0.02)  # so that all workers get a share
            if message_id in left:
                left.remove(message_id)
                company.kill(company.talking_from(port))
                company.embedded()

        server.amid_yes = kill_at_the_doomed
        for _ in range(3):
            company.embedded()
        company.until(lambda: not waiting())
    assert not left
    check_nothing_lost(server.ids())
    assert Counter(doomed) <= repeats() == surplus(server.ids())


def test_killed_again_and_again_at_any_moment(server, tmp_path):
    """A worker may be lost before the server has the message, too: then there is no copy, but it cannot be known."""
    put(MESSAGES)
    chance = random.Random(5)
    server.amid_yes = lambda *_: time.sleep(chance.choice([0, 0.05, 0.2]))
    with Company(tmp_path, EMAIL_URL=server.url) as company:
        kills = killed_again_and_again(
            company,
            progress=lambda: len(server.accepted),
            ended=lambda: not waiting(),
            most=12,
            moment=lambda: chance.random() * 0.2,
        )
    assert kills >= 6
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) <= repeats(), "the server has a copy that the portal does not know of"
    assert not Notification.objects.filter(claimed_until__isnull=False).exists()
