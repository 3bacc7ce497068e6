"""Step lines over days. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from s2s_portal.core.svg.paper import (
    AXIS,
    DEEP,
    GRID,
    INK,
    LINE,
    SIZE,
    WIDTH,
    Looks,
    Paper,
    rule,
    shortened,
    stroke,
    swatch,
    tag,
    tick_text,
    widest,
    width_of,
    words,
)
from s2s_portal.core.svg.scale import Linear, day_ticks, numbers, reach, step_of, ticks
from s2s_portal.core.svg.values import Band, DayMark, Series, Steps, Value

HIGH = 230.0
"""The height of the field in which lines are drawn."""
MOST_TICKS = 5
GAP = 8.0
BAND_FILL = 1
YEAR = 366
Point = tuple[float, float]


@dataclass(frozen=True)
class Field:
    """Where days and numbers lie."""

    days: tuple[date, ...]
    across: Linear
    up: Linear

    def x(self, day: date) -> float:
        """Where a day lies."""
        return self.across.at(day.toordinal())


def draw_steps(chart: Steps) -> SafeString:
    """The picture: each series a line with a dot at its end, the band behind them, marks of days above."""
    paper = Paper(chart)
    values = [value for one in _rows(chart) for value in numbers(one)]
    if not chart.days or not values:
        return paper.whole()
    if len(chart.series) > 1 or chart.band:
        paper.key(_key(paper, chart))
    low, high = reach(values)
    whole = all(float(value).is_integer() for value in values)
    step = step_of(low, high, most=MOST_TICKS, whole=whole)
    at = ticks(step * (low // step), step * -(-high // step), step)
    left = widest([tick_text(value, step) for value in at]) + GAP
    days = [*chart.days, *(mark.on for mark in chart.marks)]
    first, last = min(days).toordinal(), max(days).toordinal()
    across = Linear(first, max(last, first + 1), left, WIDTH - GAP)
    labels = _labels(chart.marks, across)
    if chart.unit:
        paper.write(words(shortened(chart.unit, WIDTH), 0, paper.height + SIZE, kind="unit"))
        paper.height += LINE + 4
    top = paper.height + LINE * (1 + max((tier for _, _, tier in labels), default=-1)) + GAP
    field = Field(chart.days, across, Linear(at[0], at[-1], top + HIGH, top))
    _axes(paper, field, at, step=step)
    if chart.band:
        paper.add(*_band(paper, chart.band, field))
    for number, one in enumerate(chart.series):
        paper.add(*_line(number, one, field))
    _marks(paper, labels, bottom=top + HIGH, above=paper.height)
    paper.height = top + HIGH + LINE + 6
    return paper.whole()


def _rows(chart: Steps) -> Iterator[Sequence[Value]]:
    band = (chart.band.low, chart.band.high) if chart.band else ()
    for values in (*(one.values for one in chart.series), *band):
        if len(values) != len(chart.days):
            raise ValueError(f"{len(values)} values for {len(chart.days)} days")
        yield values


def _key(paper: Paper, chart: Steps) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(chart.series):
        yield tag("line", x1=0.0, y1=7.0, x2=26.0, y2=7.0, **stroke(number)), one.label
    if chart.band:
        yield swatch(paper.fill(BAND_FILL)), chart.band.label


def _axes(paper: Paper, field: Field, at: Sequence[float], *, step: float) -> None:
    left, right = field.across.start, field.across.end
    for value in at:
        y = field.up.at(value)
        looks: Looks = {"stroke": GRID} if value else {"stroke": AXIS, "stroke_width": 2.0}
        paper.add(rule(left, y, right, y, kind="grid" if value else "axis", **looks))
        paper.write(words(tick_text(value, step), left - GAP, y + SIZE / 3, anchor="end", kind="tick"))
    first, last = (date.fromordinal(int(end)) for end in (field.across.low, field.across.high))
    shown = "%b %Y" if (last - first).days > YEAR else "%-d %b"
    bottom, free = field.up.start, -WIDTH
    for day in day_ticks(first, last):
        x, text = field.x(day), f"{day:{shown}}"
        half = width_of(text) / 2
        middle = min(max(x, half), WIDTH - half)
        if middle - half >= free:
            paper.add(rule(x, bottom, x, bottom + 5, kind="grid", stroke=AXIS))
            paper.write(words(text, x, bottom + SIZE + 6, anchor="middle", kind="tick"))
            free = middle + half + GAP


def _stretches(field: Field, rows: Sequence[Sequence[Value]]) -> Iterator[list[tuple[float, float, list[float]]]]:
    """Runs of days on which every row has a number: from where to where each day holds, and the numbers."""
    run: list[tuple[float, float, list[float]]] = []
    starts = [field.x(day) for day in field.days]
    ends = [*starts[1:], starts[-1]]
    for start, end, values in zip(starts, ends, zip(*rows, strict=True), strict=True):
        found = numbers(values)
        if len(found) == len(rows):
            run.append((start, end, found))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _corners(run: list[tuple[float, float, list[float]]], row: int, up: Linear) -> list[Point]:
    """The corners of a step line, without those that lie between two others at the same height."""
    points: list[Point] = []
    for start, end, found in run:
        y = up.at(found[row])
        if points and points[-1][1] == y:
            points[-1] = (end, y)
        else:
            points += [(start, y), (end, y)]
    return points


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _band(paper: Paper, band: Band, field: Field) -> Iterator[str]:
    for run in _stretches(field, (band.low, band.high)):
        around = [*_corners(run, 1, field.up), *reversed(_corners(run, 0, field.up))]
        looks: Looks = {"fill": paper.fill(BAND_FILL), "stroke": DEEP, "fill_opacity": "0.7"}
        yield tag("path", class_="app-svg__band", d=f"{_path(around)}Z", **looks)


def _line(number: int, one: Series, field: Field) -> Iterator[str]:
    end: Point | None = None
    for run in _stretches(field, (one.values,)):
        corners = _corners(run, 0, field.up)
        end = corners[-1]
        yield tag("path", class_="app-svg__line", d=_path(corners), **stroke(number))
    if end:
        yield tag("circle", class_="app-svg__end", cx=end[0], cy=end[1], r=5.0, fill=str(stroke(number)["stroke"]))


def _labels(marks: Sequence[DayMark], across: Linear) -> list[tuple[str, float, int]]:
    """The marks' labels, where their lines stand, and in which line of text, counted from the field upwards.

    Each label stands in the lowest line in which it meets no other.
    """
    placed: list[tuple[str, float, int]] = []
    taken: list[float] = []
    for mark in sorted(marks, key=lambda mark: mark.on):
        text = shortened(f"{mark.label}, {mark.on:%-d %b}", WIDTH)
        x, half = across.at(mark.on.toordinal()), width_of(text) / 2
        middle = min(max(x, half), WIDTH - half)
        tier = next((tier for tier, free in enumerate(taken) if free <= middle - half), len(taken))
        taken[tier : tier + 1] = [middle + half + GAP]
        placed.append((text, x, tier))
    return placed


def _marks(paper: Paper, labels: Sequence[tuple[str, float, int]], *, bottom: float, above: float) -> None:
    foot = bottom - HIGH - GAP
    looks: Looks = {"stroke": INK, "stroke_width": 2.0, "stroke_dasharray": "6 4"}
    for _, x, tier in labels:
        paper.add(rule(x, foot - tier * LINE + 2, x, bottom, kind="mark", **looks))
    for text, x, tier in labels:
        paper.write(words(text, x, foot - tier * LINE - 4, anchor="middle", bold=True))
