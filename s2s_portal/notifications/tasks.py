"""Background work of the outbox."""

from datetime import timedelta

from s2s_portal.jobs.registry import Run, job
from s2s_portal.notifications.delivery import deliver_waiting


class MailServerUnreachable(OSError):
    """Messages wait because the mail server is out; the message counts what was sent before."""


@job("deliver", every=timedelta(seconds=15), every_round=True, label="Send the messages that wait")
def deliver(run: Run) -> str:
    """Send what waits in the outbox; says the counts, unless there was nothing to send.

    Raises `MailServerUnreachable`, so that the next try waits for its slot and the page says why.
    """
    counts = deliver_waiting(stopping=run.stopping)
    if counts.unreachable:
        raise MailServerUnreachable(str(counts))
    return str(counts) if counts.sent or counts.put_off or counts.failed else ""
