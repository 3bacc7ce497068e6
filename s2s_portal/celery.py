"""The Celery application. In the embedded default there is no broker, and `manage.py run_jobs` works instead."""

import os
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")

TICK_EVERY = 15.0
"""Seconds: "at once" to a person."""
DROPPED_AFTER = 60.0
"""Seconds that a tick may wait for a worker, long enough for two machines whose clocks differ."""


class Steady(PersistentScheduler):
    """A beat that a clock which goes back does not hold up: Celery's own waits until the old time has come again."""

    def tick(self, *arguments: Any, **more: Any) -> float:
        """One look at what is due; returns the seconds until the next."""
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at > now:
                entry.last_run_at = now
                self._heap = None  # it holds moments of that time, too; Celery makes it anew
        return super().tick(*arguments, **more)


app = Celery("s2s_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "s2s_portal.celery:Steady"
app.conf.beat_schedule = {
    # The one entry: what is due, and when, is in each app's `tasks` and in the database, which the practice date can
    # move. A tick that waited too long for a worker is dropped; the next one is there.
    "tick": {"task": "jobs.tick", "schedule": TICK_EVERY, "options": {"expires": DROPPED_AFTER}},
}
