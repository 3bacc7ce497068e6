"""R10's clocks: truth tables over Christmas, both clock changes, a leap day, closures, pauses; no database."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from referrals.choices import Clock, Status
from referrals.rules import clocks
from referrals.rules.clocks import Pause, Progress, running
from referrals.rules.standards import DEFAULTS, Standards
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.organisations.choices import Stream

EARLY, SCHOOL = Stream.EARLY_YEARS, Stream.MAINSTREAM
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
#: 2024/25 as a county has it: bank holidays, the council closed between them, terms without half-terms.
DAYS = Days(
    bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 4, 18)}),
    closures=frozenset({date(2024, 12, 27)}),
    terms=(
        (date(2024, 9, 4), date(2024, 10, 25)),
        (date(2024, 11, 4), date(2024, 12, 20)),
        (date(2025, 1, 6), date(2025, 2, 14)),
        (date(2025, 2, 24), date(2025, 4, 4)),
    ),
)
NO_CALENDAR = Days()
TUESDAY = date(2024, 11, 26)


def standing(status, stream=EARLY, placed_on=TUESDAY, **known) -> Progress:
    return Progress(stream=stream, status=status, placed_on=placed_on, **known)


def clocks_of(progress, today=TUESDAY, days=DAYS, standards=DEFAULTS):
    return {one.clock: one for one in running(progress, standards=standards, days=days, today=today)}


# --- Which clocks run where --------------------------------------------------------------------------------------
KNOWN = {"first_contact_on": TUESDAY, "first_held_on": TUESDAY, "unrecorded_on": TUESDAY}
WHICH = {
    Status.SUBMITTED: {Clock.CONTACT},
    Status.ASSIGNED: {Clock.CONTACT},
    Status.IN_CONTACT: {Clock.OBSERVATION},
    Status.BOOKED: {Clock.OBSERVATION},
    Status.SUPPORTING: {Clock.RECORD, Clock.REVIEW},
}


@pytest.mark.parametrize("status", [status for status in Status if status != Status.RETURNED])
@pytest.mark.parametrize("stream", Stream)
def test_which_clocks_run(status, stream):
    found = clocks_of(standing(status, stream, **KNOWN))
    assert set(found) == WHICH.get(status, set())
    assert not any(one.paused for one in found.values())


@pytest.mark.parametrize("was", [Status.SUBMITTED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED])
def test_while_information_is_awaited_the_clock_of_before_is_paused(was):
    found = clocks_of(standing(Status.RETURNED, returned_from=was, returned_on=TUESDAY, first_contact_on=TUESDAY))
    assert set(found) == WHICH[was]
    assert all(one.paused and not one.is_overdue and not one.is_today for one in found.values())


@pytest.mark.parametrize(
    ("unrecorded_on", "reviewed_on", "which"),
    [
        (None, None, {Clock.REVIEW}),
        (TUESDAY, None, {Clock.RECORD, Clock.REVIEW}),
        (TUESDAY, TUESDAY, {Clock.RECORD}),
        (None, TUESDAY, set()),
    ],
)
def test_records_and_the_review_stop_their_clocks(unrecorded_on, reviewed_on, which):
    known = {"first_held_on": TUESDAY, "unrecorded_on": unrecorded_on, "reviewed_on": reviewed_on}
    assert set(clocks_of(standing(Status.SUPPORTING, **known))) == which


# --- When they end -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("placed_on", "due_on"),
    [
        (date(2024, 11, 25), date(2024, 12, 2)),  # Monday to Monday
        (date(2024, 11, 29), date(2024, 12, 6)),  # Friday: the weekend does not count
        (date(2024, 11, 30), date(2024, 12, 6)),  # Saturday and Sunday count from the Monday
        (date(2024, 12, 1), date(2024, 12, 6)),
        (date(2024, 12, 19), date(2024, 12, 31)),  # over Christmas: two bank holidays, one day closed
        (date(2024, 12, 24), date(2025, 1, 6)),  # and New Year
        (date(2024, 10, 24), date(2024, 10, 31)),  # half-term is working time; the clocks go back in it
        (date(2025, 3, 27), date(2025, 4, 3)),  # the clocks go forward in it
        (date(2028, 2, 24), date(2028, 3, 2)),  # 29 February 2028 is a Tuesday
    ],
)
@pytest.mark.parametrize("stream", Stream)
def test_first_contact_is_due_in_five_working_days(placed_on, due_on, stream):
    progress = standing(Status.SUBMITTED, stream, placed_on=placed_on)
    assert clocks_of(progress, placed_on)[Clock.CONTACT].due_on == due_on


@pytest.mark.parametrize(
    ("stream", "contact_on", "due_on"),
    [
        (EARLY, date(2024, 11, 26), date(2024, 12, 24)),  # calendar weeks
        (EARLY, date(2024, 12, 10), date(2025, 1, 7)),
        (EARLY, date(2028, 2, 1), date(2028, 2, 29)),
        (EARLY, date(2028, 2, 29), date(2028, 3, 28)),
        (SCHOOL, date(2024, 11, 5), date(2024, 12, 3)),  # term weeks, none of them holiday
        (SCHOOL, date(2024, 11, 26), date(2025, 1, 7)),  # three weeks and four days are left before Christmas
        (SCHOOL, date(2024, 10, 8), date(2024, 11, 12)),  # half-term
        (SCHOOL, date(2025, 3, 25), None),  # terms are not entered so far
        (SCHOOL, date(2028, 2, 1), None),
    ],
)
def test_the_first_visit_is_due_four_weeks_after_contact(stream, contact_on, due_on):
    found = clocks_of(standing(Status.IN_CONTACT, stream, first_contact_on=contact_on), contact_on)
    assert found[Clock.OBSERVATION].due_on == due_on


def test_without_terms_a_schools_visit_has_no_date_and_comes_last():
    [one] = running(
        standing(Status.IN_CONTACT, SCHOOL, first_contact_on=TUESDAY),
        standards=DEFAULTS,
        days=NO_CALENDAR,
        today=TUESDAY,
    )
    assert (one.due_on, one.days_left, one.is_overdue, one.is_today) == (None, None, False, False)
    known = {"first_held_on": TUESDAY, "unrecorded_on": TUESDAY}
    both = running(standing(Status.SUPPORTING, SCHOOL, **known), standards=DEFAULTS, days=NO_CALENDAR, today=TUESDAY)
    assert [(one.clock, one.due_on) for one in both] == [(Clock.RECORD, date(2024, 12, 10)), (Clock.REVIEW, None)]


def test_who_never_was_reached_and_is_in_touch_counts_from_the_place():
    """Reopened or imported requests may have no contact of their own."""
    assert clocks_of(standing(Status.IN_CONTACT))[Clock.OBSERVATION].due_on == TUESDAY + 28 * DAY


@pytest.mark.parametrize(
    ("held_on", "due_on"),
    [
        (date(2024, 11, 26), date(2024, 12, 10)),
        (date(2024, 12, 18), date(2025, 1, 7)),
        (date(2024, 11, 30), date(2024, 12, 13)),
    ],
)
def test_the_record_is_due_in_ten_working_days(held_on, due_on):
    assert clocks.record_due(held_on, standards=DEFAULTS, days=DAYS) == due_on
    found = clocks_of(standing(Status.SUPPORTING, first_held_on=held_on, unrecorded_on=held_on), held_on)
    assert found[Clock.RECORD].due_on == due_on


@pytest.mark.parametrize(
    ("stream", "held_on", "due_on"),
    [
        (EARLY, date(2024, 11, 26), date(2025, 1, 7)),
        (SCHOOL, date(2024, 11, 26), date(2025, 1, 21)),
        (SCHOOL, date(2025, 3, 4), None),
    ],
)
def test_the_review_is_due_six_weeks_after_the_first_visit(stream, held_on, due_on):
    progress = standing(Status.SUPPORTING, stream, first_held_on=held_on)
    assert clocks_of(progress, held_on)[Clock.REVIEW].due_on == due_on
    assert clocks.review_due(progress, standards=DEFAULTS, days=DAYS) == due_on
    assert clocks.review_due(progress._replace(first_held_on=None), standards=DEFAULTS, days=DAYS) is None


def test_the_lengths_are_settings():
    own = Standards(contact_working_days=2, observation_weeks=1, record_working_days=1, review_weeks=2)
    assert clocks_of(standing(Status.SUBMITTED), standards=own)[Clock.CONTACT].due_on == date(2024, 11, 28)
    visited = standing(Status.SUPPORTING, **KNOWN)
    found = {clock: one.due_on for clock, one in clocks_of(visited, standards=own).items()}
    assert found == {Clock.RECORD: date(2024, 11, 27), Clock.REVIEW: date(2024, 12, 10)}
    assert clocks_of(standing(Status.BOOKED, **KNOWN), standards=own)[Clock.OBSERVATION].due_on == date(2024, 12, 3)


# --- How long there is -------------------------------------------------------------------------------------------
DUE = date(2024, 12, 3)


@pytest.mark.parametrize(
    ("moment", "left", "today", "overdue"),
    [
        (datetime(2024, 11, 26, 9, 30, tzinfo=LONDON), 5, False, False),
        (datetime(2024, 12, 2, 23, 59, 59, tzinfo=LONDON), 1, False, False),
        (datetime(2024, 12, 3, 0, 0, tzinfo=LONDON), 0, True, False),
        (datetime(2024, 12, 3, 23, 59, 59, tzinfo=LONDON), 0, True, False),  # the whole day is in time
        (datetime(2024, 12, 4, 0, 0, tzinfo=LONDON), -1, False, True),
        (datetime(2024, 12, 7, 12, 0, tzinfo=LONDON), -3, False, True),  # a Saturday adds none
        (datetime(2024, 12, 9, 12, 0, tzinfo=LONDON), -4, False, True),
    ],
)
def test_days_that_are_left(moment, left, today, overdue):
    one = clocks_of(standing(Status.ASSIGNED), london_date(moment))[Clock.CONTACT]
    assert (one.due_on, one.days_left, one.is_today, one.is_overdue) == (DUE, left, today, overdue)


@pytest.mark.parametrize(
    ("moment", "today", "overdue"),
    [
        # Summer time begins on 30 March 2025: 23:30 UTC of the day before is that day's own last half-hour.
        ("2025-03-29T23:59:59+00:00", False, False),
        ("2025-03-30T00:00:00+00:00", True, False),
        ("2025-03-30T22:59:59+00:00", True, False),
        ("2025-03-30T23:00:00+00:00", False, True),
        # It ends on 26 October 2025.
        ("2025-10-25T22:59:59+00:00", False, False),
        ("2025-10-25T23:00:00+00:00", True, False),
        ("2025-10-26T23:59:59+00:00", True, False),
        ("2025-10-27T00:00:00+00:00", False, True),
    ],
)
def test_the_due_day_is_londons_when_clocks_change(moment, today, overdue):
    due_on = date(2025, 3, 30) if "-03-" in moment else date(2025, 10, 26)
    progress = standing(Status.BOOKED, first_contact_on=due_on - 28 * DAY)
    one = clocks_of(progress, london_date(datetime.fromisoformat(moment)))[Clock.OBSERVATION]
    assert (one.due_on, one.is_today, one.is_overdue) == (due_on, today, overdue)


def test_what_was_due_on_a_saturday_is_overdue_on_the_sunday():
    progress = standing(Status.BOOKED, first_contact_on=date(2024, 11, 2))
    friday = clocks_of(progress, date(2024, 11, 29))[Clock.OBSERVATION]
    assert (friday.days_left, friday.is_today) == (1, False)
    assert clocks_of(progress, date(2024, 11, 30))[Clock.OBSERVATION].is_today
    sunday = clocks_of(progress, date(2024, 12, 1))[Clock.OBSERVATION]
    assert (sunday.days_left, sunday.is_overdue) == (-1, True)


def test_the_most_urgent_comes_first():
    known = {"first_held_on": date(2024, 9, 10), "unrecorded_on": date(2024, 11, 26)}
    found = running(standing(Status.SUPPORTING, **known), standards=DEFAULTS, days=DAYS, today=TUESDAY)
    assert [one.clock for one in found] == [Clock.REVIEW, Clock.RECORD]


# --- Pauses ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("was", "stream", "since", "until", "expected"),
    [
        (Status.SUBMITTED, EARLY, date(2024, 11, 29), date(2024, 12, 2), Pause(contact_days=1)),
        (Status.ASSIGNED, SCHOOL, date(2024, 12, 20), date(2025, 1, 6), Pause(contact_days=7)),
        (Status.ASSIGNED, EARLY, TUESDAY, TUESDAY, Pause()),
        (Status.IN_CONTACT, EARLY, date(2024, 12, 20), date(2025, 1, 6), Pause(observation_days=17)),
        (Status.BOOKED, SCHOOL, date(2024, 12, 18), date(2025, 1, 7), Pause(observation_days=4)),
        (Status.BOOKED, SCHOOL, date(2025, 4, 1), date(2025, 4, 30), Pause()),  # terms are not entered so far
        (Status.BOOKED, EARLY, TUESDAY, TUESDAY - DAY, Pause()),  # a clock that was set back pauses nothing
        (Status.SUPPORTING, EARLY, TUESDAY, TUESDAY + 9 * DAY, Pause()),
        (Status.IN_CONTACT, EARLY, date(2028, 2, 28), date(2028, 3, 1), Pause(observation_days=2)),
    ],
)
def test_how_long_a_clock_stood_still(was, stream, since, until, expected):
    assert clocks.pause(was, stream, since=since, until=until, days=DAYS) == expected


@pytest.mark.parametrize(
    ("contact_on", "since"),
    [(None, TUESDAY), (TUESDAY - DAY, TUESDAY), (TUESDAY, TUESDAY), (TUESDAY + DAY, TUESDAY + DAY)],
)
def test_a_clock_that_began_while_information_was_awaited_is_paused_since_then(contact_on, since):
    assert clocks.paused_since(TUESDAY, first_contact_on=contact_on) == since


def test_reached_while_information_is_awaited_the_visit_has_four_weeks_from_the_answer():
    """Returned on Tuesday, reached on Thursday: the clock of the visit has stood still since Thursday, not Tuesday."""
    reached = TUESDAY + 2 * DAY
    progress = standing(Status.RETURNED, returned_from=Status.IN_CONTACT, returned_on=TUESDAY, first_contact_on=reached)
    for waited in (0, 3):
        found = clocks_of(progress, reached + waited * DAY)[Clock.OBSERVATION]
        assert found.due_on == reached + (28 + waited) * DAY


WORKDAYS = st.dates(date(2024, 9, 2), date(2025, 3, 14)).filter(DAYS.is_working_day)


@given(WORKDAYS, st.integers(0, 4), st.integers(0, 15))
def test_a_pause_of_n_working_days_moves_the_contact_deadline_by_n_working_days(placed_on, before, paused):
    """Whether it goes on, when it is looked at, or has ended: the same day."""
    returned_on = DAYS.add_working_days(placed_on, before)
    answered_on = DAYS.add_working_days(returned_on, paused)
    plain = clocks_of(standing(Status.ASSIGNED, placed_on=placed_on), answered_on)[Clock.CONTACT].due_on
    pause = clocks.pause(Status.ASSIGNED, EARLY, since=returned_on, until=answered_on, days=DAYS)
    assert pause == Pause(contact_days=paused)
    returned = standing(Status.RETURNED, placed_on=placed_on, returned_from=Status.ASSIGNED, returned_on=returned_on)
    went_on = standing(Status.ASSIGNED, placed_on=placed_on, contact_paused_days=paused)
    during, after = clocks_of(returned, answered_on)[Clock.CONTACT], clocks_of(went_on, answered_on)[Clock.CONTACT]
    assert (during.due_on, during.paused) == (after.due_on, True)
    assert after.due_on == DAYS.add_working_days(plain, paused)
    assert after.days_left == 5 - before  # as many as there were when it was returned


@given(st.dates(date(2024, 9, 4), date(2025, 1, 31)), st.integers(0, 20), st.sampled_from(list(Stream)))
def test_a_pause_moves_the_visits_deadline_by_as_many_days_of_its_kind(contact_on, paused, stream):
    assume(DAYS.is_term_day(contact_on))
    until = contact_on + paused * DAY
    pause = clocks.pause(Status.IN_CONTACT, stream, since=contact_on, until=until, days=DAYS)
    plain = standing(Status.IN_CONTACT, stream, first_contact_on=contact_on)
    was = clocks_of(plain, until)[Clock.OBSERVATION].due_on
    moved = clocks_of(plain._replace(observation_paused_days=pause.observation_days), until)[Clock.OBSERVATION].due_on
    if stream == EARLY:
        assert moved == was + paused * DAY
    elif was is not None and moved is not None:
        assert DAYS.term_days_between(was, moved) == pause.observation_days == DAYS.term_days_between(contact_on, until)


def test_a_deadline_that_a_pause_moves_beyond_the_known_terms_has_no_date():
    paused = standing(Status.BOOKED, SCHOOL, first_contact_on=date(2025, 3, 4), observation_paused_days=20)
    assert clocks_of(paused)[Clock.OBSERVATION].due_on is None
