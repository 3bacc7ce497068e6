"""R10's three waits as numbers, by hand; they are late when the clocks say so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.choices import Clock, Status
from referrals.rules.clocks import Progress, running
from referrals.rules.standards import DEFAULTS
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.rules.spread import ENDED, Wait, WaitState
from s2s_portal.oversight.rules.waits import contact_wait, record_wait, visit_wait
from s2s_portal.oversight.rules.working_days import indexed

OVER, GOING_ON = WaitState.OVER, WaitState.GOING_ON
DAYS = indexed(
    Days(
        bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1)}),
        terms=((date(2024, 11, 4), date(2024, 12, 20)), (date(2025, 1, 6), date(2025, 4, 4))),
    )
)
MONDAY = date(2024, 11, 4)
TODAY = date(2024, 11, 26)
ALL = {"standards": DEFAULTS, "days": DAYS, "today": TODAY}


def progress(status, stream=Stream.EARLY_YEARS, placed_on=MONDAY, **changes):
    return Progress(stream=stream, status=status, placed_on=placed_on, **changes)


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        pytest.param({"first_contact_on": MONDAY}, Wait(OVER, 0), id="on the day itself"),
        pytest.param({"first_contact_on": date(2024, 11, 11)}, Wait(OVER, 5), id="in time"),
        pytest.param({"first_contact_on": date(2024, 11, 12)}, Wait(OVER, 6, True), id="a day late"),
        pytest.param(
            {"first_contact_on": date(2024, 11, 16)}, Wait(OVER, 9, True), id="on a Saturday, which is no working day"
        ),
        pytest.param(
            {"first_contact_on": date(2024, 11, 14), "contact_paused_days": 3}, Wait(OVER, 5), id="less pauses"
        ),
        pytest.param(
            {"first_contact_on": date(2024, 11, 15), "contact_paused_days": 3}, Wait(OVER, 6, True), id="late even so"
        ),
    ],
)
def test_contact_wait_that_is_over(told, wait):
    assert contact_wait(progress(Status.IN_CONTACT, **told), **ALL) == wait


@pytest.mark.parametrize(
    ("status", "told", "wait"),
    [
        (Status.SUBMITTED, {}, Wait(GOING_ON, None, True)),
        (Status.ASSIGNED, {"placed_on": date(2024, 11, 19)}, Wait(GOING_ON, None, False)),
        (Status.ASSIGNED, {"placed_on": date(2024, 11, 18)}, Wait(GOING_ON, None, True)),
        (
            Status.RETURNED,
            {"returned_from": Status.ASSIGNED, "returned_on": date(2024, 11, 20)},
            Wait(GOING_ON, None, False),
        ),
        (Status.WITHDRAWN, {}, ENDED),
        (Status.DECLINED, {}, ENDED),
        (Status.CLOSED, {}, ENDED),
        (Status.TRANSFERRED, {}, ENDED),
        (Status.WITHDRAWN, {"first_contact_on": date(2024, 11, 7)}, Wait(OVER, 3)),
    ],
)
def test_contact_wait_by_status(status, told, wait):
    assert contact_wait(progress(status, **told), **ALL) == wait


CONTACT = date(2024, 11, 5)
MAINSTREAM = Stream.MAINSTREAM


@pytest.mark.parametrize(
    ("stream", "held_on", "paused", "wait"),
    [
        (Stream.EARLY_YEARS, date(2024, 12, 3), 0, Wait(OVER, 4.0)),
        (Stream.EARLY_YEARS, date(2024, 12, 4), 0, Wait(OVER, 29 / 7, True)),
        (Stream.EARLY_YEARS, date(2024, 12, 4), 1, Wait(OVER, 4.0)),
        (MAINSTREAM, date(2024, 11, 19), 0, Wait(OVER, 2.0)),
        (MAINSTREAM, date(2024, 12, 3), 0, Wait(OVER, 4.0)),
        (MAINSTREAM, date(2024, 12, 4), 0, Wait(OVER, 4.2, True)),
        (MAINSTREAM, date(2024, 12, 5), 2, Wait(OVER, 4.0)),
        pytest.param(MAINSTREAM, date(2025, 1, 7), 14, Wait(OVER, 4.2, True), id="over Christmas: 35 - 14 days"),
        pytest.param(MAINSTREAM, date(2025, 6, 3), 0, Wait(OVER, None, True), id="beyond the entered terms"),
    ],
)
def test_visit_wait_that_is_over(stream, held_on, paused, wait):
    one = progress(
        Status.SUPPORTING, stream, first_contact_on=CONTACT, first_held_on=held_on, observation_paused_days=paused
    )
    assert visit_wait(one, **ALL) == wait


@pytest.mark.parametrize(
    ("status", "told", "wait"),
    [
        (Status.ASSIGNED, {}, None),
        (Status.WITHDRAWN, {}, None),
        (Status.IN_CONTACT, {"first_contact_on": date(2024, 10, 29)}, Wait(GOING_ON, None, False)),
        (Status.BOOKED, {"first_contact_on": date(2024, 10, 28)}, Wait(GOING_ON, None, True)),
        (
            Status.RETURNED,
            {
                "first_contact_on": date(2024, 10, 21),
                "returned_from": Status.IN_CONTACT,
                "returned_on": date(2024, 10, 22),
            },
            Wait(GOING_ON, None, False),
        ),
        (Status.CLOSED, {"first_contact_on": CONTACT}, ENDED),
        (Status.TRANSFERRED, {"first_contact_on": CONTACT}, ENDED),
    ],
)
def test_visit_wait_by_status(status, told, wait):
    assert visit_wait(progress(status, placed_on=date(2024, 10, 1), **told), **ALL) == wait


def test_visit_wait_of_a_school_where_terms_are_not_entered_is_never_overdue():
    one = progress(Status.IN_CONTACT, MAINSTREAM, first_contact_on=date(2024, 6, 3))
    assert visit_wait(one, **ALL) == Wait(GOING_ON, None, False)


@pytest.mark.parametrize(
    ("held_on", "recorded_on", "can_still_come", "wait"),
    [
        (date(2024, 11, 12), date(2024, 11, 12), True, Wait(OVER, 0)),
        (date(2024, 11, 12), date(2024, 11, 26), True, Wait(OVER, 10)),
        (date(2024, 11, 11), date(2024, 11, 26), True, Wait(OVER, 11, True)),
        (date(2024, 11, 11), date(2024, 11, 26), False, Wait(OVER, 11, True)),
        (date(2024, 11, 12), None, True, Wait(GOING_ON, None, False)),
        (date(2024, 11, 11), None, True, Wait(GOING_ON, None, True)),
        (date(2024, 11, 11), None, False, ENDED),
    ],
)
def test_record_wait(held_on, recorded_on, can_still_come, wait):
    assert record_wait(held_on, recorded_on, can_still_come=can_still_come, **ALL) == wait


some_day = st.dates(date(2024, 11, 4), date(2025, 3, 28))


@given(some_day, st.integers(0, 60), st.sampled_from(Stream), st.integers(0, 12), st.booleans())
def test_waits_that_go_on_are_overdue_exactly_when_their_clock_is(placed_on, later, stream, paused, is_reached):
    """The same requests on every page: what a teacher is told is late counts as late here."""
    today = placed_on + timedelta(days=later)
    one = progress(
        Status.IN_CONTACT if is_reached else Status.ASSIGNED,
        stream,
        placed_on,
        first_contact_on=placed_on if is_reached else None,
        contact_paused_days=paused,
        observation_paused_days=paused,
    )
    facts = {"standards": DEFAULTS, "days": DAYS, "today": today}
    wait = visit_wait(one, **facts) if is_reached else contact_wait(one, **facts)
    clock = running(one, **facts)[0]
    assert clock.clock == (Clock.OBSERVATION if is_reached else Clock.CONTACT)
    assert wait == Wait(GOING_ON, None, clock.is_overdue)
