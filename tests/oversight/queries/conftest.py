"""The autumn's requests, made once for the tests of a module, which only read them."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.oversight.queries.autumn import Autumn
from tests.oversight.queries.harbour import Harbour


@pytest.fixture(scope="module")
def autumn_of_the_module(django_db_setup, django_db_blocker) -> Iterator[Autumn]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Autumn()
        transaction.set_rollback(True)


@pytest.fixture
def autumn(autumn_of_the_module: Autumn, db) -> Autumn:
    """The autumn, as it is on 16 December 2024."""
    return autumn_of_the_module


@pytest.fixture(scope="module")
def harbour_of_the_module(django_db_setup, django_db_blocker) -> Iterator[Harbour]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Harbour()
        transaction.set_rollback(True)


@pytest.fixture
def harbour(harbour_of_the_module: Harbour, db) -> Harbour:
    """The requests of four zones, as they are on 10 December 2024."""
    return harbour_of_the_module
