"""What settings concern: the drafts and requests that use a code, a kind or a zone. Counts, no child."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from referrals.models import Cohort, Decision, DraftReferral, IndesSection, NeedType, Referral
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.models import Establishment, EstablishmentKind, Membership, Zone


def need_types() -> QuerySet[NeedType]:
    """Every type of need there was, is or will be, by code and date."""
    return NeedType.objects.order_by("code", "-valid_from", "pk")


def indes_sections() -> QuerySet[IndesSection]:
    """Every section of INDES there was, is or will be, by number and date."""
    return IndesSection.objects.order_by("number", "-valid_from", "pk")


def need_type(pk: int) -> NeedType | None:
    """The type of need with this id."""
    return NeedType.objects.filter(pk=pk).first()


def indes_section(pk: int) -> IndesSection | None:
    """The section of INDES with this id."""
    return IndesSection.objects.filter(pk=pk).first()


def drafts_by_need() -> Counter[int]:
    """How many open drafts name each type of need, as the primary or the secondary one. One query."""
    counted: Counter[int] = Counter()
    for needs in DraftReferral.objects.values_list("primary_need_id", "secondary_need_id"):
        counted.update({pk for pk in needs if pk is not None})
    return counted


def drafts_by_indes() -> Counter[int]:
    """How many open drafts name each section of INDES. One query."""
    return _counted(DraftReferral.objects.all(), "indes_section")


def drafts_by_kind() -> Counter[int]:
    """How many open drafts are for an establishment of each kind. One query."""
    return _counted(DraftReferral.objects.all(), "establishment__kind")


@dataclass(frozen=True)
class KindUse:
    """What a change of a kind's meaning concerns: open drafts by their stream, and requests that are open."""

    drafts: dict[str, int]
    requests: int


def kind_use(kind: EstablishmentKind) -> KindUse:
    """What a change of the meaning of `kind` concerns. Two queries."""
    drafts = DraftReferral.objects.filter(establishment__kind=kind).values_list("stream", flat=True)
    requests = Referral.objects.filter(establishment__kind=kind, status__in=OPEN_WITH_S2S)
    return KindUse(drafts=dict(Counter(drafts)), requests=requests.count())


@dataclass(frozen=True)
class ZoneUse:
    """What is in a zone: establishments, people's roles, drafts of its establishments, and everything ever filed."""

    establishments: int
    roles: int
    drafts: int
    filed: bool

    @property
    def is_unused(self) -> bool:
        """Whether nothing names it."""
        return not (self.establishments or self.roles or self.filed)


def zone_uses() -> dict[Zone, ZoneUse]:
    """Every zone by name with what is in it, open or closed. One query."""
    return {row: ZoneUse(row.places, row.roles, row.drafts, row.filed) for row in _used_zones()}


def zone_use(zone: Zone) -> ZoneUse:
    """What is in one zone, which is there. One query."""
    row = _used_zones().get(pk=zone.pk)
    return ZoneUse(row.places, row.roles, row.drafts, row.filed)


def _used_zones() -> QuerySet[Zone]:
    filed = Q(Exists(_of(Referral))) | Q(Exists(_of(Decision)))
    filed |= Q(Exists(Cohort.zones.through.objects.filter(zone=OuterRef("pk"))))
    numbers = {
        "places": _number(Establishment, "zone"),
        "roles": _number(Membership.zones.through, "zone"),
        "drafts": _number(DraftReferral, "establishment__zone"),
    }
    return Zone.objects.annotate(filed=filed, **numbers).order_by("name", "pk")


def _number(model: type[Model], column: str) -> Coalesce:
    """How many rows name the zone of the outer query in `column`."""
    rows = model._default_manager.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def _counted(rows: QuerySet, column: str) -> Counter[int]:
    """How many of these rows name each value of `column`."""
    return Counter(dict(rows.order_by().values_list(column).annotate(count=Count("pk"))))


def _of(model: type[Model]) -> QuerySet[Model]:
    return model._default_manager.filter(zone=OuterRef("pk"))


def valid_today(rows: QuerySet, today: date) -> QuerySet:
    """Those of these codes that may be used on `today`."""
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
