"""What only a process of its own shows: how much memory an import takes, and that one may be killed at any moment."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from s2s_portal.organisations.importers.checking import BATCH
from tests.organisations.importers import files
from tests.plugins.template import Template

pytestmark = pytest.mark.own_database

LIMIT_MB = 250
BATCHES = 8  # enough to be killed after two of them, with as many again to spare
TABLE = "organisations_establishment"


def environment(database):
    """The environment of a worker on the SQLite file `database`; unmeasured, as measuring takes time and memory."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")} | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "s2s_portal.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


@pytest.fixture
def empty(tmp_path):
    """A function that makes an empty database, migrated, in a SQLite file of that name; returns its path."""

    def make(name):
        database = tmp_path / name
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        Template("sqlite").provide(
            {"NAME": database},
            lambda: subprocess.run(migrate, env=environment(database), cwd=settings.BASE_DIR, check=True),
        )
        return database

    return make


def start(database, path):
    """A worker importing `path`, not waited for."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(path)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment(database), stdout=pipe, stderr=pipe, text=True)


def finished(worker):
    """The lines that `worker` printed; it must end well."""
    out, error = worker.communicate(timeout=300)
    assert worker.returncode == 0, error
    return out.splitlines()


def asked(database, query):
    """The rows that `query` finds."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
        return connection.execute(query).fetchall()


def rows_done(database):
    """How far the only import has come; 0 before it began."""
    return sum(row[0] for row in asked(database, "SELECT rows_done FROM organisations_importrun"))


@pytest.fixture(scope="module")
def school_file(tmp_path_factory):
    """A function that writes a GIAS file of the full layout with that many schools; returns its path."""

    def write(number):
        path = tmp_path_factory.mktemp("gias") / f"{number}.csv"
        header = ",".join(f'"{name}"' for name in files.GIAS_FULL)
        template = files.gias_text([files.school(SchoolWebsite="x" * 40)], header=files.GIAS_FULL).split("\r\n")[1]
        with path.open("w", encoding="cp1252", newline="") as file:
            file.write(header)
            for n in range(number):
                file.write("\r\n" + template.replace("900001", str(900000 + n), 1))
        return path

    return write


def test_fifty_thousand_rows_of_135_columns_stay_within_memory(school_file, empty):
    number = 50_000
    assert len(files.GIAS_FULL) == 135
    lines = finished(start(empty("memory.sqlite3"), school_file(number)))
    assert lines[-2] == f"created {number}, updated 0, unchanged 0, closed 0, skipped 0, errors 0"
    assert int(lines[-1].removeprefix("peak MB ")) <= LIMIT_MB


def test_an_import_killed_between_batches_is_carried_on_to_the_same_end(school_file, empty):
    number, path = BATCH * BATCHES + 7, school_file(BATCH * BATCHES + 7)
    killed, whole = empty("killed.sqlite3"), empty("whole.sqlite3")
    finished(start(whole, path))

    worker = start(killed, path)
    deadline = time.monotonic() + 120
    while rows_done(killed) < BATCH * 2:
        assert worker.poll() is None, worker.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    done = rows_done(killed)
    assert BATCH * 2 <= done < number
    assert asked(killed, f"SELECT count(*) FROM {TABLE}") == [(done,)]

    lines = finished(start(killed, path))
    assert lines[:2] == [
        f"Carried on after row {done}, where an earlier import stopped.",
        f"created {number}, updated 0, unchanged 0, closed 0, skipped 0, errors 0",
    ]
    state = f"SELECT source, urn, name, status, row_hash, seen_in_id FROM {TABLE} ORDER BY urn"
    assert asked(killed, state) == asked(whole, state)
    lines = finished(start(killed, path))
    assert lines[0] == f"created 0, updated 0, unchanged {number}, closed 0, skipped 0, errors 0"


def test_two_processes_importing_the_same_file_at_once_do_not_disturb_each_other(school_file, empty):
    number, path, database = BATCH * 3, school_file(BATCH * 3), empty("two.sqlite3")
    finished(start(database, school_file(1)))
    for worker in [start(database, path), start(database, path)]:
        finished(worker)
    assert asked(database, f"SELECT count(*), count(DISTINCT urn) FROM {TABLE}") == [(number, number)]
    lines = finished(start(database, path))
    assert lines[0] == f"created 0, updated 0, unchanged {number}, closed 0, skipped 0, errors 0"
