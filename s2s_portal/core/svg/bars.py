"""Horizontal bars. Pure."""

from django.utils.safestring import SafeString

from s2s_portal.core.svg.paper import DEEP, SIZE, Paper, said, swatch, tag, words
from s2s_portal.core.svg.rows import Ends, draw_rows
from s2s_portal.core.svg.scale import Linear, numbers
from s2s_portal.core.svg.values import Bars, Value

THICK, THIN = 24.0, 18.0


def draw_bars(chart: Bars) -> SafeString:
    """The picture: parts end to end with their sum at the end, or one bar below the other, each with its number."""
    paper = Paper(chart)
    rows = _rows(chart)
    if not chart.categories or not chart.series:
        return paper.whole()
    if len(chart.series) > 1:
        paper.key((swatch(paper.fill(number)), one.label) for number, one in enumerate(chart.series))
    numbers_said = [at for row in rows for at in (_sums(row) if chart.stacked else numbers(row))]
    ends = Ends(
        right=[*(said(value) for value in numbers_said if value >= 0), *_unsaid(rows, chart)],
        left=[said(value) for value in numbers_said if value < 0],
    )

    def draw(number: int, top: float, scale: Linear) -> None:
        (_stacked if chart.stacked else _beside)(paper, rows[number], top, scale)

    thick = THICK if chart.stacked or len(chart.series) == 1 else THIN * len(chart.series)
    draw_rows(paper, chart, [*numbers_said, *_reached(rows, chart)], ends=ends, thick=thick, draw=draw)
    return paper.whole()


def _rows(chart: Bars) -> list[tuple[Value, ...]]:
    """The numbers of each category, one for each series."""
    for one in chart.series:
        if len(one.values) != len(chart.categories):
            raise ValueError(f"{one.label} has {len(one.values)} values for {len(chart.categories)} categories")
    return list(zip(*(one.values for one in chart.series), strict=True))


def _sums(row: tuple[Value, ...]) -> list[float]:
    """The number at the end of a stack. None where a part may not be shown: it would tell what is hidden."""
    found = numbers(row)
    return [sum(found)] if len(found) == len(row) else []


def _unsaid(rows: list[tuple[Value, ...]], chart: Bars) -> list[str]:
    """The words beside rows of which a number may not be shown."""
    return [text for row in rows for text in ([_in_parts(row)] if chart.stacked else row) if isinstance(text, str)]


def _in_parts(row: tuple[Value, ...]) -> str | None:
    """A stack's parts in words, but for those that are 0, where one may not be shown; None where all may be."""
    if not any(isinstance(value, str) for value in row):
        return None
    parts = [value if isinstance(value, str) else said(value) for value in row if value]
    return " + ".join(parts if numbers(row) and any(numbers(row)) else dict.fromkeys(parts))


def _reached(rows: list[tuple[Value, ...]], chart: Bars) -> list[float]:
    """How far stacks go to the right and to the left."""
    if not chart.stacked:
        return []
    found = [numbers(row) for row in rows]
    return [
        *(sum(value for value in row if value > 0) for row in found),
        *(sum(value for value in row if value < 0) for row in found),
    ]


def _stacked(paper: Paper, row: tuple[Value, ...], top: float, scale: Linear) -> None:
    right = left = 0.0
    for number, value in enumerate(row):
        for known in numbers([value]):
            start = right if known >= 0 else left
            paper.add(_bar(paper, number, (start, start + known), (top, THICK), scale))
            right, left = (right + known, left) if known >= 0 else (right, left + known)
    for total in _sums(row):
        paper.write(_number(total, right if total >= 0 else left, top + THICK / 2, scale))
    parts = _in_parts(row)
    if parts:
        paper.write(_words(parts, right, top + THICK / 2, scale))


def _beside(paper: Paper, row: tuple[Value, ...], top: float, scale: Linear) -> None:
    thick = THICK if len(row) == 1 else THIN
    for number, value in enumerate(row):
        upper = top + thick * number
        if isinstance(value, str):
            paper.write(_words(value, 0.0, upper + thick / 2, scale))
        for known in numbers([value]):
            paper.add(_bar(paper, number, (0.0, known), (upper, thick), scale))
            paper.write(_number(known, known, upper + thick / 2, scale))


def _bar(paper: Paper, number: int, reach: tuple[float, float], place: tuple[float, float], scale: Linear) -> str:
    left, right = sorted(scale.at(value) for value in reach)
    top, thick = place
    looks = {"fill": paper.fill(number), "stroke": DEEP}
    size = {"x": left, "y": top + 1, "width": right - left, "height": thick - 2}
    return tag("rect", class_="app-svg__bar", **size, **looks)


def _number(value: float, end: float, middle: float, scale: Linear) -> str:
    right = value >= 0
    x, anchor = scale.at(end) + (6 if right else -6), "start" if right else "end"
    return words(said(value), x, middle + SIZE / 3, anchor=anchor, kind="value")


def _words(text: str, end: float, middle: float, scale: Linear) -> str:
    """What is said where a number may not be shown."""
    return words(text, scale.at(end) + 6, middle + SIZE / 3, kind="unsaid")
