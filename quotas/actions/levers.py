"""The size of a quota: raised or lowered, with a reason (R9). Every change is one ADJUSTED line of the ledger."""

from datetime import datetime

from django.db import transaction

from quotas import rules
from quotas.actions import places as locks
from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import LedgerEntry, Quota
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


class CannotAdjust(ValueError):
    """The places cannot be changed like this; the message says why."""


class LedgerMoved(ValueError):
    """A line was written since the person saw the sum: they are to look again before anything changes."""


@transaction.atomic
def adjust(*, quota: Quota, places: int, reason: str, by: User, at: datetime, seen: int | None = None) -> LedgerEntry:
    """Raise the quota by `places`, or lower it where that is below zero; below its use is allowed (R9).

    `seen` is the number of the last line that the person saw (None: not asked). If the next line is this very change
    of theirs, it was pressed twice, and that line is what it came to. Whoever waits gets what comes free.

    Raises `NotAllowed`, `LedgerMoved` and `CannotAdjust`, each before anything is written.
    """
    check(by, Permission.SET_UP_QUOTAS)
    locked = locks.locked(quota)
    if seen is not None and seen != (locked.last.seq if locked.last else 0):
        told = {"kind": EntryKind.ADJUSTED, "places": places, "reason": reason, "by": by}
        done = LedgerEntry.objects.filter(quota=quota, seq=seen + 1, **told).first()
        if done is None:
            raise LedgerMoved("A line has been written since.")
        return done
    wrong = rules.cannot_adjust(bought=locked.bought, places=places)
    if wrong:
        raise CannotAdjust(wrong)
    line = locks.append(locked, EntryKind.ADJUSTED, places, reason=reason, by=by, at=at)
    if places > 0:
        ask(job=FILL_PLACES, subject=str(quota.pk), at=at)
    return line
