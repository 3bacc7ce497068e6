"""The columns that lists of requests have beside who and where: why they are behind their line, and for how long.

Each is asked for the requests of one part of a list, and needs no statement beside those of the figure itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from referrals.choices import FateReason
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.contract_end import BEFORE, Outcome
from s2s_portal.oversight.documents.contract_end_figures import DONE_LABELS, FATE_LABELS
from s2s_portal.oversight.documents.facts import Facts, Told
from s2s_portal.oversight.documents.figures import Column
from s2s_portal.oversight.documents.flow import AGE, CAME, WEEKS
from s2s_portal.oversight.documents.stuck import REASONS
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.stuck import LATE, stuck_cases
from s2s_portal.oversight.rules.flow import WEEK
from s2s_portal.oversight.rules.stuck import Why
from s2s_portal.oversight.rules.working_days import london_day

PLACE_SINCE = Column("Has its place since", Unit.DAY)
IN_FRONT = "The list has {} in front; the others follow as they were sent."


def stuck_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """Why each is stuck, since when and for how many working days, the longest in front."""
    found = stuck_cases(readings)
    return Facts(
        columns=(Column("Why"), Column("Since", Unit.DAY), Column("Working days", Unit.DAYS)),
        by_pk={
            case.pk: (
                REASONS[one.why] + (f": {LATE[one.clock].lower()}" if one.why == Why.CLOCK and one.clock else ""),
                one.since,
                one.days,
            )
            for case, one in found
        },
        order={case.pk: -one.days for case, one in found},
        definition="The longest is in front.",
    )


def waiting_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """For how many days each has waited for a place."""
    today = readings.scope.today
    waited = {case.pk: ((today - london_day(case.submitted_at)).days,) for case in cases}
    return Facts((Column("Waits for (days)", Unit.DAYS),), waited)


def flow_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """Which day of the week each came in on, or left and how; of the open ones, since when each has its place."""
    if figure == AGE:
        columns = (PLACE_SINCE, Column("Weeks since", Unit.COUNT))
        since = {case.pk: _placed_on(case) for case in cases}
        today = readings.scope.today
        return Facts(columns, {pk: (day, None if day is None else (today - day) // WEEK) for pk, day in since.items()})
    if figure == WEEKS:
        return Facts((PLACE_SINCE,), {case.pk: (_placed_on(case),) for case in cases})
    return _moved(readings, figure, date.fromisoformat(line), cases)


def _placed_on(case: Case) -> date | None:
    return None if case.placed_at is None else london_day(case.placed_at)


def _moved(readings: Readings, figure: str, monday: date, cases: Iterable[Case]) -> Facts:
    """When each first came in during a week, or last left in it and how."""
    by_pk: dict[int, Told] = {}
    for case in cases:
        of_week = [one for one in readings.movements.get(case.pk, ()) if monday <= one.on < monday + WEEK]
        if figure == CAME:
            by_pk[case.pk] = (next((one.on for one in of_week if one.left is None), None),)
        else:
            last = next((one for one in reversed(of_week) if one.left is not None), None)
            by_pk[case.pk] = (None, None) if last is None or last.left is None else (last.on, last.left.value)
    left = (Column("Left", Unit.DAY), Column("How"))
    return Facts((Column("Came in", Unit.DAY),) if figure == CAME else left, by_pk)


def team_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """What is due next for each open request, and how late it is, the latest in front."""
    by_pk: dict[int, Told] = {}
    order: dict[int, int] = {}
    for case in cases:
        clock = next(iter(readings.clocks.get(case.pk, ())), None)
        if clock is not None:
            late = -clock.days_left if clock.is_overdue and clock.days_left else None
            by_pk[case.pk] = (f"{LATE[clock.clock]}{' (paused)' if clock.paused else ''}", clock.due_on, late)
            order[case.pk] = -(late or 0)
    columns = (Column("What is due"), Column("Due", Unit.DAY), Column("Working days overdue", Unit.COUNT))
    return Facts(columns, by_pk, order, IN_FRONT.format("what is overdue longest"))


def contract_end_facts(readings: Readings, figure: str, line: str, cases: Sequence[Case]) -> Facts:
    """Why each has the fate of its line, or what becomes of those with one reason."""
    has_run, fates = readings.contract.stage not in BEFORE, figure == "fate"
    by_pk: dict[int, Told] = {}
    for one in readings.endings:
        outcome = Outcome(Stream(one.stream), *one[2:])
        fate = DONE_LABELS[outcome.done_key] if has_run else FATE_LABELS[outcome.fate_key]
        by_pk[one.pk] = (FateReason(one.reason).label if fates else fate,)
    return Facts((Column("Why" if fates else "What becomes of it"),), by_pk)
