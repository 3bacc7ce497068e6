"""Starts one of the portal's programs as its command line does, with a clock or a patience that a test sets:

    python -m tests.survival.launch run_jobs --every 0.1
    python -m tests.survival.launch --clock FILE celery -A tests.survival.celery_application beat
    python -m tests.survival.launch --patience 1 run_jobs

With `--clock` every clock this process reads is so many seconds away from the real one as FILE says (-3600: an hour
behind), from the first line of the program on and within a moment of each change of FILE; in its children too. Only
clocks that never jump (`time.monotonic`) are left alone, as they are when a machine's clock is set.
`--patience` is how many seconds the mail server may take to answer.
"""

import os
import sys
import threading
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from time import sleep, time

import time_machine

LOOKED_AT_EVERY = 0.02  # seconds


def follow(file: Path) -> None:
    """Set the clocks of this process and its children by `file`, now and for as long as they run."""
    clocks = time_machine.travel(time() + seconds_in(file), tick=True).start()
    real_now = time_machine.escape_hatch.time.time

    def watch() -> None:
        followed = seconds_in(file)
        while True:
            sleep(LOOKED_AT_EVERY)
            wanted = seconds_in(file)
            if wanted != followed:
                clocks.move_to(real_now() + wanted, tick=True)
                followed = wanted

    def watch_beside() -> None:
        threading.Thread(target=watch, daemon=True).start()

    os.register_at_fork(after_in_child=watch_beside)
    watch_beside()


def seconds_in(file: Path) -> float:
    """How far from the real time, in seconds; 0 until somebody has written it."""
    written = file.read_text() if file.exists() else ""
    return float(written or 0)


def main() -> None:
    """Do what the module says."""
    parser = ArgumentParser()
    parser.add_argument("--clock", type=Path)
    parser.add_argument("--patience", type=int)
    parser.add_argument("program")
    given, arguments = parser.parse_known_args()
    if given.clock:
        follow(given.clock)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")
    import django
    from django.conf import settings
    from django.core.management import execute_from_command_line

    django.setup()
    import_module("tests.survival.jobs")

    if given.patience:
        settings.EMAIL_TIMEOUT = given.patience
    if given.program == "celery":
        from celery.__main__ import main as celery

        sys.argv = ["celery", *arguments]
        celery()
    else:
        execute_from_command_line(["manage.py", given.program, *arguments])


if __name__ == "__main__":
    main()
