"""Sending what is due, once a working day, and having everything looked at again."""

from collections.abc import Callable
from datetime import datetime

from referrals.models import Referral
from referrals.models.referrals import NOT_ENDED
from referrals.reminders import rounds, scanning
from referrals.rules import reminders


def send(*, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Queue every reminder that is due at `at` and was not sent; how many went. None in quiet hours: they wait.

    Safe to repeat, to break off at any moment and to run in several processes at once. Call it outside a transaction.
    """
    now = scanning.morning(at)
    if reminders.is_quiet(at, now.days):
        return 0
    told = 0
    try:
        told = scanning.remind_requests(now, stopping=stopping)
    finally:  # a request that cannot be reckoned keeps nobody else's reminders from them, and is reported after these
        told += rounds.remind_all(now, stopping=stopping)
    return told


def look_again(*, at: datetime) -> int:
    """Have every open request looked at again from `at` on, in one UPDATE: days or standards have changed. How many."""
    return Referral.objects.filter(status__in=NOT_ENDED).exclude(remind_at__lte=at).update(remind_at=at)
