"""Pass 1 of an import: read the whole file, write nothing, and say what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from s2s_portal.organisations.importers.kinds import DEFAULTS
from s2s_portal.organisations.importers.reading import NotARegister, Row, SourceFile, rows, scanned
from s2s_portal.organisations.importers.registers import BadRow, ExcelWatch, Register, RegisterRow
from s2s_portal.organisations.models import EstablishmentKind

BATCH = 500
"""Rows that are compared, and in pass 2 committed, together."""


@dataclass(frozen=True)
class Entry:
    """What one row comes to: `values` to import, or the `problem` with it, or neither: another authority's.

    Of a row with a problem: the file's `column` that is wrong ("" for the whole row) and the `urn` and `name` that
    stand in it, as far as they can be read.
    """

    line: int
    values: RegisterRow | None = None
    problem: str = ""
    column: str = ""
    urn: str = ""
    name: str = ""


@dataclass(frozen=True)
class RegisterFile:
    """One register's file, and the local authority (code or name) whose rows are wanted; "" for all."""

    register: Register
    source: SourceFile
    la: str

    def entries(self, watch: ExcelWatch | None = None) -> Iterator[Entry]:
        """One entry for each row, in order; `watch` sees every row, other authorities' too."""
        lines: dict[str, int] = {}
        for row in self._rows():
            if watch and not row.is_misaligned:
                watch.look_at(row)
            yield self._entry(row, lines)

    def batches(self, *, after: int = 0) -> Iterator[list[Entry]]:
        """The entries after the first `after`, up to `BATCH` at a time."""
        entries = self.entries()
        # The rows before are read again, not skipped: a URN among them must still be known as used.
        for _ in islice(entries, after):
            pass
        while batch := list(islice(entries, BATCH)):
            yield batch

    def fields(self) -> frozenset[str]:
        """The fields of `RegisterRow` that this file's layout has.

        Raises `NotARegister` if one authority is wanted and the file does not name authorities.
        """
        first = next(self._rows())
        if self.la and not first.has(*self.register.authority):
            raise NotARegister(
                f"{self.source.name} has no column {' or '.join(self.register.authority)}, "
                f"so {self.la} cannot be picked from it."
            )
        return self.register.fields_in(first)

    def _rows(self) -> Iterator[Row]:
        return rows(self.source, self.register.required, called=self.register.called)

    def _entry(self, row: Row, lines: dict[str, int]) -> Entry:
        try:
            if row.is_misaligned:
                raise BadRow(f"it has {len(row.cells)} columns where the header has {len(row.columns)}.")
            if not self.register.is_of(row, self.la):
                return Entry(row.line)
            values = self.register.read(row)
            if first := lines.get(values.urn):
                raise BadRow(f"the URN {values.urn} is already in line {first}, which is kept.", "urn")
        except BadRow as bad:
            return self._bad(row, bad)
        lines[values.urn] = row.line
        return Entry(row.line, values)

    def _bad(self, row: Row, bad: BadRow) -> Entry:
        if row.is_misaligned:
            return Entry(row.line, problem=str(bad))
        column = next((name for name in self.register.columns.get(bad.field, ()) if row.has(name)), "")
        urn, name = (row.text(*self.register.columns[field]) for field in ("urn", "name"))
        return Entry(row.line, problem=str(bad), column=column, urn=urn.upper(), name=name)


@dataclass(frozen=True)
class Checked:
    """A file that may be imported, and what there is to say about it."""

    file: RegisterFile
    fields: frozenset[str]
    new_kinds: list[str]
    errors: list[str]
    notes: list[str]


def checked(*, register: Register, path: Path, la: str) -> Checked:
    """Read the file at `path` to its end; raises `NotARegister` if it cannot be imported as a whole."""
    file = RegisterFile(register, scanned(path), la.strip())
    fields = file.fields()
    watch = ExcelWatch(register, file.source, register.columns["telephone"])
    kinds: dict[str, str] = {}
    errors, notes = [], []
    for entry in file.entries(watch):
        if entry.problem:
            errors.append(f"Line {entry.line}: {entry.problem}")
        elif entry.values:
            kinds.setdefault(entry.values.kind.casefold(), entry.values.kind)
            if entry.values.remark:
                notes.append(f"Line {entry.line}: {entry.values.remark}")
    watch.verdict()
    new = _new_kinds(register, kinds)
    notes += [f'The kind "{name}" is new: it counts as not eligible until someone decides.' for name in new]
    return Checked(file, fields, new, errors, notes)


def _new_kinds(register: Register, kinds: dict[str, str]) -> list[str]:
    known = {name.casefold() for name in DEFAULTS[register.source]}
    held = EstablishmentKind.objects.filter(source=register.source)
    known |= {name.casefold() for name in held.values_list("name", flat=True)}
    return [name for plain, name in sorted(kinds.items()) if plain not in known]
