"""The demo, loaded once for all tests of a module: it takes longer than most of them together."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[str]:
    """What `seed_demo` printed. All of it happens in a transaction that is never committed."""
    said = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded) -> Iterator[str]:
    """The loaded demo; what a test does to it is undone."""
    with transaction.atomic():
        yield loaded
        transaction.set_rollback(True)
