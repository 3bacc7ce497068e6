"""Lines of schools with what each has had, to look at or to choose from: cells as core.templatetags.tables has them."""

from collections.abc import Collection, Iterable
from typing import Any

from referrals.queries.planning import MOST_COUNTED, SchoolLine
from s2s_portal.core import spoken

Cell = str | int | dict[str, Any]

SCHOOL_COLUMNS = [
    {"label": "School"},
    {"label": "Zone"},
    {"label": "This period", "numeric": True},
    {"label": "Earlier", "numeric": True},
    {"label": "Last request"},
    {"label": "Support so far"},
]


def school_rows(lines: Iterable[SchoolLine], *, choose: str = "", chosen: Collection[str] = ()) -> list[list[Cell]]:
    """One line of cells for each school, as `SCHOOL_COLUMNS`.

    `choose`: the name of the form's field if each school has a checkbox, whose value is `SchoolLine.key`; `chosen`:
    the keys of those that are ticked.
    """
    return [[_name(line, choose, chosen), *_signals(line)] for line in lines]


def _name(line: SchoolLine, choose: str, chosen: Collection[str]) -> Cell:
    one = line.establishment
    about = ", ".join(part for part in (one.where, one.phase, one.trust, f"URN {one.urn}") if part)
    cell: dict[str, Any] = {"text": one.display_name, "hint": about}
    if choose:
        cell["tick"] = {"name": choose, "value": line.key, "checked": line.key in chosen}
    return cell


def _signals(line: SchoolLine) -> list[Cell]:
    had = line.signals
    states = [
        f"{had.open_now} open" if had.open_now else "",
        f"{had.waiting} waiting" if had.waiting else "",
        "in a cohort not sent yet" if had.in_cohort else "",
        "a draft begun" if had.drafted else "",
    ]
    return [
        line.establishment.zone.name if line.establishment.zone else "",
        {"text": str(had.this_period), "hint": ", ".join(state for state in states if state)},
        f"{MOST_COUNTED}+" if had.earlier > MOST_COUNTED else str(had.earlier),
        spoken.day(had.last_on) if had.last_on else "None yet",
        {"text": "Never supported", "colour": "yellow"} if had.never else "Supported",
    ]
