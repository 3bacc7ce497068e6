"""How far and how long it is from one school or setting to another: what somebody entered, else an estimate."""

from collections.abc import Collection
from dataclasses import dataclass

from s2s_portal.core import geography
from s2s_portal.core.geography import Precision
from s2s_portal.organisations.models import Establishment, JourneyTime
from s2s_portal.organisations.queries.whereabouts import Position, points_of

Pair = tuple[int, int]


@dataclass(frozen=True)
class Journey:
    """One journey by car. `km` by road and `minutes` are None where they are not known."""

    km: int | None = None
    minutes: int | None = None
    is_estimate: bool = True
    """False where somebody entered the minutes, or where nobody has to drive."""
    precision: Precision | None = None
    """Of the end that is known less well; None if either is not known at all."""

    @property
    def in_words(self) -> str:
        """Such as "12 km, about 25 minutes"; a sentence without full stop where nothing is known."""
        if self.minutes is None:
            return geography.UNKNOWN_DISTANCE
        length = f"{self.minutes} minutes"
        length = f"about {length}" if self.is_estimate else length
        if self.km is None:
            return length
        return f"{f'{self.km} km' if self.km else 'less than 1 km'}, {length}"


SAME_PLACE = Journey(km=0, minutes=0, is_estimate=False, precision=Precision.EXACT)
_PRECISIONS = list(Precision)


def journeys(
    pairs: Collection[tuple[Establishment, Establishment]],
    *,
    factor: float = geography.ROAD_FACTOR,
    kmh: float = geography.KMH,
    parking: int = geography.PARKING_MINUTES,
) -> dict[Pair, Journey]:
    """The journey of each pair, by both primary keys in the order given; the way back takes as long.

    `factor`: road length over straight line; `kmh`: kilometres in an hour; `parking`: minutes. At most two queries,
    whatever the number of pairs.
    """
    ends = {one.pk: one for pair in pairs for one in pair}
    known, entered = points_of(ends.values()), _entered({_key(a, b) for a, b in pairs if a.pk != b.pk})
    found = {}
    for a, b in pairs:
        if a.pk == b.pk:
            found[a.pk, b.pk] = SAME_PLACE
            continue
        estimate = _estimate(known.get(a.pk), known.get(b.pk), factor, kmh, parking)
        minutes = entered.get(_key(a, b))
        found[a.pk, b.pk] = (
            estimate
            if minutes is None
            else Journey(km=estimate.km, minutes=minutes, is_estimate=False, precision=estimate.precision)
        )
    return found


def journey_time(one: Establishment, other: Establishment) -> JourneyTime | None:
    """What somebody entered for the journey between the two, in either direction; None if nobody has."""
    first, second = _key(one, other)
    return JourneyTime.objects.select_related("set_by").filter(first=first, second=second).first()


def _key(one: Establishment, other: Establishment) -> Pair:
    """The pair's primary keys in the order in which `JourneyTime` holds them."""
    return min(one.pk, other.pk), max(one.pk, other.pk)


def _entered(keys: set[Pair]) -> dict[Pair, int]:
    """The minutes that somebody entered for these pairs."""
    if not keys:
        return {}
    rows = JourneyTime.objects.filter(first__in={first for first, _ in keys}, second__in={second for _, second in keys})
    return {(first, second): minutes for first, second, minutes in rows.values_list("first", "second", "minutes")}


def _estimate(a: Position | None, b: Position | None, factor: float, kmh: float, parking: int) -> Journey:
    if a is None or b is None:
        return Journey()
    return Journey(
        km=round(geography.road_km(a[0], b[0], factor)),
        minutes=geography.minutes(a[0], b[0], factor, kmh, parking),
        precision=max(a[1], b[1], key=_PRECISIONS.index),
    )
