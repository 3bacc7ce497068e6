"""What became of a period's requests: goals by their last closings, confidence by the records that stand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from django.utils.text import capfirst

from referrals.choices import GoalResult, Status
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import Aim
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.outcomes import (
    AIM,
    CONFIDENCE,
    GOALS,
    Goals,
    Group,
    Outcomes,
    outcomes_answer,
)
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.rules.aims import AIM_OF
from s2s_portal.oversight.rules.confidence import Change, changes_of, confidence_of


@dataclass(frozen=True)
class _Facts:
    """What is known of each request by its id: how many visits it had, in all and for each aim; results; confidences.

    Groups are made of thousands of them: whatever is asked of a group is asked of sets.
    """

    closed: frozenset[int]
    visits: Mapping[int, int]
    by_aim: Mapping[Aim, Mapping[int, int]]
    results: Mapping[int, list[str]]
    changes: dict[int, Change]


def answer_of(readings: Readings) -> Answer:
    """The overview's line. It needs no groups."""
    return outcomes_answer(Outcomes(_whole(readings, _facts(readings)), streams=(), aims=()))


def outcomes_of(readings: Readings) -> Outcomes:
    """Goals and confidence by stream, and by aim."""
    facts, asked = _facts(readings), readings.scope.stream
    streams = [Stream(asked)] if asked else list(Stream)
    ids: dict[str, list[int]] = {stream.value: [] for stream in Stream}
    for case in readings.cases:
        ids[case.stream].append(case.pk)
    return Outcomes(
        whole=_whole(readings, facts),
        streams=[_group(one.value, capfirst(one.label), ids[one.value], facts, facts.visits) for one in streams],
        aims=[_group(aim.value, aim.label, visits, facts, visits) for aim, visits in facts.by_aim.items()],
    )


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line; None if there is no such figure or line."""
    facts = _facts(readings)
    if figure == AIM and line in Aim.values:
        served = facts.by_aim[Aim(line)]
        return [case for case in readings.cases if case.pk in served]
    if figure not in (GOALS, CONFIDENCE) or line not in Stream.values or readings.scope.stream not in ("", line):
        return None
    counted = facts.closed if figure == GOALS else facts.changes.keys()
    return [case for case in readings.cases if case.stream == line and case.pk in counted]


def _facts(readings: Readings) -> _Facts:
    visits: defaultdict[int, int] = defaultdict(int)
    by_aim: dict[Aim, defaultdict[int, int]] = {aim: defaultdict(int) for aim in Aim}
    for (pk, kind), count in Counter(map(attrgetter("referral_id", "kind"), readings.visits)).items():
        visits[pk] += count
        by_aim[AIM_OF[kind]][pk] += count
    results: dict[int, list[str]] = {}
    for pk, result in readings.told.goals:
        if result is not None:
            results.setdefault(pk, []).append(result)
    closed = (case.pk for case in readings.cases if case.status == Status.CLOSED and case.visits_held)
    return _Facts(frozenset(closed), visits, by_aim, results, changes_of(readings.told.confidences))


def _whole(readings: Readings, facts: _Facts) -> Group:
    return _group("", "All", [case.pk for case in readings.cases], facts, facts.visits)


def _group(key: str, label: str, ids: Iterable[int], facts: _Facts, visits: Mapping[int, int]) -> Group:
    """The requests with these ids. `visits` are those of which it is asked: all, or those for one aim."""
    every = frozenset(ids)
    visited = every & visits.keys()
    closed = every & facts.closed
    asked = closed & facts.results.keys()
    results = Counter(chain.from_iterable(map(facts.results.__getitem__, asked)))
    return Group(
        key=key,
        label=label,
        requests=len(visited),
        visits=sum(map(visits.__getitem__, visited)),
        goals=Goals(
            closed=len(closed),
            asked=len(asked),
            met=results[GoalResult.MET],
            partly=results[GoalResult.PARTLY],
            not_met=results[GoalResult.NOT_MET],
            not_worked_on=results[GoalResult.NOT_WORKED_ON],
        ),
        confidence=confidence_of(facts.changes, every),
    )
