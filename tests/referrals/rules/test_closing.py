"""R14: what stands in the way of closing, the end state, opening again, reinstating; truth tables."""

from datetime import date
from itertools import combinations_with_replacement

import pytest

from referrals.choices import EndState, GoalResult
from referrals.rules import closing

ONE, TWO = date(2024, 11, 26), date(2024, 12, 3)


@pytest.mark.parametrize(
    ("planned", "untold", "unrecorded", "why"),
    [
        (0, [], [], None),
        (1, [], [], "A visit is still planned. Hold or cancel it first."),
        (2, [], [], "2 visits are still planned. Hold or cancel them first."),
        (0, [TWO, ONE], [], "Tell first what became of the visit on 26 November 2024."),
        (0, [], [TWO, ONE], "Finalise the record of the visit on 26 November 2024 first."),
        (2, [TWO], [ONE], "Tell first what became of the visit on 3 December 2024."),
        (2, [], [ONE], "Finalise the record of the visit on 26 November 2024 first."),
    ],
)
def test_what_stands_in_the_way_of_closing(planned, untold, unrecorded, why):
    """What lies longest in the past is asked for first."""
    assert closing.cannot_close(planned=planned, untold=untold, unrecorded=unrecorded) == why


@pytest.mark.parametrize(
    ("untold", "why"),
    [([], None), ([TWO, ONE], "A visit began on 26 November 2024. Its teacher tells first what became of it.")],
)
def test_what_keeps_a_request_from_ending_as_one_without_a_visit(untold, why):
    """R8: the visit that nobody has told of may have been held, and then the place is spent."""
    assert closing.cannot_end_unvisited(untold) == why


@pytest.mark.parametrize("results", [[], *([one] for one in GoalResult), *combinations_with_replacement(GoalResult, 2)])
@pytest.mark.parametrize("visits", [0, 1, 3])
def test_the_end_state_follows_from_what_happened(visits, results):
    if not visits:
        expected = EndState.NOT_STARTED
    elif GoalResult.NOT_WORKED_ON in results:
        expected = EndState.ENDED_EARLY
    else:
        expected = EndState.COMPLETED
    assert closing.end_state(visits_held=visits, results=list(results)) == expected


@pytest.mark.parametrize(
    ("visits", "over", "why"),
    [
        (1, False, None),
        (1, True, "Delivery has ended: nothing is opened again."),
        (0, False, "It closed before a visit was held and gave its place back: support is a new request."),
        (0, True, "It closed before a visit was held and gave its place back: support is a new request."),
    ],
)
def test_why_a_closed_request_stays_closed(visits, over, why):
    assert closing.cannot_reopen(visits_held=visits, delivery_over=over) == why


NEVER = "It never had a place: it left the waiting list, and joining again is a new request."
LATE = "The last day on which places are given has passed: nobody gets a place any more."


@pytest.mark.parametrize(
    ("had_place", "passed", "free", "why"),
    [
        (True, False, 1, None),
        (True, False, 7, None),
        (True, False, 0, "No place is free for it."),
        (True, False, -2, "No place is free for it."),
        (True, True, 1, LATE),
        (True, True, 0, LATE),
        (False, False, 1, NEVER),
        (False, True, 0, NEVER),
    ],
)
def test_why_a_request_is_not_reinstated(had_place, passed, free, why):
    assert closing.cannot_reinstate(had_place=had_place, deadline_passed=passed, free=free) == why


def test_a_request_whose_move_was_undone_is_not_reinstated():
    why = closing.cannot_reinstate(had_place=True, deadline_passed=False, free=1, move_undone=True)
    assert why == "Its move from the earlier contract was undone: support goes on there."
