"""R14: what a request needs before it closes, and the end state that follows from what happened."""

from collections.abc import Sequence
from datetime import date

from referrals.choices import EndState, GoalResult
from s2s_portal.core import spoken


def cannot_close(*, planned: int, untold: Sequence[date], unrecorded: Sequence[date]) -> str | None:
    """Why a request that was visited cannot close yet, in a sentence; None if it can.

    `planned` counts visits still to come, `untold` are days of visits whose outcome nobody has told, `unrecorded` those
    of held visits without a finalised record.
    """
    if untold:
        return f"Tell first what became of the visit on {spoken.day(min(untold))}."
    if unrecorded:
        return f"Finalise the record of the visit on {spoken.day(min(unrecorded))} first."
    if planned:
        which = "A visit is" if planned == 1 else f"{planned} visits are"
        return f"{which} still planned. Hold or cancel {'it' if planned == 1 else 'them'} first."
    return None


def cannot_end_unvisited(untold: Sequence[date]) -> str | None:
    """Why a request cannot end as one without a visit (R8), in a sentence; None if it can.

    `untold` are days of visits that have begun and whose outcome nobody has told: one that was held spends the place.
    """
    if not untold:
        return None
    return f"A visit began on {spoken.day(min(untold))}. Its teacher tells first what became of it."


def end_state(*, visits_held: int, results: Sequence[GoalResult]) -> EndState:
    """What became of a request (R14): not started without a held visit; early while a goal was not worked on."""
    if not visits_held:
        return EndState.NOT_STARTED
    return EndState.ENDED_EARLY if GoalResult.NOT_WORKED_ON in results else EndState.COMPLETED


def cannot_reopen(*, visits_held: int, delivery_over: bool) -> str | None:
    """Why a closed request cannot be opened again, in a sentence; None if it can (DESIGN §5)."""
    if not visits_held:
        return "It closed before a visit was held and gave its place back: support is a new request."
    return "Delivery has ended: nothing is opened again." if delivery_over else None


def cannot_reinstate(*, had_place: bool, deadline_passed: bool, free: int, move_undone: bool = False) -> str | None:
    """Why a withdrawn or declined request cannot be reinstated, in a sentence; None if it can (DESIGN §5).

    `free` counts the places that are left beyond one for each who waits (R7): nobody is overtaken. `move_undone`: it
    was carried over from an earlier contract, where support goes on again.
    """
    if move_undone:
        return "Its move from the earlier contract was undone: support goes on there."
    if not had_place:
        return "It never had a place: it left the waiting list, and joining again is a new request."
    if deadline_passed:
        return "The last day on which places are given has passed: nobody gets a place any more."
    return None if free > 0 else "No place is free for it."
