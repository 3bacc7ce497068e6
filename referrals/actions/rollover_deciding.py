"""The end of a contract, before anything moves: every open request is looked at, and the exceptions are decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from quotas.models import Contract
from referrals.actions import telling_rollover
from referrals.choices import RUN_LINE, Fate, FateReason, LineState, RolloverStage, Status
from referrals.models import Referral, Rollover, RolloverLine
from referrals.permissions import check_may_answer
from referrals.queries import contract_ends
from referrals.queries.advisers import advisers
from referrals.queries.contract_ends import Judging
from referrals.rules import rollover as rules
from referrals.rules.rollover import Open, Proposal
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.people import is_system


@dataclass(frozen=True)
class Decided:
    """The line as it is now, and why nothing was done ("" if nothing hindered it; ENGINEERING §2)."""

    line: RolloverLine
    refusal: str = ""


@transaction.atomic
def begin(*, source: Contract, target: Contract | None, by: User, at: datetime) -> Rollover:
    """Begin the end of `source`: a line for each open request, with what is proposed. The second press gives the first.

    `target` is the contract that follows (None: none does). Nothing happens to a request yet. The portal begins by
    itself in good time. Raises `NotAllowed`.
    """
    _check(by)
    Contract.objects.select_for_update(no_key=True).get(pk=source.pk)
    known = contract_ends.rollovers().filter(source=source).exclude(stage=RolloverStage.UNDONE).first()
    if known is not None:
        return known
    rollover = Rollover.objects.create(source=source, target=target, started_by=by, started_at=at, checked_at=at)
    look(rollover, at)
    if is_system(by):
        telling_rollover.ended(rollover=rollover, what="needs you", at=at)
    return rollover


@transaction.atomic
def look_again(*, rollover: Rollover, by: User, at: datetime) -> Rollover:
    """Look at every open request once more, while nothing has moved: what was decided by hand stays decided.

    The portal does so each night. Raises `NotAllowed`.
    """
    _check(by)
    row = locked(rollover)
    if row.stage == RolloverStage.DECIDING:
        look(row, at)
    return row


def _check(by: User) -> None:
    if not is_system(by):
        check(by, Permission.END_CONTRACTS)


@transaction.atomic
def set_target(*, rollover: Rollover, target: Contract | None, by: User, at: datetime) -> Rollover:
    """Say which contract follows, or that none does, while nothing has moved; every request is looked at again.

    Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    row = locked(rollover)
    if row.stage == RolloverStage.DECIDING and target != row.source:
        row.target = target
        row.save(update_fields=["target"])
        look(row, at)
    return row


def locked(rollover: Rollover) -> Rollover:
    """The row as it is now, locked until the transaction ends, with its contracts. Must run inside a transaction."""
    list(Rollover.objects.select_for_update(no_key=True).filter(pk=rollover.pk).only("pk"))
    return contract_ends.rollovers().get(pk=rollover.pk)


def look(rollover: Rollover, at: datetime) -> None:
    """Bring the lines of a `locked` rollover that has not run up to date: some hundred requests at a time."""
    _forget_what_ended(rollover)
    judging = contract_ends.judging(rollover, at)
    for some in contract_ends.batches(contract_ends.open_under(rollover.source)):
        known = {line.referral_id: line for line in rollover.lines.filter(referral__in=some)}
        seen = judging.open_of(some)
        changed = [line for pk, line in known.items() if _takes(line, seen[pk], judging)]
        RolloverLine.objects.bulk_update(changed, LOOKED_AT)
        RolloverLine.objects.bulk_create(
            line_for(rollover, one, seen[one.pk], judging) for one in some if one.pk not in known
        )
    rollover.checked_at = at
    rollover.save(update_fields=["checked_at"])


def _forget_what_ended(rollover: Rollover) -> None:
    still = contract_ends.open_under(rollover.source).filter(pk=OuterRef("referral"))
    rollover.lines.filter(~Exists(still)).delete()


def _proposal(one: Open, judging: Judging) -> Proposal:
    return rules.proposal(one, judging.successor, run_off_ends_on=judging.run_off_ends_on, today=judging.today)


def line_for(
    rollover: Rollover, referral: Referral, one: Open, judging: Judging, *, late: bool = False
) -> RolloverLine:
    """A line, not yet written, of an open request, with what is proposed for it."""
    proposal = _proposal(one, judging)
    return RolloverLine(
        rollover=rollover,
        referral=referral,
        proposed=proposal.fate,
        reason=proposal.reason,
        fate=proposal.fate,
        late=late,
    )


LOOKED_AT = ("proposed", "reason", "fate", "decided_by", "decided_at", "problem")
"""What may change in a line when its request is looked at again."""


def _takes(line: RolloverLine, one: Open, judging: Judging) -> bool:
    """Whether the line changes with what is seen now; a decision by hand or by the adviser's answer stays.

    Unless it has become impossible: then what is proposed now stands, and the line says what was decided before.
    """
    before = line.proposed, line.reason, line.fate, line.problem
    proposal, wrong = _proposal(one, judging), ""
    line.proposed, line.reason = proposal.fate, proposal.reason
    if line.decided_at is not None or line.wish_at is not None:
        wrong = _impossible(Fate(line.fate), one, judging)
    if wrong:
        line.problem = f"It was decided before: {line.get_fate_display().lower()}. {wrong}"
        line.decided_by, line.decided_at = None, None
    if wrong or (line.decided_at is None and line.wish_at is None):
        line.fate = proposal.fate
    return before != (line.proposed, line.reason, line.fate, line.problem)


@transaction.atomic
def decide(*, line: RolloverLine, fate: Fate, note: str, by: User, at: datetime) -> Decided:
    """Decide what becomes of one request. Before the run nothing happens yet; after it, it is done within seconds.

    After the run that is possible for what came late, and for what is open under the old contract; but what two people
    approved to go on, one does not close before the last day of visits has passed. Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    rollover = locked(line.rollover)
    row = contract_ends.line_with(line.pk, lock=True)  # a task may be doing what was decided before
    if row is None:
        return Decided(line, GONE)
    judging = contract_ends.judging(rollover, at)
    refusal = _too_late(rollover, row) or _alone(rollover, row, fate, judging) or _cannot(row, fate, judging)
    if refusal:
        return Decided(row, refusal)
    row.fate, row.note, row.decided_by, row.decided_at, row.problem = fate, note, by, at, ""
    if rollover.stage == RolloverStage.DONE:
        to_be_done_again(row)
        jobs.ask(job=RUN_LINE, subject=str(row.pk), at=at)
    row.save(update_fields=["fate", "note", "decided_by", "decided_at", *DONE_AGAIN])
    return Decided(row)


NOBODY = "Nobody who uses the portal files for its zone any more, so nobody can be asked: decide it yourself."
GONE = "It has ended in the meantime, so nothing is to be decided about it."
DONE_AGAIN = ("state", "outcome", "problem", "done_at", "successor", "last_seq", "successor_seq")
"""What changes in a line that is to be done again."""


def to_be_done_again(line: RolloverLine) -> None:
    """Have a line done again, which is not saved: its request finishes under the old contract, or was moved back."""
    line.state, line.outcome, line.problem, line.done_at = LineState.PENDING, "", "", None
    line.successor, line.last_seq, line.successor_seq = None, None, None


def _too_late(rollover: Rollover, line: RolloverLine) -> str:
    stands = {"state": LineState(line.state), "status": Status(line.referral.status)}
    return rules.cannot_change(stage=RolloverStage(rollover.stage), **stands) or ""


def _alone(rollover: Rollover, line: RolloverLine, fate: Fate, judging: Judging) -> str:
    if fate != Fate.CLOSE:
        return ""
    ends = {"run_off_ends_on": judging.run_off_ends_on, "today": judging.today}
    seen = {"late": line.late, "was_closed": line.outcome == Fate.CLOSE}
    return rules.cannot_close_alone(stage=RolloverStage(rollover.stage), **seen, **ends) or ""


def _cannot(line: RolloverLine, fate: Fate, judging: Judging) -> str:
    if fate == Fate.ASK:
        return "Say what is to become of it, or ask its adviser."
    return _impossible(fate, judging.open_of([line.referral])[line.referral_id], judging)


def _impossible(fate: Fate, one: Open, judging: Judging) -> str:
    """Why this cannot be done to a request as it is seen ("" if it can)."""
    known = {"run_off_ends_on": judging.run_off_ends_on, "today": judging.today}
    return rules.cannot_choose(fate, one, judging.successor, **known) or ""


@transaction.atomic
def decide_group(
    *, rollover: Rollover, reason: FateReason, fate: Fate, note: str, by: User, at: datetime
) -> Mapping[str, int]:
    """Decide the same for every undecided line with this reason: how many were "decided", and how many could not be.

    Whose adviser "answered" otherwise is left out: what somebody who knows the case said is overridden one by one.
    Only while nothing has moved. Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    row = locked(rollover)
    if row.stage != RolloverStage.DECIDING or fate == Fate.ASK:
        return {"decided": 0, "left": 0, "answered": 0}
    judging = contract_ends.judging(row, at)
    decided = left = 0
    lines = row.lines.filter(reason=reason, decided_at=None)
    otherwise = lines.filter(wish_at__isnull=False).exclude(wish=fate)
    answered = otherwise.count()
    undecided = Referral.objects.filter(rollover_lines__in=lines.exclude(pk__in=otherwise))
    for some in contract_ends.batches(undecided.order_by("pk")):
        able = [pk for pk, one in judging.open_of(some).items() if not _impossible(fate, one, judging)]
        decided += row.lines.filter(referral__in=able).update(
            fate=fate, note=note, decided_by=by, decided_at=at, problem=""
        )
        left += len(some) - len(able)
    return {"decided": decided, "left": left, "answered": answered}


@transaction.atomic
def ask(*, line: RolloverLine, by: User, at: datetime) -> Decided:
    """Ask the request's adviser, or those of its zone since they left; asking again on another day tells them again.

    The second press of a day tells nobody. Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    rollover = locked(line.rollover)
    lines = rollover.lines.select_related("referral__establishment", "referral__submitted_by")
    row = lines.filter(pk=line.pk).first()
    if row is None:
        return Decided(line, GONE)
    if row.fate != Fate.ASK or row.state != LineState.PENDING:
        return Decided(row, f"It is decided: {row.get_fate_display().lower()}.")
    if row.asked_at is not None and london_date(row.asked_at) == london_date(at):
        return Decided(row)
    if not telling_rollover.asked(line=row, rollover=rollover, advisers=advisers(), at=at):
        return Decided(row, NOBODY)
    row.asked_at = at
    row.save(update_fields=["asked_at"])
    return Decided(row)


@transaction.atomic
def answer(*, line: RolloverLine, wish: Fate, note: str, by: User, at: datetime) -> Decided:
    """The adviser says what is still wanted. If it can be done it is what will be; else the commissioner decides.

    After the run it is done within seconds; only to close a request then is the commissioner's, as no second person
    approves it any more. What a commissioner decided by hand stays. Raises `NotAllowed` unless `by` is an adviser of
    its stream and zone.
    """
    rollover = locked(line.rollover)
    row = contract_ends.line_with(line.pk, lock=True)  # a task may be doing what was decided before
    check_may_answer(by, (row or line).referral, today=london_date(at))
    if row is None:
        return Decided(line, GONE)
    if row.state != LineState.PENDING or rollover.stage not in (RolloverStage.DECIDING, RolloverStage.DONE):
        return Decided(row, "It is too late to answer: what becomes of the request has been decided.")
    row.wish, row.wish_note, row.wish_by, row.wish_at = wish, note, by, at
    if row.decided_at is None:
        _follow(row, rollover, at)
    row.save(update_fields=["wish", "wish_note", "wish_by", "wish_at", "fate", "problem"])
    return Decided(row)


def _follow(row: RolloverLine, rollover: Rollover, at: datetime) -> None:
    """Take the adviser's answer as what will be, or leave it to the commissioners, who are told once it has run."""
    wish, ran = Fate(row.wish), rollover.stage == RolloverStage.DONE
    alone = rules.is_done_by_answer(wish, ran=ran) and not _cannot(row, wish, contract_ends.judging(rollover, at))
    row.fate, row.problem = (wish if alone else Fate.ASK), ""
    if ran and alone:
        jobs.ask(job=RUN_LINE, subject=str(row.pk), at=at)
    elif ran:
        telling_rollover.ended(rollover=rollover, what="needs you", at=at)
