"""What was decided about open requests is done, each in a transaction of its own; killed half-way it goes on (R15)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Subquery

from quotas.actions import places
from quotas.actions.places import LockedQuota
from quotas.models import Contract, Period, Quota
from referrals.actions import history, planned_visits, rollover_moving, telling_rollover, telling_support
from referrals.actions.ending import give_back
from referrals.actions.rollover_deciding import locked as locked_rollover
from referrals.actions.steps import judged, wrote
from referrals.actions.steps import locked as locked_request
from referrals.choices import Action, EndState, Fate, LineState, NotStartedReason, RolloverStage, Status
from referrals.documents import ClosedFacts
from referrals.models import Closing, Referral, Rollover, RolloverLine
from referrals.queries import contract_ends
from referrals.rules import lifecycle
from referrals.rules import rollover as rules
from referrals.rules.lifecycle import BEFORE_A_VISIT, OPEN_WITH_S2S
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.people import is_system

RUNS = (RolloverStage.RUNNING, RolloverStage.DONE)
"""Stages in which lines are done: after the moving those that came late."""
CLOSED_WITH_IT = "The contract ended, and this request was closed with it."
LINE = (
    *(field.name for field in RolloverLine._meta.concrete_fields),
    *(f"rollover__{field.name}" for field in Rollover._meta.concrete_fields),
    *(f"rollover__{end}__{field.name}" for end in ("source", "target") for field in Contract._meta.concrete_fields),
    *(f"referral__{name}" for name in ("period_id", "stream")),
)
"""What is read of a line: with its end of a contract, and of its request only what says which quotas to lock."""


def check_is_portal(by: User) -> None:
    """Raise `NotAllowed` unless the portal itself does it: people decide, and the portal carries out."""
    if not is_system(by):
        raise NotAllowed("Only the portal itself moves requests at a contract’s end.")


@transaction.atomic
def run_line(*, pk: int, by: User, at: datetime) -> RolloverLine | None:
    """Do what was decided about the request of the line with this primary key, once; None if there is no such line.

    A second run changes nothing. What cannot be done any more is left to finish under the old contract, and the line
    says why: nothing is dropped. Raises `NotAllowed` unless `by` is the portal.
    """
    check_is_portal(by)
    line = _line(pk)
    if line is None:
        return None
    quotas = _locked_quotas(line)
    request = locked_request(line.referral)
    row = _line(pk, lock=True)
    if row is None or row.state != LineState.PENDING or row.fate == Fate.ASK or row.rollover.stage not in RUNS:
        return row
    row.referral = request
    row.outcome, row.problem = _possible(row, request, at)
    if row.outcome == Fate.MOVE:
        _move(row, request, quotas, by, at)
    elif row.outcome == Fate.CLOSE and request.status in OPEN_WITH_S2S:
        _close(row, request, quotas, by, at)
    row.state, row.done_at = LineState.DONE, at
    row.save()
    return row


def _line(pk: int, *, lock: bool = False) -> RolloverLine | None:
    """The line as `LINE` says; its request is read by itself, under its own lock. With `lock` its own row is locked."""
    if lock:
        list(RolloverLine.objects.select_for_update(no_key=True).filter(pk=pk).only("pk"))
    lines = RolloverLine.objects.select_related("rollover__source", "rollover__target", "referral")
    return next(iter(lines.only(*LINE).filter(pk=pk)), None)


def _locked_quotas(line: RolloverLine) -> dict[int, LockedQuota]:
    """The quotas of the request's stream under both contracts, locked in the order of their ids, by their period."""
    first_of_target = Period.objects.filter(contract=line.rollover.target_id).order_by("opens_on").values("pk")[:1]
    either = Q(period=line.referral.period_id) | Q(period=Subquery(first_of_target))
    quotas = Quota.objects.filter(either, stream=line.referral.stream).select_related("period__contract")
    return {quota.period_id: places.locked(quota) for quota in quotas.order_by("pk")}


def _possible(line: RolloverLine, request: Referral, at: datetime) -> tuple[Fate, str]:
    """What is done with the request as it is now, and why not what was decided ("" if it is)."""
    if request.status not in OPEN_WITH_S2S:
        return Fate.CLOSE, f"It had ended before: {request.get_status_display()}."
    judging = contract_ends.judging(line.rollover, at)
    wrong = rules.cannot_choose(
        Fate(line.fate),
        judging.open_of([request])[request.pk],
        judging.successor,
        run_off_ends_on=judging.run_off_ends_on,
        today=judging.today,
    )
    return (Fate.FINISH, wrong) if wrong else (Fate(line.fate), "")


def _move(line: RolloverLine, request: Referral, quotas: dict[int, LockedQuota], by: User, at: datetime) -> None:
    now = judged(request, action=Action.TRANSFER, by=by, at=at)
    line.was_status, line.was_returned_from = now.referral.status, now.referral.returned_from
    rollover = line.rollover
    new = rollover_moving.carry_over(
        old=now.referral,
        line=line,
        locked=next(locked for period, locked in quotas.items() if period != request.period_id),
        same_provider=rollover.target.provider == rollover.source.provider,
        by=by,
        at=at,
    )
    line.successor = new
    seqs = contract_ends.last_seqs([request.pk, new.pk])
    line.last_seq, line.successor_seq = seqs[request.pk], seqs[new.pk]


def _close(line: RolloverLine, request: Referral, quotas: dict[int, LockedQuota], by: User, at: datetime) -> None:
    now = judged(request, action=Action.END_WITH_CONTRACT, by=by, at=at)
    row = now.referral
    if row.status in BEFORE_A_VISIT:
        row.end_state = EndState.NOT_STARTED
        given_back = give_back(now, quotas[row.period_id], reason="Contract ended", by=by, at=at)
        numbers = {"reason": NotStartedReason.CONTRACT_ENDED, **given_back.numbers}
    else:
        _close_visited(line, row, by, at)
        numbers = {}
    facts = ClosedFacts(end_state=row.end_state, visits_held=row.visits_held, note=line.note, **numbers)
    event = history.append(referral=row, facts=facts, by=by, at=at)
    telling_support.status(referral=row, sentence=CLOSED_WITH_IT, seq=event.seq, at=at)
    telling_support.to_teacher(referral=row, sentence=CLOSED_WITH_IT, seq=event.seq, by=by, at=at)
    wrote("closed a request with its contract", row, by)


def _close_visited(line: RolloverLine, row: Referral, by: User, at: datetime) -> None:
    planned_visits.cancel_all(referral=row, by=by, at=at)
    row.status = lifecycle.TRANSITIONS[Status(row.status), Action.END_WITH_CONTRACT].to
    row.end_state = EndState.ENDED_EARLY
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["status", "end_state", "ended_at", "ended_by"])
    Closing.objects.create(
        key=uuid.uuid4(),  # reopened it may close with its contract again
        referral=row,
        end_state=row.end_state,
        summary=CLOSED_WITH_IT,
        by=by,
        at=at,
    )


@transaction.atomic
def finish(*, rollover: Rollover, by: User, at: datetime) -> Rollover:
    """Write down that every request is done, or moved back, and tell of it; nothing while one is not.

    Raises `NotAllowed` unless `by` is the portal.
    """
    check_is_portal(by)
    row = locked_rollover(rollover)
    if row.stage == RolloverStage.RUNNING and not row.lines.filter(state=LineState.PENDING, late=False).exists():
        row.stage, what = RolloverStage.DONE, "is done"
    elif row.stage == RolloverStage.UNDOING and not row.lines.filter(state=LineState.UNDOING).exists():
        moved = row.lines.filter(state=LineState.DONE, outcome=Fate.MOVE).exists()
        row.stage, what = (RolloverStage.DONE, "is done") if moved else (RolloverStage.UNDONE, "was undone")
    else:
        return row
    row.ended_at = at
    row.save(update_fields=["stage", "ended_at"])
    telling_rollover.ended(rollover=row, what=what, at=at)
    return row
