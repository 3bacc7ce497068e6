"""Whether an ended request can come back, and what it would take (DESIGN §5)."""

from dataclasses import dataclass
from datetime import datetime

from quotas.models import LedgerEntry
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


def prospects_of(referral: Referral, at: datetime) -> Prospects:
    """How a request that was withdrawn or not taken on stands at `at` (aware), as its reinstatement will be judged."""
    quota = waiting.quota_of(referral)
    queue = waiting.queue_of(quota, at=at)
    why_not = closing.cannot_reinstate(
        had_place=LedgerEntry.objects.filter(reference=referral.reference, places=1).exists(),
        deadline_passed=not calendar.is_by_end_of(quota.period.allocation_deadline_on, at),
        free=lifecycle.free_for_newcomers(left=queue.left, waiting=queue.waiting),
    )
    return Prospects(queue, why_not or "")
