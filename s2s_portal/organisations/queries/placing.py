"""Schools and settings that are to be put in a zone: those with none, or with the wrong one, by where they are."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import OPEN_STATUSES, Stream
from s2s_portal.organisations.models import Establishment

NO_POSTCODE = "none"
"""How an address names the district of those without a postcode."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which establishments are meant. Those of `zone_id` (None: of no zone) that pass every filter given.

    `outwards` are postcode districts in capitals, "none" among them meaning no postcode at all. Without `is_every` only
    those that need a zone: open, and of a kind that may have requests. `ticked`: of those, only these primary keys.
    """

    zone_id: int | None = None
    outwards: tuple[str, ...] = ()
    town: str = ""
    kind_id: int | None = None
    is_every: bool = False
    ticked: tuple[int, ...] | None = None


def listed(wanted: Wanted) -> QuerySet[Establishment]:
    """Those that are meant, with kind and zone, by postcode district and name."""
    found = Establishment.objects.select_related("kind", "zone").filter(zone=wanted.zone_id)
    if not wanted.is_every:
        found = found.filter(status__in=OPEN_STATUSES, kind__eligibility__in=Stream.values)
    if wanted.outwards:
        found = found.filter(outward__in=["" if one == NO_POSTCODE else one for one in wanted.outwards])
    if wanted.town:
        found = found.filter(town_folded__contains=folded(wanted.town))
    if wanted.kind_id is not None:
        found = found.filter(kind=wanted.kind_id)
    if wanted.ticked is not None:
        found = found.filter(pk__in=wanted.ticked)
    return found.order_by("outward", "name_folded", "pk")


def districts(wanted: Wanted) -> list[tuple[str, int]]:
    """Each postcode district with the number of those meant in it, whatever districts and ticks are asked for."""
    everywhere = listed(replace(wanted, outwards=(), ticked=None))
    return list(everywhere.order_by("outward").values_list("outward").annotate(count=Count("pk")))


def still_to_place() -> int:
    """How many establishments need a zone and have none: no adviser can file for them."""
    return listed(Wanted()).order_by().count()


def seen_as(wanted: Wanted, pks: Iterable[int]) -> str:
    """A short name of exactly these establishments in the zone they are in: another set has another name."""
    told = f"{wanted.zone_id}:{','.join(map(str, sorted(pks)))}"
    return hashlib.sha256(told.encode()).hexdigest()


def is_any_loaded() -> bool:
    """Whether there is any school or setting at all: none before the first register is loaded."""
    return Establishment.objects.exists()
