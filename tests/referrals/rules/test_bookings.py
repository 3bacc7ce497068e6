"""Whether a time suits: every reason against one, and what a written reason overrules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from referrals.choices import About, Agreement, BookingKind, BookingMode, BookingProblem
from referrals.rules import bookings as rules
from referrals.rules.bookings import Circumstances, Neighbour, Wanted, judge, problems, standing_problems
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days, ends_at
from s2s_portal.organisations.choices import Stream
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

P = BookingProblem
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CLOSED = date(2024, 12, 4)
DAYS = Days(
    bank_holidays=frozenset({date(2024, 12, 25), date(2024, 12, 26)}),
    terms=(
        (date(2024, 9, 4), date(2024, 10, 25)),
        (date(2024, 11, 4), date(2024, 12, 20)),
        (date(2025, 1, 6), date(2025, 2, 14)),
    ),
    closures=frozenset({CLOSED}),
    staff_only=frozenset({date(2024, 12, 6)}),
)
GIVEN = Circumstances(
    stream=Stream.MAINSTREAM,
    days=DAYS,
    run_off_ends_on=date(2025, 7, 31),
    standards=Standards(),
    about=About.CHILD,
    agreement=Agreement.YES,
)


def at(day, hour=10, minute=0, second=0, *, month=12, year=2024):
    return datetime(year, month, day, hour, minute, second, tzinfo=LONDON).astimezone(UTC)


def visit(starts_at=None, *, hours=1.0, kind=BookingKind.OBSERVATION, mode=BookingMode.IN_PERSON):
    starts_at = starts_at or at(3)
    return Wanted(kind=kind, mode=mode, starts_at=starts_at, ends_at=starts_at + hours * HOUR)


def other(starts_at, *, hours=1.0, minutes=None, teacher="Ashill Carr"):
    ends_at = starts_at + hours * HOUR
    return Neighbour(teacher, "a visit to Bulrush Nursery at 10:00", starts_at, ends_at, minutes)


def causes(wanted, given=GIVEN, *, now=AT, **changes):
    return [problem.cause for problem in problems(wanted, replace(given, **changes), at=now)]


def sentences(wanted, *, now=AT, **changes):
    return [problem.sentence for problem in problems(wanted, replace(GIVEN, **changes), at=now)]


def test_an_ordinary_time_suits():
    assert problems(visit(), GIVEN, at=AT) == []


def test_a_visit_that_ends_before_it_begins_is_judged_no_further():
    assert causes(visit(at(7), hours=0)) == [P.ENDS_BEFORE_START]
    assert causes(visit(at(7), hours=-1)) == [P.ENDS_BEFORE_START]


# --- The moment ---
def test_today_may_be_entered_afterwards_and_yesterday_may_not():
    noon = at(3, 12)
    assert causes(visit(at(3, 8)), now=noon) == []
    assert causes(visit(at(2, 8)), now=noon) == [P.IN_THE_PAST]
    assert sentences(visit(at(2, 8)), now=noon) == ["2 December 2024 has passed. Choose today or a later day."]


def test_the_day_ends_with_its_last_second_in_london():
    wanted = visit(at(3, 15))
    midnight = ends_at(date(2024, 12, 3))
    assert causes(wanted, now=midnight - timedelta(seconds=1)) == []
    assert causes(wanted, now=midnight) == [P.IN_THE_PAST]


def test_ten_hours_are_the_most():
    assert causes(visit(at(3, 8), hours=10)) == []
    assert causes(visit(at(3, 8), hours=10.1)) == [P.TOO_LONG]
    assert causes(visit(at(3, 8), hours=24)) == [P.TOO_LONG, P.OUT_OF_HOURS]


@pytest.mark.parametrize(
    ("starts_at", "hours", "suits"),
    [
        (at(3, 7), 1, True),
        (at(3, 6, 59), 1, False),
        (at(3, 19), 1, True),
        (at(3, 19, 1), 1, False),
        (at(3, 23), 2, False),  # over midnight
    ],
)
def test_visits_are_between_seven_and_eight(starts_at, hours, suits):
    assert causes(visit(starts_at, hours=hours)) == ([] if suits else [P.OUT_OF_HOURS])


@pytest.mark.parametrize(
    ("day", "month", "utc_hour"),
    [(28, 3, 7), (31, 3, 6), (24, 10, 6), (27, 10, 7)],
    ids=["the last winter day", "the first summer day", "the last summer day", "the first winter day"],
)
def test_the_hours_are_those_of_london_on_both_sides_of_a_clock_change(day, month, utc_hour):
    seven = datetime(2025, month, day, utc_hour, tzinfo=UTC)
    any_day = {"stream": Stream.EARLY_YEARS, "days": Days(), "run_off_ends_on": date(2026, 3, 31)}
    assert causes(visit(seven), **any_day) == []
    assert causes(visit(seven - MINUTE), **any_day) == [P.OUT_OF_HOURS]


@pytest.mark.parametrize(("day", "month"), [(30, 3), (26, 10)])
def test_the_days_on_which_the_clocks_change_are_sundays_like_others(day, month):
    known = {"days": Days(), "run_off_ends_on": date(2026, 3, 31)}
    wanted = visit(at(day, 9, month=month, year=2025))
    assert wanted.day == date(2025, month, day)
    assert causes(wanted, **known) == [P.NOT_A_WORKING_DAY]
    at_night = visit(at(day, 1, 30, month=month, year=2025))  # a time that is not there, or there twice
    assert causes(at_night, **known) == [P.OUT_OF_HOURS, P.NOT_A_WORKING_DAY]


# --- The day ---
@pytest.mark.parametrize("stream", Stream)
@pytest.mark.parametrize(
    ("day", "cause", "sentence"),
    [
        (7, P.NOT_A_WORKING_DAY, "7 December 2024 is a weekend."),
        (8, P.NOT_A_WORKING_DAY, "8 December 2024 is a weekend."),
        (25, P.NOT_A_WORKING_DAY, "25 December 2024 is a bank holiday."),
        (4, P.SETTING_CLOSED, "The school or setting is closed on 4 December 2024."),
    ],
)
def test_days_on_which_nobody_works_refuse_every_visit(stream, day, cause, sentence):
    for kind in BookingKind:
        [found] = problems(visit(at(day), kind=kind), replace(GIVEN, stream=stream), at=AT)
        assert (found.cause, found.sentence, found.keepable) == (cause, sentence, False)


@pytest.mark.parametrize("kind", BookingKind)
def test_a_training_day_is_for_staff(kind):
    refused = kind in (BookingKind.OBSERVATION, BookingKind.MODELLING)
    found = problems(visit(at(6), kind=kind), GIVEN, at=AT)
    assert [one.sentence for one in found] == (
        ["6 December 2024 is a training day: no children are in."] if refused else []
    )


@pytest.mark.parametrize(
    ("day", "month", "year", "cause"),
    [
        (20, 12, 2024, None),
        (23, 12, 2024, P.OUT_OF_TERM),
        (28, 10, 2024, P.OUT_OF_TERM),
        (7, 3, 2025, P.TERMS_UNKNOWN),
    ],
)
def test_holidays_and_days_that_nobody_entered_warn_for_schools_only(day, month, year, cause):
    wanted, now = visit(at(day, month=month, year=year)), at(1, month=9)
    assert causes(wanted, now=now) == ([cause] if cause else [])
    assert causes(wanted, now=now, stream=Stream.EARLY_YEARS) == []
    assert all(problem.keepable for problem in problems(wanted, GIVEN, at=now))


def test_a_place_that_closes_for_good_is_visited_until_its_last_day():
    last = {"closes_on": date(2024, 12, 3)}
    assert causes(visit(at(3)), **last) == []
    assert sentences(visit(at(5)), **last) == ["The school or setting closes on 3 December 2024 for good."]
    assert sentences(visit(at(3)), closes_on=date.min) == ["The school or setting has closed for good."]
    assert causes(visit(at(5)), **last) == [P.SETTING_CLOSED]


def test_the_contracts_last_day_for_visits_counts_whole():
    last = {"run_off_ends_on": date(2024, 12, 3)}
    assert causes(visit(at(3, 19)), **last) == []
    assert sentences(visit(at(5)), **last) == ["Visits end on 3 December 2024, the contract’s last day for them."]
    assert causes(visit(at(5)), **last) == [P.AFTER_RUN_OFF]


# --- The teachers ---
def test_each_teacher_who_is_away_or_has_left_is_named():
    away = ("Ashill Carr is on leave on 3 December 2024.", "Tivetshall Loddon does not work on Tuesdays.")
    left = ("Heron Acle is no longer an S2S teacher.",)
    assert sentences(visit(), away=away, left=left) == [*left, *away]
    assert causes(visit(), away=away, left=left) == [P.TEACHER_LEFT, P.TEACHER_AWAY, P.TEACHER_AWAY]


@pytest.mark.parametrize(
    ("starts_at", "hours", "overlap"),
    [
        (at(3, 9), 1, False),
        (at(3, 9), 1.01, True),
        (at(3, 10, 59), 1, True),
        (at(3, 11), 1, False),
        (at(3, 10, 15), 0.5, True),
        (at(3, 9), 4, True),
    ],
    ids=["touches before", "ends in it", "begins in it", "touches after", "inside", "around"],
)
@pytest.mark.parametrize("mode", BookingMode)
def test_nobody_is_in_two_places_and_touching_is_no_overlap(starts_at, hours, overlap, mode):
    found = problems(visit(starts_at, hours=hours, mode=mode), replace(GIVEN, neighbours=(other(at(3, 10)),)), at=AT)
    assert [one.sentence for one in found] == (
        ["Ashill Carr has a visit to Bulrush Nursery at 10:00 then."] if overlap else []
    )
    assert all(one.cause == P.OVERLAP and not one.keepable for one in found)


def test_every_teacher_of_several_is_looked_at():
    both = (other(at(3, 10)), other(at(3, 10, 30), teacher="Heron Acle"), other(at(3, 14)))
    found = sentences(visit(at(3, 10)), neighbours=both)
    assert [sentence.split(" has ")[0] for sentence in found] == ["Ashill Carr", "Heron Acle"]


@pytest.mark.parametrize(
    ("starts_at", "left"),
    [(at(3, 11, 45), None), (at(3, 11, 44), 44), (at(3, 11, 20), 20), (at(3, 11), 0), (at(3, 8, 35), 25)],
    ids=["enough", "a minute short", "short", "touching", "short on the way there"],
)
def test_too_little_time_to_travel_warns(starts_at, left):
    found = problems(visit(starts_at), replace(GIVEN, neighbours=(other(at(3, 10), minutes=45),)), at=AT)
    told = f"Ashill Carr has a visit to Bulrush Nursery at 10:00: it is about 45 minutes away, and you left {left}."
    assert [one.sentence for one in found] == ([] if left is None else [told])
    assert all(one.cause == P.TOO_LITTLE_TRAVEL and one.keepable for one in found)


def test_nobody_travels_to_a_remote_visit_or_a_way_that_is_not_known():
    near = (other(at(3, 10), minutes=45),)
    assert causes(visit(at(3, 11), mode=BookingMode.REMOTE), neighbours=near) == []
    assert causes(visit(at(3, 11)), neighbours=(other(at(3, 10), minutes=None),)) == []


# --- R11 ---
@pytest.mark.parametrize("agreement", Agreement)
@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("kind", BookingKind)
def test_only_observations_of_a_named_child_need_the_parents_agreement(kind, about, agreement):
    missing = kind == BookingKind.OBSERVATION and about == About.CHILD and agreement != Agreement.YES
    assert rules.lacks_agreement(kind, about, agreement) is missing
    found = causes(visit(kind=kind), about=about, agreement=agreement)
    assert found == ([P.NO_AGREEMENT] if missing else [])


def test_a_visit_without_the_agreement_it_needs_is_never_kept():
    assert rules.cannot_keep([P.SETTING_CLOSED, P.TEACHER_AWAY]) == ""
    assert "parental agreement" in rules.cannot_keep([P.SETTING_CLOSED, P.NO_AGREEMENT])


# --- The caps ---
@pytest.mark.parametrize(("usual", "most"), [(3, 6), (1, 2)])
def test_the_caps_are_settings(usual, most):
    standards = Standards(usual_visits=usual, most_visits=most)
    for visits in range(most + 1):
        cause = P.OVER_HARD_CAP if visits >= most else P.OVER_SOFT_CAP if visits >= usual else None
        assert causes(visit(), standards=standards, visits=visits) == ([cause] if cause else [])
    assert sentences(visit(), standards=standards, visits=usual) == [
        f"This would be visit {usual + 1}. {usual} are usual for a request."
    ]
    assert sentences(visit(), standards=standards, visits=most) == [
        f"This request has {most} visits. {most} are the most."
    ]


def test_a_visit_that_only_moves_is_not_one_more():
    assert problems(visit(), replace(GIVEN, visits=9), at=AT, is_new=False) == []


# --- What stands whenever it is looked at ---
def test_what_is_looked_at_again_leaves_out_the_moment_the_number_and_the_neighbours():
    many = replace(GIVEN, visits=9, neighbours=(other(at(2, 10)),))
    assert standing_problems(visit(at(2, 10)), many) == []
    shut = standing_problems(visit(at(4), kind=BookingKind.FOLLOW_UP), many)
    assert [one.cause for one in shut] == [P.SETTING_CLOSED]


# --- Judging ---
def test_what_refuses_comes_first():
    near = (other(at(23, 8, 30), minutes=45),)
    found = causes(visit(at(23)), neighbours=near, visits=3, agreement=Agreement.NOT_YET)
    assert found == [P.NO_AGREEMENT, P.OUT_OF_TERM, P.OVER_SOFT_CAP, P.TOO_LITTLE_TRAVEL]


def test_a_reason_overrules_a_warning_and_nothing_else():
    found = problems(visit(at(23)), replace(GIVEN, agreement=Agreement.NOT_YET, visits=3), at=AT)
    silent = judge(found, reasons={})
    assert [one.cause for one in silent.refused] == [P.NO_AGREEMENT]
    assert [one.cause for one in silent.unexplained] == [P.OUT_OF_TERM, P.OVER_SOFT_CAP]
    assert (silent.overruled, silent.reasons, silent.suits) == ([], {}, False)
    told = judge(found, reasons={P.NO_AGREEMENT: "No time.", P.OUT_OF_TERM: " They open. ", P.OVER_SOFT_CAP: " "})
    assert [one.cause for one in told.refused] == [P.NO_AGREEMENT]
    assert [one.cause for one in told.unexplained] == [P.OVER_SOFT_CAP]
    assert [one.cause for one in told.overruled] == [P.OUT_OF_TERM]
    assert told.reasons == {"OUT_OF_TERM": "They open."}
    assert not told.suits


def test_a_time_suits_once_every_warning_has_its_reason():
    found = problems(visit(at(23)), GIVEN, at=AT)
    assert judge(found, reasons={"OUT_OF_TERM": "They open."}).suits
    assert judge([], reasons={"OUT_OF_TERM": "Nobody asked."}).reasons == {}


# --- Afterwards ---
def test_a_visit_that_has_begun_is_told_of_and_no_longer_changed():
    begins = at(3)
    assert rules.cannot_change(starts_at=begins, at=begins - timedelta(seconds=1)) == ""
    assert rules.cannot_change(starts_at=begins, at=begins).startswith("The visit began on 3 December 2024, 10:00.")
    assert rules.cannot_tell_outcome(starts_at=begins, at=begins) is None
    assert "3 December 2024, 10:00" in rules.cannot_tell_outcome(starts_at=begins, at=begins - timedelta(seconds=1))


# --- Reverse visits ---
def test_a_reverse_visit_needs_the_special_school_to_be_open():
    host = {"host": "Tidemark School", "host_days": replace(DAYS, closures=frozenset({date(2024, 12, 3), CLOSED}))}
    assert sentences(visit(kind=BookingKind.REVERSE_VISIT), **host) == ["Tidemark School is closed on 3 December 2024."]
    assert causes(visit(at(5), kind=BookingKind.REVERSE_VISIT), **host) == []
    assert sentences(visit(at(4), kind=BookingKind.REVERSE_VISIT), **host) == [
        "The school or setting is closed on 4 December 2024."  # both are: once is enough
    ]
