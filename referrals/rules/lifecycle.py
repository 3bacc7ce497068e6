"""What may follow what, and what each step does to the place: DESIGN §5 as a table."""

from dataclasses import dataclass

from quotas.choices import Intake
from referrals.choices import Action, Giving, Place, RefusalRule, Status


@dataclass(frozen=True)
class Transition:
    """Where an action leads, and what it does to the place (None: nothing)."""

    to: Status
    place: Place | None = None


_WITHDRAWN = Transition(Status.WITHDRAWN, Place.RELEASED)

TRANSITIONS: dict[tuple[Status | None, Action], Transition] = {
    (None, Action.SUBMIT): Transition(Status.SUBMITTED, Place.DRAWN),
    (None, Action.JOIN): Transition(Status.WAITING),
    (Status.WAITING, Action.GIVE_PLACE): Transition(Status.SUBMITTED, Place.DRAWN),
    (Status.WAITING, Action.LAPSE): Transition(Status.LAPSED),
    (Status.WAITING, Action.WITHDRAW): Transition(Status.WITHDRAWN),
    # R8: a request that ends before a visit was held gives its place back; after one it can only be closed or moved.
    (Status.SUBMITTED, Action.WITHDRAW): _WITHDRAWN,
    (Status.RETURNED, Action.WITHDRAW): _WITHDRAWN,
    (Status.ASSIGNED, Action.WITHDRAW): _WITHDRAWN,
    (Status.IN_CONTACT, Action.WITHDRAW): _WITHDRAWN,
    (Status.BOOKED, Action.WITHDRAW): _WITHDRAWN,
}
"""The only place that knows what may follow what. `None` is a draft. Later steps of DESIGN §5 add their rows here."""


CAME_TO_NOTHING = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.LAPSED})
"""Requests that an establishment might as well not have had."""
NOT_TAKEN_ON = CAME_TO_NOTHING | {Status.WAITING}
"""Requests that brought no support, or none yet. Every other one was taken on: it counts as support."""


def after(status: Status | None, action: Action) -> Transition | None:
    """What `action` does to a request in `status` (None: a draft); None if it may not happen then."""
    return TRANSITIONS.get((status, action))


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
        return "The allocation deadline has passed: nobody gets a place any more."
    if giving != Giving.BY_HAND:
        return "Until the cut-off the portal gives places by itself, in order."
    if status != Status.WAITING:
        return f"It no longer waits. Its status is: {status.label}."
    if ahead:
        return "It is not the first that waits, and places are given in order."
    return None if left > 0 else "No place is free any more."
