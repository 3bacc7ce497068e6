"""What figures count by, with none left out: the zones with their schools and settings, and the types of need."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, DateField, F, QuerySet, Value
from django.db.models.functions import Cast

from quotas.models import Period
from referrals.models import NeedType
from referrals.queries.needs import Need, NeedRow, needs_in_use
from s2s_portal.organisations.choices import OPEN_STATUSES, Stream
from s2s_portal.organisations.models import Establishment, Zone

_NEED = "NEED"


@dataclass(frozen=True)
class Registers:
    """Names of zones by id, in their order; the open schools and settings by zone (None: without one) and stream.

    `needs` are the types of need that were in use during the period, by their labels.
    """

    zones: dict[int, str] = field(default_factory=dict)
    establishments: dict[tuple[int | None, str], int] = field(default_factory=dict)
    needs: list[Need] = field(default_factory=list)


def registers(period: Period, on: date) -> Registers:
    """The zones and registers as they are now, and the types of need as they are called on the day `on`.

    One statement, whose rows do not grow with the registers.
    """
    found, labels = Registers(), []
    for key, label, stream, count, code, since, until in _rows().all():
        if stream == _NEED:
            labels.append(NeedRow(key, code, label, since, until))
        elif stream:
            found.establishments[key, stream] = count
        else:
            found.zones[key] = label
    found.needs.extend(needs_in_use(labels, period, on))
    return found


@cache
def _rows() -> QuerySet[Any, Any]:
    """The statement, which is always the same, put together once; `all()` of it asks again."""
    shown = ("zone_key", "label", "stream", "count", "code", "since", "until")
    none = {"code": Value(""), "since": Cast(Value(None), DateField()), "until": Cast(Value(None), DateField())}
    zones = Zone.objects.order_by().annotate(
        zone_key=F("pk"), label=F("name"), stream=Value(""), count=Value(0), **none
    )
    rows = (
        Establishment.objects.filter(status__in=OPEN_STATUSES, kind__eligibility__in=Stream.values)
        .order_by()
        .annotate(zone_key=F("zone_id"), label=Value(""), stream=F("kind__eligibility"))
        .values("zone_key", "label", "stream")
        .annotate(count=Count("pk"), **none)
    )
    needs = NeedType.objects.order_by().values_list(
        "pk", "label", Value(_NEED), Value(0), "code", "valid_from", "valid_to"
    )
    both = zones.values_list(*shown).union(rows.values_list(*shown), needs, all=True)
    return both.order_by("label", "zone_key")
