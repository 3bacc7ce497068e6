"""What waits, stuck requests, flow and team load say in words: one, many, none, all."""

from collections import Counter
from datetime import date

import pytest

from referrals.choices import Clock
from s2s_portal.oversight.documents.flow import Flow, flow_figures
from s2s_portal.oversight.documents.stuck import LONGEST, Stopped, stuck_answer, stuck_figures
from s2s_portal.oversight.documents.team import NOBODY, Load, School, Team, team_figures, team_sentence
from s2s_portal.oversight.documents.waits import ALL, By, Group, Measure, Waits, waits_answer, waits_figures
from s2s_portal.oversight.rules.flow import AGES, Movement, weeks_of
from s2s_portal.oversight.rules.spread import Spread, Wait, WaitState, spread_of
from s2s_portal.oversight.rules.stuck import Holder, Stuck, Why

OVER, GOING_ON = WaitState.OVER, WaitState.GOING_ON
STANDARDS = {Measure.CONTACT: 5, Measure.VISIT: 4, Measure.RECORD: 10}
TODAY = date(2024, 11, 26)


# --- Waits ---
def waits(*some: Wait, measure=Measure.CONTACT):
    """The figure by stream of these waits."""
    everything = Group(ALL, "All", len(some), spread_of(Counter(some)))
    none = Group(ALL, "All", 0, spread_of({}))
    found = Waits(
        standards=STANDARDS,
        overall=dict.fromkeys(Measure, none) | {measure: everything},
        groups={(one, by): [] for one in Measure for by in By},
    )
    return next(figure for figure in waits_figures(found) if figure.key == f"{measure}-{By.STREAM}")


def late(count, measure_late=1):
    return [Wait(GOING_ON, is_late=number < measure_late) for number in range(count)]


@pytest.mark.parametrize(
    ("some", "measure", "sentence"),
    [
        ([], Measure.CONTACT, "Nobody has been reached yet; none is still waited for."),
        (late(1, 0), Measure.CONTACT, "Nobody has been reached yet; 1 request still waits, not past its due day."),
        (late(1), Measure.RECORD, "No record has been finalised yet; 1 visit has no record yet, past its due day."),
        (
            late(3, 0),
            Measure.VISIT,
            "No first visit has been measured yet; 3 requests still wait, none of them past the due day.",
        ),
        (
            late(2, 2),
            Measure.RECORD,
            "No record has been finalised yet; 2 visits have no record yet, all of them past the due day.",
        ),
        (
            [Wait(OVER, 0), Wait(OVER, 1), Wait(OVER, 7, True), *late(3, 2)],
            Measure.CONTACT,
            "Of 5 requests reached or overdue, 2 (40%) were reached within the standard of 5 working days. Of those "
            "reached, half within 1 working day, four in five within 7 working days; 3 requests still wait, 2 of them "
            "past the due day.",
        ),
        (
            [*[Wait(OVER, 1)] * 300, *late(1)],
            Measure.RECORD,
            "Of 301 visits recorded or overdue, 300 (99%) were recorded within the standard of 10 working days. Of "
            "those recorded, half within 1 working day, four in five within 1 working day; 1 visit has no record yet, "
            "past its due day.",
        ),
        (
            [Wait(OVER, 0.0)],
            Measure.VISIT,
            "Of 1 request visited or overdue, 1 (100%) was visited within the standard of 4 weeks. Of those visited, "
            "half on the same day, four in five on the same day; none is still waited for.",
        ),
    ],
)
def test_sentence_of_waits(some, measure, sentence):
    assert waits(*some, measure=measure).sentence == sentence


def test_line_of_waits():
    figure = waits(Wait(OVER, 2), Wait(OVER, 9, True), *late(1), Wait(WaitState.ENDED))
    assert figure.lines[-1].values == ("All", 4, 2, 2, 9, 100 / 3, 1, 1, 1)
    assert len(figure.columns) == len(figure.lines[-1].values)
    assert figure.chart.mark.at == 5
    assert figure.chart.categories == ("All",)
    assert waits().lines == ()


@pytest.mark.parametrize(
    ("lengths", "notes"),
    [
        ([2.0], ()),
        ([None], ("1 first visit could not be measured: term dates are not entered for its weeks.",)),
        ([None, 1.0, None], ("2 first visits could not be measured: term dates are not entered for their weeks.",)),
    ],
)
def test_visits_that_cannot_be_measured_are_said(lengths, notes):
    assert waits(*(Wait(OVER, length) for length in lengths), measure=Measure.VISIT).notes == notes


def test_answer_of_waits():
    spreads = {
        Measure.CONTACT: spread_of({Wait(OVER, 1): 2}),
        Measure.VISIT: spread_of({Wait(GOING_ON): 1}),
        Measure.RECORD: spread_of({Wait(OVER, 0): 1}),
    }
    answer = waits_answer(STANDARDS, spreads)
    assert (answer.figure, answer.level) == ("Contact 1 working day · visit – · record 0 working days", "")
    assert answer.sentence == (
        "Half of those reached heard within 1 working day (standard: 5); no first visit has "
        "been measured yet; half of the records came on the same day (standard: 10); no wait is overdue."
    )
    empty: dict[Measure, Spread] = dict.fromkeys(Measure, spread_of({}))
    assert waits_answer(STANDARDS, empty).figure == "Nothing yet"


# --- Stuck ---
def stopped(number, holder=Holder.TEACHER, why=Why.CLOCK, days=3):
    one = Stuck(why, TODAY, days, holder, Clock.CONTACT if why == Why.CLOCK else None)
    return Stopped(f"EY-{number}", one, (holder.value, holder.value), (why.value, why.value), "/")


@pytest.mark.parametrize(
    ("some", "sentence"),
    [
        ([], "No open request is stuck."),
        ([stopped(1, days=1)], "1 request is stuck: 1 with its teacher; the longest for 1 working day."),
        (
            [stopped(1), stopped(2), stopped(3, Holder.ADVISER, Why.ANSWER, 9), stopped(4, Holder.COORDINATOR)],
            "4 requests are stuck: 2 with their teachers, 1 with the S2S co-ordinator, 1 with its adviser; the longest "
            "for 9 working days.",
        ),
    ],
)
def test_answer_of_stuck(some, sentence):
    answer = stuck_answer([one.stuck for one in some])
    assert answer.sentence == sentence
    assert answer.level == ("low" if some else "")
    assert {figure.sentence for figure in stuck_figures(some)} == {sentence}


def test_only_an_answer_is_awaited():
    assert stuck_answer([stopped(1, Holder.ADVISER, Why.ANSWER).stuck]).level == ""


@pytest.mark.parametrize(
    ("more", "notes"),
    [
        (0, ()),
        (1, ("1 more is behind the lines of the figures above.",)),
        (2, ("2 more are behind the lines of the figures above.",)),
    ],
)
def test_only_the_longest_are_listed_one_by_one(more, notes):
    figure = stuck_figures([stopped(number) for number in range(LONGEST + more)])[-1]
    assert (len(figure.lines), figure.notes) == (LONGEST, notes)


# --- Flow ---
def test_flow_of_one_request():
    movements = {1: [Movement(date(2024, 11, 25))]}
    ages = {age.key: {} for age in AGES}
    flow = Flow(weeks_of(movements, until=TODAY), [("Early years", frozenset({1}))], ages, TODAY)
    weeks, came, left, _ = flow_figures(flow)
    assert weeks.sentence == "This week 1 request came in and none left or moved; 1 request is open with S2S."
    assert weeks.chart.days == (TODAY,)
    assert [line.values for line in came.lines] == [(date(2024, 11, 25), 1, 1), ("All weeks", 1, 1)]
    assert (left.sentence, left.lines) == ("No request left or moved yet.", ())


# --- Team ---
def load(name="Ada Alder", opened=0, overdue=0, ahead=()):
    return Load("1", name, "Alder Carr School", opened, overdue, frozenset(ahead), frozenset())


@pytest.mark.parametrize(
    ("loads", "sentence"),
    [
        ([], "There are no S2S teachers yet."),
        ([load()], "0 open requests, 0 overdue clocks and 0 visits in the next 4 weeks; 1 teacher."),
        (
            [load(opened=1, overdue=1, ahead=[7]), load("Ben Birch", ahead=[7])],
            "1 open request, 1 overdue clock and 1 visit in the next 4 weeks; 2 teachers; Ada Alder has most: 1 open "
            "request.",
        ),
    ],
)
def test_sentence_of_a_team(loads, sentence):
    team = Team([School("1", "Alder Carr School", loads)], by_name=True)
    assert team_sentence(team) == sentence
    assert [bool(figure.lines) for figure in team_figures(team)] == [bool(loads)] * 2


@pytest.mark.parametrize(
    ("key", "those"),
    [("1", "the teachers of Alder Carr School"), ("none", "teachers without a school")],
    ids=["school", "none"],
)
def test_sentence_of_a_team_for_those_who_read_of_schools_alone(key, those):
    team = Team([School(key, "Alder Carr School", [load(opened=2)]), School("not-given", NOBODY, [load(NOBODY, 3)])])
    assert team_sentence(team).endswith(f"; 1 teacher; {those} have most: 2.0 open requests each.")
    assert [figure.key for figure in team_figures(team)] == ["schools"]
