"""Moves taken back: all of them while nothing has happened to a moved request, single ones after that (DESIGN §8)."""

from datetime import datetime

from django.db import transaction

from referrals.actions import rollover_moving
from referrals.actions.rollover_approving import Outcome
from referrals.actions.rollover_deciding import Decided
from referrals.actions.rollover_deciding import locked as locked_rollover
from referrals.actions.rollover_running import check_is_portal
from referrals.actions.steps import locked as locked_request
from referrals.choices import UNDO_LINE, Fate, LineState, RolloverStage
from referrals.models import Rollover, RolloverLine
from referrals.queries import contract_ends
from referrals.queries.contract_end_lines import has_stirred, stirred
from referrals.rules import rollover as rules
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

STIRRED = "Something has happened to it since it was moved, so the move stays."


@transaction.atomic
def undo(*, rollover: Rollover, by: User, at: datetime) -> Outcome:
    """Move every moved request back, a task for each. What was closed stays closed, what was to finish goes on.

    Refused once something has happened to one of them. Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    row = locked_rollover(rollover)
    if row.stage != RolloverStage.DONE:
        return Outcome(row, f"Only what is done can be undone: it is {row.get_stage_display().lower()}.")
    moved = row.lines.filter(state=LineState.DONE, outcome=Fate.MOVE)
    pks = list(moved.order_by("pk").values_list("pk", flat=True))
    refusal = rules.cannot_undo(moved=len(pks), stirred=stirred(row))
    if refusal:
        return Outcome(row, refusal)
    moved.update(state=LineState.UNDOING)
    row.stage = RolloverStage.UNDOING
    row.save(update_fields=["stage"])
    jobs.ask_all(job=UNDO_LINE, subjects=[str(pk) for pk in pks], at=at)
    return Outcome(row)


@transaction.atomic
def undo_one(*, line: RolloverLine, by: User, at: datetime) -> Decided:
    """Move one request back, unless something has happened to it since. Raises `NotAllowed`."""
    check(by, Permission.END_CONTRACTS)
    rollover = locked_rollover(line.rollover)
    row = contract_ends.line_with(line.pk, lock=True)
    if row is None or rollover.stage != RolloverStage.DONE or (row.state, row.outcome) != (LineState.DONE, Fate.MOVE):
        return Decided(line, "Only a request that was moved can be moved back.")
    if has_stirred(row):
        return Decided(row, STIRRED)
    row.state = LineState.UNDOING
    row.save(update_fields=["state"])
    jobs.ask(job=UNDO_LINE, subject=str(row.pk), at=at)
    return Decided(row)


@transaction.atomic
def undo_line(*, pk: int, by: User, at: datetime) -> RolloverLine | None:
    """Move the request of this line back, once, under both requests' locks; None if there is no such line.

    If something has happened to it in the meantime the move stays and the line says so. Raises `NotAllowed` unless
    `by` is the portal.
    """
    check_is_portal(by)
    line = contract_ends.line_with(pk)
    if line is None or line.successor is None:
        return line
    old, new = (locked_request(one) for one in sorted((line.referral, line.successor), key=lambda one: one.pk))
    row = contract_ends.line_with(pk, lock=True)
    if row is None or row.state != LineState.UNDOING:
        return row
    if has_stirred(row):
        row.state, row.problem = LineState.DONE, STIRRED
    else:
        rollover_moving.move_back(line=row, old=old, new=new, by=by, at=at)
        row.state, row.done_at = LineState.UNDONE, at
    row.save(update_fields=["state", "problem", "done_at"])
    return row
