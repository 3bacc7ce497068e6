"""The end of a contract, put to a second person, who types the contract's name; then it runs, a task a request."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import telling_rollover
from referrals.actions.rollover_deciding import locked, look
from referrals.choices import RUN_LINE, Fate, RolloverStage
from referrals.documents.rollover import RolloverFacts, rollover_facts
from referrals.models import Rollover
from referrals.queries import contract_ends
from referrals.rules import rollover as rules
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.actions import changes
from s2s_portal.organisations.choices import ChangeOutcome, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

PROPOSED_ANEW = "It was taken back and proposed anew since you opened the page: read it again."


@dataclass(frozen=True)
class Outcome:
    """The end of a contract as it is now, and why nothing was done ("" if nothing hindered it; ENGINEERING §2)."""

    rollover: Rollover
    refusal: str = ""


@transaction.atomic
def propose(*, rollover: Rollover, reason: str, by: User, at: datetime) -> Outcome:
    """Put what was decided to a second commissioner. Every open request is looked at once more first.

    Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    row = locked(rollover)
    if row.stage != RolloverStage.DECIDING:
        return Outcome(row, f"It is {row.get_stage_display().lower()}.")
    look(row, at)
    facts, refusal = _facts(row)
    if refusal:
        return Outcome(row, refusal)
    row.change, _ = changes.propose(
        key=uuid.uuid4(),
        kind=RolloverFacts.KIND,
        subject=f"contract {row.source_id}",
        version=RolloverFacts.VERSION,
        facts=facts.as_json(),
        reason=reason,
        by=by,
        at=at,
    )
    row.stage = RolloverStage.PROPOSED
    row.save(update_fields=["change", "stage"])
    telling_rollover.proposed(change=row.change, facts=facts, at=at)
    return Outcome(row)


def _facts(rollover: Rollover) -> tuple[RolloverFacts, str]:
    """What is to become of the requests, and why that cannot be proposed ("" if it can)."""
    counts = dict.fromkeys(Fate, 0)
    for group in contract_ends.groups_of(rollover):
        counts[group.fate] += group.count
    facts = RolloverFacts(
        key=str(rollover.key),
        source=rollover.source.name,
        target=rollover.target.name if rollover.target else "",
        finishing=counts[Fate.FINISH],
        moving=counts[Fate.MOVE],
        closing=counts[Fate.CLOSE],
    )
    wrong = rules.cannot_propose(unanswered=counts[Fate.ASK], lines=sum(counts.values()))
    return facts, wrong or ""


@transaction.atomic
def approve(*, rollover: Rollover, change: uuid.UUID | None, typed: str, by: User, at: datetime) -> Outcome:
    """Have it run: one task for each request. `typed` is the contract's name, as the second person typed it.

    `change` is the key of the proposal that they read: if it was taken back and made anew since, they read it again.
    Every open request is looked at once more; if one of them then needs a decision, or the sum is another one than was
    proposed, nothing runs and it goes back to be decided. Raises `NotAllowed` for whoever proposed it.
    """
    row = locked(rollover)
    if row.change is None or row.stage != RolloverStage.PROPOSED:
        return Outcome(row, f"It is {row.get_stage_display().lower()}.")
    changes.check_can_decide(by, row.change)
    if change != row.change.key:
        return Outcome(row, PROPOSED_ANEW)
    if " ".join(typed.split()).casefold() != row.source.name.casefold():
        return Outcome(row, f"Type the contract’s name as it is written: {row.source.name}.")
    proposed = changes.locked(row.change)
    look(row, at)
    facts, refusal = _facts(row)
    refusal = refusal or facts.differs_from(rollover_facts(proposed))
    if refusal:
        return _back_to_deciding(row, refusal, by, at)
    decided = changes.decide(change=proposed, outcome=ChangeOutcome.APPROVED, note="", by=by, at=at)
    row.stage, row.ran_at = RolloverStage.RUNNING, at
    row.open_before = row.lines.count()
    row.save(update_fields=["stage", "ran_at", "open_before"])
    pks = row.lines.order_by("pk").values_list("pk", flat=True)
    jobs.ask_all(job=RUN_LINE, subjects=[str(pk) for pk in pks], at=at)
    telling_rollover.decided(change=decided, facts=rollover_facts(decided), at=at)
    return Outcome(row)


def _back_to_deciding(row: Rollover, refusal: str, by: User, at: datetime) -> Outcome:
    change = changes.decide(change=row.change, outcome=ChangeOutcome.REFUSED, note=refusal, by=by, at=at)
    telling_rollover.decided(change=change, facts=rollover_facts(change), at=at)
    _reopen(row)
    return Outcome(row, f"Since it was proposed something has changed. {refusal}")


def _reopen(row: Rollover) -> None:
    row.stage, row.change = RolloverStage.DECIDING, None
    row.save(update_fields=["stage", "change"])


@transaction.atomic
def refuse(*, rollover: Rollover, note: str, by: User, at: datetime) -> Outcome:
    """Refuse it: it goes back to be decided. Whoever proposed it takes it back instead. Raises `NotAllowed`."""
    row = locked(rollover)
    if row.change is None or row.stage != RolloverStage.PROPOSED:
        return Outcome(row, f"It is {row.get_stage_display().lower()}.")
    outcome = ChangeOutcome.CANCELLED if row.change.proposed_by_id == by.pk else ChangeOutcome.REFUSED
    change = changes.decide(change=changes.locked(row.change), outcome=outcome, note=note, by=by, at=at)
    if outcome == ChangeOutcome.REFUSED:
        telling_rollover.decided(change=change, facts=rollover_facts(change), at=at)
    _reopen(row)
    return Outcome(row)
