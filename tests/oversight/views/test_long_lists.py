"""However many requests are behind a line, a few hundred of them are in memory while its file is made and sent."""

import tracemalloc

import pytest
from django.db import transaction
from django.test import Client

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.oversight.queries import listing, parts
from tests.bench import big
from tests.factories.organisations import person

REQUESTS = 3_000
MOST = 2.5 * 2**20
"""Bytes: 4.7 million are held if all of these requests are read at once."""
LIST = "/dashboards/waits/contact-zone/all"


@pytest.fixture(scope="module")
def many_of_the_module(django_db_setup, django_db_blocker):
    """3,000 requests of one period with visits and records, for tests that only read them."""
    with django_db_blocker.unblock(), transaction.atomic():
        big.build(REQUESTS)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def client(many_of_the_module, db) -> Client:
    found = Client()
    found.force_login(person(Role.COMMISSIONER))
    found.get(LIST + "/")  # what is loaded once is no part of the measure
    return found


def peak(client: Client, ending: str) -> int:
    """The bytes that Python held at most while the file was made and sent."""
    tracemalloc.start()
    try:
        answer = client.get(f"{LIST}.{ending}")
        for _ in answer.streaming_content:
            pass
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_takes_the_memory_of_one_part(client, monkeypatch, ending):
    for module in (parts, listing):
        monkeypatch.setattr(module, "AT_A_TIME", 200)
    assert peak(client, ending) < MOST
    assert AuditEvent.objects.latest("pk").what.endswith(f"rows: {REQUESTS}")
