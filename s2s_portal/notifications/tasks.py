"""Background work of the outbox."""

from datetime import timedelta

from celery import shared_task

from s2s_portal.core import clock
from s2s_portal.jobs.registry import Run, job
from s2s_portal.notifications.delivery import deliver_waiting


@shared_task(name="notifications.deliver_waiting")
def deliver_waiting_messages() -> str:
    """Carry the practice date on, if there is one, and send what waits; returns the counts as a line."""
    clock.beat()
    return str(deliver_waiting())


@job("deliver", every=timedelta(seconds=15), every_round=True, label="Send the messages that wait")
def deliver(run: Run) -> str:
    """Send what waits in the outbox; says the counts, unless there was nothing to send."""
    counts = deliver_waiting(stopping=run.stopping)
    return str(counts) if counts.sent or counts.put_off or counts.failed else ""
