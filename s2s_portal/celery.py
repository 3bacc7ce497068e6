"""The Celery application. In the embedded default there is no broker, and `manage.py run_jobs` works instead."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")

TICK_EVERY = 15.0
"""Seconds: "at once" to a person."""
DROPPED_AFTER = 60.0
"""Seconds that a tick may wait for a worker, long enough for two machines whose clocks differ."""

app = Celery("s2s_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # The one entry: what is due, and when, is in each app's `tasks` and in the database, which the practice date can
    # move. A tick that waited too long for a worker is dropped; the next one is there.
    "tick": {"task": "jobs.tick", "schedule": TICK_EVERY, "options": {"expires": DROPPED_AFTER}},
}
