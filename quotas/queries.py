"""Reads of contracts, periods, quotas and the ledger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from quotas import rules
from quotas.choices import EntryKind
from quotas.models import FeeRule, LedgerEntry, Period, Quota
from quotas.rules import Balance
from s2s_portal.core import calendar


def period_at(at: datetime) -> Period | None:
    """The period that counts at `at` (aware): the last that has opened, or before the first, the one to come.

    The gap between two periods so belongs to the older one, whose refusals name the next. None without any period.
    """
    today = calendar.london_date(at)
    periods = Period.objects.select_related("contract", "set_by")
    opened = periods.filter(opens_on__lte=today).order_by("-opens_on").first()
    return opened or periods.order_by("opens_on").first()


def periods() -> QuerySet[Period]:
    """Every period, the latest first."""
    return Period.objects.order_by("-opens_on")


def period_after(period: Period) -> Period | None:
    """The next period to open after `period`, if one has been entered."""
    return Period.objects.filter(opens_on__gt=period.opens_on).order_by("opens_on").first()


def quota_for(*, stream: str, at: datetime) -> Quota | None:
    """The quota that a request of `stream` sent at `at` would draw from; None if none has been set up."""
    period = period_at(at)
    if period is None:
        return None
    quota = Quota.objects.filter(period=period, stream=stream).first()
    if quota is not None:
        quota.period = period
    return quota


def quotas_at(at: datetime) -> list[Quota]:
    """The quotas of the period that counts at `at`, early years first."""
    period = period_at(at)
    return list(Quota.objects.filter(period=period).select_related("period__contract").order_by("stream"))


def last_line(quota: Quota) -> LedgerEntry | None:
    """The quota's newest line, whose `left_after` is the places left."""
    return quota.entries.order_by("-seq").first()


def places_left(quota: Quota) -> int:
    """How many places are left now, from the last line; may be negative when lowered below use (R9)."""
    line = last_line(quota)
    return line.left_after if line else 0


def places_bought(quota: Quota) -> int:
    """Places bought, with what was raised or lowered since: the sum of a handful of lines, however many were drawn."""
    sizes = quota.entries.filter(kind__in=[EntryKind.GRANTED, EntryKind.ADJUSTED])
    return sizes.aggregate(sum=Sum("places"))["sum"] or 0


def balance_of(quota: Quota, *, until: datetime | None = None) -> Balance:
    """The quota's sum, over the lines recorded up to `until` (aware) if given."""
    lines = quota.entries.all() if until is None else quota.entries.filter(at__lte=until)
    return _balance({row["kind"]: row["sum"] for row in lines.order_by().values("kind").annotate(sum=Sum("places"))})


def _balance(sums: dict[str, int]) -> Balance:
    """A balance from the sum of the signed places of each kind of line."""
    return Balance(
        granted=sums.get(EntryKind.GRANTED, 0),
        adjusted=sums.get(EntryKind.ADJUSTED, 0),
        drawn=-sums.get(EntryKind.DRAWN, 0),
        released=sums.get(EntryKind.RELEASED, 0),
    )


@dataclass(frozen=True)
class Standing:
    """One quota and where it stands."""

    quota: Quota
    balance: Balance


def standings(quotas: Iterable[Quota]) -> list[Standing]:
    """Where each of `quotas` stands, in one query for all of them."""
    quotas = list(quotas)
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    lines = LedgerEntry.objects.filter(quota__in=quotas).order_by()
    for row in lines.values("quota_id", "kind").annotate(sum=Sum("places")):
        sums[row["quota_id"]][row["kind"]] = row["sum"]
    return [Standing(quota, _balance(sums[quota.pk])) for quota in quotas]


def standings_by_period() -> dict[Period, list[Standing]]:
    """Every period, the latest first, with where its quotas stand: three queries, whatever their number."""
    by_period: dict[Period, list[Standing]] = {period: [] for period in periods().select_related("contract", "set_by")}
    for standing in standings(Quota.objects.select_related("period").order_by("stream")):
        by_period[standing.quota.period].append(standing)
    return by_period


def lines_of(quota: Quota) -> QuerySet[LedgerEntry]:
    """The quota's lines, newest first, with who wrote each."""
    return quota.entries.select_related("by").order_by("-seq")


def size_last_set(quota: Quota) -> LedgerEntry | None:
    """The line that last granted or adjusted the places: who set the count, and when (R6)."""
    return (
        quota.entries.filter(kind__in=[EntryKind.GRANTED, EntryKind.ADJUSTED])
        .select_related("by")
        .order_by("-seq")
        .first()
    )


def fee_for(*, stream: str, day: date) -> rules.Fee:
    """The fee of a request of `stream` sent on `day` (R13). Raises `rules.NoFeeKnown`."""
    rows: Iterable[FeeRule] = FeeRule.objects.filter(stream=stream, starts_on__lte=day).order_by("-starts_on")[:1]
    return rules.fee_on(list(rows), stream=stream, day=day)
