"""CSV files as registers publish them and people save them: encoding, header, rows, and what is wrong with them.

Streaming: a file is never held in memory. Whatever makes the file as a whole unusable raises `NotARegister`, whose
text is one sentence for the person who chose the file.
"""

import codecs
import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from s2s_portal.core.csv import column_name
from s2s_portal.core.text import tidy

HEADER_WITHIN = 50
"""Rows in which the header must appear: real Ofsted files have a few title lines above it."""
_LONGEST_LINE = 1_000_000
_CHUNK = 1 << 20


class NotARegister(Exception):
    """The file cannot be imported at all; the text says why and what to do, in one sentence."""


@dataclass(frozen=True)
class SourceFile:
    """A file that was read through once: it is text in `encoding`, and these were its bytes."""

    path: Path
    encoding: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header. `line` counts from 1 and is the line on which the row begins."""

    line: int
    cells: list[str]
    columns: Mapping[str, int]

    @property
    def is_misaligned(self) -> bool:
        """Whether it has more or fewer cells than the header, so that no cell can be trusted."""
        return len(self.cells) != len(self.columns)

    def text(self, *names: str) -> str:
        """The tidied cell of the first of these columns that the file has; "" if it has none of them."""
        for name in names:
            place = self.columns.get(column_name(name))
            if place is not None:
                return tidy(self.cells[place])
        return ""

    def has(self, *names: str) -> bool:
        """Whether the file has one of these columns."""
        return any(column_name(name) in self.columns for name in names)


def scanned(path: Path) -> SourceFile:
    """Read `path` through once, to find its encoding and hash; raises `NotARegister` if it is missing, empty or binary.

    The files are UTF-8 (some with a byte order mark) or Windows-1252, and do not say which.
    """
    if not path.is_file():
        raise NotARegister(f"There is no file {path}.")
    digest, utf8, is_blank = hashlib.sha256(), _Utf8(), True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                raise NotARegister(
                    f"{path.name} is not a text file: a workbook or archive cannot be imported, "
                    "so please choose the CSV that the register offers."
                )
            digest.update(chunk)
            utf8.feed(chunk)
            is_blank = is_blank and not chunk.strip(b"\xef\xbb\xbf \t\r\n")
    if is_blank:
        raise NotARegister(f"{path.name} is empty.")
    return SourceFile(path, "utf-8-sig" if utf8.holds() else "cp1252", digest.hexdigest())


class _Utf8:
    """Whether the bytes fed to it are UTF-8, up to and including the last one."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._ok = True

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            self._ok = self._ok and self._decoder.decode(chunk, final) is not None
        except UnicodeDecodeError:
            self._ok = False

    def holds(self) -> bool:
        self.feed(b"", final=True)
        return self._ok


def rows(source: SourceFile, required: Iterable[str], *, called: str) -> Iterator[Row]:
    """The rows below the header, in the file's order, without blank ones.

    The header is the first row that has every column of `required`, in any order and case; `called` names the kind of
    file in sentences. A row may be misaligned: the caller decides. Raises `NotARegister`, also part of the way
    through, if the file has no such header, is damaged, or is cut off.
    """
    with source.path.open(encoding=source.encoding, newline="") as file:
        lines = _Lines(file, source.name)
        reader = csv.reader(lines, strict=True)
        try:
            columns = _header(reader, list(required), source.name, called)
            yield from _body(reader, columns, lines, source.name)
        except UnicodeDecodeError as error:
            raise _no_text(source.name) from error
        except csv.Error as error:
            raise _damaged(error, reader.line_num, source.name) from error


def _no_text(name: str) -> NotARegister:
    return NotARegister(f"{name} is neither UTF-8 nor Windows-1252 text.")


def has_columns(source: SourceFile, required: Iterable[str]) -> bool:
    """Whether one of the file's first rows names all these columns; raises `NotARegister` if it is no text there."""
    with source.path.open(encoding=source.encoding, newline="") as file:
        try:
            _header(csv.reader(_Lines(file, source.name), strict=True), list(required), source.name, "")
        except UnicodeDecodeError as error:
            raise _no_text(source.name) from error
        except NotARegister:
            return False
    return True


def _header(reader: Iterator[list[str]], required: list[str], name: str, called: str) -> dict[str, int]:
    wanted = {column_name(column) for column in required}
    not_such_a_file = NotARegister(
        f"{name} is not {called}: none of its first lines names the columns {', '.join(required)}."
    )
    try:
        for _, cells in zip(range(HEADER_WITHIN), reader, strict=False):
            columns = {column_name(cell): place for place, cell in reversed(list(enumerate(cells)))}
            if wanted <= columns.keys():
                return _with_every_place(columns, cells)
    except csv.Error as error:
        raise not_such_a_file from error
    raise not_such_a_file


def _with_every_place(columns: dict[str, int], cells: list[str]) -> dict[str, int]:
    """`columns` with one entry for each cell of the header, also where a name is blank or used twice."""
    named = set(columns.values())
    return columns | {f"\0{place}": place for place in range(len(cells)) if place not in named}


def _body(reader: Iterator[list[str]], columns: dict[str, int], lines: "_Lines", name: str) -> Iterator[Row]:
    """Rows as they come, but each misaligned one only once another follows: at the end it means a cut-off file."""
    lines.start_of_rows()
    waiting: list[Row] = []
    total, misaligned, begins = 0, 0, lines.number + 1
    for cells in reader:
        row, begins = Row(begins, cells, columns), lines.number + 1
        if not any(cell.strip() for cell in cells):
            continue
        total, misaligned = total + 1, misaligned + row.is_misaligned
        yield from waiting
        waiting = [row] if row.is_misaligned else []
        if not waiting:
            yield row
    if not total:
        raise NotARegister(f"{name} has a header but no rows: it is empty or cut off.")
    if waiting or lines.ends_inside_a_cell():
        raise NotARegister(f"{name} is cut off: line {lines.number}, its last, is not complete.")
    if misaligned * 2 > total:
        raise NotARegister(f"{name} is damaged: most of its rows have not as many columns as the header.")


def _damaged(error: csv.Error, line: int, name: str) -> NotARegister:
    if "unexpected end of data" in str(error):
        return NotARegister(f"{name} is cut off: it ends at line {line}, inside a quoted cell.")
    return NotARegister(f"{name} is damaged at line {line}: its quotation marks do not match.")


_SCIENTIFIC = re.compile(r"(?:^|[,\"])(\d(?:\.\d+)?E\+\d+)(?:[,\"\r\n]|$)")


class _Lines:
    """The lines of an open file, watched for what only the raw text shows."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file, self._name = file, name
        self._last = ""
        self._rows_end_quoted: bool | None = None
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            raise NotARegister(f"{self._name} is not a CSV file: line {self.number + 1} is a million characters long.")
        self.number += 1
        self._note_end_of_previous()
        self._last = line
        if "E+" in line and (number := _SCIENTIFIC.search(line)):
            raise saved_by_excel(self._name, self.number, f"the number {number[1]} has lost its last digits")
        return line

    def start_of_rows(self) -> None:
        """Forget the title and header lines; what follows are rows."""
        self._last, self._rows_end_quoted = "", None

    def _note_end_of_previous(self) -> None:
        if self._last:
            quoted = self._last.rstrip("\r\n").endswith('"')
            self._rows_end_quoted = quoted and self._rows_end_quoted is not False

    def ends_inside_a_cell(self) -> bool:
        """Whether the last line stops early although it has every column.

        GIAS writes no newline after the last row, so the newline tells nothing; but it quotes every text, also an
        empty one. A last row that ends in a comma, where all others end in a quotation mark, was cut there.
        """
        return bool(self._rows_end_quoted) and self._last.endswith(",")


def saved_by_excel(name: str, line: int, sign: str) -> NotARegister:
    """The refusal of a file that Excel has opened and saved, with the `sign` that gave it away."""
    return NotARegister(
        f"{name} was saved again by Excel, which changed its values (line {line}: {sign}): "
        "please download it again and import it without opening it in Excel."
    )
