"""Background work of the outbox."""

from datetime import time, timedelta

from s2s_portal.jobs.registry import Run, job
from s2s_portal.notifications.actions import digests
from s2s_portal.notifications.delivery import deliver_waiting, hear_of_sent, mend_clock


class MailServerUnreachable(OSError):
    """Messages wait because none is taken; the text says why, and counts what was sent before."""


@job("deliver", every=timedelta(seconds=15), every_round=True, label="Send the messages that wait")
def deliver(run: Run) -> str:
    """Send what waits in the outbox; says the counts, unless there was nothing to send.

    Raises `MailServerUnreachable`, so that the next try waits for its slot and the page says why.
    """
    mend_clock()
    counts = deliver_waiting(stopping=run.stopping)
    if counts.closed:
        raise MailServerUnreachable(str(counts))
    return str(counts) if counts.sent or counts.put_off or counts.failed else ""


@job("hear_of_sent", every=timedelta(minutes=5), label="Ask GOV.UK Notify what became of messages")
def hear(run: Run) -> str:
    """Write down which messages arrived; those that did not are sent again or given up."""
    heard = hear_of_sent(stopping=run.stopping)
    return str(heard) if heard.delivered or heard.failed or heard.put_off else ""


@job("daily_messages", daily=time(7, 30), newest_only=True, label="Write the daily e-mails of messages")
def sum_up_messages(run: Run) -> str:
    """Write one e-mail to each person who asked for one a day and has messages. Says how many."""
    written = digests.sum_up(at=run.at, stopping=run.stopping)
    return f"{written} written" if written else ""
