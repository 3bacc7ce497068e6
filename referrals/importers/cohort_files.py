"""The schools of a cohort as an adviser's file or pasted list names them: rows, and what is wrong with the others.

Pure and bounded: at most 40 rows are read, whatever is sent. `cohort_columns` knows the columns, `cohort_cells` what
may stand in them.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referrals.choices import Priority
from referrals.importers.cohort_cells import BadCell, looks_like_urn, shown, value_of
from referrals.importers.cohort_columns import COLUMNS, Header, header_of, problem_of
from s2s_portal.core import csv
from s2s_portal.core.csv import Record
from s2s_portal.core.text import folded

MOST_ROWS = 40
LARGEST = 1_000_000
"""Bytes of a file: 40 rows with every cell as long as it may be are a tenth of it."""
SAVE_AS = "save it as CSV UTF-8 (in Excel: File, Save as, “CSV UTF-8”) and choose that file"
ONE_A_LINE = (
    "Without a first line that names the columns, each line is one URN or one school’s name: take out what "
    "follows, or begin with a line such as “URN, School name, Children”."
)
EXAMPLE = {
    "urn": "999999",
    "name": "Example Primary School",
    "postcode": "NR99 9ZZ",
    "children": "6",
    "priority": "Medium",
    "contact_name": "Example Person",
    "contact_job_title": "SENCo",
    "contact_email": "senco@example.com",
    "contact_telephone": "01632 960000",
    "goals": "Example: staff use the same signs at every change of activity",
    "agreed": "Yes",
    "agreed_by": "Example Person, headteacher",
    "agreed_on": "20/11/2024",
}
"""The template's row, invented in every cell; it is left out if it comes back."""


@dataclass(frozen=True, kw_only=True)
class CohortFileRow:
    """One school as the file names it, on the lines `line` to `last_line` (from 1). "" and None are "not given"."""

    line: int
    last_line: int
    urn: str = ""
    name: str = ""
    postcode: str = ""
    children: int | None = None
    priority: Priority | None = None
    contact_name: str = ""
    contact_job_title: str = ""
    contact_email: str = ""
    contact_telephone: str = ""
    goals: str = ""
    agreed: bool = False
    agreed_by: str = ""
    agreed_on: date | None = None


@dataclass(frozen=True)
class Refused:
    """Why the lines `line` to `last_line` were not read: the column ("" for the whole row), a sentence, its text.

    A row with several bad cells is refused once for each.
    """

    line: int
    last_line: int
    column: str
    reason: str
    text: str = ""


@dataclass
class File:
    """What a file gave. With a `problem`, sentences that say what to do, it is refused as a whole.

    `header`, `example` and `blank` count lines that are neither rows nor refused; together they are all its lines.
    """

    rows: list[CohortFileRow] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    problem: str = ""
    header: int = 0
    example: int = 0
    blank: int = 0


def template() -> str:
    """The CSV text of the template: its columns, and one example that is left out if it is sent back."""
    return csv.written([COLUMNS.values(), [EXAMPLE[name] for name in COLUMNS]])


def read(data: bytes | str) -> File:
    """The rows of an upload (bytes, which have to be UTF-8) or of pasted text, separated by comma, semicolon or tab.

    Pasted lines may also be only URNs and names, one on each line, without a header. Never raises.
    """
    encoded = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    if problem := _unreadable(encoded):
        return File(problem=problem)
    # Bytes that are not UTF-8 stay marked, so that only their rows are refused; nothing is guessed.
    text = encoded.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    header = header_of(text)
    if isinstance(data, str) and header.may_be_a_school:
        return _Reading(text, None).file
    if problem := problem_of(header):
        return File(problem=problem)
    return _Reading(text, header).file


def _unreadable(data: bytes) -> str:
    """Why nothing can be read from `data`, as a sentence; "" if something may be."""
    if what := csv.not_text(data):
        return f"This is {what}: {SAVE_AS}."
    if len(data) > LARGEST:
        return (
            f"This is larger than 1 MB: a cohort takes up to {MOST_ROWS} schools at a time, "
            "so keep only their rows and the columns of the template."
        )
    if not csv.is_written(data.decode("utf-8", "surrogateescape")):
        return "There is nothing in it: give at least one school."
    return ""


class _Reading:
    """One pass over the records of `text`; without a `header` every line is a URN or a name."""

    def __init__(self, text: str, header: Header | None) -> None:
        self.file = File()
        self._fields = header.fields if header else []
        self._kept: dict[Any, int] = {}
        seen = 0
        separator = header.separator if header else "\t"
        for record in csv.records(text, separator):
            if record.is_blank:
                self.file.blank += _lines_of(record)
            elif header and record.first == header.line:
                self.file.header = _lines_of(record)
            elif self._is_example(record):
                self.file.example += _lines_of(record)
            elif seen == MOST_ROWS:
                self._refuse_the_rest(record, text)
                break
            else:
                seen += 1
                self._take(record)

    def _cells(self, record: Record) -> dict[str, str]:
        """The record's cells by field; in a list without header, the field that its line looks like."""
        cells = record.cells or []
        if self._fields:
            return {name: cell for name, cell in zip(self._fields, cells, strict=False) if name}
        return {"urn" if looks_like_urn(cells[0]) else "name": cells[0]} if cells else {}

    def _is_example(self, record: Record) -> bool:
        cells = self._cells(record)
        urn = cells.get("urn", "").strip()
        return folded(cells.get("name", "")) == folded(EXAMPLE["name"]) and urn in ("", EXAMPLE["urn"])

    def _take(self, record: Record) -> None:
        """Keep the record as a row, or say all that is wrong with it."""
        if reason := self._misshapen(record):
            self._refuse(record, "", reason, " ".join(record.cells or []))
            return
        values, bad = {}, False
        for name, cell in self._cells(record).items():
            try:
                values[name] = value_of(name, cell)
            except BadCell as reason:
                bad = True
                self._refuse(record, COLUMNS[name], str(reason), cell)
        if not bad:
            self._keep(record, values)

    def _misshapen(self, record: Record) -> str:
        """What is wrong with the record before its cells are looked at, as a sentence; "" if nothing is."""
        cells = record.cells
        if cells is None:
            return "Its quotation marks do not match: take them out, or write two for one."
        if not self._fields:
            return ONE_A_LINE if len(cells) > 1 or _MORE_THAN_A_NAME.search(cells[0]) else ""
        if len(cells) != len(self._fields):
            return (
                f"It has {len(cells)} cells where the first line names {len(self._fields)} columns: a text with a "
                "comma in it needs quotation marks around it."
            )
        if any(cell.strip() for cell, name in zip(cells, self._fields, strict=True) if not name):
            return "It has text in a column without a name: give the column one of the template’s names."
        return ""

    def _keep(self, record: Record, values: dict[str, Any]) -> None:
        row = CohortFileRow(line=record.first, last_line=record.last, **values)
        if not row.urn and not row.name:
            self._refuse(record, "", "It names no school: give its URN or its name.", " ".join(record.cells or []))
            return
        school = row.urn or (folded(row.name), row.postcode)
        if first := self._kept.get(school):
            column, text = ("urn", row.urn) if row.urn else ("name", row.name)
            self._refuse(record, COLUMNS[column], f"“{shown(text)}” is already in line {first}, which is kept.", text)
            return
        self._kept[school] = record.first
        self.file.rows.append(row)

    def _refuse(self, record: Record, column: str, reason: str, text: str) -> None:
        self.file.refused.append(Refused(record.first, record.last, column, reason, shown(text)))

    def _refuse_the_rest(self, record: Record, text: str) -> None:
        """Refuse all from `record` on in one line, without parsing it."""
        last = max(record.last, csv.last_written_line(text))
        rows, were = (f"Rows {record.first:,} to {last:,}", "were") if last > record.first else (f"Row {last:,}", "was")
        reason = f"{rows} {were} not read: a cohort takes up to {MOST_ROWS} schools at a time."
        self.file.refused.append(Refused(record.first, last, "", reason))
        self.file.blank += sum(1 for _ in io.StringIO(text, newline="")) - last


_MORE_THAN_A_NAME = re.compile(r";|^\s*(?:URN)?[\s:]*[0-9]{5,}\s*,", re.IGNORECASE)
"""A line that seems to have columns, although no first line has named them."""


def _lines_of(record: Record) -> int:
    return record.last - record.first + 1
