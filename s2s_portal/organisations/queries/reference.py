"""The history of the lists, and the lists of kinds and zones that settings change."""

from collections.abc import Collection

from django.db.models import Count, Max, Q, QuerySet

from s2s_portal.organisations.choices import OPEN_STATUSES, ReferenceKind
from s2s_portal.organisations.models import ComingMeaning, EstablishmentKind, ReferenceChange, Zone


def history_of(kinds: Collection[ReferenceKind]) -> QuerySet[ReferenceChange]:
    """The changes of these lists, the newest first, with who made them."""
    return ReferenceChange.objects.filter(kind__in=kinds).select_related("by").order_by("-pk")


def newest_changes() -> dict[str, ReferenceChange]:
    """The last change of each list that was ever changed, with who made it. One query."""
    last = ReferenceChange.objects.order_by().values("kind").annotate(last=Max("pk")).values("last")
    return {row.kind: row for row in ReferenceChange.objects.filter(pk__in=last).select_related("by")}


def kinds() -> QuerySet[EstablishmentKind]:
    """Every kind by register and name, with what it is to mean as `coming`, and `open`: how many that are open."""
    is_open = Q(establishments__status__in=OPEN_STATUSES)
    found = EstablishmentKind.objects.select_related("coming__set_by")
    return found.annotate(open=Count("establishments", filter=is_open)).order_by("source", "name", "pk")


def kind(pk: int) -> EstablishmentKind | None:
    """The kind with this id, counted as in `kinds`."""
    return kinds().filter(pk=pk).first()


def coming_meaning(pk: int) -> ComingMeaning | None:
    """What a kind is to mean from a day on, by its own id; None once it has come or was taken back."""
    return ComingMeaning.objects.select_related("kind", "set_by").filter(pk=pk).first()


def zone(pk: int) -> Zone | None:
    """The zone with this id."""
    return Zone.objects.filter(pk=pk).first()
