"""What every test stands on: no network, fast settings, files in a temporary place, a clock that can be held.

The environment (database, demo mode, addresses) is set earlier, by tests/plugins/environment.py.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import PurePath

import pytest
import time_machine
from django.conf import settings
from hypothesis import settings as hypothesis

from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from tests import moments
from tests.fixtures import client_for, council, council_of_the_module, refusal, shared_council
from tests.plugins.template import django_db_keepdb, django_db_setup

# Fixtures: pytest finds them here.
__all__ = [
    "client_for",
    "council",
    "council_of_the_module",
    "django_db_keepdb",
    "django_db_setup",
    "refusal",
    "shared_council",
]

#: Directories and files whose tests run on SQLite too: what they promise depends on the database.
ON_BOTH_DATABASES = ("actions", "locking", "importers")


def pytest_configure() -> None:
    """Make the settings fast, before Django starts.

    The differences to production that tests need, all of them.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Speed is for `make bench`: on a busy machine Hypothesis' 200 ms are over without any fault.
    hypothesis.register_profile("untimed", hypothesis(), deadline=None)
    hypothesis.load_profile("untimed")
    # Pages drawn in this process name static files as they are; servers of journeys and races use the real
    # storage.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # WhiteNoise warns of a missing directory, and the static files are only collected for servers.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs where by the place it lives in, so that nobody has to remember the marker."""
    for item in items:
        place = PurePath(item.path).with_suffix("").parts[len(item.config.rootpath.parts) :]
        if any(word in part for part in place for word in ON_BOTH_DATABASES):
            item.add_marker("sqlite")
        if "journeys" in place:
            item.add_marker("browser")
        if "races" in place:
            item.add_marker("race")
        if "survival" in place:
            item.add_marker("survival")


@pytest.fixture
def at(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """The moment this test is held at, everywhere in this process.

    An ordinary Tuesday, or `@pytest.mark.moment(…)`.
    """
    marker = request.node.get_closest_marker("moment")
    when = marker.args[0] if marker else moments.AN_ORDINARY_TUESDAY
    with time_machine.travel(when, tick=False):
        yield when


@pytest.fixture
def practice_date(transactional_db) -> Callable[[datetime], None]:
    """Sets the practice date that servers on this test's database live in, as `practice_date(moments.LAST_SECOND)`.

    It runs on in real time for a minute at most and then stands still, as nothing beats.
    """

    def set_to(moment: datetime) -> None:
        values = {"practice_at": moment, "beat_at": clock.real_now()}
        RehearsalClock.objects.update_or_create(pk=1, defaults=values)

    return set_to
