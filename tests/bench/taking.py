"""Files of 100,000 requests: the memory of the process that sends them, from the request to the last piece."""

import os
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.choices import FileFormat
from tests.bench import big
from tests.bench.heavy import Measured
from tests.factories.organisations import person
from tests.server import database_url

ROWS = 100_000
BUDGET_MB = 150
LINE = "/dashboards/waits/contact-zone/all"
"""A line behind which is every request of a period that ever had a place."""


def taking_rows() -> Iterator[Measured]:
    """The list of one period's requests behind a line, in each format, with visits and records of all of them."""
    period, by = big.long_period(ROWS), person(Role.COMMISSIONER)
    child = os.environ | {"DATABASE_URL": database_url()}
    for ending in FileFormat.values:
        command = [sys.executable, "-m", "tests.bench.taker", by.email, f"{LINE}.{ending}?period={period.pk}"]
        started = perf_counter()
        done = subprocess.run(command, env=child, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        rows, peak = done.stdout.split()
        if int(rows) != ROWS:
            raise RuntimeError(f"{rows} rows instead of {ROWS}")
        what = f"requests behind a line as {ending}: {ROWS:,} rows in {perf_counter() - started:.0f} s"
        yield what, float(peak), BUDGET_MB, "MB", False
