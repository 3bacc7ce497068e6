"""Who is suggested for a request, in which order and why."""

import math
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.rules.assigning import Candidate, suggest

NEEDS = {"SLCN": "Speech, language and communication needs", "DS": "Down syndrome"}


def teacher(name="Ada Wren", **fields):
    """A teacher 12 km away with two open requests, unless `fields` say otherwise."""
    usual = {"teacher_id": 1, "home_school": "Tidemark School", "km": 12.4, "minutes": 25, "open_requests": 2}
    return Candidate(name=name, **{**usual, **fields})


def names(*candidates, needs=NEEDS):
    return [suggestion.candidate.name for suggestion in suggest(candidates, needs)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param({"minutes": 90}, {"away": "On leave until 6 January"}, id="there before away, however far"),
        pytest.param({}, {"away": "On leave until 6 January", "minutes": 5}, id="there before away, however near"),
        pytest.param({"minutes": 20}, {"specialisms": frozenset(NEEDS), "open_requests": 0}, id="near before able"),
        pytest.param({"minutes": 90}, {"minutes": None, "km": None}, id="far before unknown"),
        pytest.param({"minutes": 55, "km": None}, {"minutes": None}, id="entered minutes need no kilometres"),
        pytest.param({"specialisms": frozenset(["DS"]), "open_requests": 9}, {}, id="able before less busy"),
        pytest.param({"specialisms": frozenset(NEEDS)}, {"specialisms": frozenset(["DS"])}, id="both before one"),
        pytest.param({"open_requests": 1, "km": 13.0}, {}, id="less busy before a few metres"),
        pytest.param({"km": 12.0}, {"works_in_zone": True}, id="nearer before the zone"),
        pytest.param({"works_in_zone": True}, {}, id="the zone before the name"),
        pytest.param({"specialisms": frozenset(["MLD"]), "works_in_zone": True}, {}, id="other needs do not count"),
    ],
)
def test_order(better, worse):
    """The better is called Zoe and has the higher id, so that only the reason can put her first."""
    first, second = teacher("Zoe", teacher_id=2, **better), teacher("Ann", teacher_id=1, **worse)
    assert names(first, second) == names(second, first) == ["Zoe", "Ann"]


def test_ties_go_by_name_then_by_id_whatever_the_order_given():
    same = [teacher("ann", teacher_id=3), teacher("Bea", teacher_id=1), teacher("Ann", teacher_id=4)]
    orders = {tuple(one.candidate.teacher_id for one in suggest(order, NEEDS)) for order in permutations(same)}
    assert orders == {(3, 4, 1)}


def test_nobody_to_suggest():
    assert suggest([], NEEDS) == []


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        pytest.param({}, ("12 km from Tidemark School, about 25 minutes", "2 open requests"), id="plain"),
        pytest.param(
            {"away_soon": "On leave on 3 December 2024"},
            ("12 km from Tidemark School, about 25 minutes", "2 open requests", "On leave on 3 December 2024"),
            id="leave that begins soon",
        ),
        pytest.param(
            {"specialisms": frozenset(["SLCN", "MLD"]), "works_in_zone": True},
            (
                "12 km from Tidemark School, about 25 minutes",
                "Specialism: Speech, language and communication needs",
                "2 open requests",
                "Works in this zone",
            ),
            id="one specialism and the zone",
        ),
        pytest.param(
            {"specialisms": frozenset(NEEDS), "away": "On leave until 6 January", "open_requests": 1},
            (
                "On leave until 6 January",
                "12 km from Tidemark School, about 25 minutes",
                "Specialisms: Speech, language and communication needs; Down syndrome",
                "1 open request",
            ),
            id="two specialisms and away",
        ),
        pytest.param(
            {"journey_is_estimate": False, "minutes": 50, "open_requests": 0},
            ("12 km from Tidemark School, 50 minutes", "No open requests"),
            id="somebody entered the minutes",
        ),
        pytest.param(
            {"km": None, "minutes": 50, "journey_is_estimate": False},
            ("50 minutes from Tidemark School", "2 open requests"),
            id="minutes without kilometres",
        ),
        pytest.param(
            {"km": None, "minutes": 10},
            ("About 10 minutes from Tidemark School", "2 open requests"),
            id="about, at the beginning",
        ),
        pytest.param(
            {"km": 0.4, "minutes": 1},
            ("Less than 1 km from Tidemark School, about 1 minute", "2 open requests"),
            id="next door",
        ),
        pytest.param(
            {"km": 0, "minutes": 0},
            ("Works at Tidemark School itself", "2 open requests"),
            id="the school itself",
        ),
        pytest.param(
            {"km": None, "minutes": None},
            ("The distance from Tidemark School is not known", "2 open requests"),
            id="nothing known",
        ),
        pytest.param(
            {"home_school": "", "km": None, "minutes": None},
            ("The distance is not known: no school of their own is recorded", "2 open requests"),
            id="no school",
        ),
    ],
)
def test_reasons(fields, reasons):
    assert suggest([teacher(**fields)], NEEDS)[0].reasons == reasons


def test_no_needs_no_specialism():
    assert suggest([teacher(specialisms=frozenset(["SLCN"]))], {})[0].reasons[1] == "2 open requests"


@pytest.mark.parametrize(
    ("loads", "most"),
    [
        pytest.param([7, 2, 0], ["7 open requests, the most of anyone", "2 open requests", "No open requests"]),
        pytest.param([7, 7, 0], ["7 open requests", "7 open requests", "No open requests"], id="two share it"),
        pytest.param([0, 0], ["No open requests", "No open requests"], id="nobody has any"),
        pytest.param([7], ["7 open requests"], id="the only one"),
    ],
)
def test_the_most_of_anyone(loads, most):
    found = suggest([teacher(teacher_id=turn, open_requests=load) for turn, load in enumerate(loads)], NEEDS)
    assert sorted(one.reasons[-1] for one in found) == sorted(most)


CANDIDATES = st.builds(
    teacher,
    name=st.sampled_from(["Ann", "Bea", "Zoe"]),
    km=st.none() | st.integers(0, 80),
    minutes=st.none() | st.integers(0, 24).map(lambda step: step * 5),
    specialisms=st.frozensets(st.sampled_from([*NEEDS, "MLD"])),
    open_requests=st.integers(0, 9),
    away=st.sampled_from(["", "On leave until 6 January"]),
    works_in_zone=st.booleans(),
)
TEAMS = st.lists(CANDIDATES, max_size=8).map(
    lambda team: [replace(one, teacher_id=turn) for turn, one in enumerate(team)]
)


def counts(one):
    """What counts for a candidate; on each, more is better."""
    return (
        not one.away,
        -(math.inf if one.minutes is None else one.minutes),
        -(math.inf if one.km is None else one.km),
        len(one.specialisms & NEEDS.keys()),
        -one.open_requests,
        one.works_in_zone,
    )


@given(TEAMS)
def test_better_on_every_count_is_never_below(team):
    ordered = [suggestion.candidate for suggestion in suggest(team, NEEDS)]
    assert sorted(one.teacher_id for one in ordered) == sorted(one.teacher_id for one in team)
    for place, above in enumerate(ordered):
        for below in ordered[place + 1 :]:
            is_better = all(mine >= theirs for mine, theirs in zip(counts(below), counts(above), strict=True))
            assert not is_better or counts(below) == counts(above)


@given(TEAMS, st.randoms())
def test_the_order_given_does_not_matter(team, random):
    mixed = list(team)
    random.shuffle(mixed)
    assert suggest(mixed, NEEDS) == suggest(team, NEEDS)
