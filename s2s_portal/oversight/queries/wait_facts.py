"""What lists of waits say of each request: how long it waited, by which day it was due, and how it stands.

Measured as the figures measure it, for the requests of one part of a list; no statement beside theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from referrals.choices import Status
from referrals.rules.clocks import Progress, contact_due, observation_due, paused_since, record_due
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.facts import Facts
from s2s_portal.oversight.documents.figures import Column
from s2s_portal.oversight.documents.waits import WORDS, By, Measure
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.happened import HeldVisit
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.schools import NO_SCHOOL, school_then
from s2s_portal.oversight.rules.spread import ENDED, Wait, WaitState
from s2s_portal.oversight.rules.waits import contact_wait, record_wait, visit_wait
from s2s_portal.oversight.rules.working_days import london_day


class Timed(NamedTuple):
    """One wait: how long it took or has gone on, by which day it was due, and how it stands.

    `begun_on` is the day of the visit whose record is waited for. A clock that is paused is never overdue.
    """

    wait: Wait
    length: float | None
    due_on: date | None
    begun_on: date | None = None
    is_paused: bool = False

    @property
    def verdict(self) -> str:
        """How it stands against the standard."""
        if self.wait.state is WaitState.ENDED:
            return "Ended before"
        if self.wait.state is WaitState.GOING_ON:
            return "Overdue" if self.wait.is_late else "Paused" if self.is_paused else "Not due yet"
        if self.wait.length is None:
            return "Not measured"
        return "Late" if self.wait.is_late else "In time"

    @property
    def number(self) -> int:
        """By what it is listed: what is overdue, then what still goes on, each by the due day; then the others."""
        if self.wait.state is not WaitState.GOING_ON:
            return 0
        due_on = self.due_on or date.max
        return due_on.toordinal() - (2 if self.wait.is_late else 1) * (LAST_DAY + 1)


LAST_DAY = date.max.toordinal()
WAITED = (
    "What still goes on is measured until today, or until more information was asked for. "
    "The list has what is overdue in front, then what still goes on, each by the due day; the others follow as they "
    "were sent."
)
ONE_VISIT = " Of several visits it is the one whose record has been missing longest, else the one whose took longest."


def waits_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """How long each waited, by which day it was due, and how it stands; what is overdue in front."""
    name, _, by = figure.partition("-")
    measure = Measure(name)
    columns = (
        Column(f"Waited ({WORDS[measure].unit_label})", WORDS[measure].unit),
        Column("Due", Unit.DAY),
        Column("Against the standard"),
    )
    if measure == Measure.RECORD:
        timed = _records(readings, cases, line if by == By.SCHOOL else "")
        told = {pk: (one.begun_on, one.length, one.due_on, one.verdict) for pk, one in timed.items()}
        order = {pk: one.number for pk, one in timed.items()}
        return Facts((Column("Visit", Unit.DAY), *columns), told, order, WAITED + ONE_VISIT)
    time = _contact if measure == Measure.CONTACT else _visit
    timed = {case.pk: time(readings, case) for case in cases}
    return Facts(
        columns,
        {pk: (one.length, one.due_on, one.verdict) for pk, one in timed.items()},
        {pk: one.number for pk, one in timed.items()},
        WAITED,
    )


def _contact(readings: Readings, case: Case) -> Timed:
    progress, days, today = readings.progress[case.pk], readings.days, readings.scope.today
    standards = readings.standards_over_time.at(case.first_contact_at or readings.scope.at)
    wait = contact_wait(progress, standards=standards, days=days, today=today)
    if wait.state is WaitState.ENDED:
        return Timed(wait, None, None)
    length = wait.length
    if wait.state is WaitState.GOING_ON:
        until = progress._replace(first_contact_on=progress.returned_on or today)
        length = contact_wait(until, standards=standards, days=days, today=today).length
    due_on, is_paused = contact_due(progress, standards, days, today), progress.status == Status.RETURNED
    return Timed(wait, None if length is None else int(length), due_on, is_paused=is_paused)


def _visit(readings: Readings, case: Case) -> Timed:
    progress, days, today = readings.progress[case.pk], readings.days, readings.scope.today
    standards = readings.standards_over_time.at(case.first_held_at or readings.scope.at)
    wait = visit_wait(progress, standards=standards, days=days, today=today)
    if wait is None or wait.state is WaitState.ENDED:
        return Timed(wait or ENDED, None, None)
    length = wait.length
    if wait.state is WaitState.GOING_ON:
        until = progress._replace(first_held_on=_until(progress, today))
        so_far = visit_wait(until, standards=standards, days=days, today=today)
        length = so_far.length if so_far else None
    due_on, is_paused = observation_due(progress, standards, days, today), progress.status == Status.RETURNED
    return Timed(wait, length, due_on, is_paused=is_paused)


def _until(progress: Progress, today: date) -> date:
    """Until when the wait for the first visit is measured: its clock stands still while information is awaited."""
    if progress.returned_on is None:
        return today
    return paused_since(progress.returned_on, first_contact_on=progress.first_contact_on)


def _records(readings: Readings, cases: Sequence[Case], school: str) -> dict[int, Timed]:
    """The visit of each request that is told of; `school`: of those that this provider school held, "" for any."""
    by_pk = {case.pk: case for case in cases}
    found: dict[int, Timed] = {}
    for visit in readings.visits:
        case = by_pk.get(visit.referral_id)
        if case is None or (school and str(school_then(readings, case, visit.starts_at) or NO_SCHOOL) != school):
            continue
        one, other = _record(readings, case, visit), found.get(case.pk)
        if other is None or _weight(one) > _weight(other):
            found[case.pk] = one
    return found


def _weight(one: Timed) -> tuple[bool, float]:
    return one.wait.state is WaitState.GOING_ON, -1 if one.length is None else one.length


def _record(readings: Readings, case: Case, visit: HeldVisit) -> Timed:
    days, today, held_on = readings.days, readings.scope.today, london_day(visit.starts_at)
    standards = readings.standards_over_time.at(visit.recorded_at or readings.scope.at)
    recorded_on = None if visit.recorded_at is None else london_day(visit.recorded_at)
    can_come = case.status != Status.TRANSFERRED
    wait = record_wait(held_on, recorded_on, can_still_come=can_come, standards=standards, days=days, today=today)
    if wait.state is WaitState.ENDED:
        return Timed(wait, None, None, held_on)
    due_on = record_due(held_on, standards=standards, days=days)
    return Timed(wait, days.working_days_between(held_on, recorded_on or today), due_on, held_on)
