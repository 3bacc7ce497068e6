"""What may follow what, and what each step does to the place: DESIGN §5 as a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from quotas.choices import Intake, Referrers, Unit
from referrals.choices import Action, ClockStep, Doer, EndState, Giving, Place, RefusalRule, Status
from s2s_portal.organisations.choices import Stream

Rows = dict[tuple[Status | None, Action], "Transition"]


@dataclass(frozen=True)
class Transition:
    """Where an action leads, who may take it, and what it does to the place and to R10's clocks (None: nothing).

    `to` is None where a request goes back to where it was when it was returned.
    """

    to: Status | None
    by: frozenset[Doer]
    place: Place | None = None
    clock: ClockStep | None = None


def _by(*doers: Doer) -> frozenset[Doer]:
    return frozenset(doers)


_ADVISER, _COORDINATOR, _TEACHER = _by(Doer.ADVISER), _by(Doer.COORDINATOR), _by(Doer.TEACHER)
_S2S = _COORDINATOR | _TEACHER
_COMMISSIONER, _PORTAL = _by(Doer.COMMISSIONER), _by(Doer.PORTAL)

_S = Status
BEFORE_A_VISIT = (_S.SUBMITTED, _S.RETURNED, _S.ASSIGNED, _S.IN_CONTACT, _S.BOOKED)
"""Where a request stands that was sent and has had no visit."""
WITH_A_TEACHER = (_S.ASSIGNED, _S.IN_CONTACT, _S.BOOKED, _S.SUPPORTING)
"""Where a request stands that a teacher has."""
OPEN_WITH_S2S = (*BEFORE_A_VISIT, _S.SUPPORTING)
"""Where a request stands on which S2S has something to do, or waits for an answer."""


def _same(statuses: Iterable[Status], action: Action, by: frozenset[Doer]) -> Rows:
    """Rows of an action that leaves a request where it is."""
    return {(status, action): Transition(status, by) for status in statuses}


def _ends(statuses: Iterable[Status], action: Action, to: Status, by: frozenset[Doer]) -> Rows:
    """Rows of an action that ends a request before a visit was held: its place is given back (R8)."""
    ending = Transition(to, by, Place.RELEASED, ClockStep.STOPPED)
    return {(status, action): ending for status in statuses}


_BACK: Rows = {
    (_S.RETURNED, Action.SEND_BACK): Transition(None, _ADVISER, clock=ClockStep.RESUMED),
    (_S.RETURNED, Action.TAKE_BACK): Transition(None, _S2S, clock=ClockStep.RESUMED),
}
_ASKING: Rows = {
    (status, Action.ASK): Transition(_S.RETURNED, _S2S, clock=ClockStep.PAUSED)
    for status in (_S.SUBMITTED, _S.ASSIGNED, _S.IN_CONTACT, _S.BOOKED)
}
_VISITING: Rows = {
    (_S.IN_CONTACT, Action.BOOK): Transition(_S.BOOKED, _TEACHER),
    (_S.BOOKED, Action.BOOK): Transition(_S.BOOKED, _TEACHER),
    (_S.SUPPORTING, Action.BOOK): Transition(_S.SUPPORTING, _TEACHER),
    # With another visit still planned it stays as it is: `after_a_visit_fell_through`.
    (_S.BOOKED, Action.CANCEL_BOOKING): Transition(_S.IN_CONTACT, _S2S),
    (_S.BOOKED, Action.HOLD): Transition(_S.SUPPORTING, _TEACHER, Place.SPENT, ClockStep.VISITED),
    (_S.SUPPORTING, Action.HOLD): Transition(_S.SUPPORTING, _TEACHER, clock=ClockStep.RECORD_STARTS),
    (_S.BOOKED, Action.NOT_HELD): Transition(_S.IN_CONTACT, _TEACHER),
    (_S.SUPPORTING, Action.NOT_HELD): Transition(_S.SUPPORTING, _TEACHER),
    **_same((_S.BOOKED, _S.SUPPORTING, _S.RETURNED), Action.MOVE_BOOKING, _S2S),
    **_same((_S.SUPPORTING, _S.RETURNED), Action.CANCEL_BOOKING, _S2S),
    # A record that was retracted after the request had closed is written anew without opening the request again.
    (_S.CLOSED, Action.RECORD): Transition(_S.CLOSED, _TEACHER),
    (_S.SUPPORTING, Action.RECORD): Transition(_S.SUPPORTING, _TEACHER, clock=ClockStep.RECORDED),
    **_same((_S.SUPPORTING, _S.CLOSED), Action.ADD_TO_RECORD, _S2S),
    (_S.SUPPORTING, Action.RETRACT): Transition(_S.SUPPORTING, _S2S, clock=ClockStep.RECORD_STARTS),
    (_S.CLOSED, Action.RETRACT): Transition(_S.CLOSED, _S2S),
}

_CONTRACT_ENDS: Rows = {
    (None, Action.CARRY_OVER): Transition(None, _PORTAL),
    (_S.TRANSFERRED, Action.MOVE_BACK): Transition(None, _PORTAL, clock=ClockStep.RESTARTED),
    (_S.LAPSED, Action.BRING_BACK): Transition(_S.WAITING, _PORTAL),
    **{
        (status, action): Transition(to, _PORTAL, clock=ClockStep.STOPPED)
        for status in OPEN_WITH_S2S
        for action, to in ((Action.TRANSFER, _S.TRANSFERRED), (Action.UNDO_CARRY, _S.WITHDRAWN))
    },
    **_ends(BEFORE_A_VISIT, Action.END_WITH_CONTRACT, _S.CLOSED, _PORTAL),
    (_S.SUPPORTING, Action.END_WITH_CONTRACT): Transition(_S.CLOSED, _PORTAL, clock=ClockStep.STOPPED),
}
"""A request that is moved goes on in a request of its own, which stands where it stood and draws nothing (R15)."""

TRANSITIONS: Rows = {
    (None, Action.SUBMIT): Transition(_S.SUBMITTED, _ADVISER, Place.DRAWN, ClockStep.CONTACT_STARTS),
    (None, Action.JOIN): Transition(_S.WAITING, _ADVISER),
    (_S.WAITING, Action.GIVE_PLACE): Transition(
        _S.SUBMITTED, _PORTAL | _COMMISSIONER, Place.DRAWN, ClockStep.CONTACT_STARTS
    ),
    (_S.WAITING, Action.LAPSE): Transition(_S.LAPSED, _PORTAL),
    (_S.WAITING, Action.WITHDRAW): Transition(_S.WITHDRAWN, _ADVISER),
    # R8: a request that ends before a visit was held gives its place back; after one it can only be closed or moved.
    **_ends(BEFORE_A_VISIT, Action.WITHDRAW, _S.WITHDRAWN, _ADVISER),
    **_ends(BEFORE_A_VISIT, Action.DECLINE, _S.DECLINED, _COORDINATOR),
    **_ends(BEFORE_A_VISIT, Action.CLOSE_NOT_STARTED, _S.CLOSED, _S2S),
    (_S.SUBMITTED, Action.ASSIGN): Transition(_S.ASSIGNED, _COORDINATOR),
    **_same(WITH_A_TEACHER, Action.REASSIGN, _COORDINATOR),
    **_same(WITH_A_TEACHER, Action.COVER, _COORDINATOR),
    **_ASKING,
    **_BACK,
    **_same((_S.RETURNED, *WITH_A_TEACHER), Action.LOG_CONTACT, _TEACHER),
    (_S.ASSIGNED, Action.REACH): Transition(_S.IN_CONTACT, _TEACHER, clock=ClockStep.REACHED),
    **_VISITING,
    (_S.SUPPORTING, Action.CLOSE): Transition(_S.CLOSED, _TEACHER, clock=ClockStep.STOPPED),
    (_S.CLOSED, Action.REOPEN): Transition(_S.SUPPORTING, _COORDINATOR, clock=ClockStep.RESTARTED),
    (_S.WITHDRAWN, Action.REINSTATE): Transition(_S.SUBMITTED, _COMMISSIONER, Place.DRAWN, ClockStep.CONTACT_STARTS),
    (_S.DECLINED, Action.REINSTATE): Transition(_S.SUBMITTED, _COMMISSIONER, Place.DRAWN, ClockStep.CONTACT_STARTS),
    **_CONTRACT_ENDS,
    **_same(BEFORE_A_VISIT, Action.CORRECT, _ADVISER | _COORDINATOR),
    **_same(OPEN_WITH_S2S, Action.RECORD_AGREEMENT, _ADVISER | _S2S),
    **_same(OPEN_WITH_S2S, Action.WITHDRAW_AGREEMENT, _ADVISER | _S2S),
}
"""The only place that knows what may follow what (DESIGN §5). `None` is a draft."""


def after(status: Status | None, action: Action) -> Transition | None:
    """What `action` does to a request in `status` (None: a draft); None if it may not happen then."""
    return TRANSITIONS.get((status, action))


def leads_to(step: Transition, *, returned_from: Status | None) -> Status:
    """The status after `step`; `returned_from` is where a request was when it was returned."""
    to = step.to or returned_from
    if to is None:
        raise ValueError("A request that was never returned cannot go back to where it was.")
    return to


def after_a_visit_fell_through(status: Status, *, others_planned: bool) -> Status:
    """Where a request stands once a planned visit was cancelled or not held: in touch, if no other is planned."""
    return Status.IN_CONTACT if status == Status.BOOKED and not others_planned else status


CAME_TO_NOTHING = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.LAPSED})
"""Requests that an establishment might as well not have had."""


def came_to_nothing(status: str, end_state: str) -> bool:
    """Whether a request ended without support: also one that closed before a visit."""
    return status in CAME_TO_NOTHING or end_state == EndState.NOT_STARTED


NOT_TAKEN_ON = CAME_TO_NOTHING | {Status.WAITING}
"""Requests that brought no support, or none yet. Every other one was taken on: it counts as support."""


def refusal(*, intake: Intake | None, left: int, waiting: int) -> RefusalRule | None:
    """Which rule refuses one newcomer now, judged under the quota's lock; None if it may be sent.

    `intake` is None where no places have been bought; `left` counts places, `waiting` those on the waiting list. The
    dates come first (R3), then the places (R4): after the cut-off it no longer matters how many are left. A newcomer
    never overtakes (R7): places that those who wait will get are not free.
    """
    if intake is None:
        return RefusalRule.NO_QUOTA
    if intake == Intake.NOT_YET:
        return RefusalRule.NOT_YET_OPEN
    if intake == Intake.CLOSED:
        return RefusalRule.CUT_OFF
    if left < 1:
        return RefusalRule.FULL
    return None if free_for_newcomers(left=left, waiting=waiting) else RefusalRule.OTHERS_WAITING


def not_taken(*, unit: Unit, referrers: Referrers, stream: Stream, in_cohort: bool) -> RefusalRule | None:
    """Why a contract never takes such a request, whatever its dates and places; None if it does (DESIGN §8).

    Only SEND Advisers file cohorts: a contract that takes cohorts only takes nothing from Early Years Advisers.
    """
    if stream == Stream.EARLY_YEARS and (referrers == Referrers.SEND_ADVISERS or unit == Unit.COHORTS):
        return RefusalRule.OTHER_REFERRERS
    return RefusalRule.COHORTS_ONLY if unit == Unit.COHORTS and not in_cohort else None


def free_for_newcomers(*, left: int, waiting: int) -> int:
    """How many places somebody who comes now can have: those left beyond one for each who waits (R7)."""
    return max(0, left - waiting)


def giving(*, intake: Intake, deadline_passed: bool) -> Giving:
    """How a place that comes free is given (R7).

    By itself until the cut-off; by the commissioner until the end of the allocation deadline's day; then not at all.
    """
    if intake == Intake.NOT_YET:
        return Giving.NOT_YET
    if intake == Intake.OPEN:
        return Giving.AUTOMATIC
    return Giving.OVER if deadline_passed else Giving.BY_HAND


MAY_JOIN = frozenset({RefusalRule.FULL, RefusalRule.OTHERS_WAITING})
"""The refusals after which the waiting list is open: joining closes with the cut-off (R3, R7)."""


def cannot_give(*, giving: Giving, status: Status, ahead: int, left: int) -> str | None:
    """Why a request on the waiting list does not get a place by hand now, in a sentence; None if it does (R7).

    `ahead` counts those who wait before it, `left` the places.
    """
    if giving == Giving.OVER:
        return "The last day on which places are given has passed: nobody gets a place any more."
    if giving != Giving.BY_HAND:
        return "Until the cut-off the portal gives places by itself, in order."
    if status != Status.WAITING:
        return f"It no longer waits. Its status is: {status.label}."
    if ahead:
        return "It is not the first that waits, and places are given in order."
    return None if left > 0 else "No place is free any more."
