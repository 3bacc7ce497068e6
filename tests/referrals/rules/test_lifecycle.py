"""The transition table and the rule that refuses: truth tables, no database."""

import pytest

from quotas.choices import Intake
from referrals.choices import Action, Giving, Place, RefusalRule, Status
from referrals.models import referrals as models
from referrals.rules import lifecycle
from tests.referrals.life_table import BY_HAND, TABLE

BEFORE_A_VISIT = {Status.SUBMITTED, Status.RETURNED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED}
PASSED = "The last day on which places are given has passed: nobody gets a place any more."


def test_the_table_is_the_one_written_by_hand():
    """Both ways: nothing more, nothing less, and each line as it says."""
    rows = sum(line.split()[0].count(",") + 1 for line in filter(None, BY_HAND.splitlines()))
    assert len(TABLE) == rows, "A line was written twice."
    assert set(lifecycle.TRANSITIONS) ^ set(TABLE) == set()
    assert {key: step for key, step in lifecycle.TRANSITIONS.items() if step != TABLE[key]} == {}


def test_every_action_is_in_the_table_and_every_status_is_reached():
    assert {action for _, action in TABLE} == set(Action)
    # Moving at the contract's end is no action on one request.
    assert {step.to for step in TABLE.values()} - {None} == set(Status)


@pytest.mark.parametrize("action", Action)
def test_the_same_people_may_take_an_action_wherever_it_is_possible(action):
    """Permissions rely on it: whoever never may is told so, whoever may elsewhere is told where the request stands."""
    assert len({step.by for (_, taken), step in lifecycle.TRANSITIONS.items() if taken == action}) == 1


def test_places_are_given_back_by_those_that_hold_one_and_drawn_by_those_that_do_not():
    """What the constraints of the table of requests say: before a visit a place is held, at these ends none."""
    without = {None, Status.WAITING, Status.LAPSED, Status.WITHDRAWN, Status.DECLINED}
    for (stands, action), step in lifecycle.TRANSITIONS.items():
        assert (step.place == Place.DRAWN) == (stands in without and step.to == Status.SUBMITTED), (stands, action)
        # R15: a moved request's place stays spent, and where it goes on it holds none.
        gives_back = action not in (Action.TRANSFER, Action.UNDO_CARRY)
        ends_unvisited = stands in BEFORE_A_VISIT and step.to in models.ENDED
        assert (step.place == Place.RELEASED) == (ends_unvisited and gives_back), (stands, action)
        assert (step.place == Place.SPENT) == (stands == Status.BOOKED and step.to == Status.SUPPORTING), action


def test_the_names_of_statuses_agree_with_those_of_the_constraints():
    assert set(lifecycle.BEFORE_A_VISIT) == set(models.BEFORE_A_VISIT) == BEFORE_A_VISIT
    assert set(lifecycle.WITH_A_TEACHER) == set(models.WITH_A_TEACHER)
    assert set(lifecycle.OPEN_WITH_S2S) == set(models.NOT_ENDED) - {Status.WAITING}


@pytest.mark.parametrize("was", [Status.SUBMITTED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED])
@pytest.mark.parametrize("action", [Action.SEND_BACK, Action.TAKE_BACK])
def test_an_answered_request_goes_back_to_where_it_was(action, was):
    step = lifecycle.after(Status.RETURNED, action)
    assert lifecycle.leads_to(step, returned_from=was) == was
    with pytest.raises(ValueError, match="never returned"):
        lifecycle.leads_to(step, returned_from=None)


def test_where_it_was_matters_to_no_other_step():
    for (stands, action), step in lifecycle.TRANSITIONS.items():
        if step.to is not None:
            assert lifecycle.leads_to(step, returned_from=Status.BOOKED) == step.to, (stands, action)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("others_planned", [True, False])
def test_after_a_visit_fell_through(status, others_planned):
    """Only what was booked, and has no other visit, is in touch again."""
    falls = status == Status.BOOKED and not others_planned
    expected = Status.IN_CONTACT if falls else status
    assert lifecycle.after_a_visit_fell_through(status, others_planned=others_planned) == expected


@pytest.mark.parametrize("status", [None, *Status], ids=str)
def test_only_a_draft_is_sent(status):
    step = lifecycle.after(status, Action.SUBMIT)
    if status is None:
        assert (step.to, step.place) == (Status.SUBMITTED, Place.DRAWN)
    else:
        assert step is None


@pytest.mark.parametrize("status", [None, *Status], ids=str)
def test_a_request_is_withdrawn_before_a_held_visit_only_and_gives_its_place_back(status):
    step = lifecycle.after(status, Action.WITHDRAW)
    if status in BEFORE_A_VISIT:
        assert (step.to, step.place) == (Status.WITHDRAWN, Place.RELEASED)
    elif status == Status.WAITING:
        assert (step.to, step.place) == (Status.WITHDRAWN, None)
    else:
        assert step is None


@pytest.mark.parametrize("status", [None, *Status], ids=str)
def test_only_a_draft_joins_the_waiting_list_and_holds_no_place_there(status):
    step = lifecycle.after(status, Action.JOIN)
    if status is None:
        assert (step.to, step.place) == (Status.WAITING, None)
    else:
        assert step is None


@pytest.mark.parametrize("status", [None, *Status], ids=str)
def test_only_a_request_that_waits_is_given_a_place_or_lapses(status):
    given, lapsed = lifecycle.after(status, Action.GIVE_PLACE), lifecycle.after(status, Action.LAPSE)
    if status == Status.WAITING:
        assert (given.to, given.place) == (Status.SUBMITTED, Place.DRAWN)
        assert (lapsed.to, lapsed.place) == (Status.LAPSED, None)
    else:
        assert (given, lapsed) == (None, None)


@pytest.mark.parametrize(
    ("intake", "left", "waiting", "rule"),
    [
        (None, 0, 0, RefusalRule.NO_QUOTA),
        (None, 5, 0, RefusalRule.NO_QUOTA),
        (Intake.NOT_YET, 50, 0, RefusalRule.NOT_YET_OPEN),
        (Intake.NOT_YET, 0, 0, RefusalRule.NOT_YET_OPEN),
        (Intake.OPEN, 1, 0, None),
        (Intake.OPEN, 50, 0, None),
        (Intake.OPEN, 0, 0, RefusalRule.FULL),
        (Intake.OPEN, -2, 0, RefusalRule.FULL),
        (Intake.OPEN, 0, 3, RefusalRule.FULL),
        (Intake.OPEN, 1, 1, RefusalRule.OTHERS_WAITING),
        (Intake.OPEN, 2, 3, RefusalRule.OTHERS_WAITING),
        (Intake.OPEN, 2, 1, None),
        (Intake.CLOSED, 6, 0, RefusalRule.CUT_OFF),
        (Intake.CLOSED, 0, 0, RefusalRule.CUT_OFF),
        (Intake.CLOSED, 1, 4, RefusalRule.CUT_OFF),
    ],
)
def test_refusal(intake, left, waiting, rule):
    assert lifecycle.refusal(intake=intake, left=left, waiting=waiting) == rule


@pytest.mark.parametrize(
    ("left", "waiting", "free"), [(5, 0, 5), (5, 2, 3), (2, 2, 0), (1, 4, 0), (0, 0, 0), (-3, 0, 0), (-3, 2, 0)]
)
def test_places_of_those_who_wait_are_not_free_for_newcomers(left, waiting, free):
    assert lifecycle.free_for_newcomers(left=left, waiting=waiting) == free


@pytest.mark.parametrize(
    ("intake", "deadline_passed", "giving"),
    [
        (Intake.NOT_YET, False, Giving.NOT_YET),
        (Intake.OPEN, False, Giving.AUTOMATIC),
        (Intake.CLOSED, False, Giving.BY_HAND),
        (Intake.CLOSED, True, Giving.OVER),
    ],
)
def test_how_a_place_that_comes_free_is_given(intake, deadline_passed, giving):
    assert lifecycle.giving(intake=intake, deadline_passed=deadline_passed) == giving


def test_joining_closes_with_the_cut_off():
    assert {RefusalRule.FULL, RefusalRule.OTHERS_WAITING} == lifecycle.MAY_JOIN


@pytest.mark.parametrize(
    ("giving", "status", "ahead", "left", "why"),
    [
        (Giving.BY_HAND, Status.WAITING, 0, 1, None),
        (Giving.BY_HAND, Status.WAITING, 0, 5, None),
        (Giving.BY_HAND, Status.WAITING, 0, 0, "No place is free any more."),
        (Giving.BY_HAND, Status.WAITING, 0, -1, "No place is free any more."),
        (Giving.BY_HAND, Status.WAITING, 1, 5, "It is not the first that waits, and places are given in order."),
        (Giving.BY_HAND, Status.WITHDRAWN, 0, 1, "It no longer waits. Its status is: Withdrawn."),
        (Giving.BY_HAND, Status.SUBMITTED, 0, 1, "It no longer waits. Its status is: Sent to S2S."),
        (Giving.AUTOMATIC, Status.WAITING, 0, 1, "Until the cut-off the portal gives places by itself, in order."),
        (Giving.NOT_YET, Status.WAITING, 0, 1, "Until the cut-off the portal gives places by itself, in order."),
        (Giving.OVER, Status.WAITING, 0, 1, PASSED),
        (Giving.OVER, Status.LAPSED, 0, 1, PASSED),
    ],
)
def test_why_a_request_gets_no_place_by_hand(giving, status, ahead, left, why):
    assert lifecycle.cannot_give(giving=giving, status=status, ahead=ahead, left=left) == why
