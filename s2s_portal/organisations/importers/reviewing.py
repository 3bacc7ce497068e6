"""What importing a checked file would do, row by row, before anything is written."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from s2s_portal.core import spoken
from s2s_portal.organisations.choices import EstablishmentStatus, RegisterPart
from s2s_portal.organisations.importers.checking import Checked, Entry
from s2s_portal.organisations.importers.registers import RegisterRow
from s2s_portal.organisations.models import Establishment, RegisterChange

UNCHANGED, OTHERS, CLOSED_MISSING = "unchanged", "others", "closed_missing"
"""Counts that have no list: rows that change nothing, other authorities' rows, closed ones that are not in the file."""
WORDS = {"low_age": "Lowest age", "high_age": "Highest age", "opened_on": "Opened", "closed_on": "Closed"}
_NO_COLUMN = frozenset({"urn", "kind"})


class Stopped(Exception):
    """The check was told to stop; it begins again later."""


@dataclass
class Review:
    """What a file comes to: lines for the lists, and counts by `RegisterPart` value and by the names above."""

    lines: list[RegisterChange] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, part: RegisterPart, **told: Any) -> None:
        """One more line."""
        self.counts[part.value] += 1
        self.lines.append(RegisterChange(part=part, **told))


def review(found: Checked, *, tell: Callable[[int], bool]) -> Review:
    """Compare every row with what we hold. `tell` hears the rows done so far and says whether to go on.

    Raises `Stopped` when it says no.
    """
    result, seen, done = Review(), set[str](), 0
    for batch in found.file.batches():
        _compare(found, batch, result)
        seen.update(entry.values.urn if entry.values else entry.urn for entry in batch)
        done += len(batch)
        if not tell(done):
            raise Stopped
    _add_missing(found, seen, result)
    return result


def _compare(found: Checked, batch: Iterable[Entry], result: Review) -> None:
    urns = [entry.values.urn for entry in batch if entry.values]
    source = found.file.register.source
    held = {one.urn: one for one in Establishment.objects.select_related("kind").filter(source=source, urn__in=urns)}
    for entry in batch:
        if entry.values:
            _compare_row(found, entry.line, entry.values, held.get(entry.values.urn), result)
        elif entry.problem:
            where = {"line": entry.line, "urn": entry.urn[:50], "name": entry.name[:200]}
            result.add(RegisterPart.ERRORS, column=entry.column[:100], reason=entry.problem[:500], **where)
        else:
            result.counts[OTHERS] += 1


def _compare_row(found: Checked, line: int, row: RegisterRow, held: Establishment | None, result: Review) -> None:
    told = {"line": line, "urn": row.urn, "name": row.name or (held.name if held else "")}
    if held is None:
        result.add(RegisterPart.NEW, changes=[["Kind", "", row.kind], ["Status", "", row.status.label]], **told)
        return
    changes = [] if held.row_hash == row.hash_of(found.fields) else _changes(found.fields, row, held)
    if not changes:  # also where only the file's layout is another than last time
        result.counts[UNCHANGED] += 1
    elif EstablishmentStatus.CLOSED == row.status != held.status:
        result.add(RegisterPart.CLOSED, changes=changes, **told)
    else:
        result.add(RegisterPart.CHANGED, changes=changes, **told)


def _changes(fields: frozenset[str], row: RegisterRow, held: Establishment) -> list[list[str]]:
    """[what, was, now] for every value of `fields` that is not as we hold it, in the order of `RegisterRow`.

    A name that was given by hand stays while the register withholds it, so that is no change.
    """
    compared = fields - _NO_COLUMN - ({"name"} if held.named_by_hand and not row.name else set())
    changes = []
    for name in RegisterRow.__dataclass_fields__:
        if name in compared and getattr(held, name) != getattr(row, name):
            changes.append([_called(name), _said(getattr(held, name)), _said(getattr(row, name))])
    if held.kind.name.casefold() != row.kind.casefold():
        changes.append(["Kind", held.kind.name, row.kind])
    return changes


def _called(name: str) -> str:
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _said(value: Any) -> str:
    if value in EstablishmentStatus.values:
        return str(EstablishmentStatus(value).label)
    if isinstance(value, date):
        return spoken.day(value)
    return "" if value is None else str(value)


def _add_missing(found: Checked, seen: set[str], result: Review) -> None:
    """Those we hold that are not among the rows. Nothing is ever done about them: a reduced file proves no closure."""
    held = Establishment.objects.filter(source=found.file.register.source).order_by("name_folded", "pk")
    for urn, name, status in held.values_list("urn", "name", "status"):
        if urn in seen:
            continue
        if status == EstablishmentStatus.CLOSED:
            result.counts[CLOSED_MISSING] += 1
        else:
            result.add(RegisterPart.MISSING, urn=urn, name=name)
