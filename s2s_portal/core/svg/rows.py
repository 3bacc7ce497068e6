"""Charts of one row for each category, whose numbers run from left to right: where the rows and the axis are. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s2s_portal.core.svg.paper import (
    AXIS,
    GRID,
    INK,
    LINE,
    SIZE,
    WIDTH,
    Looks,
    Paper,
    rule,
    shortened,
    tick_text,
    widest,
    width_of,
    words,
)
from s2s_portal.core.svg.scale import Linear, numbers, reach, step_of, ticks
from s2s_portal.core.svg.values import Bars, Spreads, Value

BESIDE = 150.0
"""The widest name that stands left of its row; if one is wider, all stand above theirs."""
GAP = 10.0
MOST_ROOM = 0.35
"""The part of the width that numbers beside the rows may take at each side."""
MOST_TICKS = 4


@dataclass(frozen=True)
class Ends:
    """The texts beside the rows: those at the right, and those at the left, of numbers below 0."""

    right: Sequence[str]
    left: Sequence[str] = ()


Draw = Callable[[int, float, Linear], None]
"""Draws the row of the category with a number (from 0), whose upper edge is at a height, by a scale."""


def draw_rows(
    paper: Paper, chart: Bars | Spreads, values: Sequence[Value], *, ends: Ends, thick: float, draw: Draw
) -> None:
    """The axis, the mark and a row of `thick` units for each category. `values` are all numbers to make room for."""
    marked = [chart.mark.at] if chart.mark else []
    low, high = reach([*values, *marked])
    beside = all(width_of(name) <= BESIDE for name in chart.categories)
    start = widest(chart.categories) + GAP if beside else 2.0
    scale = Linear(low, high, start + _room(ends.left), WIDTH - 4 - _room(ends.right))
    top = paper.height + (LINE + 4 if chart.mark else 0)
    each = thick + GAP + (0 if beside else LINE)
    bottom = top + each * len(chart.categories)
    whole = all(value.is_integer() for value in map(float, numbers(values)))
    _axis(paper, scale, (top, bottom), unit=chart.unit, whole=whole)
    for number, name in enumerate(chart.categories):
        upper = top + each * number + GAP / 2
        if beside:
            paper.write(words(name, start - GAP, upper + thick / 2 + SIZE / 3, anchor="end", kind="name"))
        else:
            paper.write(words(shortened(name, WIDTH), 0, upper + SIZE, kind="name"))
            upper += LINE
        draw(number, upper, scale)
    if chart.mark:
        _mark(paper, chart.mark.label, scale.at(chart.mark.at), (top, bottom))


def _room(texts: Sequence[str]) -> float:
    wide = widest(texts)
    return min(wide + GAP, WIDTH * MOST_ROOM) if wide else 0.0


def _axis(paper: Paper, scale: Linear, between: tuple[float, float], *, unit: str, whole: bool) -> None:
    top, bottom = between
    step = step_of(scale.low, scale.high, most=MOST_TICKS, whole=whole)
    free = -WIDTH
    for value in ticks(scale.low, scale.high, step):
        x, text = scale.at(value), tick_text(value, step)
        paper.add(rule(x, top, x, bottom, kind="grid", stroke=GRID))
        if x - width_of(text) / 2 > free:
            paper.write(words(text, x, bottom + SIZE + 2, anchor="middle", kind="tick"))
            free = max(x, width_of(text) / 2) + width_of(text) / 2 + GAP
    zero = scale.at(0)
    paper.add(rule(zero, top, zero, bottom, kind="axis", stroke=AXIS, stroke_width=2.0))
    paper.height = bottom + LINE + 4
    if unit:
        middle = (scale.start + scale.end) / 2
        paper.write(words(shortened(unit, WIDTH), middle, paper.height + SIZE, anchor="middle", kind="unit"))
        paper.height += LINE + 4


def _mark(paper: Paper, label: str, x: float, between: tuple[float, float]) -> None:
    top, bottom = between
    looks: Looks = {"stroke": INK, "stroke_width": 2.0, "stroke_dasharray": "6 4"}
    paper.add(rule(x, top - 4, x, bottom, kind="mark", **looks))
    paper.write(words(shortened(label, WIDTH), x, top - 9, anchor="middle", bold=True))
