"""What other standards would do to the clocks that run: truth tables, no database."""

from dataclasses import replace
from datetime import date

import pytest

from referrals.choices import Clock, Status
from referrals.rules.clocks import Progress
from referrals.rules.standards import DEFAULTS
from referrals.rules.standards_effects import ClockEffect, clocks_changed, effects
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream

TUESDAY = date(2024, 11, 26)
DAYS = Days(terms=((date(2024, 9, 4), date(2024, 10, 25)), (date(2024, 11, 4), date(2024, 12, 20))))


def standing(status, placed_on=TUESDAY, stream=Stream.EARLY_YEARS, **known):
    return Progress(stream=stream, status=status, placed_on=placed_on, **known)


def found(*progress, days=DAYS, now=DEFAULTS, **then):
    return effects(progress, now=now, then=replace(DEFAULTS, **then), days=days, today=TUESDAY)


@pytest.mark.parametrize(
    ("changed", "clocks"),
    [
        ({}, []),
        ({"contact_working_days": 4}, [Clock.CONTACT]),
        ({"observation_weeks": 3}, [Clock.OBSERVATION]),
        ({"record_working_days": 8}, [Clock.RECORD]),
        ({"review_weeks": 8}, [Clock.REVIEW]),
        ({"review_weeks": 8, "contact_working_days": 4}, [Clock.CONTACT, Clock.REVIEW]),
        ({"usual_visits": 2, "most_visits": 9, "road_percent": 120, "km_per_hour": 40}, []),
    ],
)
def test_only_the_clock_of_a_setting_that_changes_is_told_of(changed, clocks):
    assert clocks_changed(DEFAULTS, replace(DEFAULTS, **changed)) == clocks
    assert [one.clock for one in found(standing(Status.SUBMITTED), **changed)] == clocks


#: Five working days after 18 November is 25 November, one after 19 November is 26 November: today.
OVERDUE, TODAY, NEW = (standing(Status.SUBMITTED, date(2024, 11, day)) for day in (18, 19, 26))
PAUSED = standing(Status.RETURNED, date(2024, 11, 1), returned_from=Status.ASSIGNED, returned_on=date(2024, 11, 25))


@pytest.mark.parametrize(
    ("progress", "days", "moved", "now", "then"),
    [
        ([], 4, 0, 0, 0),
        ([NEW], 4, 1, 0, 0),
        ([TODAY], 4, 1, 0, 1),
        ([TODAY], 6, 1, 0, 0),
        ([OVERDUE], 4, 1, 1, 1),
        ([OVERDUE], 6, 1, 1, 0),
        ([OVERDUE, TODAY, NEW], 4, 3, 1, 2),
        ([OVERDUE, TODAY, NEW], 7, 3, 1, 0),
        ([PAUSED], 1, 1, 0, 0),  # its clock stands still: it is never overdue
    ],
)
def test_first_contact(progress, days, moved, now, then):
    effect = ClockEffect(Clock.CONTACT, len(progress), moved, now, then)
    assert found(*progress, contact_working_days=days) == [effect]


def test_each_clock_counts_its_own_requests():
    visited = {"first_contact_on": date(2024, 10, 1), "first_held_on": date(2024, 10, 7)}
    rows = [
        NEW,
        standing(Status.IN_CONTACT, first_contact_on=date(2024, 11, 4)),
        standing(Status.SUPPORTING, **visited, unrecorded_on=date(2024, 11, 14)),
        standing(Status.SUPPORTING, **visited, reviewed_on=date(2024, 11, 20)),  # no clock runs
        standing(Status.CLOSED, **visited),
    ]
    wanted = {"contact_working_days": 3, "observation_weeks": 3, "record_working_days": 5, "review_weeks": 8}
    assert found(*rows, **wanted) == [
        ClockEffect(Clock.CONTACT, 1, 1, 0, 0),
        ClockEffect(Clock.OBSERVATION, 1, 1, 0, 1),
        ClockEffect(Clock.RECORD, 1, 1, 0, 1),
        ClockEffect(Clock.REVIEW, 1, 1, 1, 0),
    ]


def test_where_term_dates_are_not_entered_nothing_moves():
    school = standing(Status.IN_CONTACT, stream=Stream.MAINSTREAM, first_contact_on=TUESDAY)
    assert found(school, days=Days(), observation_weeks=2) == [ClockEffect(Clock.OBSERVATION, 1, 0, 0, 0)]
