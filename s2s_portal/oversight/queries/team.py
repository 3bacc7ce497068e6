"""The load of every S2S teacher, with their own schools."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import Leave
from s2s_portal.organisations.permissions import can
from s2s_portal.organisations.queries.calendar import leave_from
from s2s_portal.oversight.documents.team import (
    NO_SCHOOL,
    NOBODY,
    SCHOOLS,
    TEACHERS,
    WEEKS_AHEAD,
    WEEKS_BACK,
    Load,
    School,
    Team,
)
from s2s_portal.oversight.queries import happened
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.happened import Teacher, Trip
from s2s_portal.oversight.queries.readings import Readings

WEEK = timedelta(days=7)
NO_TEACHER = "not-given"
WITHOUT_SCHOOL = "No school entered"


def team_of(readings: Readings) -> Team:
    """The provider schools as this person may see them: teachers' own numbers and leave as on the pages of those.

    Absences of another employer's staff are not for the council's eyes, nor for files made of this.
    """
    user = readings.scope.asking.user
    by_name = can(user, Permission.SEE_CASELOADS)
    with_leave = by_name and can(user, Permission.MANAGE_AVAILABILITY)
    return Team(_schools_of(readings, with_leave), by_name=by_name, with_leave=with_leave)


def _schools_of(readings: Readings, with_leave: bool) -> list[School]:
    """Every provider school with teachers, by name; those without a school, then what nobody has been given, last."""
    scope, cases = readings.scope, _open(readings)
    teachers = _teachers(cases)
    trips = happened.trips(scope, first=scope.at - WEEKS_BACK * WEEK, last=scope.at + WEEKS_AHEAD * WEEK)
    leave = leave_from([one.pk for one in teachers], scope.today) if with_leave else {}
    own = _Own.of(readings, cases, trips)
    loads = [_load(one, own, _in_words(leave.get(one.pk, []), scope.today)) for one in teachers]
    found = []
    for key, group in groupby(zip(teachers, loads, strict=True), key=lambda pair: _school_key(pair[0])):
        some = [load for _, load in group]
        found.append(School(key=key, name=some[0].school, loads=some))
    if own.open[None]:
        nobody = Load(NO_TEACHER, NOBODY, "", own.open[None], own.overdue[None], frozenset(), frozenset())
        found.append(School(key=NO_TEACHER, name=NOBODY, loads=[nobody]))
    return found


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The open requests behind a line; None if there is no such figure or line, or it is not for this person."""
    cases = _open(readings)
    if figure not in (TEACHERS, SCHOOLS) or (
        figure == TEACHERS and not can(readings.scope.asking.user, Permission.SEE_CASELOADS)
    ):
        return None
    if line == NO_TEACHER:
        return [case for case in cases if case.teacher_id is None] or None
    teachers = _teachers(cases)
    if figure == TEACHERS:
        chosen = {one.pk for one in teachers if str(one.pk) == line}
    else:
        chosen = {one.pk for one in teachers if _school_key(one) == line}
    return [case for case in cases if case.teacher_id in chosen] if chosen else None


def _open(readings: Readings) -> list[Case]:
    return [case for case in readings.cases if case.status in OPEN_WITH_S2S]


def _teachers(cases: Sequence[Case]) -> list[Teacher]:
    """Those who sign in and those who have open requests, by school; without a school last."""
    found = happened.teachers({case.teacher_id for case in cases if case.teacher_id is not None})
    return sorted(found, key=lambda one: (one.school_id is None, one.school, one.school_id or 0, one.name, one.pk))


@dataclass(frozen=True)
class _Own:
    """By teacher (None: nobody yet) how many requests are open and how many of their clocks overdue, and visits."""

    open: Counter[int | None]
    overdue: Counter[int | None]
    ahead: Mapping[int, set[int]]
    held: Mapping[int, set[int]]

    @classmethod
    def of(cls, readings: Readings, cases: Iterable[Case], trips: Iterable[Trip]) -> "_Own":
        """One pass over each, however many teachers there are."""
        own = cls(Counter(case.teacher_id for case in cases), _overdue(readings), defaultdict(set), defaultdict(set))
        for trip in trips:
            (own.held if trip.is_held else own.ahead)[trip.teacher_id].add(trip.booking_id)
        return own


def _school_key(teacher: Teacher) -> str:
    return NO_SCHOOL if teacher.school_id is None else str(teacher.school_id)


def _load(teacher: Teacher, own: _Own, leave: str) -> Load:
    return Load(
        key=str(teacher.pk),
        name=teacher.name,
        school=teacher.school or WITHOUT_SCHOOL,
        open=own.open[teacher.pk],
        overdue=own.overdue[teacher.pk],
        ahead=frozenset(own.ahead[teacher.pk]),
        held=frozenset(own.held[teacher.pk]),
        leave=leave,
    )


def _overdue(readings: Readings) -> Counter[int | None]:
    """By teacher R10's clocks of open requests whose day is over. Requests that are alike have the same clocks."""
    found: Counter[int | None] = Counter()
    for cases in readings.alike.values():
        count = sum(clock.is_overdue for clock in readings.clocks.get(cases[0].pk, ()))
        if count:
            found.update({who: count * times for who, times in Counter(case.teacher_id for case in cases).items()})
    return found


def _in_words(leave: Sequence[Leave], today: date) -> str:
    """When somebody is away in the weeks ahead: "3 to 5 December 2024, 9 December 2024"."""
    last = today + WEEKS_AHEAD * WEEK
    return ", ".join(spoken.stretch(one.starts_on, one.ends_on) for one in leave if one.starts_on < last)
