"""The database as the migrations leave it, made once in a run and given to every test process from then on.

Migrating takes longer than most modules' tests, and a run of everything has a dozen databases. The first process that
needs one migrates it, as an installation does, and keeps what came of it; the others copy that. Django migrates a copy
too, and finds nothing to do. Kept for one run only: in `DIRECTORY` of the processes of one pytest, or where
`TEMPLATES` says.

A SQLite copy is the same to the byte. PostgreSQL's is a dump that was read back, as after a restore: the same tables,
constraints, indexes and rows, in which a check or an index's condition that lists texts is spelt with a cast for each
text instead of one for the list.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connections

from tests.plugins import TEMPLATES
from tests.plugins.cluster import binaries
from tests.plugins.environment import DIRECTORY


class Template:
    """The migrated database of one kind ("sqlite" or "postgresql"), in a file that may not be there yet."""

    def __init__(self, vendor: str) -> None:
        directory = Path(os.environ.get(TEMPLATES) or Path(os.environ[DIRECTORY]) / "templates")
        directory.mkdir(exist_ok=True)
        self.vendor = vendor
        self._path = directory / f"{vendor}-{fingerprint()}"

    def provide(self, values: dict, migrate: Callable[[], object]) -> None:
        """Make the database of these settings of Django's: out of the template, or else by `migrate`, and keep that."""
        with self._alone():
            if self.vendor == "postgresql":
                client("createdb", values, values["NAME"], database="postgres")
            if self._path.exists():
                self._fill(values)
            else:
                migrate()
                self._keep(values)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While one process makes the template, the others wait for it."""
        with self._path.with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _keep(self, values: dict) -> None:
        unfinished = self._path.with_suffix(".unfinished")
        if self.vendor == "sqlite":
            copy_sqlite(Path(values["NAME"]), unfinished)
        else:
            unfinished.write_bytes(client("pg_dump", values).stdout)
        unfinished.rename(self._path)

    def _fill(self, values: dict) -> None:
        if self.vendor == "sqlite":
            copy_sqlite(self._path, Path(values["NAME"]))
        else:
            client("psql", values, "-q", "-X", "-v", "ON_ERROR_STOP=1", "-1", "-f", self._path, "-o", os.devnull)


def fingerprint() -> str:
    """Changes with everything that migrations are made of: a template never outlives what it was made from."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in ("s2s_portal", "quotas", "referrals"):
        for path in sorted((settings.BASE_DIR / app).rglob("migrations/*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is now, with what stands only in its journal."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def client(program: str, values: dict, *arguments: object, database: str = "") -> subprocess.CompletedProcess:
    """Run one of PostgreSQL's own programs on `database`, or on the one that `values` name."""
    host = values["OPTIONS"]["host"]
    command = [binaries() / program, "-h", host, "-U", values["USER"], *arguments]
    environment = os.environ | {"PGDATABASE": database or values["NAME"]}
    return subprocess.run(list(map(str, command)), env=environment, capture_output=True, check=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Django takes the database that it finds. It goes with its directory or its cluster."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> None:
    """The database, migrated: in the first process of a run by its migrations, in the others as a copy."""

    def migrate() -> None:
        request.getfixturevalue("django_db_setup")  # pytest-django's, before which this one stands

    database = connections["default"]
    values = database.settings_dict
    name = values["TEST"]["NAME"] or f"test_{values['NAME']}"
    Template(database.vendor).provide(values | {"NAME": name}, migrate)
    migrate()  # a second time it is nothing; a copy is looked over by Django
