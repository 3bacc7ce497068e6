"""The scene of a contract's end, made once for all tests of a module."""

from copy import deepcopy

import pytest
from django.db import transaction

from tests.factories.contract_end_scene import Scene


@pytest.fixture(scope="module")
def scene_of_the_module(django_db_setup, django_db_blocker):
    """Made once for all tests here, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(scene_of_the_module, db):
    """A copy: what a test does to its rows or to these objects, no other test sees."""
    return deepcopy(scene_of_the_module)
