"""Every lever in one view: what it is now and who set it last. As few statements as may be: nine."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value

from quotas.choices import SIZE_KINDS
from quotas.models import DatesChange, LedgerEntry, Period
from quotas.queries import period_at
from referrals.models import IndesSection, NeedType
from referrals.queries import fees
from referrals.queries.levers import valid_today
from referrals.queries.standards import Standing, standing_at
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import AuditKind, ReferenceKind
from s2s_portal.organisations.models import AuditEvent, EstablishmentKind, ReferenceChange, Term, User, Zone
from s2s_portal.organisations.queries.reference import newest_changes
from s2s_portal.organisations.queries.texts import Wording, wordings

CALENDAR = "calendar"
"""How audit rows name the days of the whole county."""
TERMS = "TERMS"


@dataclass(frozen=True)
class Levers:
    """What every lever is at a moment. `counts`: entries of each list, by `ReferenceKind` or `TERMS`.

    `sizes`: the lines that set the places of the period that counts, the newest first. `calendar_by`: the name of who
    changed a day of the county last, "" for nobody.
    """

    period: Period | None
    moved: DatesChange | None
    sizes: list[LedgerEntry]
    standards: Standing
    fees: dict[str, fees.FeeRow]
    fee_last: fees.FeeRow | None
    texts: list[Wording]
    changes: dict[str, ReferenceChange]
    counts: Counter[str]
    calendar_by: str


def levers_at(at: datetime) -> Levers:
    """Every lever at `at` (aware). Nine statements, and one more before the first period has opened."""
    today, table = london_date(at), fees.fees()
    period = period_at(at)
    lines = LedgerEntry.objects.filter(quota__period=period, kind__in=SIZE_KINDS)
    moved = DatesChange.objects.filter(contract=period.contract_id) if period else DatesChange.objects.none()
    return Levers(
        period=period,
        moved=moved.select_related("by").order_by("-pk").first(),
        sizes=list(lines.select_related("by", "quota").order_by("-pk")),
        standards=standing_at(at),
        fees=fees.in_force(table, today),
        fee_last=max(table, key=lambda row: row.rule.pk, default=None),
        texts=wordings(at),
        changes=newest_changes(),
        counts=_counts(today),
        calendar_by=_last_by(CALENDAR),
    )


def _counts(today: date) -> Counter[str]:
    """How many entries each list has: those of today where they have dates. One statement."""
    lists: Iterable[tuple[str, QuerySet]] = (
        (ReferenceKind.INDES_SECTION, valid_today(IndesSection.objects.order_by(), today)),
        (ReferenceKind.KIND, EstablishmentKind.objects.order_by()),
        (ReferenceKind.ZONE, Zone.objects.order_by()),
        (TERMS, Term.objects.order_by()),
    )
    first = _marked(valid_today(NeedType.objects.order_by(), today), ReferenceKind.NEED_TYPE)
    return Counter(mark for mark, _ in first.union(*(_marked(rows, mark) for mark, rows in lists)))


def _marked(rows: QuerySet, mark: str) -> QuerySet:
    return rows.values_list(Value(mark, CharField()), "pk")


def _last_by(reference: str) -> str:
    """The name of whoever last changed what audit rows call `reference`; "" for nobody."""
    rows = AuditEvent.objects.filter(kind=AuditKind.WRITE, reference=reference).order_by("-at", "-pk")
    name = User.objects.filter(pk=OuterRef("user_id")).values("full_name")
    return next(iter(rows.values_list(Subquery(name), flat=True)[:1]), None) or ""
