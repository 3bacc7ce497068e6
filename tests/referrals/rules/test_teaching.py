"""What a teacher does next, initials, and what a calendar says of a day: truth tables."""

from datetime import date, timedelta

import pytest

from referrals.choices import BookingState, Status
from referrals.rules.teaching import FINALISE, TELL, initials, next_step, visit_step, words_of_day
from s2s_portal.core.calendar import Days
from tests.moments import AN_ORDINARY_TUESDAY as AT

HOUR = timedelta(hours=1)
TELL_OF_IT = "Tell what became of the visit of 26 November 2024"
AUTUMN = Days(
    terms=((date(2024, 9, 4), date(2024, 10, 25)), (date(2024, 11, 4), date(2024, 12, 20)),
           (date(2025, 1, 6), date(2025, 2, 14))),
    bank_holidays=frozenset({date(2024, 12, 25)}),
    closures=frozenset({date(2024, 12, 9)}),
    staff_only=frozenset({date(2024, 12, 10)}),
)  # fmt: skip


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_step_or_has_ended(status):
    without = {Status.SUBMITTED, Status.CLOSED, Status.WAITING, Status.LAPSED, Status.DECLINED}
    step = next_step(status, untold_at=None, next_visit_at=None)
    assert (step == "") == (status in without | {Status.WITHDRAWN, Status.TRANSFERRED})


@pytest.mark.parametrize(
    ("status", "given", "step"),
    [
        (Status.BOOKED, {"next_visit_at": AT}, "Visit on 26 November 2024, 09:30"),
        (Status.SUPPORTING, {"next_visit_at": AT}, "Visit on 26 November 2024, 09:30"),
        (Status.SUPPORTING, {"next_visit_at": AT, "lacks_record": True}, FINALISE),
        (
            Status.SUPPORTING,
            {"untold_at": AT, "lacks_record": True},
            TELL_OF_IT,
        ),
        (Status.BOOKED, {"untold_at": AT}, TELL_OF_IT),
        (Status.RETURNED, {"untold_at": AT}, "Wait for the adviser’s answer"),
        (Status.IN_CONTACT, {}, "Book the first visit"),
    ],
)
def test_next_step(status, given, step):
    assert next_step(status, **{"untold_at": None, "next_visit_at": None} | given) == step


@pytest.mark.parametrize(
    ("state", "starts_at", "is_recorded", "step"),
    [
        (BookingState.PLANNED, AT + timedelta(seconds=1), False, ""),
        (BookingState.PLANNED, AT, False, TELL),
        (BookingState.PLANNED, AT - HOUR, False, TELL),
        (BookingState.HELD, AT - HOUR, False, FINALISE),
        (BookingState.HELD, AT - HOUR, True, ""),
    ],
)
def test_visit_step(state, starts_at, is_recorded, step):
    assert visit_step(state, starts_at=starts_at, is_recorded=is_recorded, at=AT) == step


@pytest.mark.parametrize(
    ("first", "last", "is_group", "shown"),
    [("W", "T", False, "W.\u00a0T."), ("é", "ó", False, "É.\u00a0Ó."), ("W", "", False, "W."), ("", "", True, "Group")],
)
def test_initials(first, last, is_group, shown):
    assert initials(first, last, is_group=is_group) == shown


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 11, 26), ""),
        (date(2024, 11, 30), ""),
        (date(2024, 10, 28), "Half-term"),
        (date(2024, 11, 1), "Half-term"),
        (date(2024, 12, 23), "School holidays"),
        (date(2024, 12, 25), "Bank holiday"),
        (date(2024, 12, 9), "Closed"),
        (date(2024, 12, 10), "Training day: staff only"),
        (date(2025, 6, 2), "Term dates not entered"),
    ],
)
def test_words_of_day(day, words):
    assert words_of_day(day, AUTUMN) == words
