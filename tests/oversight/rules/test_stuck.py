"""When an open request is stuck, and with whom."""

from datetime import date

import pytest

from referrals.choices import Clock, Status
from referrals.rules.clocks import Running
from s2s_portal.core.calendar import Days
from s2s_portal.oversight.rules.stuck import Holder, Stuck, Why, holder_of, idle, late

TODAY = date(2024, 11, 26)
LATE = Running(Clock.CONTACT, date(2024, 11, 20), -4)
LATER = Running(Clock.RECORD, date(2024, 11, 22), -2)
DUE = Running(Clock.OBSERVATION, TODAY, 0)
UNKNOWN = Running(Clock.OBSERVATION, None, None)
PAUSED = Running(Clock.CONTACT, date(2024, 11, 20), -4, paused=True)


def judged(
    status=Status.ASSIGNED, clocks=(), returned_on=None, last_event_on=date(2024, 11, 25), has_visit_ahead=False
):
    known = {"status": status, "days": Days(), "today": TODAY}
    found = late(clocks=clocks, returned_on=returned_on, **known)
    return found or idle(last_event_on=last_event_on, has_visit_ahead=has_visit_ahead, **known)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({}, None, id="nothing is late"),
        pytest.param({"clocks": [DUE]}, None, id="due today is not late"),
        pytest.param({"clocks": [UNKNOWN]}, None, id="nobody knows when it is due"),
        pytest.param({"clocks": [LATE]}, Stuck(Why.CLOCK, LATE.due_on, 4, Holder.TEACHER, Clock.CONTACT), id="late"),
        pytest.param(
            {"clocks": [LATE, LATER]}, Stuck(Why.CLOCK, LATE.due_on, 4, Holder.TEACHER, Clock.CONTACT), id="twice late"
        ),
        pytest.param(
            {"clocks": [LATE], "last_event_on": date(2024, 9, 2)},
            Stuck(Why.CLOCK, LATE.due_on, 4, Holder.TEACHER, Clock.CONTACT),
            id="late comes before idle",
        ),
        pytest.param({"last_event_on": date(2024, 10, 30)}, None, id="19 working days"),
        pytest.param(
            {"last_event_on": date(2024, 10, 29)}, Stuck(Why.IDLE, date(2024, 10, 29), 20, Holder.TEACHER), id="20"
        ),
        pytest.param({"last_event_on": date(2024, 10, 29), "has_visit_ahead": True}, None, id="a visit is planned"),
    ],
)
def test_stuck(changes, found):
    assert judged(**changes) == found


def test_stuck_for_an_answer_from_the_day_on_which_it_was_asked_for():
    """Whatever else is late: the clock stands still."""
    found = judged(Status.RETURNED, clocks=[PAUSED], returned_on=date(2024, 11, 22), last_event_on=date(2024, 9, 2))
    assert found == Stuck(Why.ANSWER, date(2024, 11, 22), 2, Holder.ADVISER)
    assert judged(Status.RETURNED, returned_on=TODAY) == Stuck(Why.ANSWER, TODAY, 0, Holder.ADVISER)


@pytest.mark.parametrize(
    ("status", "holder"),
    [
        (Status.SUBMITTED, Holder.COORDINATOR),
        (Status.RETURNED, Holder.ADVISER),
        *(
            (status, Holder.TEACHER)
            for status in (Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED, Status.SUPPORTING)
        ),
    ],
)
def test_holder_of(status, holder):
    assert holder_of(status) == holder
