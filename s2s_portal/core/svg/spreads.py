"""A dot for the middle and a line from it to a far end. Pure."""

from django.utils.safestring import SafeString

from s2s_portal.core.svg.paper import DEEP, SIZE, Paper, rule, said, tag, words
from s2s_portal.core.svg.rows import Ends, draw_rows
from s2s_portal.core.svg.scale import Linear, numbers
from s2s_portal.core.svg.values import Spreads, Value

THICK = 24.0
DOT, CAP = 6.5, 8.0


def draw_spreads(chart: Spreads) -> SafeString:
    """The picture, with both numbers at the end of each line: "4 to 9"."""
    paper = Paper(chart)
    rows = list(zip(chart.categories, chart.middle.values, chart.far.values, strict=True))
    if not rows:
        return paper.whole()
    paper.key([(_dot(13, 7), chart.middle.label), (_line(2, 24, 7) + _cap(24, 7), chart.far.label)])
    texts = [_said(middle, far) for _, middle, far in rows]

    def draw(number: int, top: float, scale: Linear) -> None:
        _, middle, far = rows[number]
        _spread(paper, middle, far, top + THICK / 2, scale)

    values = [*chart.middle.values, *chart.far.values]
    draw_rows(paper, chart, values, ends=Ends(right=texts), thick=THICK, draw=draw)
    return paper.whole()


def _said(middle: Value, far: Value) -> str:
    """Both numbers; two that are said the same are said once."""
    return " to ".join(dict.fromkeys(said(value) for value in numbers([middle, far])))


def _spread(paper: Paper, middle: Value, far: Value, y: float, scale: Linear) -> None:
    ends = numbers([middle, far])
    if len(ends) == 2:
        paper.add(_line(scale.at(ends[0]), scale.at(ends[1]), y))
    for end in numbers([far]):
        paper.add(_cap(scale.at(end), y))
    for end in numbers([middle]):
        paper.add(_dot(scale.at(end), y))
    if ends:
        paper.write(words(_said(middle, far), scale.at(max(ends)) + 10, y + SIZE / 3, kind="value"))


def _dot(x: float, y: float) -> str:
    return tag("circle", class_="app-svg__dot", cx=x, cy=y, r=DOT, fill=DEEP)


def _line(start: float, end: float, y: float) -> str:
    return rule(start, y, end, y, kind="spread", stroke=DEEP, stroke_width=3.0)


def _cap(x: float, y: float) -> str:
    return rule(x, y - CAP, x, y + CAP, kind="far", stroke=DEEP, stroke_width=3.0)
