"""Whether an ended request can come back, and what it would take (DESIGN §5)."""

from dataclasses import dataclass
from datetime import datetime

from quotas.choices import EntryKind
from quotas.models import LedgerEntry
from referrals.choices import EventKind
from referrals.models import Referral
from referrals.queries import waiting
from referrals.queries.waiting import Queue
from referrals.rules import closing, lifecycle
from s2s_portal.core import calendar


@dataclass(frozen=True)
class Prospects:
    """The places of the request's quota with who waits for them, and why it cannot be reinstated ("" if it can)."""

    queue: Queue
    why_not: str


def carried_line(referral: Referral) -> LedgerEntry | None:
    """The line by which the request was carried over from an earlier contract (R15); None if it was not."""
    return LedgerEntry.objects.filter(reference=referral.reference, kind=EntryKind.CARRIED).first()


def is_move_undone(referral: Referral) -> bool:
    """Whether the request was carried over and that was undone: support goes on as the earlier request, or as a later.

    The earlier one may have been moved again since, into a request of its own.
    """
    return referral.continues_id is not None and referral.events.filter(kind=EventKind.CARRY_UNDONE).exists()


def prospects_of(referral: Referral, at: datetime) -> Prospects:
    """How a request that was withdrawn or not taken on stands at `at` (aware), as its reinstatement will be judged."""
    quota = waiting.quota_of(referral)
    queue = waiting.queue_of(quota, at=at)
    carried = carried_line(referral) is not None
    why_not = closing.cannot_reinstate(
        had_place=carried or LedgerEntry.objects.filter(reference=referral.reference, places=1).exists(),
        deadline_passed=not calendar.is_by_end_of(quota.period.allocation_deadline_on, at),
        free=1 if carried else lifecycle.free_for_newcomers(left=queue.left, waiting=queue.waiting),
        move_undone=is_move_undone(referral),
    )
    return Prospects(queue, why_not or "")
