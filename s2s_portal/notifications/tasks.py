"""Background work of the outbox, for installations with Celery workers; elsewhere `manage.py run_jobs` does it."""

from celery import shared_task

from s2s_portal.core import clock
from s2s_portal.notifications.delivery import deliver_waiting


@shared_task(name="notifications.deliver_waiting")
def deliver_waiting_messages() -> str:
    """Carry the practice date on, if there is one, and send what waits; returns the counts as a line."""
    clock.beat()
    return str(deliver_waiting())
