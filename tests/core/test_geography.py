"""Distances and driving times, against sums done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_portal.core.geography import Point, Precision, mean, minutes, parts_of_postcode, road_km

HERE = Point(600_000, 300_000)
POINTS = st.builds(Point, st.integers(1, 699_999), st.integers(1, 1_299_999))


def away(east, north):
    """The point so many metres east and north of `HERE`."""
    return Point(HERE.easting + east, HERE.northing + north)


@pytest.mark.parametrize(
    ("there", "factor", "km"),
    [
        pytest.param(HERE, 1.3, 0.0, id="the same place"),
        pytest.param(away(10_000, 0), 1.3, 13.0, id="10 km east"),
        pytest.param(away(0, -10_000), 1.3, 13.0, id="10 km south"),
        pytest.param(away(3_000, 4_000), 1.0, 5.0, id="three, four, five"),
        pytest.param(away(-3_000, 4_000), 1.3, 6.5, id="three, four, five by road"),
        pytest.param(away(12_000, -5_000), 2.0, 26.0, id="five, twelve, thirteen, twice as far by road"),
    ],
)
def test_road_km(there, factor, km):
    assert road_km(HERE, there, factor) == pytest.approx(km)


@pytest.mark.parametrize(
    ("there", "factor", "kmh", "parking", "expected"),
    [
        pytest.param(HERE, 1.3, 45, 5, 5, id="next door: parking only"),
        pytest.param(HERE, 1.3, 45, 0, 0, id="next door, on foot"),
        pytest.param(away(15_000, 0), 1.0, 45, 5, 25, id="15 km at 45 is 20, and 5: on the step"),
        pytest.param(away(15_001, 0), 1.0, 45, 5, 30, id="a metre more is the next step"),
        pytest.param(away(10_000, 0), 1.3, 45, 5, 25, id="13 km at 45 is 17 min 20 s, and 5"),
        pytest.param(away(3_000, 4_000), 1.3, 45, 5, 15, id="6.5 km at 45 is 8 min 40 s, and 5"),
        pytest.param(away(60_000, 0), 1.3, 45, 5, 110, id="78 km at 45 is 104, and 5"),
        pytest.param(away(60_000, 0), 1.3, 60, 0, 80, id="78 km at 60 is 78"),
    ],
)
def test_minutes(there, factor, kmh, parking, expected):
    assert minutes(HERE, there, factor, kmh, parking) == expected


def test_the_defaults_are_what_the_issue_says():
    assert road_km(HERE, away(10_000, 0)) == pytest.approx(13)
    assert minutes(HERE, away(10_000, 0)) == 25


@given(a=POINTS, b=POINTS)
def test_there_and_back_are_the_same(a, b):
    assert road_km(a, b) == road_km(b, a)
    assert minutes(a, b) == minutes(b, a)
    assert minutes(a, b) % 5 == 0


@given(a=POINTS, b=POINTS)
def test_minutes_are_never_too_few_nor_a_whole_step_too_many(a, b):
    driving = road_km(a, b) / 45 * 60 + 5
    assert driving - 1e-6 <= minutes(a, b) < driving + 5


@pytest.mark.parametrize(
    ("points", "middle"),
    [
        ([HERE], HERE),
        ([HERE, away(10, 20)], away(5, 10)),
        ([HERE, HERE, away(9, 30)], away(3, 10)),
    ],
)
def test_mean(points, middle):
    assert mean(points) == middle


@pytest.mark.parametrize(
    ("point", "is_on"),
    [
        (HERE, True),
        (Point(0, 0), False),
        (Point(0, 300_000), False),
        (Point(600_000, 0), False),
        (Point(700_000, 300_000), False),
        (Point(600_000, 1_300_000), False),
        (Point(699_999, 1_299_999), True),
    ],
)
def test_is_on_grid(point, is_on):
    assert point.is_on_grid is is_on


@pytest.mark.parametrize(
    ("postcode", "parts"),
    [
        ("NR1 2DH", ("NR1 2", "NR1")),
        ("NR12 8ZZ", ("NR12 8", "NR12")),
        ("EC1A 1BB", ("EC1A 1", "EC1A")),
        ("NR12DH", ("", "")),
        ("", ("", "")),
    ],
)
def test_parts_of_postcode(postcode, parts):
    assert parts_of_postcode(postcode) == parts


def test_every_precision_has_words():
    assert len({precision.label for precision in Precision}) == len(Precision)
