"""The portal's background work in one process, for installations without Celery workers."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from s2s_portal.core import clock, sessions
from s2s_portal.notifications.delivery import Counts, deliver_waiting

logger = logging.getLogger(__name__)

PAUSE_WHEN_UNREACHABLE = 10.0
"""Seconds between tries while the mail server is out; well under `core.clock.LONGEST_GAP`, so practice time runs on."""


class Command(BaseCommand):
    """Runs until it is told to stop (SIGTERM or SIGINT), and then finishes the message in hand."""

    help = "Send waiting messages, carry the practice date on and clear ended sessions, until stopped."
    clear_at: datetime | None = None
    """When the next clearing of sessions is due, in real time; None: at once."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then end; an error ends it with status 1.")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="Pause between rounds.")

    def handle(self, *, once: bool, every: float, **options: object) -> None:
        stop = threading.Event()
        if once:
            self._round(stop)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        while not stop.is_set():
            stop.wait(self._round_that_survives(stop, every))

    def _round(self, stop: threading.Event) -> Counts:
        clock.beat()
        self._clear_sessions()
        counts = deliver_waiting(stopping=stop.is_set)
        if counts.sent or counts.put_off or counts.failed:
            self.stdout.write(str(counts))
            self.stdout.flush()
        return counts

    def _clear_sessions(self) -> None:
        """Clear ended sessions if an hour has passed since the last time."""
        now = clock.real_now()
        if self.clear_at is None or now >= self.clear_at:
            sessions.clear_expired()
            self.clear_at = now + timedelta(seconds=sessions.CLEARED_EVERY)

    def _round_that_survives(self, stop: threading.Event, every: float) -> float:
        """One round, and the seconds to wait after it. An error is logged and the next round tries again."""
        close_old_connections()
        try:
            counts = self._round(stop)
        except Exception:
            logger.exception("A round of background work failed; the next one tries again.")
            close_old_connections()
            return max(every, 1.0)
        return max(every, PAUSE_WHEN_UNREACHABLE) if counts.unreachable else every
