"""When each reminder is due: truth tables over Christmas, both clock changes, a leap day and pauses; no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.choices import ReminderKind, Status
from referrals.rules import reminder_kinds, reminders
from referrals.rules.clocks import Progress
from referrals.rules.reminder_kinds import Situation, Span
from referrals.rules.reminders import LATER_DUE, Series, Step
from referrals.rules.standards import DEFAULTS
from s2s_portal.core.calendar import LONDON, Days
from s2s_portal.organisations.choices import Stream

SECOND = timedelta(seconds=1)
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


def at(day: str, clock: str = "08:00") -> datetime:
    """A moment in London, as "2024-12-03"."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


PLACED = at("2024-12-17", "15:00")


def standing(
    status: Status, *, stream: Stream = Stream.EARLY_YEARS, placed_at: datetime = PLACED, **known
) -> Situation:
    """A request that got its place at `PLACED`, and what is known of it besides."""
    paused = {name: known.pop(name) for name in ("contact_paused_days", "returned_from") if name in known}
    days = {"first_contact_at": "first_contact_on", "first_held_at": "first_held_on"}
    of_progress = {on: known[name].date() for name, on in days.items() if known.get(name)}
    progress = Progress(stream=stream, status=status, placed_on=PLACED.date(), **of_progress, **paused)
    return Situation(progress=progress, placed_at=PLACED, **known)


def moments_of(now: Situation, kind: ReminderKind, days: Days = DAYS) -> dict[int, datetime]:
    """The moment of each reminder of a kind."""
    found = [one for one in reminder_kinds.series_of(now, standards=DEFAULTS, days=days) if one.kind == kind]
    return {step.number: step.due_at for one in found for step in one.steps}


def keys(now: Situation, moment: datetime, written: frozenset[str] = frozenset()) -> dict[tuple[str, int], str]:
    """What is due at a moment: kind and step, and why it does not go."""
    series = reminder_kinds.series_of(now, standards=DEFAULTS, days=DAYS)
    found = reminders.due(series, subject="EY-7K4M-2Q", written=written, at=moment)
    return {(one.series.kind, one.step.number): one.why for one in found}


# --- Moments -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "moment"),
    [
        pytest.param(date(2024, 12, 20), at("2024-12-20"), id="a working day"),
        pytest.param(date(2024, 12, 21), at("2024-12-23"), id="a Saturday"),
        pytest.param(date(2024, 12, 25), at("2024-12-30"), id="Christmas, a closure and a weekend"),
        pytest.param(date(2025, 1, 1), at("2025-01-02"), id="New Year"),
        pytest.param(date(2025, 3, 31), datetime(2025, 3, 31, 7, tzinfo=UTC), id="the first day of summer time"),
        pytest.param(date(2024, 10, 28), datetime(2024, 10, 28, 8, tzinfo=UTC), id="the first day of winter time"),
        pytest.param(date(2024, 2, 29), at("2024-02-29"), id="a leap day"),
    ],
)
def test_a_moment_is_eight_in_the_morning_of_the_next_working_day(day, moment):
    assert reminders.moment(day, DAYS) == moment


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (at("2024-12-20"), False),
        (at("2024-12-20") - SECOND, True),
        (at("2024-12-20", "18:00") - SECOND, False),
        (at("2024-12-20", "18:00"), True),
        (at("2024-12-21", "12:00"), True),
        (at("2024-12-25", "12:00"), True),
        (at("2024-12-27", "12:00"), True),
        (datetime(2025, 3, 31, 7, tzinfo=UTC), False),
        (datetime(2025, 3, 31, 7, tzinfo=UTC) - SECOND, True),
        (datetime(2024, 10, 28, 8, tzinfo=UTC) - SECOND, True),
    ],
)
def test_quiet_hours(moment, quiet):
    assert reminders.is_quiet(moment, DAYS) is quiet


# --- Each kind ---------------------------------------------------------------------------------------------------
ASSIGNED_AT = at("2024-12-18", "09:00")
TABLE = {
    "no teacher": (
        standing(Status.SUBMITTED),
        ReminderKind.NOT_ASSIGNED,
        {2: at("2024-12-19")},
    ),
    "first contact over Christmas": (
        standing(Status.ASSIGNED, assigned_at=ASSIGNED_AT),
        ReminderKind.FIRST_CONTACT,
        {3: at("2024-12-20"), 5: at("2024-12-24"), 8: at("2025-01-02")},
    ),
    "first contact after a pause of two working days": (
        standing(Status.ASSIGNED, assigned_at=ASSIGNED_AT, contact_paused_days=2),
        ReminderKind.FIRST_CONTACT,
        {3: at("2024-12-24"), 5: at("2024-12-31"), 8: at("2025-01-06")},
    ),
    "information": (
        standing(Status.RETURNED, asked=(Span("4", at("2024-12-19", "10:00")),)),
        ReminderKind.INFORMATION,
        {3: at("2024-12-24"), 5: at("2024-12-31"), 10: at("2025-01-08")},
    ),
    "half of four calendar weeks": (
        standing(Status.IN_CONTACT, first_contact_at=at("2024-12-18", "11:00")),
        ReminderKind.NOT_OFFERED,
        {1: at("2025-01-02")},
    ),
    "half of four weeks of term": (
        standing(Status.IN_CONTACT, stream=Stream.MAINSTREAM, first_contact_at=at("2024-12-18", "11:00")),
        ReminderKind.NOT_OFFERED,
        {1: at("2025-01-15")},
    ),
    "a time to choose": (
        standing(Status.IN_CONTACT, offers=(Span("7", at("2024-12-19", "10:00")),)),
        ReminderKind.NOT_CHOSEN,
        {5: at("2024-12-31")},
    ),
    "a visit after Christmas": (
        standing(
            Status.BOOKED,
            visits=(Span("1-1", at("2024-12-18", "12:00"), at("2025-01-02", "09:30"), "", date(2025, 1, 2)),),
        ),
        ReminderKind.VISIT_AHEAD,
        {5: at("2024-12-20"), 1: at("2024-12-31")},
    ),
    "a visit on the first day of summer time": (
        standing(
            Status.BOOKED,
            visits=(Span("1-1", at("2025-03-03"), at("2025-03-31", "09:30"), "", date(2025, 3, 31)),),
        ),
        ReminderKind.VISIT_AHEAD,
        {5: at("2025-03-24"), 1: at("2025-03-28")},
    ),
    "an outcome over Christmas": (
        standing(Status.BOOKED, untold=(Span("1", at("2024-12-24", "11:00")),)),
        ReminderKind.OUTCOME_MISSING,
        {1: at("2024-12-30")},
    ),
    "a record over Christmas": (
        standing(Status.SUPPORTING, records=(Span("1", at("2024-12-18", "09:30")),)),
        ReminderKind.RECORD_OVERDUE,
        {8: at("2025-01-03"), 10: at("2025-01-07"), 15: at("2025-01-14")},
    ),
    "a review after six calendar weeks": (
        standing(Status.SUPPORTING, first_held_at=at("2024-12-18", "09:30")),
        ReminderKind.REVIEW_DUE,
        {1: at("2025-01-29")},
    ),
    "a record to confirm": (
        standing(Status.SUPPORTING, unconfirmed=(Span("3", at("2024-12-18", "16:00")),)),
        ReminderKind.NOT_CONFIRMED,
        {10: at("2025-01-07")},
    ),
}


@pytest.mark.parametrize(("now", "kind", "expected"), TABLE.values(), ids=TABLE.keys())
def test_the_moments_of_each_kind(now, kind, expected):
    assert moments_of(now, kind) == expected


@pytest.mark.parametrize(("now", "kind", "expected"), TABLE.values(), ids=TABLE.keys())
def test_each_is_due_from_its_moment_on_and_not_a_second_earlier(now, kind, expected):
    for number, moment in expected.items():
        assert (kind, number) not in keys(now, moment - SECOND)
        assert keys(now, moment)[kind, number] == ""


def test_every_kind_about_a_request_is_in_the_table():
    to_many = {ReminderKind.DRAFT_UNSENT, ReminderKind.CONTRACT_END, ReminderKind.WEEKLY_DIGEST}
    assert {kind for _, kind, _ in TABLE.values()} == set(ReminderKind) - to_many


def test_term_dates_that_are_not_entered_remind_of_nothing():
    now = standing(Status.IN_CONTACT, stream=Stream.MAINSTREAM, first_contact_at=PLACED)
    assert moments_of(now, ReminderKind.NOT_OFFERED, Days()) == {}
    held = standing(Status.SUPPORTING, stream=Stream.MAINSTREAM, first_held_at=PLACED)
    assert moments_of(held, ReminderKind.REVIEW_DUE, Days()) == {}


def test_a_request_that_never_had_a_place_is_reminded_of_nothing():
    assert reminder_kinds.series_of(Situation(progress=None), standards=DEFAULTS, days=DAYS) == []


# --- What goes ---------------------------------------------------------------------------------------------------
def test_while_information_is_awaited_the_clock_of_first_contact_stands_still():
    now = standing(Status.RETURNED, returned_from=Status.ASSIGNED, assigned_at=ASSIGNED_AT)
    assert keys(now, at("2025-01-31")) == {}
    assert reminders.ahead(reminder_kinds.series_of(now, standards=DEFAULTS, days=DAYS), PLACED) == []


def test_of_what_an_outage_missed_only_the_newest_goes():
    now = standing(Status.ASSIGNED, assigned_at=ASSIGNED_AT)
    contact = ReminderKind.FIRST_CONTACT
    assert keys(now, at("2025-01-03")) == {(contact, 3): LATER_DUE, (contact, 5): LATER_DUE, (contact, 8): ""}


def test_what_was_due_before_it_ended_is_written_down_and_does_not_go():
    reached = at("2024-12-23", "10:00")
    now = standing(Status.IN_CONTACT, assigned_at=ASSIGNED_AT, first_contact_at=reached)
    assert keys(now, at("2024-12-24")) == {(ReminderKind.FIRST_CONTACT, 3): "S2S has reached the school or setting"}


def test_what_ended_on_the_very_moment_never_became_due():
    now = standing(Status.IN_CONTACT, assigned_at=ASSIGNED_AT, first_contact_at=at("2024-12-20"))
    assert keys(now, at("2024-12-24")) == {}


def test_a_request_that_has_ended_ends_everything():
    ended = {"ended_at": at("2024-12-30", "10:00"), "ended_why": "the request had ended: withdrawn"}
    now = standing(Status.WITHDRAWN, assigned_at=ASSIGNED_AT, **ended)
    assert set(keys(now, at("2025-01-03")).values()) == {"the request had ended: withdrawn"}
    assert reminders.next_look(reminder_kinds.series_of(now, standards=DEFAULTS, days=DAYS), PLACED) is None


def test_what_stood_still_when_the_request_ended_had_not_become_due():
    asked = (Span("4", at("2024-12-19", "10:00"), at("2025-01-10"), "the request had ended"),)
    ended = {"ended_at": at("2025-01-10"), "ended_why": "the request had ended: withdrawn"}
    now = standing(
        Status.WITHDRAWN, assigned_at=ASSIGNED_AT, asked=asked, clocks_stopped_at=at("2024-12-19", "10:00"), **ended
    )
    assert {kind for kind, _ in keys(now, at("2025-01-13"))} == {ReminderKind.INFORMATION}


def test_a_visit_that_has_begun_is_not_reminded_of():
    begins = at("2024-12-30", "09:30")
    visits = (Span("1-1", PLACED, begins, "the visit had begun", date(2024, 12, 30), is_planned=True),)
    now = standing(Status.BOOKED, visits=visits)
    assert keys(now, begins - SECOND)[ReminderKind.VISIT_AHEAD, 1] == ""
    whys = {step: why for (kind, step), why in keys(now, begins).items() if kind == ReminderKind.VISIT_AHEAD}
    assert whys == {5: "the visit had begun", 1: "the visit had begun"}


def test_a_visit_that_was_booked_late_is_told_of_once():
    visits = (
        Span("1-1", at("2024-12-23", "10:00"), at("2024-12-31", "09:30"), "", date(2024, 12, 31), is_planned=True),
    )
    now = standing(Status.BOOKED, visits=visits)
    ahead = reminders.ahead(reminder_kinds.series_of(now, standards=DEFAULTS, days=DAYS), at("2024-12-23", "10:00"))
    assert [step.number for one, step in ahead if one.kind == ReminderKind.VISIT_AHEAD] == [1]


def test_what_is_written_down_is_not_due_again():
    now = standing(Status.ASSIGNED, assigned_at=ASSIGNED_AT)
    first = "FIRST_CONTACT:EY-7K4M-2Q:2024-12-17:3"
    assert keys(now, at("2024-12-24"), frozenset({first})) == {(ReminderKind.FIRST_CONTACT, 5): ""}


# --- To many -----------------------------------------------------------------------------------------------------
def test_days_before_the_cut_off():
    since, cut_off = date(2024, 9, 2), date(2024, 12, 13)
    series = reminder_kinds.before_day(
        ReminderKind.DRAFT_UNSENT, cut_off, reminder_kinds.CUT_OFF_STEPS, since=since, days=DAYS
    )
    assert {step.number: step.due_at for step in series.steps} == {
        20: at("2024-11-15"),
        5: at("2024-12-06"),
        1: at("2024-12-12"),
    }
    last = at("2024-12-13", "23:59:59")
    assert not series.is_over(last)
    assert series.is_over(last + SECOND)


def test_the_contracts_end():
    series = reminder_kinds.before_day(
        ReminderKind.CONTRACT_END,
        date(2025, 3, 31),
        reminder_kinds.CONTRACT_STEPS,
        since=date(2024, 9, 2),
        days=DAYS,
    )
    expected = {40: "2025-02-03", 20: "2025-03-03", 10: "2025-03-17", 5: "2025-03-24"}
    assert {step.number: step.due_at for step in series.steps} == {n: at(day) for n, day in expected.items()}


@pytest.mark.parametrize(
    ("today", "moment"),
    [
        pytest.param(date(2024, 12, 19), at("2024-12-16"), id="its Monday"),
        pytest.param(date(2025, 4, 20), at("2025-04-14"), id="Sunday belongs to the week before"),
        pytest.param(date(2024, 12, 23), at("2024-12-23"), id="the week of Christmas"),
    ],
)
def test_the_week_begins_on_monday(today, moment):
    assert [step.due_at for step in reminder_kinds.week_of(today, DAYS).steps] == [moment]


def test_a_monday_off_work_is_made_up_for_on_tuesday():
    days = Days(bank_holidays=frozenset({date(2025, 5, 5)}))
    assert [step.due_at for step in reminder_kinds.week_of(date(2025, 5, 5), days).steps] == [at("2025-05-06")]


# --- However the slots fall --------------------------------------------------------------------------------------
BEGUN = at("2024-12-16")
HOURS = st.integers(min_value=0, max_value=24 * 60)


@st.composite
def some_series(draw) -> list[Series]:
    """A few series with steps and ends anywhere within two months."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        steps = sorted(draw(st.lists(HOURS, min_size=1, max_size=4, unique=True)))
        since = BEGUN + timedelta(hours=draw(HOURS))
        until = draw(st.none() | HOURS)
        found.append(
            Series(
                ReminderKind.FIRST_CONTACT,
                str(number),
                tuple(Step(n, BEGUN + timedelta(hours=hour), since) for n, hour in enumerate(steps, start=1)),
                None if until is None else BEGUN + timedelta(hours=until),
                "it was over",
                is_planned=True,
            )
        )
    return found


@given(series=some_series(), slots=st.lists(HOURS, min_size=1, max_size=12))
def test_however_the_slots_fall_every_key_is_written_once_and_sent_at_most_once(series, slots):
    written: set[str] = set()
    for slot in sorted(slots):
        moment = BEGUN + timedelta(hours=slot)
        found = reminders.due(series, subject="EY", written=written, at=moment)
        assert not written & {one.key for one in found}
        assert all(not one.why for one in found) or all(one.step.due_at <= moment for one in found)
        for one in found:
            assert one.why or not one.series.is_over(moment)
        written |= {one.key for one in found}
    once = {one.key for one in reminders.due(series, subject="EY", written=(), at=BEGUN + timedelta(hours=max(slots)))}
    assert written == once


@given(series=some_series(), now=HOURS)
def test_looking_only_at_the_moments_that_next_look_names_misses_nothing(series, now):
    moment, written = BEGUN + timedelta(hours=now), set[str]()
    due = reminders.due(series, subject="EY", written=written, at=moment)
    written |= {one.key for one in due}
    following = reminders.next_look(series, moment)
    before = (following or BEGUN + timedelta(days=60)) - SECOND
    assert reminders.due(series, subject="EY", written=written, at=max(before, moment)) == []


def test_a_standard_of_one_day_still_reminds_after_it():
    short = replace(DEFAULTS, contact_working_days=1)
    now = standing(Status.ASSIGNED, assigned_at=PLACED)
    [series] = [
        one
        for one in reminder_kinds.series_of(now, standards=short, days=DAYS)
        if one.kind == ReminderKind.FIRST_CONTACT
    ]
    assert [step.due_at for step in series.steps] == [at("2024-12-18"), at("2024-12-18"), at("2024-12-23")]
