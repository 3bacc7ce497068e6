"""The Celery application. In the embedded default there is no broker and tasks run in the process that calls them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")

app = Celery("s2s_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Messages wait in the outbox; whoever finds them sends them. Every 15 seconds is "at once" to a person.
    "deliver-waiting-messages": {"task": "notifications.deliver_waiting", "schedule": 15.0},
}
