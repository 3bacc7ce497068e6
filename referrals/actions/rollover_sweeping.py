"""Requests that turned up after a contract's end was run, or did not finish in time: swept up, never dropped (R15)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import telling_rollover
from referrals.actions.rollover_deciding import DONE_AGAIN, line_for, locked, to_be_done_again
from referrals.actions.rollover_running import check_is_portal
from referrals.choices import RUN_LINE, Fate, LineState, RolloverStage
from referrals.models import Referral, Rollover, RolloverLine
from referrals.queries import contract_ends
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Swept:
    """How many requests were found late, and how many of them, or of those left over, a person has to decide."""

    found: int = 0
    to_decide: int = 0


@transaction.atomic
def sweep(*, rollover: Rollover, by: User, at: datetime) -> Swept:
    """Give each open request without a line one, and after the last day of visits a new proposal to each left over.

    Not while the contract itself runs: what is sent then is supported under it, whenever its end was run.
    What can be done by itself is done by the same tasks, also what was decided and no task did; for the rest
    commissioners are told. Twice changes nothing.
    Raises `NotAllowed` unless `by` is the portal.
    """
    check_is_portal(by)
    row = locked(rollover)
    if row.stage != RolloverStage.DONE:
        return Swept()
    judging = contract_ends.judging(row, at)
    new: list[RolloverLine] = []
    came_late = contract_ends.without_a_line(row) if judging.today > row.source.ends_on else Referral.objects.none()
    for some in contract_ends.batches(came_late):
        seen = judging.open_of(some)
        new += RolloverLine.objects.bulk_create(line_for(row, one, seen[one.pk], judging, late=True) for one in some)
    again = _left_over(row, judging) if judging.today > judging.run_off_ends_on else []
    lines = [*new, *again]
    jobs.ask_all(job=RUN_LINE, subjects=contract_ends.to_be_asked_for(row), at=at)
    to_decide = sum(one.fate == Fate.ASK for one in lines)
    if to_decide:
        telling_rollover.ended(rollover=row, what="needs you", at=at)
    return Swept(found=len(new), to_decide=to_decide)


def _left_over(rollover: Rollover, judging: contract_ends.Judging) -> list[RolloverLine]:
    """Lines of requests that are still open, or again, with a new proposal and to be done again.

    What somebody moved back is not moved again by itself: a person decides.
    """
    changed: list[RolloverLine] = []
    for some in contract_ends.batches(contract_ends.left_over(rollover)):
        seen = judging.open_of([line.referral for line in some])
        # A visit that is not told yet stays where it was held until it is.
        told = [line for line in some if not seen[line.referral_id].untold]
        for line in told:
            fresh = line_for(rollover, line.referral, seen[line.referral_id], judging)
            line.proposed, line.reason = fresh.proposed, fresh.reason
            line.fate = Fate.ASK if line.state == LineState.UNDONE else fresh.fate
            line.decided_by, line.decided_at = None, None
            to_be_done_again(line)
        RolloverLine.objects.bulk_update(told, ["proposed", "reason", "fate", "decided_by", "decided_at", *DONE_AGAIN])
        changed += told
    return changed
