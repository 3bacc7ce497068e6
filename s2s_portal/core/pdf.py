"""PDF documents that screen readers can read (PDF/UA-1): headings, lists and tables with their tags. Pure.

Nothing here knows what a document is about: who calls decides which words stand in it, in its title above all, which
viewers show in their window and lists of files. The same value gives the same bytes on every machine (the fonts come
with the portal, the moment from the value), so that a digest of them can be told.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import font_lato
import typst

FONTS = ("Lato", "Libertinus Serif", "DejaVu Sans Mono")
"""The document's font, then those that lend letters it lacks: the last two come inside typst."""
LETTERS = "\x20-\x7e\xa0-\xffĄąĆćĘęıŁłŃńŒœŚśŠšŸŹźŻżŽžƒˆˇ˘˙˚˛˜˝–—‘’‚“”„†‡•…‰‹›⁄€™−√∞≈≠≤≥"
"""The letters of `FONTS[0]`, in a regular expression's brackets. A word with any other borrows all its letters."""
LONGEST_WORD = 20
"""A word of so many letters or more, such as an e-mail address, may be broken after each five."""

Pieces = list[dict[str, Any]]
"""What the template calls `words`: each piece has `text`, `borrows` and `breaks`."""

_FOLDER = resources.files("s2s_portal.core").joinpath("typst")
_TEMPLATE = _FOLDER.joinpath("document.typ").read_bytes()
_ROUNDS = 3
_REFUSED = re.compile(r'(?:the text|disallowed codepoint) `"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_BORROWED = re.compile(f"[^{LETTERS}]")
_FONT_OF_A_DRAWING = re.compile(r'font-family="[^"]*"')
_FONT = f'font-family="{FONTS[0]}"'
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts: each of `rows` has as many cells as `header`. `widths` are the columns' shares, all 1 if ().

    `whole_rows`: no row is split over two pages. Only for texts that are short: what is taller than a page is cut off.
    `numeric` are the places, from 0, of columns whose cells stand at the right, as numbers do.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    whole_rows: bool = False
    numeric: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        lengths = {len(row) for row in self.rows} | ({len(self.widths)} if self.widths else set())
        if not self.header or lengths - {len(self.header)}:
            raise ValueError("Each row of a table, and its widths, must be as long as its header.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, as SVG in which letters are a thirtieth of the width, and what it says to whoever does not see it."""

    svg: str
    alt: str

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A picture needs words for those who do not see it.")


@dataclass(frozen=True, slots=True)
class Headline:
    """A question as a heading of its own, the answer in large letters and a sentence or two: all on one page."""

    question: str
    answer: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and, in this order: headlines, pairs of label and text, paragraphs, points, a picture, a table, notes.

    A new line in a text begins a new paragraph; blank lines are dropped. `level` is 1, or 2 under a section of 1.
    """

    heading: str
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    notes: tuple[str, ...] = ()
    headlines: tuple[Headline, ...] = ()
    level: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `title` is shown by viewers and file lists: no child's name. `made_at` is aware.

    `reference` and `version` stand under the title and at the foot of each page, `footer` (one line) beside them.
    `has_contents`: the headings of level 1 are listed in front, with their pages.
    `made_at` goes into the file's properties only: words about it, such as who finalised it and when, are the caller's.
    """

    title: str
    subtitle: str
    reference: str
    version: str
    author: str
    made_at: datetime
    sections: tuple[Section, ...]
    footer: str = ""
    lang: str = "en-GB"
    has_contents: bool = False

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("A document needs a title: viewers and screen readers announce it.")


def document(value: Document) -> bytes:
    """`value` as a PDF. A character that no font here has stands as its name, such as "[grinning face]"."""
    missing = ""
    for _ in range(_ROUNDS):
        try:
            return _compiled(value, missing.__contains__)
        except typst.TypstError as error:
            found = _refused(str(error.diagnostic))
            if not found:
                raise
            missing += found
    return _compiled(value, lambda letter: ord(letter) > 0xFF)


def _compiled(value: Document, is_missing: Callable[[str], bool]) -> bytes:
    compiler = typst.Compiler(
        _TEMPLATE,
        root=str(_FOLDER),  # whatever a template read would be looked for here, never where the server was started
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_as_data(value, is_missing))},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(value.made_at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts that came with the portal, whatever this machine has: read once."""
    return typst.Fonts(include_system_fonts=False, font_paths=[font_lato.font_directory])


def _as_data(value: Document, is_missing: Callable[[str], bool]) -> dict[str, Any]:
    """What the template reads: single lines as texts, everything longer as lists of paragraphs."""

    def line(text: str) -> Pieces:
        return _pieces(" ".join(_paragraphs(text, is_missing)))

    def texts(*several: str) -> list[Pieces]:
        return [_pieces(one) for text in several for one in _paragraphs(text, is_missing)]

    def table(of: Table) -> dict[str, Any]:
        return {
            "header": [line(cell) for cell in of.header],
            "rows": [[texts(cell) for cell in row] for row in of.rows],
            "widths": of.widths or [1] * len(of.header),
            "whole_rows": of.whole_rows,
            "numeric": sorted(of.numeric),
        }

    def picture(of: Picture) -> dict[str, str]:
        svg = _FONT_OF_A_DRAWING.sub(_FONT, _named(of.svg, is_missing), count=1)
        return {"svg": svg, "alt": " ".join(_paragraphs(of.alt, _never))}

    identity = ", ".join(part for part in (value.reference, value.version and f"version {value.version}") if part)
    lang, _, region = value.lang.partition("-")
    return {
        "fonts": FONTS,
        "lang": lang,
        "region": region or None,
        "title": " ".join(_paragraphs(value.title, _never)),
        "author": " ".join(_paragraphs(value.author, _never)),
        "heading": line(value.title),
        "subtitle": texts(value.subtitle),
        "identity": line(identity),
        "contents": value.has_contents,
        "footer": line(" · ".join(part for part in (identity, value.footer) if part)),
        "sections": [
            {
                "heading": line(section.heading),
                "level": section.level,
                "headlines": [
                    {"question": line(one.question), "answer": texts(one.answer), "text": texts(one.text)}
                    for one in section.headlines
                ],
                "rows": [(line(label), texts(text)) for label, text in section.rows],
                "paragraphs": texts(*section.paragraphs),
                "points": [texts(text) for text in section.points],
                "picture": section.picture and picture(section.picture),
                "table": section.table and table(section.table),
                "notes": texts(*section.notes),
            }
            for section in value.sections
        ],
    }


def _paragraphs(text: str, is_missing: Callable[[str], bool]) -> list[str]:
    """The lines of `text` on which something is written, as they can be printed."""
    lines = (" ".join(_named(_printable(line), is_missing).split()) for line in _LINE_ENDS.split(text))
    return [line for line in lines if line]


def _pieces(line: str) -> Pieces:
    """`line` in pieces of words that are set alike; each but the last ends with its space."""
    pieces: Pieces = []
    for word in line.split(" "):
        how = {"borrows": bool(_BORROWED.search(word)), "breaks": len(word) >= LONGEST_WORD}
        if pieces and pieces[-1].items() >= how.items() and not how["breaks"]:
            pieces[-1]["text"] += f" {word}"
        else:
            if pieces:
                pieces[-1]["text"] += " "
            pieces.append(how | {"text": word})
    return pieces


def _printable(line: str) -> str:
    """`line` without what has no shape of its own, such as control characters and marks that turn text around."""
    kinds = ((char, unicodedata.category(char)) for char in unicodedata.normalize("NFC", line))
    return "".join(
        {"Cc": " ", "Cs": "\ufffd", "Cf": char if char in _JOINERS else ""}.get(kind, char) for char, kind in kinds
    )


def _named(text: str, is_missing: Callable[[str], bool]) -> str:
    """`text` with the name of each missing character in its place; joiners and variants just go."""
    return "".join(_name(char) if is_missing(char) else char for char in text)


def _never(_: str) -> bool:
    """Properties of the file need no font."""
    return False


def _name(char: str) -> str:
    if char in _JOINERS or unicodedata.category(char) == "Mn":
        return ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"


def _refused(diagnostic: str) -> str:
    """The characters, none of them ASCII, that typst says it cannot print."""
    texts = (_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) for text in _REFUSED.findall(diagnostic))
    return "".join(sorted({char for text in texts for char in text if not char.isascii()}))
