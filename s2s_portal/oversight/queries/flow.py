"""How the requests of a period came and went, from their histories."""

from collections import Counter
from datetime import datetime

from django.utils.text import capfirst

from referrals.choices import Status
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.flow import AGE, CAME, LEFT, WEEKS, Flow
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.rules.flow import AGES, Week, age_of, weeks_of
from s2s_portal.oversight.rules.working_days import london_day


def flow_of(readings: Readings) -> Flow:
    """Every week until now, and how old what is open is."""
    today, stream = readings.scope.today, readings.scope.stream
    ids: dict[str, list[int]] = {one.value: [] for one in Stream}
    for case in readings.cases:
        ids[case.stream].append(case.pk)
    streams = [Stream(stream)] if stream else list(Stream)
    return Flow(
        weeks=_weeks(readings),
        streams=[(capfirst(one.label), frozenset(ids[one.value])) for one in streams],
        ages=_ages(readings),
        today=today,
    )


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line; None if there is no such figure or line."""
    if figure == AGE:
        if line not in {age.key for age in AGES}:
            return None
        today = readings.scope.today
        return [case for case, placed_at in _open(readings) if age_of(london_day(placed_at), today).key == line]
    week = next((one for one in _weeks(readings) if one.monday.isoformat() == line), None)
    if week is None or figure not in (WEEKS, CAME, LEFT):
        return None
    chosen = {WEEKS: week.open, CAME: frozenset(week.came), LEFT: frozenset(week.gone)}[figure]
    return [case for case in readings.cases if case.pk in chosen]


def _weeks(readings: Readings) -> list[Week]:
    return weeks_of(readings.movements, until=readings.scope.today)


def _ages(readings: Readings) -> dict[str, dict[Status, int]]:
    """By the age's key how many stand at each status. Many requests got their places on the same day."""
    ages: dict[str, dict[Status, int]] = {age.key: {} for age in AGES}
    alike = Counter((london_day(placed_at), case.status) for case, placed_at in _open(readings))
    for (day, status), count in alike.items():
        counts = ages[age_of(day, readings.scope.today).key]
        counts[Status(status)] = counts.get(Status(status), 0) + count
    return ages


def _open(readings: Readings) -> list[tuple[Case, datetime]]:
    """Those that are open with S2S, with when they got their places."""
    return [
        (case, case.placed_at) for case in readings.cases if case.status in OPEN_WITH_S2S and case.placed_at is not None
    ]
