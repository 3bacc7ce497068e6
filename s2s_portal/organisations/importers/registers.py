"""What every register gives us, whichever it is: one plain row, and how to tell that Excel has been at the file."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from s2s_portal.core.geography import Point
from s2s_portal.core.text import postcode
from s2s_portal.organisations.choices import EstablishmentStatus, Source
from s2s_portal.organisations.importers.reading import Row, SourceFile, saved_by_excel

LONGEST = {
    "kind": 100,
    "name": 200,
    "phase": 50,
    "street": 200,
    "locality": 200,
    "address3": 200,
    "town": 100,
    "county": 100,
    "telephone": 30,
    "trust": 200,
}
"""Characters that the establishments' table holds."""
POSITION = frozenset({"easting", "northing"})
"""Half a position is none: a layout with one of these columns has neither."""


class BadRow(ValueError):
    """A row that cannot be imported; the text says why, to follow "Line 12: ".

    `field` is the field of `RegisterRow` that is wrong, "" if the row as a whole is.
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One establishment as a register describes it. "" is "not given"; head teachers and owners are left out."""

    urn: str
    kind: str
    status: EstablishmentStatus
    name: str = ""
    phase: str = ""
    low_age: int | None = None
    high_age: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    street: str = ""
    locality: str = ""
    address3: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    easting: int | None = None
    northing: int | None = None
    telephone: str = ""
    trust: str = ""
    remark: str = ""
    """What the importer changed in this row, to follow "Line 12: "; not part of the establishment."""

    def hash_of(self, fields: frozenset[str]) -> str:
        """A SHA-256 of the values of `fields`: equal for an unchanged row of an unchanged layout."""
        values = {name: getattr(self, name) for name in fields}
        return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Register:
    """How to read one register: see `gias.REGISTER` and `ofsted.REGISTER`."""

    source: Source
    called: str
    """The file in sentences, such as "a GIAS establishment download"."""
    required: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    """For each field of `RegisterRow`, the columns it may stand in, the preferred one first."""
    authority: tuple[str, ...]
    """The columns that name the local authority or give its code."""
    read: Callable[[Row], RegisterRow]
    excel_signs: Callable[[Row], str]
    """What in this row shows that Excel has saved the file; "" if nothing does."""

    def fields_in(self, row: Row) -> frozenset[str]:
        """The fields that the layout of this row's file has; the others are not the file's to change."""
        found = frozenset(name for name, columns in self.columns.items() if row.has(*columns))
        return found if found >= POSITION else found - POSITION

    def is_of(self, row: Row, la: str) -> bool:
        """Whether the row belongs to local authority `la` (code or name); every row does if `la` is blank."""
        return not la or la.casefold() in (row.text(column).casefold() for column in self.authority)


def within_limits(values: RegisterRow) -> RegisterRow:
    """`values`, unless one is longer than its column in the table; then `BadRow`."""
    for name, longest in LONGEST.items():
        if len(getattr(values, name)) > longest:
            raise BadRow(f"the {name} is longer than {longest} characters.", name)
    return values


def status_of(text: str, known: Mapping[str, EstablishmentStatus]) -> EstablishmentStatus:
    """The status that the register's word `text` means; `BadRow` for an unknown one."""
    try:
        return known[text.casefold()]
    except KeyError as error:
        raise BadRow(f'the status "{text}" is not one we know.' if text else "it has no status.", "status") from error


def day(text: str, *, pattern: str, shape: str, field: str = "") -> date | None:
    """The date that `text` writes as `pattern` (strptime); None if blank. `shape` is the pattern in words."""
    if not text:
        return None
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day, not a moment
    except ValueError as error:
        raise BadRow(f'"{text}" is not a date such as {shape}.', field) from error


def age(text: str, *, field: str = "") -> int | None:
    """An age in whole years; None if blank."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII):
        raise BadRow(f'the age "{text}" is not a whole number.', field)
    return int(text)


def postcode_or_remark(text: str) -> tuple[str, str]:
    """The postcode in its usual form, and ""; for something else in its place, none and a remark that says so."""
    found = postcode(text) or ""
    return found, f'"{text}" is not a postcode; none is kept.' if text and not found else ""


def position_or_remark(easting: str, northing: str) -> tuple[dict[str, int], str]:
    """The fields `easting` and `northing` in metres, and ""; for something else, none and a remark that says so.

    A position decides nothing, so that a wrong one is no reason to leave the school out.
    """
    if not easting.strip("0") and not northing.strip("0"):
        return {}, ""
    digits = [re.fullmatch(r"\d{1,7}", text, re.ASCII) for text in (easting, northing)]
    if all(digits) and (point := Point(int(easting), int(northing))).is_on_grid:
        return {"easting": point.easting, "northing": point.northing}, ""
    return {}, f'"{easting}, {northing}" is not a position on the National Grid; none is kept.'


@dataclass
class ExcelWatch:
    """Looks at row after row for the marks that Excel leaves on a file it saves."""

    register: Register
    source: SourceFile
    telephones: tuple[str, ...]
    _kept: int = field(default=0, init=False)
    _lost: int = field(default=0, init=False)
    _first_lost: tuple[int, str] = field(default=(0, ""), init=False)

    def look_at(self, row: Row) -> None:
        """Raise `NotARegister` at a certain sign; remember uncertain ones for `verdict`."""
        if sign := self.register.excel_signs(row):
            raise saved_by_excel(self.source.name, row.line, sign)
        number = row.text(*self.telephones)
        if re.fullmatch(r"0\d{9,10}", number):
            self._kept += 1
        elif re.fullmatch(r"[1-9]\d{8,9}", number):
            self._lost += 1
            self._first_lost = self._first_lost if self._lost > 1 else (row.line, number)

    def verdict(self) -> None:
        """Raise `NotARegister` if most telephone numbers are without their leading zero.

        Single ones are: people type them so.
        """
        if self._lost > self._kept:
            line, number = self._first_lost
            sign = f"the telephone number {number} has lost its leading zero"
            raise saved_by_excel(self.source.name, line, sign)
