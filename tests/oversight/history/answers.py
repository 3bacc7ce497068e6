"""The figure of each of the ten answers, from what was counted once more."""

from fractions import Fraction
from math import ceil

from referrals.models import RolloverLine
from s2s_portal.oversight.choices import Dashboard
from tests.oversight.history import demand, support, work
from tests.oversight.history.counting import ALL, STREAMS, Count
from tests.oversight.history.days import day_of


def answers(count: Count) -> list[tuple[Dashboard, str]]:
    """Nine answers by their dashboard; that about the pace is a range, of which `last_days` has the ends."""
    used = [row for name, row in demand.places(count)[0]["used"].items() if name != ALL]
    places = ", ".join(f"{drawn - back:,} of {granted + moved:,}" for granted, moved, drawn, back, *_ in used)
    waiting = sum(row[0] for row in demand.waiting(count)[0]["stream"].values())
    without = demand.unmet(count)[0]["zone"].get(ALL, (0,))[-1]
    stopped = work.stuck(count)[0]["with"].get(ALL, (0, 0, 0, 0, 0))[3]
    return [
        (Dashboard.QUOTAS, places),
        (Dashboard.WAITING, f"{waiting:,} waiting" if waiting else "Nobody"),
        (Dashboard.UNMET, f"{without:,} without a place" if without else "Nobody"),
        (Dashboard.WAITS, _waits(count)),
        (Dashboard.STUCK, f"{stopped:,} stuck"),
        (Dashboard.ZONES, _zones(count)),
        (Dashboard.NEEDS, _needs(count)),
        (Dashboard.OUTCOMES, _outcomes(count)),
        (Dashboard.CONTRACT_END, _end(count)),
    ]


def last_days(count: Count) -> dict[str, tuple | None]:
    """By stream the days between which the last place goes; None for a day after the cut-off or without a pace."""
    tables, _ = demand.places(count)
    found = {}
    for stream in count.streams:
        label = STREAMS[stream]
        rows = [row for (name, _), row in tables["pace"].items() if name == label]
        if not rows or rows[0][0] < 5:
            continue
        left = tables["used"][label][5]
        paces = [Fraction(used, days) for days, used, *_ in rows]
        needed = ceil(left / max(paces)) if max(paces) > 0 else None
        first = None if needed is None else count.calendar.after(count.today, needed - 1, count.calendar.works)
        last = (
            count.calendar.after(count.today, ceil(left / min(paces)), count.calendar.works) if min(paces) > 0 else None
        )
        closes = count.period.requests_close_on
        found[label] = tuple(day if day and day <= closes else None for day in (first, last))
    return found


def _waits(count: Count) -> str:
    said = []
    for measure, one, unit in (
        ("contact", "working day", "working days"),
        ("visit", "week", "weeks"),
        ("record", "working day", "working days"),
    ):
        middle = work.waits(count)[0][f"{measure}-stream"]["all"][2]
        shown = f"{middle:,.1f}" if measure == "visit" else f"{middle:,}"
        said.append(f"{measure} {shown} {one if middle == 1 else unit}")
    figure = " · ".join(said)
    return f"{figure[:1].upper()}{figure[1:]}"


def _zones(count: Count) -> str:
    tables = support.zones(count)[0].values()
    if not any(table[ALL][0] for table in tables):
        return "Nothing yet"
    few = {zone for table in tables for zone, row in table.items() if zone != ALL and _is_under_half(row, table[ALL])}
    every = {zone for table in tables for zone in table if zone != ALL}
    return f"{len(few)} of {len(every)} zones under half a share" if few else "Every zone has half a share or more"


def _is_under_half(row: tuple, whole: tuple) -> bool:
    """Whether a zone's share of the requests is less than half of its share of the schools or settings."""
    return bool(whole[0] and whole[1]) and Fraction(row[0], whole[0]) < Fraction(row[1], 2 * whole[1])


def _needs(count: Count) -> str:
    visits = sum(len(life.mine) for life in count.lives)
    return f"{len(count.with_place):,} requests, {visits:,} visits"


def _outcomes(count: Count) -> str:
    table = support.outcomes(count)[0]["goals"]
    whole = table.get(ALL) or table.get(count.stream)
    return f"{whole[2]:,} of {whole[1]:,} goals met" if whole and whole[1] else "No outcome yet"


def _end(count: Count) -> str:
    ends = count.period.contract.ends_on
    left = (ends - day_of(count.at)).days
    days = f"{left:,} day{'' if left == 1 else 's'} left" if left >= 0 else "ended"
    lines = RolloverLine.objects.filter(rollover__source=count.period.contract, late=False).count()
    return f"{lines:,} open before, {days}" if lines else f"{len(count.open):,} open, {days}"
