"""The processes a council runs, on the test's database: background workers, Celery's workers and beats.

    with Company(tmp_path, EMAIL_URL=server.url) as company:
        company.embedded()                                  # manage.py run_jobs
        worker, beat = company.worker(), company.beat()     # needs REDIS_URL
        company.kill(worker)                                # SIGKILL, it and its children
        company.until(lambda: not waiting())                # a state, never a time

Whoever is killed is gone; whoever ends by itself fails the test, with all that the processes wrote. Leases last two
seconds.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from s2s_portal.core import clock
from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.models import JobRequest
from tests.server import ROOT, database_url

APPLICATION = "tests.survival.celery_application"
LEASE = 2
NOTE = "note"
"""The job that writes down what it was asked for (tests/survival/jobs.py)."""
SECONDS = 120
"""Nothing takes so long, however busy the machine."""


class Company:
    """Processes that run until the block ends. `directory` gets their logs; `environment` is added to the test's."""

    def __init__(self, directory: Path, **environment: str) -> None:
        directory.mkdir(exist_ok=True)
        self.directory = directory
        self.notes = directory / "notes"
        self.environment = {
            "DATABASE_URL": database_url(),
            "JOB_LEASE_SECONDS": str(LEASE),
            "MAIL_LEASE_SECONDS": str(LEASE),
            "LOG_LEVEL": "WARNING",
            "NOTES": str(self.notes),
            **environment,
        }
        self.running: dict[subprocess.Popen, Path] = {}
        self.logs: list[Path] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        for process in list(self.running):
            self.kill(process)

    def start(self, *command: object) -> subprocess.Popen:
        """Start `tests.survival.launch` with this command, as the head of a group of its own."""
        log = self.directory / f"process-{len(self.logs)}.log"
        self.logs.append(log)
        with log.open("w") as file:
            file.write(f"{' '.join(map(str, command))}\n")
            file.flush()
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.survival.launch", *map(str, command)],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.running[process] = log
        return process

    def embedded(self, *launched: object) -> subprocess.Popen:
        """The background process of an installation without Celery; `launched` are options of the launcher."""
        return self.start(*launched, "run_jobs", "--every", "0.1")

    def worker(self, *launched: object) -> subprocess.Popen:
        """A Celery worker with two processes of its own that do the work."""
        name = f"worker{len(self.logs)}@here"
        options = ("--concurrency=2", f"--hostname={name}", "--without-mingle", "--without-gossip")
        return self.start(*launched, "celery", "-A", APPLICATION, "worker", "--loglevel=WARNING", *options)

    def beat(self, *launched: object) -> subprocess.Popen:
        """A Celery beat with a schedule file of its own."""
        schedule = self.directory / f"schedule-{len(self.logs)}"
        options = ("--schedule", schedule, "--pidfile=", "--loglevel=WARNING")
        return self.start(*launched, "celery", "-A", APPLICATION, "beat", *options)

    def kill(self, process: subprocess.Popen) -> None:
        """End a process and its children where they stand."""
        self.running.pop(process, None)
        with suppress(ProcessLookupError):  # it has ended before
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def talking_from(self, port: int) -> subprocess.Popen:
        """Which of the processes, or of their children, has a TCP connection from this local port of 127.0.0.1."""
        connections = Path("/proc/net/tcp").read_text().splitlines()
        inodes = {
            f"socket:[{inode}]"
            for _, local, _, _, _, _, _, _, _, inode, *_ in map(str.split, connections)
            if local == f"0100007F:{port:04X}"
        }
        for pid in (int(one.name) for one in Path("/proc").glob("[0-9]*")):
            if inodes & _files_of(pid):
                return next(process for process in self.running if process.pid == os.getpgid(pid))
        raise AssertionError(f"Nobody has a connection from port {port}.")

    def until(self, true: Callable[[], object], seconds: float = SECONDS) -> None:
        """Wait until `true()` holds; fails after `seconds`, or when a process has ended that nobody killed.

        A database that is away is waited for too.
        """
        deadline = time.monotonic() + seconds
        while not self.holds(true):
            ended = [one for one in list(self.running) if one.poll() is not None and one in self.running]
            # (One that is being killed is not among the running any more.)
            assert not ended, f"A process ended with {ended[0].returncode}.\n{self.said()}"
            assert time.monotonic() < deadline, f"waited {seconds} seconds in vain\n{self.said()}"
            time.sleep(0.05)

    def holds(self, true: Callable[[], object]) -> bool:
        """Whether `true()` holds now, as whoever connects to the database now sees it."""
        try:
            return bool(true())
        except DatabaseError:
            return False
        finally:
            connection.close()

    def said(self) -> str:
        """The last lines that each process wrote."""
        return "\n".join(f"--- {log.name}: {log.read_text()[-3000:]}" for log in self.logs)

    def ask(self, *subjects: str) -> None:
        """Ask the job `note` for these."""
        for subject in subjects:
            ask(job=NOTE, subject=subject, at=clock.real_now())

    def noted(self) -> list[str]:
        """The subjects that the job `note` wrote down, in order."""
        lines = self.notes.read_text().splitlines() if self.notes.exists() else []
        return [line.rpartition(" ")[0] for line in lines]


def asked_for() -> bool:
    """Whether anything that was asked for has not been done."""
    return JobRequest.objects.filter(done_at=None).exists()


def _files_of(pid: int) -> set[str]:
    """What the files are that a process has open."""
    found = set()
    with suppress(OSError):  # ended meanwhile, or closed
        for file in Path(f"/proc/{pid}/fd").iterdir():
            found.add(os.readlink(file))
    return found
