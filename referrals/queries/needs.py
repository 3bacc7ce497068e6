"""The types of need as figures count them: one for each code, whatever it is called now and was called before."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from quotas.models import Period


class NeedRow(NamedTuple):
    """One label of a type of need, with the days between which it is chosen, both included; None: without an end."""

    pk: int
    code: str
    label: str
    valid_from: date
    valid_to: date | None


class Need(NamedTuple):
    """A type of need: its code, its label and the row that it stands in, and every row that the code ever had."""

    pk: int
    code: str
    label: str
    pks: frozenset[int]


def needs_in_use(rows: Iterable[NeedRow], period: Period, on: date) -> list[Need]:
    """The types of need that were in use during `period`, as they are called on the day `on`, by their labels.

    All of them stand in tables, so that none says "at least 1". On a day outside the period they are called as on its
    first or last day.
    """
    day = max(period.opens_on, min(on, period.delivery_ends_on))
    by_code: dict[str, list[NeedRow]] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from, one.pk)):
        by_code.setdefault(row.code, []).append(row)
    found = []
    for code, some in by_code.items():
        used = [row for row in some if _is_in_use(row, period)]
        if used:
            named = next((row for row in reversed(used) if row.valid_from <= day), used[0])
            found.append(Need(named.pk, code, named.label, frozenset(row.pk for row in some)))
    return sorted(found, key=lambda one: (one.label, one.code))


def _is_in_use(row: NeedRow, period: Period) -> bool:
    return row.valid_from <= period.delivery_ends_on and (row.valid_to is None or row.valid_to >= period.opens_on)
