"""Where schools and settings are: their own position, or an estimate from neighbours that share a part of the postcode.

GIAS gives positions and Ofsted does not, but few settings are far from every school. Schools that have closed count as
neighbours too: the place is still there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from s2s_portal.core.geography import Point, Precision, mean, parts_of_postcode
from s2s_portal.organisations.models import Establishment

Position = tuple[Point, Precision]


def points_of(establishments: Iterable[Establishment]) -> dict[int, Position]:
    """The position of each establishment by primary key, and how well it is known; who is nowhere is left out.

    At most one query, on the index of the postcodes' first halves, whatever the number.
    """
    wanted = list(establishments)
    found = {one.pk: (one.position, Precision.EXACT) for one in wanted if one.position}
    others = [one for one in wanted if one.pk not in found]
    neighbours = _neighbours({parts_of_postcode(one.postcode)[1] for one in others} - {""})
    means: dict[str, Point] = {}
    for one in others:
        for part, precision in _parts(one.postcode):
            if part in neighbours:
                means[part] = means.get(part) or mean(neighbours[part])
                found[one.pk] = (means[part], precision)
                break
    return found


def _parts(postcode: str) -> Iterator[tuple[str, Precision]]:
    """The postcode and what it is a part of, the most precise first: NR12 8ZZ, NR12 8, NR12."""
    sector, outward = parts_of_postcode(postcode)
    if outward:
        yield postcode, Precision.POSTCODE
        yield sector, Precision.SECTOR
        yield outward, Precision.OUTWARD


def _neighbours(outward: set[str]) -> dict[str, list[Point]]:
    """The known positions within these outward codes, by postcode, by sector and by outward code."""
    points: dict[str, list[Point]] = defaultdict(list)
    if not outward:
        return points
    placed = Establishment.objects.filter(outward__in=outward, easting__isnull=False, northing__isnull=False)
    for postcode, easting, northing in placed.values_list("postcode", "easting", "northing"):
        for part, _precision in _parts(postcode):
            points[part].append(Point(easting, northing))
    return points
