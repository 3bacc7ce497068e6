"""CSV as people and registers write it: what is not text, columns by name, records by line, safe writing. Pure.

Nothing about encodings is guessed here: who reads a file says which it has to be.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from s2s_portal.core.text import INVISIBLE, tidy

LONGEST_RECORD = 60
"""Lines that one record may take: beyond them a quotation mark was forgotten, and the rest is not swallowed."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet calculate a cell, or look past its beginning, instead of showing it."""

_WRITTEN = re.compile(r"[^\s\ufeff,;\"]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9 ().,]*", re.ASCII)
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook"),
    (b"PK\x05\x06", "an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
    (b"%PDF-", "a PDF"),
    (b"\xff\xfe", "text in an encoding called Unicode or UTF-16"),
    (b"\xfe\xff", "text in an encoding called Unicode or UTF-16"),
)


@lru_cache(maxsize=1024)
def column_name(name: str) -> str:
    """A column's name as files of all releases agree on it: their case, spaces and underscores differ."""
    return tidy(name.replace("_", " ")).casefold()


def not_text(data: bytes) -> str:
    """What `data` is if it is not UTF-8 or similar text, such as "an Excel workbook"; "" if it may be text."""
    for beginning, called in _NOT_TEXT:
        if data.startswith(beginning):
            return called
    return "not a text file" if b"\0" in data else ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record on the lines `first` to `last` (from 1). `cells` is None where its quotation marks do not match."""

    first: int
    last: int
    cells: list[str] | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return self.cells is not None and not any(is_written(cell) for cell in self.cells)


def is_written(text: str) -> bool:
    """Whether `text` has anything but spaces, line ends and the marks that part cells."""
    return bool(_WRITTEN.search(text))


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record of `text` in order; together they take each of its lines once, blank ones too.

    A forgotten quotation mark costs the line it stands on, not all lines after it. Lazy: what is not asked for is
    not read.
    """
    lines, waiting, number = io.StringIO(text, newline=""), list[str](), 0
    while True:
        waiting = waiting or [line for line in [lines.readline()] if line]
        if not waiting:
            return
        cells, used = _cells(waiting, lines, delimiter)
        yield Record(number + 1, number + used, cells)
        number, waiting = number + used, waiting[used:]


def _cells(waiting: list[str], more: io.StringIO, delimiter: str) -> tuple[list[str] | None, int]:
    """The cells of the record that begins with the first line of `waiting`, and its number of lines.

    Lines that have to be looked at for its end are added to `waiting` from `more`.
    """
    for used in range(1, LONGEST_RECORD + 1):
        if used > len(waiting):
            line = more.readline()
            if not line:
                break
            waiting.append(line)
        try:
            return next(csv.reader(["".join(waiting[:used])], delimiter=delimiter, strict=True), []), used
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                break
    return None, 1


def last_written_line(text: str) -> int:
    """The number of the last line, from 1, on which something is written; 0 if nothing is. Cheap for long texts."""
    last = 0
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if is_written(line):
            last = number
    return last


def starts_a_formula(cell: str) -> bool:
    """Whether a spreadsheet might calculate `cell`; plain numbers, telephone numbers too, are what they look like.

    Judged as the most obliging spreadsheet reads it: without what stands invisible before it, wide signs as plain ones.
    """
    if cell[:1].isalnum():
        return False
    seen = unicodedata.normalize("NFKC", cell.lstrip(INVISIBLE))
    return (cell.startswith(STARTS_A_FORMULA) or seen.startswith(STARTS_A_FORMULA)) and not _NUMBER.fullmatch(seen)


def written(rows: Iterable[Iterable[object]]) -> str:
    """`rows` as CSV that is safe to open in a spreadsheet; None is an empty cell.

    A cell that would be calculated gets an apostrophe before it, which shows it as text (OWASP, CSV injection).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_guarded("" if cell is None else str(cell)) for cell in row])
    return out.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if starts_a_formula(cell) else cell


def for_download(text: str) -> bytes:
    """`text` in UTF-8 with the byte order mark without which Excel takes it for Windows-1252."""
    return text.encode("utf-8-sig")
