"""Ended requests that come back: a commissioner reinstates one, with a place drawn again (DESIGN §5)."""

from datetime import datetime

from django.db import transaction

from quotas.actions import places
from quotas.models import LedgerEntry
from referrals.actions import history, telling_support
from referrals.actions.ending import lock_quota_of
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action
from referrals.documents import ReinstatedFacts
from referrals.models import Referral
from referrals.queries import waiting
from referrals.queries.reinstating import carried_line, is_move_undone
from referrals.rules import closing as rules
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.models import User

REASON = "Request reinstated"


@transaction.atomic
def reinstate(*, referral: Referral, reason: str, by: User, at: datetime) -> Step:
    """Send a withdrawn or declined request to S2S again with a place of its own, until the allocation deadline.

    Without a free place, or while others wait for it (R7), nothing is done and the refusal says so. Raises `NotAllowed`
    unless `by` is a commissioner.
    """
    locked = lock_quota_of(referral)
    now = opened(referral=referral, action=Action.REINSTATE, by=by, at=at)
    row = now.referral
    if now.step is None:
        return now.refused(Action.REINSTATE)
    released = _last_release(row)
    free = lifecycle.free_for_newcomers(left=locked.left, waiting=waiting.how_many_wait(locked.quota))
    passed = not calendar.is_by_end_of(locked.quota.period.allocation_deadline_on, at)
    carried = carried_line(row)
    refusal = rules.cannot_reinstate(
        had_place=released is not None or carried is not None,
        deadline_passed=passed,
        free=1 if carried else free,
        move_undone=is_move_undone(row),
    )
    if refusal:
        return Step(row, refusal)
    line = carried or places.draw(locked=locked, reference=row.reference, reason=REASON, after=released, by=by, at=at)
    row.status, row.place = lifecycle.leads_to(now.step, returned_from=None), line
    row.ended_at, row.ended_by, row.teacher, row.provider_school = None, None, None, None
    row.contact_paused_days, row.observation_paused_days, row.first_contact_at = 0, 0, None
    if carried:  # its line is that of the move: R10's clocks begin anew all the same, as with a place drawn again
        row.clocks_from = at
    row.save(update_fields=CHANGED)
    row.covers.filter(ends_on__gte=calendar.london_date(at)).delete()  # nobody has it: nobody covers it for them
    facts = ReinstatedFacts(note=reason, places_left=line.left_after, places_bought=locked.bought, ledger_seq=line.seq)
    event = history.append(referral=row, facts=facts, by=by, at=at)
    sentence = "This request was reinstated and is with S2S again."
    telling_support.status(referral=row, sentence=sentence, seq=event.seq, at=at)
    wrote("reinstated a request", row, by)
    return Step(row)


CHANGED = [
    *("status", "place", "ended_at", "ended_by", "teacher", "provider_school"),
    *("contact_paused_days", "observation_paused_days", "first_contact_at", "clocks_from"),
]


def _last_release(referral: Referral) -> LedgerEntry | None:
    """The line that gave the request's place back; None if it never had one."""
    lines = LedgerEntry.objects.filter(reference=referral.reference, places=1)
    return lines.order_by("-seq").first()
