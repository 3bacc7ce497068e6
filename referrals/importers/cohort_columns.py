"""The columns of a cohort's file: the template's, and those that a file's first line names. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from referrals.importers.cohort_cells import shown
from s2s_portal.core import csv

COLUMNS = {
    "urn": "URN",
    "name": "School name",
    "postcode": "Postcode",
    "children": "Children",
    "priority": "Priority",
    "contact_name": "Contact name",
    "contact_job_title": "Contact job title",
    "contact_email": "Contact e-mail",
    "contact_telephone": "Contact telephone",
    "goals": "Goals",
    "agreed": "School has agreed",
    "agreed_by": "Agreed by",
    "agreed_on": "Agreed on",
}
"""The template's columns in their order: field of a row, and the words at the column's head."""
MOST_QUOTED = 15
_SEPARATORS = (",", ";", "\t")


def _key(words: str) -> str:
    """A column's words as people write them: capitals, spaces and hyphens do not matter."""
    return "".join(char for char in csv.column_name(words) if char.isalnum())


_FIELDS = {_key(words): field for field, words in COLUMNS.items()}


@dataclass(frozen=True)
class Header:
    """A text's first line that is not blank: its cells as `separator` parts them, and the line it is on (from 1)."""

    cells: list[str]
    separator: str
    line: int

    @property
    def fields(self) -> list[str]:
        """The field that each cell names; "" where it names none."""
        return [_FIELDS.get(_key(cell), "") for cell in self.cells]

    @property
    def known(self) -> int:
        """How many cells name a column of the template."""
        return sum(bool(field) for field in self.fields)

    @property
    def may_be_a_school(self) -> bool:
        """Whether it is no header but the first line of a list: no columns, only a name with perhaps one comma."""
        return not self.known and (len(self.cells) == 1 or (len(self.cells) == 2 and self.separator == ","))


def header_of(text: str) -> Header:
    """The header of `text`, which is not blank, parted by the separator with which most cells name columns."""
    headers = [_parted(text, separator) for separator in _SEPARATORS]
    best = max(headers, key=lambda header: (header.known, len(header.cells)))
    # In a single column nothing parts cells; a comma belongs to the name beside it.
    return _parted(text, "\t") if len(best.cells) == 1 else best


def _parted(text: str, separator: str) -> Header:
    for record in csv.records(text, separator):
        if not record.is_blank:
            return Header(record.cells or [text.splitlines()[record.first - 1][:200]], separator, record.first)
    return Header([], separator, 0)


def problem_of(header: Header) -> str:
    """Why a file with this header is refused as a whole, in sentences that say what to do; "" if it is not."""
    fields = header.fields
    if not header.known:
        return f"Its first line has to name columns of the template: {_quoted(COLUMNS.values())}. {_found(header)}"
    unknown = [cell for cell, field in zip(header.cells, fields, strict=True) if not field and cell.strip()]
    if unknown:
        return (
            f"It has columns that the template does not have: {_quoted(unknown)}. Take them out, or call them as "
            f"the template does: {_quoted(COLUMNS.values())}."
        )
    twice = [COLUMNS[field] for field in dict.fromkeys(fields) if field and fields.count(field) > 1]
    if twice:
        return f"It has more than one column {_quoted(twice)}: keep one of each."
    if "urn" not in fields and "name" not in fields:
        return "It has neither a column “URN” nor a column “School name”: one of them is needed to find the schools."
    return ""


def _found(header: Header) -> str:
    return f"It has {_quoted(header.cells)} instead. Download the template and copy your rows into it."


def _quoted(words: Iterable[str]) -> str:
    """The words in quotation marks, the first 15 of many."""
    some = [shown(word) for word in words if word.strip()]
    more = f" and {len(some) - MOST_QUOTED} more" if len(some) > MOST_QUOTED else ""
    return ", ".join(f"“{word}”" for word in some[:MOST_QUOTED]) + more
