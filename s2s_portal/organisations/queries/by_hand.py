"""What people added, or still have to name, by hand; and what a postcode and a kind say of something new."""

import hashlib
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from s2s_portal.core.geography import parts_of_postcode
from s2s_portal.organisations.choices import OPEN_STATUSES, Source, Stream
from s2s_portal.organisations.models import Establishment, EstablishmentKind, Zone
from s2s_portal.organisations.queries.establishments import matching


def kinds_for(streams: Collection[Stream]) -> list[EstablishmentKind]:
    """The kinds whose requests use places of these streams, by name."""
    return list(EstablishmentKind.objects.filter(eligibility__in=list(streams)).order_by("name", "source", "pk"))


def kind(pk: int) -> EstablishmentKind | None:
    """The kind with this id."""
    return EstablishmentKind.objects.filter(pk=pk).first()


def zones_named(pks: Collection[int]) -> list[Zone]:
    """The zones with these ids, by name."""
    return list(Zone.objects.filter(pk__in=list(pks)).order_by("name", "pk"))


def zone_by_postcode(postcode: str) -> Zone | None:
    """The zone that most neighbours are in: of the same postcode, else the same sector, else the same district.

    None where no neighbour has a zone. One query, and one for the zone.
    """
    sector, outward = parts_of_postcode(postcode)
    if not outward:
        return None
    placed = Establishment.objects.filter(outward=outward, zone__isnull=False).values_list("postcode", "zone")
    neighbours = list(placed.order_by("pk"))
    for part in (postcode, sector, outward):
        counted = Counter(zone for theirs, zone in neighbours if theirs.startswith(part))
        if counted:
            return Zone.objects.get(pk=min(counted, key=lambda zone: (-counted[zone], zone)))
    return None


def maybe_meant(*, name: str, postcode: str) -> QuerySet[Establishment]:
    """The open ones of the same postcode district, and those anywhere whose name has all these words."""
    _, outward = parts_of_postcode(postcode)
    named = matching(name).order_by().values("pk")
    found = Establishment.objects.select_related("kind", "zone").filter(status__in=OPEN_STATUSES)
    return found.filter(Q(pk__in=named) | Q(outward=outward or None)).order_by("name_folded", "pk")


def added() -> QuerySet[Establishment]:
    """Those that were added by hand and are not merged, the newest first, with kind, zone and who added them."""
    return (
        Establishment.objects.filter(source=Source.LOCAL, merged_into=None)
        .select_related("kind", "zone", "added_by")
        .order_by("-added_at", "-pk")
    )


_ADDRESS = {
    "street": "Building and street",
    "locality": "Village or district",
    "town": "Town or city",
    "postcode": "Postcode",
    "telephone": "Telephone",
}


def in_words(one: Any) -> dict[str, str]:
    """What people know of one that was, or is to be, added by hand, under the words of the form that asks for it."""
    named = {"Name": one.name, "Kind": str(one.kind), "Zone": one.zone.name if one.zone else ""}
    return named | {title: getattr(one, column) for column, title in _ADDRESS.items()}


def seen_as(one: Establishment) -> str:
    """A short name of exactly these facts: with others it is another."""
    return hashlib.sha256("\n".join(in_words(one).values()).encode()).hexdigest()


def nameless(text: str = "") -> QuerySet[Establishment]:
    """Those that may have requests and whose name the register withholds, nobody having given one, by place."""
    found = matching(text) if text else Establishment.objects.select_related("kind", "zone")
    found = found.filter(name="", status__in=OPEN_STATUSES, kind__eligibility__in=Stream.values)
    return found.order_by("outward", "postcode", "pk")


def named() -> QuerySet[Establishment]:
    """Those to which somebody gave a name by hand, by name."""
    return Establishment.objects.filter(named_by_hand=True).select_related("kind", "zone").order_by("name_folded", "pk")


def waiting_for_care() -> tuple[int, int]:
    """How many were added by hand and are not merged, and how many have no name. One query."""
    needs_name = Q(name="", status__in=OPEN_STATUSES, kind__eligibility__in=Stream.values)
    by_hand = Q(source=Source.LOCAL, merged_into=None)
    counted = Establishment.objects.aggregate(
        by_hand=Count("pk", filter=by_hand), nameless=Count("pk", filter=needs_name)
    )
    return counted["by_hand"], counted["nameless"]
