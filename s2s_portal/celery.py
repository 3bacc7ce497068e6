"""The Celery application. In the embedded default there is no broker and tasks run in the process that calls them."""

import os

from celery import Celery

from s2s_portal.core.sessions import CLEARED_EVERY

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2s_portal.settings")

app = Celery("s2s_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Messages wait in the outbox; whoever finds them sends them. Every 15 seconds is "at once" to a person.
    "deliver-waiting-messages": {"task": "notifications.deliver_waiting", "schedule": 15.0},
    # A session can hold what somebody typed about a child: its row goes soon after it has ended.
    "clear-expired-sessions": {"task": "core.clear_expired_sessions", "schedule": float(CLEARED_EVERY)},
}
