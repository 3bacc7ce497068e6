"""How far it is from one place to another, from their positions alone: kept offline, so always an estimate. Pure.

Positions are metres on the British National Grid, as the registers give them. The grid is flat, so that a straight line
is Pythagoras'; within one county it errs by less than a metre in a kilometre.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

ROAD_FACTOR = 1.3
"""How much longer the road is than the straight line."""
KMH = 45.0
"""Kilometres in an hour, by car, on a county's roads."""
PARKING_MINUTES = 5
"""Minutes to park and to find the door, on top of every drive."""
STEP_MINUTES = 5
"""Estimates are rounded up to this: to promise single minutes would be pretence."""
EAST_END, NORTH_END = 700_000, 1_300_000
"""Metres: the grid's far corner. Nothing in Great Britain lies beyond."""
UNKNOWN_DISTANCE = "The distance is not known"


class Precision(StrEnum):
    """How well a position is known: the place's own, or the mean of others that share a part of its postcode."""

    EXACT = "EXACT"
    POSTCODE = "POSTCODE"
    SECTOR = "SECTOR"
    OUTWARD = "OUTWARD"

    @property
    def label(self) -> str:
        """The precision as screens call it."""
        return _LABELS[self]


_LABELS = {
    Precision.EXACT: "Its own position",
    Precision.POSTCODE: "From its postcode",
    Precision.SECTOR: "From nearby postcodes",
    Precision.OUTWARD: "From the first half of its postcode only",
}


@dataclass(frozen=True, order=True)
class Point:
    """A position in whole metres east and north on the British National Grid."""

    easting: int
    northing: int

    @property
    def is_on_grid(self) -> bool:
        """Whether it can be a place in Great Britain; registers write 0, 0 where they know none."""
        return 0 < self.easting < EAST_END and 0 < self.northing < NORTH_END


def mean(points: Collection[Point]) -> Point:
    """The middle of `points`, of which there is at least one, to the metre."""
    count = len(points)
    return Point(round(sum(one.easting for one in points) / count), round(sum(one.northing for one in points) / count))


def road_km(a: Point, b: Point, factor: float = ROAD_FACTOR) -> float:
    """Kilometres by road from `a` to `b`: the straight line times `factor`, which is 1 or more."""
    return math.hypot(a.easting - b.easting, a.northing - b.northing) * factor / 1000


def minutes(a: Point, b: Point, factor: float = ROAD_FACTOR, kmh: float = KMH, parking: int = PARKING_MINUTES) -> int:
    """Minutes by car from `a` to `b` at `kmh` kilometres in an hour, with `parking`, rounded up to five."""
    total = road_km(a, b, factor) / kmh * 60 + parking
    # Six decimals first: 25.000000000000004 is 25 minutes, not 30.
    return math.ceil(round(total, 6) / STEP_MINUTES) * STEP_MINUTES


def parts_of_postcode(postcode: str) -> tuple[str, str]:
    """The sector and the outward code of a postcode in its usual form: "NR1 2DH" gives ("NR1 2", "NR1").

    Both are "" for text without a blank, which is no postcode in its usual form.
    """
    outward, blank, inward = postcode.partition(" ")
    return (f"{outward} {inward[:1]}", outward) if blank else ("", "")
