"""The transition table and the rule that refuses: truth tables, no database."""

import pytest

from quotas.choices import Intake
from referrals.choices import Action, Place, RefusalRule, Status
from referrals.rules import lifecycle

BEFORE_A_VISIT = {Status.SUBMITTED, Status.RETURNED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED}


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
    else:
        assert step is None


@pytest.mark.parametrize(
    ("intake", "left", "rule"),
    [
        (None, 0, RefusalRule.NO_QUOTA),
        (None, 5, RefusalRule.NO_QUOTA),
        (Intake.NOT_YET, 50, RefusalRule.NOT_YET_OPEN),
        (Intake.NOT_YET, 0, RefusalRule.NOT_YET_OPEN),
        (Intake.OPEN, 1, None),
        (Intake.OPEN, 50, None),
        (Intake.OPEN, 0, RefusalRule.FULL),
        (Intake.OPEN, -2, RefusalRule.FULL),
        (Intake.CLOSED, 6, RefusalRule.CUT_OFF),
        (Intake.CLOSED, 0, RefusalRule.CUT_OFF),
    ],
)
def test_refusal(intake, left, rule):
    assert lifecycle.refusal(intake=intake, left=left) == rule
