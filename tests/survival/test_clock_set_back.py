"""A machine's clock goes back an hour under running processes: nothing waits for that hour, and nothing runs twice."""

from pathlib import Path

import pytest

from s2s_portal.jobs.models import JobRequest
from tests.survival.company import Company, asked_for
from tests.survival.outbox import check_nothing_lost, put, repeats, surplus, waiting

pytestmark = pytest.mark.django_db(transaction=True)

AN_HOUR = 3600
SOON = 120.0
"""Seconds: far more than leases, ticks and the start of a process take together, and far less than the hour."""
BATCH = 6
NOBODY_IS_LOST = {"JOB_LEASE_SECONDS": "60", "MAIL_LEASE_SECONDS": "60"}
"""However busy the machine is: whoever has something in hand keeps it, for less than `SOON`."""


class Clock:
    """The clock that the processes see: `options` launches one that follows it."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "clock"
        self.options = ("--clock", self.file)

    def set_back(self, seconds: int) -> None:
        """Move it, at once and for all of them. (Renamed into place: nobody reads half a number.)"""
        new = self.file.with_suffix(".new")
        new.write_text(str(-seconds))
        new.rename(self.file)


def all_done() -> bool:
    """Whether neither a message nor a request waits."""
    return not asked_for() and not waiting()


def check(company: Company, received: list[str], asked: list[str]) -> None:
    """Nothing lost and nothing twice, but for what a killed worker had in hand."""
    assert sorted(company.noted()) == sorted(asked)
    assert set(JobRequest.objects.values_list("attempts", "failures")) == {(1, 0)}
    check_nothing_lost(received)
    assert surplus(received) == repeats()


def test_under_a_background_process_that_is_killed_just_then(server, tmp_path):
    """It had a message in hand, until a moment that is now more than an hour away."""
    clock = Clock(tmp_path)
    with Company(tmp_path, EMAIL_URL=server.url) as company:
        company.embedded(*clock.options)
        put(BATCH)
        company.ask("before")
        company.until(all_done)
        [doomed] = put(1, name="doomed")
        server.amid_yes = lambda port, message_id: company.kill(company.talking_from(port))
        company.until(lambda: not company.running)
        server.amid_yes = lambda port, message_id: None
        clock.set_back(AN_HOUR)
        put(BATCH, name="after")
        company.ask("after")
        company.embedded(*clock.options)
        company.until(all_done, seconds=SOON)
    check(company, server.ids(), ["before", "after"])
    assert repeats() == {doomed: 1}


def test_under_a_process_that_goes_on(server, tmp_path):
    """What it has in hand at that moment is its own: nobody takes it for work of an hour hence, or for lost."""
    clock = Clock(tmp_path)
    with Company(tmp_path, EMAIL_URL=server.url, MAIL_LEASE_SECONDS="100") as company:
        in_hand = company.embedded("--patience", "120", *clock.options)
        put(1, name="slow")
        began = []

        def set_back_in_the_middle(port: int, message_id: str) -> None:
            began.append(company.talking_from(port))
            clock.set_back(AN_HOUR)
            put(BATCH, name="after")
            company.embedded(*clock.options)
            company.until(lambda: len(server.accepted) == 1 + BATCH, seconds=SOON)

        server.amid_yes = lambda *given: None if began else set_back_in_the_middle(*given)
        company.until(lambda: began)
        company.until(all_done, seconds=SOON)
    assert began == [in_hand]
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) == repeats() == {}


def test_under_a_worker_and_a_beat(redis, server, tmp_path):
    clock = Clock(tmp_path)
    addresses = {"EMAIL_URL": server.url, "REDIS_URL": f"{redis.connection_url}/0"}
    with Company(tmp_path, **addresses, **NOBODY_IS_LOST) as company:
        company.worker(*clock.options)
        company.beat(*clock.options)
        put(BATCH)
        company.ask("before")
        company.until(all_done)
        clock.set_back(AN_HOUR)
        put(BATCH, name="after")
        company.ask("after")
        company.until(all_done, seconds=SOON)
        put(BATCH, name="later")
        company.ask("later")
        company.until(all_done, seconds=SOON)
    check(company, server.ids(), ["before", "after", "later"])
    assert repeats() == {}
