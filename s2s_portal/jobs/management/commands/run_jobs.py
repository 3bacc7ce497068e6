"""The portal's background work in one process, for installations without Celery workers."""

import logging
import signal
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from s2s_portal.core import clock
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.tick import LONGEST_ROUND, Outcome, tick

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs until it is told to stop (SIGTERM or SIGINT), and then finishes what it has in hand."""

    help = "Do the background work (messages, free places, deadlines) and carry the practice date on, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="One round, then end; a failed job ends it with status 1."
        )
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="Pause between rounds.")

    def handle(self, *, once: bool, every: float, **options: object) -> None:
        stop = threading.Event()
        if once:
            failed = self._round(stop, seconds=None).failed
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}. Background jobs (/jobs/) has the reasons.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        while not stop.is_set():
            stop.wait(self._round_that_survives(stop, every))

    def _round(self, stop: threading.Event, *, seconds: float | None = LONGEST_ROUND) -> Outcome:
        clock.beat()
        outcome = tick(jobs(), stopping=stop.is_set, between_slots=True, seconds=seconds)
        for line in outcome.lines:
            self.stdout.write(line)
        self.stdout.flush()
        return outcome

    def _round_that_survives(self, stop: threading.Event, every: float) -> float:
        """One round, and the seconds to wait after it. An error is logged and the next round tries again."""
        close_old_connections()
        try:
            self._round(stop)
        except Exception:
            logger.exception("A round of background work failed; the next one tries again.")
            close_old_connections()
            return max(every, 1.0)
        return every
