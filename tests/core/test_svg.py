"""Charts: well-formed, on the paper, with the numbers of the data and nothing where there is none."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from s2s_portal.core.svg import Band, Bars, DayMark, Mark, Series, Spreads, Steps, drawn
from s2s_portal.core.svg.paper import WIDTH, said, shortened, width_of

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Childcare on non-domestic premises, Upper Marram and Lower Saltings"
MONDAY = date(2024, 9, 2)
NUMBERS = some.none() | some.integers(-(10**9), 10**9) | some.floats(-1e9, 1e9).map(lambda it: round(it, 3))
NAMES = some.text(max_size=60)


def picture(chart) -> ElementTree.Element:
    """The chart as an XML parser reads it, after what must be true of every one of them."""
    text = drawn(chart)
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", re.sub(r">[^<]*<", "><", text))
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert set(root.attrib["aria-labelledby"].split()) <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)
    check_on_paper(root)
    return root


def check_on_paper(root: ElementTree.Element) -> None:
    """Every shape and every text lies within the picture."""
    left, top, wide, high = map(float, root.attrib["viewBox"].split())
    assert (left, top, wide) == (0, 0, WIDTH)
    drawing = [one for one in root if not one.tag.endswith(("defs", "title", "desc"))]
    for x, y in [point for one in drawing for point in points_of(one)]:
        assert -0.2 <= x <= wide + 0.2
        assert -0.2 <= y <= high + 0.2


def points_of(one: ElementTree.Element) -> list[tuple[float, float]]:
    """The corners of a shape, or the ends of a text as wide as it is thought to be."""
    name = one.tag.removeprefix(SVG)
    at = {key: float(value) for key, value in one.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
    if name == "rect":
        assert at["width"] >= 0
        return [(at["x"], at["y"]), (at["x"] + at["width"], at["y"] + at["height"])]
    if name == "line":
        return [(at["x1"], at["y1"]), (at["x2"], at["y2"])]
    if name == "circle":
        return [(at["cx"], at["cy"])]
    if name == "path":
        return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", one.attrib["d"])]
    if name == "text":
        wide = min(width_of(one.text or ""), WIDTH)
        lead = {"start": 0, "middle": wide / 2, "end": wide}[one.attrib["text-anchor"]]
        return [(at["x"] - lead, at["y"]), (at["x"] - lead + wide, at["y"] - 10)]
    return []


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text") if one.attrib["class"] == f"app-svg__{kind}"]


def shapes(root: ElementTree.Element, kind: str) -> list[dict[str, str]]:
    return [one.attrib for one in root.iter() if one.attrib.get("class") == f"app-svg__{kind}"]


def bars(*values: tuple, **changes: object) -> Bars:
    """One series for each tuple of values, over as many categories as it has."""
    told = {"title": "By zone", "description": "As the table.", "unit": "requests"}
    categories = tuple(f"Zone {number}" for number in range(len(values[0]))) if values else ()
    series = tuple(Series(f"Part {number}", one) for number, one in enumerate(values))
    return Bars(**told | {"categories": categories, "series": series} | changes)


def steps(*values: tuple, **changes: object) -> Steps:
    days = tuple(MONDAY + timedelta(days=number) for number in range(len(values[0]) if values else 0))
    series = tuple(Series(f"Stream {number}", one) for number, one in enumerate(values))
    return Steps(**{"title": "Places left", "description": "", "days": days, "series": series} | changes)


def spreads(middle: tuple, far: tuple, **changes: object) -> Spreads:
    categories = tuple(f"Zone {number}" for number in range(len(middle)))
    told = {"title": "Waits", "description": "", "categories": categories, "unit": "working days"}
    return Spreads(**told | {"middle": Series("Median", middle), "far": Series("80th percentile", far)} | changes)


def test_title_and_description_are_for_those_who_do_not_see_it():
    root = picture(bars((1,), title="Who <waits> & why", description="By zone."))
    assert root.find(f"{SVG}title").text == "Who <waits> & why"
    assert root.find(f"{SVG}desc").text == "By zone."
    assert len(root.attrib["aria-labelledby"].split()) == 2
    assert len(picture(steps((1, 2))).attrib["aria-labelledby"].split()) == 1


def test_charts_of_one_page_share_no_ids():
    pictures = [drawn(bars((1,), (2,), title=title)) for title in ("By zone", "By  zone", "Zone/by", "Ъ")]
    ids = [name for text in pictures for name in re.findall(r' id="([^"]+)"', text)]
    assert len(ids) == len(set(ids))
    assert ids[0].startswith("chart-by-zone-")
    assert drawn(bars((1,))) == drawn(bars((1,)))


def test_bars_are_as_long_as_their_numbers():
    root = picture(bars((4, 8, 0, None, 2)))
    widths = [float(one["width"]) for one in shapes(root, "bar")]
    assert widths[1] > 200
    assert widths == pytest.approx([widths[1] / 2, widths[1], 0, widths[1] / 4], abs=0.2)
    assert texts(root, "value") == ["4", "8", "0", "2"]
    assert texts(root, "name") == [f"Zone {number}" for number in range(5)]
    assert texts(root, "unit") == ["requests"]
    assert texts(root, "key") == []


def test_stacked_bars_stand_end_to_end_with_their_sum():
    root = picture(bars((4, 1), (2, 3), (1, 0), stacked=True))
    first = shapes(root, "bar")[:3]
    ends = [float(one["x"]) + float(one["width"]) for one in first]
    assert [float(one["x"]) for one in first[1:]] == pytest.approx(ends[:2], abs=0.2)
    assert texts(root, "value") == ["7", "4"]
    assert texts(root, "key") == ["Part 0", "Part 1", "Part 2"]
    assert len({one["fill"] for one in first}) == 3


def test_a_stack_with_a_hidden_part_has_no_sum():
    root = picture(bars((4, 1), (None, 3), stacked=True))
    assert texts(root, "value") == ["4"]
    assert len(shapes(root, "bar")) == 3


def test_a_number_that_may_not_be_shown_is_said_in_words_and_is_no_empty_bar():
    root = picture(bars((4, 8), ("fewer than 6", 2)))
    assert texts(root, "unsaid") == ["fewer than 6"]
    assert texts(root, "value") == ["4", "8", "2"]
    assert len(shapes(root, "bar")) == 3


def test_a_stack_of_which_a_part_may_not_be_shown_has_the_numbers_of_the_others():
    values = ((11, 0, "not shown", 4, "not shown"), ("not shown", "fewer than 6", "not shown", 3, "fewer than 6"))
    root = picture(bars(*values, stacked=True))
    assert texts(root, "unsaid") == ["11 + not shown", "fewer than 6", "not shown", "not shown + fewer than 6"]
    assert texts(root, "value") == ["7"]
    assert len(shapes(root, "bar")) == 4


def test_numbers_below_zero_go_to_the_left():
    root = picture(bars((-4.5, 12)))
    below, above = shapes(root, "bar")
    assert float(below["x"]) + float(below["width"]) == pytest.approx(float(above["x"]), abs=0.2)
    assert texts(root, "value") == ["−4.5", "12"]


def test_names_stand_beside_short_and_above_long_bars():
    beside, above = picture(bars((1,))), picture(bars((1,), categories=(LONG[:40],)))
    assert float(shapes(beside, "name")[0]["y"]) < float(shapes(beside, "bar")[0]["y"]) + 24
    assert float(shapes(above, "name")[0]["y"]) < float(shapes(above, "bar")[0]["y"])
    assert texts(above, "name") == [LONG[:40]]
    [name] = texts(picture(bars((1,), categories=(LONG * 2,))), "name")
    assert name.endswith("…")
    assert LONG.startswith(name[:20])


@pytest.mark.parametrize(
    "chart",
    [
        bars(),
        bars((), categories=()),
        steps(),
        steps((None, None)),
        spreads((), ()),
    ],
    ids=["bars", "bars of one series", "steps", "steps of nothing", "spreads"],
)
def test_without_numbers_it_says_so(chart):
    assert texts(picture(chart), "label") == ["There is nothing to draw."]


@pytest.mark.parametrize("values", [(0, 0), (None, None), (0, None), (float("nan"), float("inf"))], ids=str)
def test_zeros_and_nothing_are_drawn_as_nothing(values):
    root = picture(bars(values))
    assert [one["width"] for one in shapes(root, "bar")] == ["0"] * values.count(0)
    assert texts(root, "value") == ["0"] * values.count(0)


def test_a_mark_stands_at_its_number_and_is_always_on_the_paper():
    root = picture(bars((5, 10), mark=Mark("R10: 5 working days", 5)))
    [mark], [first, _] = shapes(root, "mark"), shapes(root, "bar")
    assert float(mark["x1"]) == pytest.approx(float(first["x"]) + float(first["width"]), abs=0.2)
    assert texts(root, "label") == ["R10: 5 working days"]
    picture(spreads((1, 2), (2, 3), mark=Mark(LONG * 3, 40)))


@pytest.mark.parametrize("wrong", [bars((1, 2), categories=("One",)), steps((1, 2), days=(MONDAY,))])
def test_numbers_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match="values for"):
        drawn(wrong)


def test_steps_hold_from_one_day_to_the_next_and_leave_gaps():
    root = picture(steps((50, 50, 40, None, 20, 20)))
    first, second = (points_of(one) for one in root.iter(f"{SVG}path"))
    assert len(first) == 4  # 50, held, down to 40, held until the day that has none
    assert first[1][0] == first[2][0]
    assert second[0][0] > first[-1][0]
    assert second[0][1] > first[-1][1] > first[0][1]
    bottom = max(float(one["y1"]) for one in shapes(root, "axis"))
    assert (bottom - first[2][1]) / (bottom - first[0][1]) == pytest.approx(40 / 50, abs=0.01)
    assert [tick for tick in texts(root, "tick") if tick.isdigit()][:1] == ["0"]


def test_lines_differ_in_dash_and_each_ends_in_a_dot():
    root = picture(steps((3, 2), (5, 5), (9, 8)))
    assert len({one.get("stroke-dasharray", "") for one in shapes(root, "line")}) == 3
    assert len(shapes(root, "end")) == 3
    assert texts(root, "key") == ["Stream 0", "Stream 1", "Stream 2"]


def test_a_band_lies_between_its_numbers():
    root = picture(steps((9, 8, None, None), band=Band("May lie here", (None, None, 4, 2), (None, None, 8, 7))))
    [band] = [one for one in root.iter(f"{SVG}path") if one.get("class") == "app-svg__band"]
    assert len({y for _, y in points_of(band)}) == 4
    assert "May lie here" in texts(root, "key")


def test_marks_of_days_do_not_overlap():
    marks = tuple(DayMark(f"Requests close {number}", MONDAY + timedelta(days=number)) for number in (0, 1, 2, 40, 90))
    root = picture(steps((1,) * 60, marks=marks))
    labels = [one for one in root.iter(f"{SVG}text") if one.attrib["class"] == "app-svg__label"]
    assert "Requests close 40, 12 Oct" in [one.text for one in labels]
    boxes = [points_of(one) for one in labels]
    for place, ((left, y), (right, _)) in enumerate(boxes):
        for (other_left, other_y), (other_right, _) in boxes[:place]:
            assert y != other_y or right <= other_left or other_right <= left
    assert len(shapes(root, "mark")) == 5


@pytest.mark.parametrize("days", [0, 1, 3, 10, 40, 59, 100, 364, 800, 4000])
def test_few_days_are_named(days):
    root = picture(steps((1, 2), days=(MONDAY, MONDAY + timedelta(days=days))))
    named = [tick for tick in texts(root, "tick") if re.search("[A-Z]", tick)]
    assert 1 <= len(named) <= 7
    assert len(set(named)) == len(named)


def test_spreads_have_a_dot_and_a_line_to_the_far_end():
    root = picture(spreads((4, None, 3, None, 5), (9, None, None, 7, 5)))
    dots, lines = shapes(root, "dot"), shapes(root, "spread")
    assert texts(root, "value") == ["4 to 9", "3", "7", "5"]
    assert len(dots) == 4  # one in the key
    assert len(lines) == 3
    assert dots[1]["cx"] == lines[1]["x1"]
    assert len(shapes(root, "far")) == 4
    assert texts(root, "key") == ["Median", "80th percentile"]


@given(
    some.lists(some.tuples(NAMES, NUMBERS, NUMBERS), max_size=6),
    some.booleans(),
    NAMES,
    some.none() | some.floats(-99, 99),
)
@settings(deadline=None, max_examples=60)
def test_any_bars(rows, stacked, text, mark):
    names, first, second = zip(*rows, strict=True) if rows else ((), (), ())
    root = picture(
        bars(
            *(first, second),
            categories=names,
            stacked=stacked,
            title=text,
            unit=text,
            mark=None if mark is None else Mark(text, mark),
        )
    )
    known = [[value for value in row if value is not None] for row in zip(first, second, strict=True)]
    shown = [sum(row) for row in known if len(row) == 2] if stacked else [value for row in known for value in row]
    assert texts(root, "value") == [said(value) for value in shown]
    assert len(shapes(root, "bar")) == sum(map(len, known))


@given(some.lists(some.tuples(NAMES, NUMBERS, NUMBERS), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_any_spreads(rows):
    names, middle, far = zip(*rows, strict=True)
    root = picture(spreads(middle, far, categories=names))
    known = [[said(value) for value in row if value is not None] for row in zip(middle, far, strict=True)]
    assert texts(root, "value") == [" to ".join(dict.fromkeys(row)) for row in known if row]


@given(
    some.lists(some.tuples(some.integers(1, 90), NUMBERS, NUMBERS, NUMBERS), max_size=12),
    some.lists(some.tuples(NAMES, some.integers(-400, 800)), max_size=4),
)
@settings(deadline=None, max_examples=60)
def test_any_steps(rows, marks):
    apart, first, low, high = zip(*rows, strict=True) if rows else ((), (), (), ())
    days = tuple(MONDAY + timedelta(days=sum(apart[:number])) for number in range(len(apart)))
    picture(
        steps(
            first,
            days=days,
            unit="places",
            band=Band("Range", low, high),
            marks=tuple(DayMark(name, MONDAY + timedelta(days=number)) for name, number in marks),
        )
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (7.0, "7"),
        (-3, "−3"),
        (12.25, "12.2"),
        (-0.04, "0.0"),
        (1_234_567, "1,234,567"),
        (1e12, "1,000,000,000,000"),
    ],
)
def test_numbers_are_said_as_people_write_them(value, text):
    assert said(value) == text


def test_shortened_keeps_whole_words_where_it_can():
    assert shortened("Reedham Reach", 200) == "Reedham Reach"
    assert shortened("Reedham Reach and the marshes", 150) == "Reedham Reach…"
    assert shortened("R" * 100, 100).endswith("RR…")
