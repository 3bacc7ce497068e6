"""Redis flushed, killed and started empty under workers and beat: it holds nothing that the database does not know."""

import pytest
from django.db import connection

from s2s_portal.jobs.models import JobRequest
from tests.survival.company import Company, asked_for
from tests.survival.outbox import check_nothing_lost, put, surplus, waiting

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = 8
NOBODY_IS_LOST = {"JOB_LEASE_SECONDS": "100", "MAIL_LEASE_SECONDS": "100"}
"""However busy the machine is: whoever has something in hand keeps it."""


def test_redis_flushed_and_restarted(redis, server, tmp_path):
    """Asked before each loss, while Redis is away, and after: all is done, in one piece, by workers nobody restarts."""
    rounds = ["before", "flushed", "gone", "back", "flushed again"]
    addresses = {"EMAIL_URL": server.url, "REDIS_URL": f"{redis.connection_url}/0"}
    with Company(tmp_path, **addresses, **NOBODY_IS_LOST) as company:

        def more(name: str) -> None:
            company.ask(*(f"{name} {number}" for number in range(BATCH)))
            put(BATCH, name=name.replace(" ", "-"))

        def all_done() -> bool:
            return not asked_for() and not waiting()

        for start in (company.worker, company.worker, company.beat):
            start()
        more("before")
        company.until(all_done)
        more("flushed")
        redis.client().flushall()
        company.until(all_done)
        redis.terminate()
        more("gone")
        connection.close()
        redis.start()
        company.until(all_done)
        more("back")
        company.until(all_done)
        more("flushed again")
        redis.client().flushall()
        company.until(all_done)
    expected = [f"{name} {number}" for name in rounds for number in range(BATCH)]
    assert sorted(company.noted()) == sorted(expected)
    assert set(JobRequest.objects.values_list("attempts", "failures")) == {(1, 0)}
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) == {}
