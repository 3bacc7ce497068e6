"""What every chart is written with: elements, texts and their widths, patterns, dashes and the key. Pure.

Lengths are units of the paper, which is `WIDTH` wide; a letter is `SIZE` high.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from zlib import crc32

from django.utils.safestring import SafeString
from django.utils.text import slugify

from s2s_portal.core.svg.values import Chart

WIDTH = 480.0
SIZE = 16.0
LINE = 22.0
"""The height of a line of text."""
INK, AXIS, GRID, DEEP, LIGHT = "#0b0c0c", "#505a5f", "#b1b4b6", "#12414b", "#cfe0e2"
FONT = "Arial, Helvetica, sans-serif"

FILLS = (DEEP, "hatch", "dots", "#7fa6ac", "rules", "#ffffff")
"""How the parts of bars look, in their order: plain colours, and patterns of that name."""
PATTERNS = {
    "hatch": f'<rect width="8" height="8" fill="{LIGHT}"/><path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="{DEEP}"/>',
    "dots": f'<rect width="8" height="8" fill="#ffffff"/><circle cx="4" cy="4" r="1.8" fill="{DEEP}"/>',
    "rules": f'<rect width="8" height="8" fill="#ffffff"/><path d="M2 0v8M6 0v8" stroke="{DEEP}"/>',
}
STROKES = ((DEEP, ""), ("#a8480b", "9 4"), ("#5b3a8c", "2 4"), ("#3d6b1f", "11 4 2 4"), ("#505a5f", "5 5"))
"""The colours and dashes of step lines, in their order."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _WIDE = frozenset("ijlftrI.,:;'’!|()[] "), frozenset("mwMW@%—…")


Looks = dict[str, float | str]
"""Attributes of an element; `_` in their names stands for a hyphen."""
EDGE: Looks = {"stroke": "#ffffff", "stroke_width": 4.0, "stroke_linejoin": "round", "paint_order": "stroke"}
"""The white edge that keeps lines off a text's letters."""
BOLD: Looks = {"font_weight": "bold"}
PLAIN: Looks = {}


def clean(text: str) -> str:
    """Text as it may stand in XML: without control characters, on one line, `&` and its like written out."""
    return escape(_NOT_XML.sub("", " ".join(text.split())))


def tag(name: str, content: str = "", /, **attributes: float | str) -> str:
    """An element. `content` is markup; values of attributes are ours, `_` in their names stands for a hyphen."""
    written = "".join([f' {_attribute(key)}="{_short(value)}"' for key, value in attributes.items()])
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


@cache  # a chart has thousands of attributes, and few names of them
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def said(value: float) -> str:
    """A number as charts say it: "1,234", "12.5", "−3"."""
    whole = float(value).is_integer()
    digits = f"{abs(value):,.0f}" if whole else f"{abs(value):,.1f}"
    return f"−{digits}" if value < 0 and digits.strip("0.,") else digits


def width_of(text: str) -> float:
    """About how wide a text is, rather too much than too little."""
    return SIZE * sum(map(_letter, text))


@cache
def _letter(c: str) -> float:
    """How wide one letter is, as a part of its height."""
    return 0.34 if c in _NARROW else 0.95 if c in _WIDE else 0.74 if c.isupper() else 0.58


def shortened(text: str, room: float) -> str:
    """The text, or as many of its words as there is room for and "…"; the table has it whole."""
    if width_of(text) <= room:
        return text
    while text and width_of(f"{text}…") > room:
        text = text[:-1]
    head, _, _ = text.rpartition(" ")
    return f"{(head if len(head) > len(text) / 2 else text).rstrip()}…"


def words(text: str, x: float, y: float, *, anchor: str = "start", kind: str = "label", bold: bool = False) -> str:
    """A text whose foot stands at `y`, kept on the paper, with a white edge that keeps lines off its letters."""
    wide = width_of(text)
    lead = {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    x = min(max(x, lead), max(WIDTH - wide + lead, lead))
    looks = BOLD if bold else PLAIN
    return tag("text", clean(text), class_=f"app-svg__{kind}", x=x, y=y, text_anchor=anchor, fill=INK, **EDGE, **looks)


def rule(x1: float, y1: float, x2: float, y2: float, /, *, kind: str, **looks: float | str) -> str:
    """A straight line."""
    return tag("line", class_=f"app-svg__{kind}", x1=x1, y1=y1, x2=x2, y2=y2, **looks)


def tick_text(value: float, step: float) -> str:
    """A number at an axis whose ticks are `step` apart."""
    return said(value) if step >= 1 else f"{value:.10g}".replace("-", "−")


@dataclass
class Paper:
    """One picture while it is drawn: its shapes, the texts above them, and how far down it goes by now."""

    chart: Chart
    height: float = 0.0
    shapes: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)

    @cached_property
    def ident(self) -> str:
        """The beginning of this picture's ids: no other chart of a page has the same, unless it is the same."""
        return f"chart-{slugify(self.chart.title)[:40].strip('-_')}-{crc32(repr(self.chart).encode()):08x}"

    def add(self, *shapes: str) -> None:
        """Put shapes on the paper, above those that are there and below every text."""
        self.shapes.extend(shapes)

    def write(self, *texts: str) -> None:
        """Put texts on the paper."""
        self.texts.extend(texts)

    def fill(self, number: int) -> str:
        """How the parts of the series with this number are filled."""
        look = FILLS[number % len(FILLS)]
        if look not in PATTERNS:
            return look
        self.patterns.add(look)
        return f"url(#{self.ident}-{look})"

    def key(self, entries: Iterable[tuple[str, str]]) -> None:
        """What means what: pairs of a drawing, 26 wide and 14 high, and its label, in as many lines as they need."""
        x, y = 0.0, self.height
        for drawing, label in entries:
            label = shortened(label, WIDTH - 36)
            wide = 34 + width_of(label)
            if x and x + wide > WIDTH:
                x, y = 0.0, y + LINE
            place = f"translate({_short(x)} {_short(y + 3)})"
            self.add(tag("g", drawing, transform=place))
            self.write(words(label, x + 34, y + SIZE, kind="key"))
            x += wide + 16
        self.height = y + LINE + 8

    def whole(self) -> SafeString:
        """The finished picture."""
        if not self.height:
            self.write(words("There is nothing to draw.", 0, SIZE))
            self.height = LINE
        title, description = f"{self.ident}-title", f"{self.ident}-description"
        content, described = [tag("title", clean(self.chart.title) or " ", id=title)], clean(self.chart.description)
        if described:
            content.append(tag("desc", described, id=description))
        if self.patterns:
            content.append(tag("defs", "".join(self._pattern(name) for name in sorted(self.patterns))))
        return SafeString(
            tag(
                "svg",
                "".join([*content, *self.shapes, *self.texts]),
                xmlns="http://www.w3.org/2000/svg",
                class_="app-svg",
                viewBox=f"0 0 {_short(WIDTH)} {_short(self.height)}",
                role="img",
                aria_labelledby=f"{title} {description}" if described else title,
                font_family=FONT,
                font_size=SIZE,
            )
        )

    def _pattern(self, name: str) -> str:
        ident = f"{self.ident}-{name}"
        return tag("pattern", PATTERNS[name], id=ident, width=8.0, height=8.0, patternUnits="userSpaceOnUse")


def swatch(fill: str) -> str:
    """A piece of a bar, for the key."""
    return tag("rect", width=26.0, height=14.0, fill=fill, stroke=DEEP)


def stroke(number: int) -> Looks:
    """How the line of the series with this number is drawn."""
    colour, dash = STROKES[number % len(STROKES)]
    looks: Looks = {"stroke": colour, "stroke_width": 3.0, "fill": "none"}
    return looks | ({"stroke_dasharray": dash} if dash else {})


def widest(texts: Sequence[str]) -> float:
    """The width of the widest; 0 for none."""
    return max(map(width_of, texts), default=0.0)
