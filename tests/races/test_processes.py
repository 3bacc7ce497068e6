"""The processes themselves: they must really overlap and really die, or what they prove would pass for nothing."""

import os
import signal
import time
from functools import partial

import pytest
from django.db import connection, transaction

from s2s_portal.organisations.models import Zone
from tests.factories.organisations import ZoneFactory
from tests.races.processes import ProcessFailed, at_once, everything, killed_after, killed_within

pytestmark = pytest.mark.django_db(transaction=True)


def stamp():
    started = time.monotonic()
    time.sleep(1)  # a busy machine wakes the last of eight long after the first
    return os.getpid(), started, time.monotonic()


def one_by_one():
    for name in ("Reedham Reach", "Saltings", "Staithe"):
        Zone.objects.create(name=name)


@transaction.atomic
def all_or_none():
    one_by_one()


def fail():
    raise ValueError("on purpose")


def test_they_overlap_and_answer_in_order():
    answers = at_once([stamp] * 8)
    assert len({pid for pid, _, _ in answers} | {os.getpid()}) == 9
    assert max(started for _, started, _ in answers) < min(ended for _, _, ended in answers)


def test_one_that_raises_fails_the_test_with_its_words():
    with pytest.raises(ProcessFailed, match="ValueError: on purpose"):
        at_once([stamp, fail])


def test_one_that_dies_fails_the_test():
    with pytest.raises(ProcessFailed, match="ended with -9"):
        at_once([stamp, lambda: os.kill(os.getpid(), signal.SIGKILL)])


def test_a_transaction_that_is_killed_after_any_statement_leaves_nothing():
    ZoneFactory(name="Here before")
    before = everything()
    kills = 0
    while killed_after(kills + 1, all_or_none):
        kills += 1
        assert everything() == before
    assert kills == (4 if connection.vendor == "sqlite" else 3)  # only SQLite is told in words to begin
    assert Zone.objects.count() == 4


def test_work_that_is_not_in_one_transaction_is_found_out():
    before = everything()
    assert killed_after(2, one_by_one)
    assert everything() != before


def test_one_that_is_killed_by_the_clock():
    assert killed_within(0.05, partial(time.sleep, 5))
    assert not killed_within(30, partial(time.sleep, 0))
