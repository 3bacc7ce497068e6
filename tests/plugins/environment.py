"""The environment tests run in, set before pytest-django reads the settings (so a `-p` plugin: conftest is too late).

Nothing is inherited from the person's own shell: every setting the portal knows is given here in full.
DEBUG is off, as in production; S2S_DEMO and the practice clock are on, because the demo pages and the
practice date are under test. What a start without them does is tested in processes of its own.

`S2S_TEST_DATABASE=postgresql` starts a PostgreSQL cluster for the run; without it the database is a SQLite
file.
"""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

from tests.plugins.cluster import Cluster

#: Marks this process's children (xdist workers, servers): they use the parent's database and directory.
DIRECTORY = "S2S_TEST_DIRECTORY"

EXPLICIT = {
    "SECRET_KEY": "only-for-tests-and-therefore-not-secret-at-all-0123456789",
    "DEBUG": "0",
    "S2S_DEMO": "1",
    "S2S_REHEARSAL_CLOCK": "1",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "BASE_URL": "http://testserver",
    "REDIS_URL": "memory://",
    "LOG_LEVEL": "ERROR",
    # Playwright's synchronous interface keeps an event loop in this thread, which Django would take for
    # misuse.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
FORGOTTEN = [
    "SECRET_KEY_FALLBACKS",
    "CSRF_TRUSTED_ORIGINS",
    "BEHIND_TLS_PROXY",
    "CONN_MAX_AGE",
    "CONN_HEALTH_CHECKS",
]
MARKERS = [
    "browser: drives a real Chromium against a real server; runs alone, after the in-process tests",
    "race: many HTTP clients at once against real server processes; runs alone, on both databases",
    "survival: real processes killed, servers restarted, clocks set back; runs alone, after the races",
    "smoke: a browser journey that also runs on SQLite",
    "sqlite: runs on SQLite too (actions, locking and importers get it from their place; see tests/conftest.py)",
    "own_database: brings a SQLite database of its own; runs in the SQLite part only",
    "moment(when): the aware datetime at which the `at` fixture stops the clock",
]

_cluster: Cluster | None = None


def _prepare() -> None:
    """Set the environment once; of what it inherited an xdist worker changes where files are kept, and nothing else."""
    global _cluster
    if DIRECTORY in os.environ:
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            # Each has a database of its own: files in a folder of both would be strays to whoever has not their rows.
            os.environ["FILES_DIR"] = str(Path(os.environ[DIRECTORY]) / f"files-{worker}")
        return
    directory = Path(tempfile.mkdtemp(prefix="s2s-tests-"))
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    os.environ |= EXPLICIT | {
        DIRECTORY: str(directory),
        "FILES_DIR": str(directory / "files"),
        "EMAIL_URL": f"filemail:///{directory / 'mail'}",  # the third slash is the URL's, the fourth the path's
        "DATABASE_URL": f"sqlite:///{directory / 'site.sqlite3'}",
        "TEST_DATABASE_NAME": str(directory / "test.sqlite3"),
    }
    if os.environ.get("S2S_TEST_DATABASE", "sqlite") == "postgresql":
        _cluster = Cluster()
        os.environ |= {"DATABASE_URL": _cluster.url, "TEST_DATABASE_NAME": ""}


def _interrupt(*_arguments: object) -> None:
    raise KeyboardInterrupt


def _tidy_up() -> None:
    if _cluster is not None:
        _cluster.stop()
    shutil.rmtree(os.environ[DIRECTORY], ignore_errors=True)


if DIRECTORY not in os.environ:
    # At the process's end, not pytest's: a run that stops at a wrong option never gets to pytest's.
    atexit.register(_tidy_up)
    signal.signal(signal.SIGTERM, _interrupt)  # an ended run stops its servers, as Ctrl-C does
_prepare()


def pytest_configure(config) -> None:
    """Register the project's markers."""
    for line in MARKERS:
        config.addinivalue_line("markers", line)


def pytest_report_header() -> str:
    """Name the database in the run's first lines."""
    return f"database: {os.environ['DATABASE_URL'].split(':')[0]}"
