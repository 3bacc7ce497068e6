"""Ticks in a process of its own until it is killed: `worker.py DIRECTORY [--hang]`.

It makes a file named by its process id in DIRECTORY, waits for the file `go` there, and then ticks. Its jobs write a
line each to the file `diary`: the job, its moment in ISO and the process id. With `--hang` no job ever ends.
"""

import os
import sys
import time as clock
from datetime import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first

from s2s_portal.jobs.registry import Job, Run  # noqa: E402 - Django must be set up first
from s2s_portal.jobs.rules import Daily  # noqa: E402
from s2s_portal.jobs.tick import tick  # noqa: E402

TIMETABLES = {"early": Daily(time(0, 10)), "late": Daily(time(23, 0)), "asked": None}


def made(name: str, directory: Path, *, hangs: bool) -> Job:
    """A job that writes itself down and takes a moment."""

    def work(run: Run) -> str:
        with (directory / "diary").open("a") as diary:
            diary.write(f"{name} {run.at.isoformat()} {os.getpid()}\n")
        clock.sleep(600 if hangs else 0.01)
        return "written down"

    timetable = TIMETABLES[name]
    return Job(name=name, label=name, timetable=timetable, on_request=timetable is None, every_round=False, work=work)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    jobs = [made(name, place, hangs="--hang" in sys.argv) for name in TIMETABLES]
    connection.ensure_connection()  # ready is who can begin at once
    (place / str(os.getpid())).touch()
    while not (place / "go").exists():
        clock.sleep(0.005)
    while True:
        tick(jobs)
        clock.sleep(0.002)
