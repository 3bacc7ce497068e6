"""The waits of a period's requests, from the days of R10's clocks.

Thousands of requests wait alike: each wait is reckoned once, and what is said of many is told from how many there are.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter

from django.utils.text import capfirst

from referrals.choices import Status
from referrals.rules.standards import Standards
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.waits import ALL, By, Group, Measure, Waits, waits_answer
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.happened import HeldVisit
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.schools import NO_SCHOOL, school_named, school_then
from s2s_portal.oversight.rules.spread import Spread, Wait, spread_of
from s2s_portal.oversight.rules.waits import contact_wait, record_wait, visit_wait
from s2s_portal.oversight.rules.working_days import london_day

GROUPED = {By.STREAM: "stream", By.ZONE: "zone_id", By.SCHOOL: "provider_school_id"}
"""What of a request tells the groups that its waits are in."""
_RULES: dict[Measure, Callable[..., Wait | None]] = {Measure.CONTACT: contact_wait, Measure.VISIT: visit_wait}
_OVER_AT: dict[Measure, Callable[[Case], datetime | None]] = {
    Measure.CONTACT: attrgetter("first_contact_at"),
    Measure.VISIT: attrgetter("first_held_at"),
}


def waited(readings: Readings, measure: Measure) -> dict[Wait, list[Case]]:
    """Every wait of the period for this, with the requests that waited like it, each as often as it did.

    Each has the provider school that had it when its wait was over.
    """
    handed_over = readings.schools_over_time
    if measure == Measure.RECORD:
        now = {case.pk: case for case in readings.cases}
        return {
            wait: [
                _then(readings, now[one.referral_id], one.starts_at)
                if one.referral_id in handed_over
                else now[one.referral_id]
                for one in visits
            ]
            for wait, visits in _visits(readings).items()
        }
    over_at = _OVER_AT[measure]
    return {
        wait: [_then(readings, case, over_at(case)) if case.pk in handed_over else case for case in cases]
        for wait, cases in _requests(readings, measure).items()
    }


def _then(readings: Readings, case: Case, at: datetime | None) -> Case:
    return case._replace(provider_school_id=school_then(readings, case, at))


def _requests(readings: Readings, measure: Measure) -> dict[Wait, list[Case]]:
    """The waits that a request has once at most."""
    rule, over_at = _RULES[measure], _OVER_AT[measure]
    sets, days, now, today = readings.standards_over_time, readings.days, readings.scope.at, readings.scope.today
    changes = sets.begins
    found: defaultdict[Wait | None, list[Case]] = defaultdict(list)
    for progress, cases in readings.alike.items():
        number = None
        for case in cases:
            at = over_at(case)
            if case.carried_at is not None and at is not None and at < case.carried_at:
                continue  # it was under the earlier contract
            then = bisect_right(changes, at or now) if changes else 0
            if number != then:  # the first of them, or one after a change on that very day
                number = then
                some = found[rule(progress, standards=sets.sets[number], days=days, today=today)]
            some.append(case)
    return {wait: cases for wait, cases in found.items() if wait is not None}


def _visits(readings: Readings) -> dict[Wait, list[HeldVisit]]:
    """The waits of visits for their records."""
    sets, now = readings.standards_over_time, readings.scope.at
    moved = {case.pk for case in readings.cases if case.status == Status.TRANSFERRED}
    changes, alike = sets.begins, defaultdict(list)
    for visit in readings.visits:
        recorded_at = visit.recorded_at
        days = london_day(visit.starts_at), recorded_at and london_day(recorded_at)
        number = bisect_right(changes, recorded_at or now) if changes else 0
        alike[days, visit.referral_id in moved, number].append(visit)
    found: defaultdict[Wait, list[HeldVisit]] = defaultdict(list)
    for ((held_on, recorded_on), is_moved, number), visits in alike.items():
        wait = record_wait(
            held_on,
            recorded_on,
            can_still_come=not is_moved,
            standards=sets.sets[number],
            days=readings.days,
            today=readings.scope.today,
        )
        found[wait] += visits
    return found


def waits_of(readings: Readings) -> Waits:
    """Every measure, overall and by group."""
    overall, groups = {}, {}
    for measure in Measure:
        some = waited(readings, measure)
        groups.update({(measure, by): _groups(readings, measure, by, some) for by in By})
        requests = sum(group.requests for group in groups[measure, By.STREAM])  # each has one stream
        overall[measure] = Group(ALL, "All", requests, _spread(some))
    return Waits(standards=_standards(readings.standards), changed=_changed(readings), overall=overall, groups=groups)


def answer_of(readings: Readings) -> Answer:
    """The overview's line. It needs no groups."""
    overall = {measure: _spread(_requests(readings, measure)) for measure in _RULES}
    overall[Measure.RECORD] = _spread(_visits(readings))
    changed = _changed(readings)
    standards = {measure: days for measure, days in _standards(readings.standards).items() if measure not in changed}
    return waits_answer(standards, overall)


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line, each once, as they were sent; None if there is no such figure or line."""
    measure, _, by = figure.partition("-")
    if measure not in set(Measure) or by not in set(By):
        return None
    key_of = attrgetter(GROUPED[By(by)])
    waits = waited(readings, Measure(measure))
    chosen = {case.pk for cases in waits.values() for case in cases if line in (ALL, _key(key_of(case)))}
    return [case for case in readings.cases if case.pk in chosen] if chosen or line == ALL else None


def _changed(readings: Readings) -> frozenset[Measure]:
    """What had another standard at some moment at which a wait of the period may have ended."""
    begins_at = readings.cases[0].submitted_at if readings.cases else readings.scope.at
    now, sets = _standards(readings.standards), readings.standards_over_time
    earlier = [_standards(sets.at(at)) for at in (begins_at, *(at for at in sets.begins if at > begins_at))]
    return frozenset(measure for measure in Measure if any(one[measure] != now[measure] for one in earlier))


def _standards(standards: Standards) -> dict[Measure, int]:
    return {
        Measure.CONTACT: standards.contact_working_days,
        Measure.VISIT: standards.observation_weeks,
        Measure.RECORD: standards.record_working_days,
    }


def _spread(waits: Mapping[Wait, Sequence[object]]) -> Spread:
    return spread_of({wait: len(some) for wait, some in waits.items()})


def _key(value: str | int | None) -> str:
    """What tells one group from another, as it stands in addresses."""
    return str(value or NO_SCHOOL)


def _labels(readings: Readings, by: By) -> dict[str, str]:
    """The names of all groups there may be, in their order."""
    if by == By.STREAM:
        return {stream.value: capfirst(stream.label) for stream in Stream}
    if by == By.ZONE:
        return {str(pk): name for pk, name in readings.zones.items()}
    return school_named(readings)


def _groups(readings: Readings, measure: Measure, by: By, some: Mapping[Wait, Sequence[Case]]) -> list[Group]:
    found: defaultdict[str, dict[Wait, int]] = defaultdict(dict)
    for wait, cases in some.items():
        for value, count in Counter(map(attrgetter(GROUPED[by]), cases)).items():
            found[_key(value)][wait] = count
    requests = {key: sum(counts.values()) for key, counts in found.items()}
    if measure == Measure.RECORD:  # of several visits of one request each has its own wait
        visited = set(map(attrgetter("pk", GROUPED[by]), chain.from_iterable(some.values())))
        requests = {_key(value): count for value, count in Counter(value for _, value in visited).items()}
    return [
        Group(key, label, requests[key], spread_of(found[key]))
        for key, label in _labels(readings, by).items()
        if key in found
    ]
