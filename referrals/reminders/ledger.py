"""Writing down what became of a reminder, with its messages, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from referrals.choices import ReminderState
from referrals.models import Reminder
from referrals.rules.reminders import Due

NOBODY = "there is nobody to tell"


def line(due: Due, *, subject: str, told: str, notes: Sequence[str] = (), at: datetime) -> Reminder:
    """A line of the ledger: sent to `told`, or not sent because of `due.why`, or because there is nobody to tell."""
    goes = bool(told) and not due.why
    why = due.why or "; ".join(notes) or ("" if told else NOBODY)
    return Reminder(
        key=due.key,
        kind=due.series.kind,
        step=due.step.number,
        subject=subject,
        due_at=due.step.due_at,
        at=at,
        state=ReminderState.SENT if goes else ReminderState.NOT_SENT,
        told=told[:1000] if goes else "",
        why=why[:500],
    )
