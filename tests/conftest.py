"""What every test stands on: no network, fast settings, files in a temporary place, a clock that can be held.

The environment (database, demo mode, addresses) is set earlier, by tests/plugins/environment.py.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath

import pytest
import time_machine
from django.conf import settings

from tests import moments

#: Directories and files whose tests run on SQLite too: what they promise depends on the database.
ON_BOTH_DATABASES = ("actions", "locking", "importers")


def pytest_configure() -> None:
    """Make the settings fast, before Django starts.

    The differences to production that tests need, all of them.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages drawn in this process name static files as they are; servers of journeys and races use the real
    # storage.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # WhiteNoise warns of a missing directory, and the static files are only collected for servers.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on SQLite too by where it lives, so that nobody has to remember the marker."""
    for item in items:
        place = PurePath(item.path).with_suffix("").parts[len(item.config.rootpath.parts) :]
        if any(word in part for part in place for word in ON_BOTH_DATABASES):
            item.add_marker("sqlite")


@pytest.fixture
def at(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """The moment this test is held at, everywhere in this process.

    An ordinary Tuesday, or `@pytest.mark.moment(…)`.
    """
    marker = request.node.get_closest_marker("moment")
    when = marker.args[0] if marker else moments.AN_ORDINARY_TUESDAY
    with time_machine.travel(when, tick=False):
        yield when


# --- Clients by role ----------------------------------------------------------------------------------------
# One fixture for each role belongs here.
