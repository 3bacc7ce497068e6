"""R15: what becomes of an open request when its contract ends, and the sum that must come out right (DESIGN §8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from quotas.choices import Referrers, Unit
from referrals.choices import Fate, FateReason, LineState, RolloverStage, Status
from referrals.rules.lifecycle import OPEN_WITH_S2S, not_taken
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Stream

BEGINS_WORKING_DAYS_BEFORE = 40
"""So long before a contract's end the portal begins it by itself: with the first reminder of it (DESIGN §7)."""


@dataclass(frozen=True)
class Open:
    """An open request as it is judged: dates are London days.

    `untold`: a visit has begun or was held, and has no outcome or no finalised record. `last_visit_on` is the day of
    its last planned visit, `review_due_on` that by which it is to be reviewed (None: not visited, or not known).
    """

    status: Status
    stream: Stream
    in_cohort: bool = False
    untold: bool = False
    last_visit_on: date | None = None
    review_due_on: date | None = None
    reviewed: bool = False


@dataclass(frozen=True)
class Successor:
    """What the contract that follows takes: its streams are those it has places for."""

    unit: Unit
    referrers: Referrers
    streams: frozenset[Stream]


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one request, and why."""

    fate: Fate
    reason: FateReason


def hindrance(one: Open, successor: Successor | None) -> FateReason | None:
    """Why the successor cannot take the request; None if it can (R15).

    What a contract never takes is one rule, for what is moved and what is sent (`lifecycle.not_taken`).
    """
    if successor is None:
        return FateReason.NO_SUCCESSOR
    if one.stream not in successor.streams:
        return FateReason.STREAM_NOT_TAKEN
    unit, referrers = successor.unit, successor.referrers
    if not_taken(unit=unit, referrers=referrers, stream=one.stream, in_cohort=one.in_cohort) is None:
        return None
    return FateReason.OTHER_UNIT if unit == Unit.COHORTS else FateReason.OTHER_REFERRERS


def proposal(one: Open, successor: Successor | None, *, run_off_ends_on: date, today: date) -> Proposal:
    """What becomes of an open request, as far as the portal can tell (R15).

    What can be finished by the last day of visits is; what cannot is moved; what the successor does not take is asked
    about, never dropped. A visit without a record stays where it was held.
    """
    leaving = why_not_finished(one, run_off_ends_on=run_off_ends_on, today=today)
    if leaving is None:
        return Proposal(Fate.FINISH, _why_finished(one))
    if leaving == FateReason.INFORMATION_AWAITED:
        return Proposal(Fate.ASK, leaving)
    hindered = hindrance(one, successor)
    return Proposal(Fate.ASK, hindered) if hindered else Proposal(Fate.MOVE, leaving)


def why_not_finished(one: Open, *, run_off_ends_on: date, today: date) -> FateReason | None:
    """What keeps a request from being finished by the last day of visits, as it stands on `today`; None: nothing does.

    What is not told yet is told under the contract it was held under, whenever that is (R15).
    """
    if one.untold:
        return None
    if one.status == Status.RETURNED:
        return FateReason.INFORMATION_AWAITED
    if today > run_off_ends_on:
        return FateReason.RUN_OFF_OVER
    if one.last_visit_on is not None:
        return FateReason.VISIT_TOO_LATE if one.last_visit_on > run_off_ends_on else None
    if one.status != Status.SUPPORTING:
        return FateReason.NO_VISIT_YET
    if one.reviewed:
        return None
    late = one.review_due_on is None or one.review_due_on > run_off_ends_on
    return FateReason.REVIEW_TOO_LATE if late else None


def _why_finished(one: Open) -> FateReason:
    if one.untold:
        return FateReason.RECORD_MISSING
    if one.last_visit_on is not None:
        return FateReason.VISIT_IN_TIME
    return FateReason.ONLY_CLOSING_LEFT if one.reviewed else FateReason.REVIEW_IN_TIME


NEVER_TAKEN = (FateReason.NO_SUCCESSOR, FateReason.STREAM_NOT_TAKEN, FateReason.OTHER_UNIT)
"""What no decision can change. Who files can be: an adviser of the stream and zone takes a request over."""


def cannot_choose(
    fate: Fate, one: Open, successor: Successor | None, *, run_off_ends_on: date, today: date
) -> str | None:
    """Why `fate` cannot be done to the request on the London day `today`, in a sentence; None if it can (R15)."""
    if fate == Fate.FINISH and today > run_off_ends_on:
        return f"The last day of visits was {spoken.day(run_off_ends_on)}: it can no longer finish."
    if fate in (Fate.MOVE, Fate.CLOSE) and one.untold:
        return "A visit has no outcome or no finalised record yet: that is told under the contract it was held under."
    hindered = hindrance(one, successor)
    if fate == Fate.MOVE and hindered in NEVER_TAKEN:
        return FateReason(hindered).label
    return None


def cannot_change(*, stage: RolloverStage, state: LineState, status: Status) -> str | None:
    """Why what becomes of a request can no longer be decided, in a sentence; None if it can (R15).

    After the run it can be for what came late, and for whatever is open under the old contract, still or again: it was
    to finish there, was moved back alone, or was closed and reopened. `state` is its line's, `status` its own.
    """
    is_open = state in (LineState.DONE, LineState.UNDONE) and status in OPEN_WITH_S2S
    if stage == RolloverStage.DECIDING or (stage == RolloverStage.DONE and (state == LineState.PENDING or is_open)):
        return None
    if stage == RolloverStage.DONE:
        return f"This can no longer be changed: the request is no longer open under the old contract ({status.label})."
    return f"This can no longer be changed: the end of the contract is {stage.label.lower()}."


def cannot_close_alone(
    *, stage: RolloverStage, late: bool, was_closed: bool, run_off_ends_on: date, today: date
) -> str | None:
    """Why one person alone cannot close a request that two decided about, in a sentence; None if they can (R15).

    Two approved that its support goes on. It can still be moved, or finish: support goes on and it can be undone. What
    came `late`, what is left over after the last day of visits, and what two closed (`was_closed`) is one's to close.
    """
    if stage != RolloverStage.DONE or late or was_closed or today > run_off_ends_on:
        return None
    until = spoken.day(run_off_ends_on)
    return f"Two people approved that support goes on, so one alone cannot close it before {until} has passed."


WISHES = (Fate.MOVE, Fate.FINISH, Fate.CLOSE)
"""What an adviser can answer when asked."""


def is_done_by_answer(wish: Fate, *, ran: bool) -> bool:
    """Whether an adviser's answer is what becomes of the request, if it is possible (R15).

    Before the run a second person still approves it. Once it `ran` nobody does: then going on or finishing is done,
    and support ends only by a commissioner's decision.
    """
    return not (ran and wish == Fate.CLOSE)


@dataclass(frozen=True)
class Account:
    """R15's sum, in requests: open before = finishing + moved + closed. `undecided` and `to_do` are not done yet.

    `late` are those found after the moving had begun: they are accounted for beside the sum. `undone` were moved back.
    """

    open_before: int
    finishing: int = 0
    moved: int = 0
    closed: int = 0
    to_do: int = 0
    undone: int = 0
    late: int = 0

    @property
    def done(self) -> int:
        """How many have their outcome."""
        return self.finishing + self.moved + self.closed + self.undone

    @property
    def difference(self) -> int:
        """Requests that are nowhere; 0 once everything is done (R15)."""
        return self.open_before - self.done - self.to_do

    @property
    def in_words(self) -> str:
        """The sum as a commissioner reads it: "12 open before = 5 finishing + 6 moved + 1 closed. Difference 0."."""
        terms = [f"{self.finishing} finishing", f"{self.moved} moved", f"{self.closed} closed"]
        terms += [f"{count} {what}" for count, what in ((self.undone, "moved back"), (self.to_do, "to do")) if count]
        return f"{self.open_before} open before = {' + '.join(terms)}. Difference {self.difference}."


def cannot_propose(*, unanswered: int, lines: int) -> str | None:
    """Why the end of a contract cannot be put to the second person yet, in a sentence; None if it can."""
    if not lines:
        return "No request is open: nothing is to be moved."
    if unanswered:
        which = "1 request is" if unanswered == 1 else f"{unanswered} requests are"
        return f"{which} still to be asked about or decided."
    return None


def cannot_undo(*, moved: int, stirred: Collection[str]) -> str | None:
    """Why the moving cannot be undone as a whole, in a sentence; None if it can (DESIGN §8).

    `moved` counts the requests that are moved; `stirred` are references of those to which something has happened since.
    """
    if not moved:
        return "No request was moved, so there is nothing to move back."
    if not stirred:
        return None
    if len(stirred) == 1:
        return f"Something has happened to {next(iter(stirred))} since it was moved. Move requests back one by one."
    return f"Something has happened to {len(stirred)} requests since they were moved. Move requests back one by one."
