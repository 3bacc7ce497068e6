"""What only processes of their own show: two tick at once, and one is killed in the middle of its work."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from s2s_portal.jobs.actions import LOST, ask
from s2s_portal.jobs.models import JobRequest, JobRun
from tests.moments import AN_ORDINARY_TUESDAY
from tests.server import ROOT, database_url

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

DAYS = 18
LEASE = 2
LONG = 120
"""Seconds: a lease that nobody outlives, however busy the machine is."""


@contextmanager
def worker(directory, *options, lease=LEASE):
    """A worker that is ready and waits for `go`; it is gone when the block ends."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "s2s_portal.settings",
        "JOB_LEASE_SECONDS": str(lease),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(directory), *options]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            until((directory / str(process.pid)).exists, process)
            yield process
        finally:
            process.kill()


def until(true, *processes, seconds=60):
    """Wait until `true()` holds; the test fails after `seconds`, or when a process has ended."""
    deadline = time.monotonic() + seconds
    while not true():
        for process in processes:
            assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def diary(directory):
    """The lines that workers wrote: job, moment, process id."""
    path = directory / "diary"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(name, datetime.fromisoformat(at), int(pid)) for name, at, pid in (line.split() for line in lines)]


def moments():
    """The slots of the two daily jobs in the `DAYS` after an ordinary Tuesday, in order of time."""
    slots = []
    for number in range(DAYS):
        day = AN_ORDINARY_TUESDAY + timedelta(days=number)
        slots.append(("late", day.replace(hour=23, minute=0)))
        slots.append(("early", (day + timedelta(days=1)).replace(hour=0, minute=10)))
    return slots


def test_two_workers_run_each_slot_once_and_in_order_of_time(practice_date, tmp_path):
    for name, at in (("late", AN_ORDINARY_TUESDAY - timedelta(days=1)), ("early", AN_ORDINARY_TUESDAY)):
        slot = at.replace(hour=23, minute=0) if name == "late" else at.replace(hour=0, minute=10)
        JobRun.objects.create(job=name, slot=slot, done_at=slot)
    practice_date(AN_ORDINARY_TUESDAY + timedelta(days=DAYS))
    for number in range(20):
        ask(job="asked", subject=str(number), at=AN_ORDINARY_TUESDAY)
    with worker(tmp_path, lease=LONG) as one, worker(tmp_path, lease=LONG) as other:
        (tmp_path / "go").touch()
        until(lambda: JobRun.objects.filter(done_at__isnull=False).count() == 2 + 2 * DAYS, one, other)
        until(lambda: not JobRequest.objects.filter(done_at=None).exists(), one, other)
        time.sleep(0.3)  # for whatever might run twice
    written = diary(tmp_path)
    assert [(name, at) for name, at, _pid in written if name != "asked"] == moments()
    assert len([name for name, _at, _pid in written if name == "asked"]) == 20
    assert {pid for _name, _at, pid in written} == {one.pid, other.pid}
    assert set(JobRun.objects.exclude(attempts=0).values_list("attempts", "failures", "line")) == {
        (1, 0, "written down")
    }
    assert set(JobRequest.objects.values_list("attempts", "failures")) == {(1, 0)}


@pytest.mark.parametrize("kind", ["slot", "request"])
def test_a_run_is_its_workers_while_the_lease_lasts_and_then_taken_over(kind, practice_date, tmp_path):
    practice_date(AN_ORDINARY_TUESDAY)
    slot = AN_ORDINARY_TUESDAY.replace(hour=0, minute=10)
    JobRun.objects.create(job="late", slot=AN_ORDINARY_TUESDAY, done_at=AN_ORDINARY_TUESDAY)
    if kind == "slot":
        rows = JobRun.objects.filter(job="early")
    else:
        JobRun.objects.create(job="early", slot=AN_ORDINARY_TUESDAY, done_at=AN_ORDINARY_TUESDAY)
        ask(job="asked", subject="7", at=AN_ORDINARY_TUESDAY)
        rows = JobRequest.objects.filter(job="asked")
    with worker(tmp_path, "--hang") as victim, worker(tmp_path) as heir:
        heir.send_signal(signal.SIGSTOP)  # the victim comes first
        (tmp_path / "go").touch()
        until(lambda: diary(tmp_path), victim)
        held = rows.get()
        heir.send_signal(signal.SIGCONT)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        until(lambda: rows.filter(done_at__isnull=False).exists(), heir)
    taken = rows.get()
    assert (taken.attempts, taken.failures, taken.error, taken.line) == (2, 1, LOST, "written down")
    assert taken.started_at >= held.claimed_until == held.started_at + timedelta(seconds=LEASE)
    written = diary(tmp_path)
    assert [pid for _name, _at, pid in written] == [victim.pid, heir.pid]
    if kind == "slot":
        assert {at for _name, at, _pid in written} == {slot}
