"""The needs of a period's requests, as this person may see them (R16), and the support they ask for and got."""

from collections import Counter
from collections.abc import Callable, Mapping
from operator import attrgetter, itemgetter
from typing import NamedTuple

from referrals.choices import BookingKind, SenStatus, SupportKind
from referrals.permissions import sees_sent_cases
from referrals.rules.disclosure import suppressed
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.needs import (
    GIVEN,
    NEED,
    SEN,
    WANTED,
    YEAR,
    Given,
    Group,
    Needs,
    Wanted,
    needs_answer,
)
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.rules.year_bands import BAND_OF, BANDS

OTHER = "other"
"""Stands in addresses for requests that do not say, or name a type of need that was not in use in the period."""


class _Alike(NamedTuple):
    """What requests have in common that are counted together: a thousand of them fall into a few hundred groups."""

    stream: str
    primary_need_id: int | None
    year_group: str
    sen_status: str


Key = Callable[[Case | _Alike], str]
Alike = Mapping[_Alike, int]
_alike = attrgetter(*_Alike._fields)


def answer_of(readings: Readings) -> Answer:
    """The overview's line. It needs the cases, the types of need and the visits."""
    return needs_answer(_needs(readings))


def needs_of(readings: Readings) -> Needs:
    """All of it, for the page."""
    return _needs(readings, whole=True)


def _needs(readings: Readings, *, whole: bool = False) -> Needs:
    cases, streams = _counted(readings), _streams(readings)
    alike = {_Alike._make(key): count for key, count in Counter(map(_alike, cases)).items()}
    visited = Counter(map(_what_for, readings.visits))
    return Needs(
        streams=tuple(stream.label for stream in streams),
        totals=tuple(sum(count for one, count in alike.items() if one.stream == stream) for stream in streams),
        needs=_groups(readings, NEED, alike),
        given=_given(visited),
        supported=len({pk for pk, _ in visited}),
        years=_groups(readings, YEAR, alike) if whole else (),
        statuses=_groups(readings, SEN, alike) if whole else (),
        wanted=_wanted(readings, cases, visited) if whole else (),
    )


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line; None if there is no such figure or line, or R16 hides whose needs they are."""
    cases = _counted(readings)
    if figure in (NEED, YEAR, SEN):
        if not sees_sent_cases(readings.scope.asking.user) or line not in _labels(readings, figure):
            return None
        key = _key(readings, figure)
        return [case for case in cases if key(case) == line]
    if figure == WANTED and line in SupportKind.values:
        return _among(cases, {pk for pk, kind in readings.support_wanted if kind == line})
    if figure == GIVEN and line in BookingKind.values:
        return _among(readings.cases, {visit.referral_id for visit in readings.visits if visit.kind == line})
    return None


def _among(cases: list[Case], ids: set[int]) -> list[Case]:
    return [case for case in cases if case.pk in ids]


def _counted(readings: Readings) -> list[Case]:
    return [case for case in readings.cases if case.place_id is not None]  # `has_place`, asked of thousands


def _streams(readings: Readings) -> list[Stream]:
    return [Stream(readings.scope.stream)] if readings.scope.stream else list(Stream)


def _labels(readings: Readings, figure: str) -> dict[str, str]:
    """Every line of a figure by its key, those without a request, too: so none says "at least 1"."""
    if figure == YEAR:
        return {band.key: band.label for band in BANDS} | {OTHER: "Not recorded"}
    if figure == SEN:
        return {status.value: status.label for status in SenStatus} | {OTHER: "Not recorded"}
    return {str(need.pk): need.label for need in readings.needs} | {OTHER: "Another, or not recorded"}


def _key(readings: Readings, figure: str) -> Key:
    """In which line of the figure a request counts."""
    if figure == YEAR:
        return lambda case: BAND_OF.get(case.year_group, OTHER)
    if figure == SEN:
        return lambda case: case.sen_status or OTHER
    known = {pk: str(need.pk) for need in readings.needs for pk in need.pks}
    return lambda case: OTHER if case.primary_need_id is None else known.get(case.primary_need_id, OTHER)


def _groups(readings: Readings, figure: str, alike: Alike) -> list[Group]:
    """The lines of a figure: each stream is hidden by itself, as if it were asked for alone."""
    whole, key = sees_sent_cases(readings.scope.asking.user), _key(readings, figure)
    labels = _labels(readings, figure)
    counts = Counter[tuple[str, str]]()
    for one, count in alike.items():
        counts[one.stream, key(one)] += count
    columns = []
    for stream in _streams(readings):
        column = [counts[stream.value, one] for one in labels]
        columns.append(column if whole else suppressed(column))
    rows = zip(*columns, strict=True)
    return [Group(one if whole else "", label, row) for (one, label), row in zip(labels.items(), rows, strict=True)]


Visited = Mapping[tuple[int, str], int]
"""How many visits of each kind a request had, by its id and the kind."""
_what_for = attrgetter("referral_id", "kind")


def _wanted(readings: Readings, cases: list[Case], visited: Visited) -> list[Wanted]:
    ids = {case.pk for case in cases}
    asked = [one for one in readings.support_wanted if one[0] in ids]
    had = Counter(map(itemgetter(1), visited.keys() & asked))
    all_asked = Counter(map(itemgetter(1), asked))
    can_be_visit = set(BookingKind.values)
    return [
        Wanted(kind.value, kind.label, all_asked[kind], had[kind] if kind.value in can_be_visit else None)
        for kind in SupportKind
    ]


def _given(visited: Visited) -> list[Given]:
    visits, requests = Counter[str](), Counter[str]()
    for (_, kind), count in visited.items():
        visits[kind] += count
        requests[kind] += 1
    return [Given(kind.value, kind.label, requests[kind], visits[kind]) for kind in BookingKind]
