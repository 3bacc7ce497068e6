"""Reads of contracts, periods, quotas and the ledger."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from quotas import rules
from quotas.choices import SIZE_KINDS, EntryKind
from quotas.documents import MoveFacts, facts_of
from quotas.models import FeeRule, LedgerEntry, Period, Quota, QuotaAlert
from quotas.rules import Balance
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import ProposedChange, User
from s2s_portal.organisations.queries import changes
from s2s_portal.organisations.queries.people import active_people


def _bought(quota: str) -> Coalesce:
    """The places bought, as in `places_bought`, for the quota whose id is the outer query's column `quota`."""
    sizes = LedgerEntry.objects.filter(quota=OuterRef(quota), kind__in=SIZE_KINDS).order_by().values("quota")
    return Coalesce(Subquery(sizes.annotate(sum=Sum("places")).values("sum")), 0)


_LINES_WITH_SIZE = LedgerEntry.objects.annotate(bought=_bought("quota_id")).order_by("-seq")
"""Put together once: every submission reads the first of a quota's under its lock."""


def period_at(at: datetime) -> Period | None:
    """The period that counts at `at` (aware): the last that has opened, or before the first, the one to come.

    The gap between two periods so belongs to the older one, whose refusals name the next. None without any period.
    """
    today = calendar.london_date(at)
    periods = Period.objects.select_related("contract", "set_by")
    opened = periods.filter(opens_on__lte=today).order_by("-opens_on").first()
    return opened or periods.order_by("opens_on").first()


def read_again(period: Period) -> Period:
    """The period as it stands now, with its contract and who set its dates."""
    return Period.objects.select_related("contract", "set_by").get(pk=period.pk)


def periods() -> QuerySet[Period]:
    """Every period, the latest first."""
    return Period.objects.order_by("-opens_on")


def periods_after(period: Period, stream: str) -> list[Period]:
    """The periods that open after `period` and have places of `stream`, the next in front, each with its contract."""
    later = Period.objects.filter(opens_on__gt=period.opens_on, quotas__stream=stream)
    return list(later.select_related("contract").order_by("opens_on"))


def taking_requests_beside(period: Period) -> Period | None:
    """Another period that takes requests on a day on which `period` does. Only one may: `period_at` hides the other."""
    beside = Period.objects.filter(opens_on__lte=period.requests_close_on, requests_close_on__gte=period.opens_on)
    return beside.exclude(pk=period.pk).order_by("opens_on").first()


def periods_with_ids(ids: Iterable[str]) -> list[Period]:
    """The periods whose ids are among these texts, in the order of their ids; others are passed over."""
    return list(Period.objects.filter(pk__in=[int(one) for one in ids if one.isdigit()]).order_by("pk"))


def period_called(text: str) -> Period | None:
    """The period whose id is `text`, as an address gives it; None for anything else."""
    return next((period for period in periods().select_related("contract", "set_by") if str(period.pk) == text), None)


def quotas_at(at: datetime) -> list[Quota]:
    """The quotas of the period that counts at `at`, early years first."""
    period = period_at(at)
    return list(Quota.objects.filter(period=period).select_related("period__contract").order_by("stream"))


def quota_at(at: datetime, *, stream: str, lock: bool = False) -> Quota | None:
    """The quota of `stream` in the period that counts at `at`, with period and contract; `lock` locks its row alone.

    One query, once a period has opened.
    """
    quotas = Quota.objects.filter(stream=stream).select_related("period__contract")
    if lock:
        quotas = quotas.select_for_update(no_key=True, of=("self",))
    opened = Period.objects.filter(opens_on__lte=calendar.london_date(at)).order_by("-opens_on").values("pk")[:1]
    in_it = next(iter(quotas.filter(period=Subquery(opened))), None)
    return in_it or next(iter(quotas.filter(period=period_at(at))), None)


def last_line(quota: Quota) -> LedgerEntry | None:
    """The quota's newest line, whose `left_after` is the places left."""
    return quota.entries.order_by("-seq").first()


def last_line_and_size(quota: Quota) -> tuple[LedgerEntry | None, int]:
    """The quota's newest line, and the places bought as in `places_bought`, in one query."""
    line = _LINES_WITH_SIZE.filter(quota=quota).first()
    return line, line.bought if line else 0


def places_left(quota: Quota) -> int:
    """How many places are left now, from the last line; may be negative when lowered below use (R9)."""
    line = last_line(quota)
    return line.left_after if line else 0


def places_bought(quota: Quota) -> int:
    """Places bought, with what was raised or lowered since: the sum of a handful of lines, however many were drawn."""
    sizes = quota.entries.filter(kind__in=SIZE_KINDS)
    return sizes.aggregate(sum=Sum("places"))["sum"] or 0


def balance_of(quota: Quota) -> Balance:
    """The quota’s sum over every line, which reconciliation compares with its last one. Pages read `counts`."""
    return standings([quota])[0].balance


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
    """One quota and where it stands. `seq` is the number of the last line in the sum, 0 where `counts` took none."""

    quota: Quota
    balance: Balance
    seq: int = 0


def standings(quotas: Iterable[Quota], until: datetime | None = None) -> list[Standing]:
    """Where each of `quotas` stands, or stood at the moment `until` (aware), in one query for all of them."""
    quotas = list(quotas)
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    lines = _until(LedgerEntry.objects.filter(quota__in=quotas), until).order_by()
    last: dict[int, int] = defaultdict(int)
    for row in lines.values("quota_id", "kind").annotate(sum=Sum("places"), last=Max("seq")):
        sums[row["quota_id"]][row["kind"]] = row["sum"]
        last[row["quota_id"]] = max(last[row["quota_id"]], row["last"])
    return [Standing(quota, _balance(sums[quota.pk]), last[quota.pk]) for quota in quotas]


def _until(lines: QuerySet[LedgerEntry], until: datetime | None) -> QuerySet[LedgerEntry]:
    return lines.filter(at__lte=until) if until else lines


def counts(quotas: Iterable[Quota]) -> list[Standing]:
    """Where each of `quotas` stands without its lines: bought and left, from its last line (one query, any ledger)."""
    quotas = list(quotas)
    known = {row.quota.pk: row.balance for row in _counted(Quota.objects.filter(pk__in=[one.pk for one in quotas]))}
    return [Standing(quota, known[quota.pk]) for quota in quotas]


def counts_at(at: datetime, *, stream: str | None = None) -> list[Standing]:
    """As `counts`, for the quotas (or that of `stream`) of the period that counts at `at`, early years first.

    Two queries.
    """
    period = period_at(at)
    if period is None:
        return []
    wanted = {"period": period} | ({"stream": stream} if stream else {})
    found = _counted(Quota.objects.filter(**wanted).order_by("stream"))
    for standing in found:
        standing.quota.period = period
    return found


def _counted(quotas: QuerySet[Quota]) -> list[Standing]:
    lines = LedgerEntry.objects.filter(quota=OuterRef("pk")).order_by("-seq")
    left = Coalesce(Subquery(lines.values("left_after")[:1]), 0)
    read = quotas.annotate(left=left, bought=_bought("pk"))
    return [Standing(row, Balance(granted=row.bought, drawn=row.bought - row.left)) for row in read]


def standing_in(*, stream: str, period: Period, until: datetime | None = None) -> Standing | None:
    """Where the quota of `stream` in `period` stands over every line, or those up to `until`; None if there is none."""
    quota = (
        Quota.objects.filter(stream=stream, period=period).select_related("period__contract", "period__set_by").first()
    )
    return standings([quota], until)[0] if quota else None


def standings_by_period() -> dict[Period, list[Standing]]:
    """Every period, the latest first, with where its quotas stand: three queries, whatever their number."""
    by_period: dict[Period, list[Standing]] = {period: [] for period in periods().select_related("contract", "set_by")}
    for standing in standings(Quota.objects.select_related("period").order_by("stream")):
        by_period[standing.quota.period].append(standing)
    return by_period


def other_stream(quota: Quota) -> Quota | None:
    """The quota of the same period's other stream; None if it has not been set up."""
    others = Quota.objects.filter(period=quota.period_id).exclude(pk=quota.pk)
    return others.select_related("period").first()


def lines_of(quota: Quota, until: datetime | None = None) -> QuerySet[LedgerEntry]:
    """The quota's lines up to `until` (None: all), newest first, with who wrote each and proposed its change."""
    return _until(quota.entries.all(), until).select_related("by", "change__proposed_by").order_by("-seq")


def size_last_set(quota: Quota) -> LedgerEntry | None:
    """The line that last granted or adjusted the places: who set the count, and when (R6)."""
    return quota.entries.filter(kind__in=SIZE_KINDS).select_related("by").order_by("-seq").first()


def reached_at(quota: Quota, *, threshold: int, bought: int) -> datetime | None:
    """When the use of `bought` places last came to `threshold` per cent: the first line after all that were below it.

    What was bought before it was last raised or lowered is not looked at. None without such a line. Three queries.
    """
    size = size_last_set(quota)
    lines = quota.entries.filter(seq__gte=size.seq if size else 0).order_by("seq")
    most_left = bought * (100 - threshold) // 100
    below = lines.filter(left_after__gt=most_left).last()
    reached = (lines.filter(seq__gt=below.seq) if below else lines).first()
    return reached.at if reached else None


def open_alerts(quota: Quota) -> QuerySet[QuotaAlert]:
    """The thresholds that the quota's use has reached and not fallen below again."""
    return QuotaAlert.objects.filter(quota=quota, closed_at__isnull=True)


@dataclass(frozen=True)
class Move:
    """Places that somebody proposed to move between streams: the change, and what it would do."""

    change: ProposedChange
    facts: MoveFacts


def _moves(found: Iterable[ProposedChange]) -> list[Move]:
    return [Move(change, facts_of(change)) for change in found]


def moves_waiting() -> list[Move]:
    """Moves that wait for a second person, the oldest first."""
    return _moves(changes.waiting(MoveFacts.KIND))


def moves_to_decide(user: User) -> list[Move]:
    """Moves that wait for this commissioner, the oldest first: those that somebody else proposed (R9)."""
    return [move for move in moves_waiting() if move.change.proposed_by_id != user.pk]


def moves_decided(most: int) -> list[Move]:
    """The last `most` moves that were approved, refused or cancelled, the latest first."""
    return _moves(changes.decided(MoveFacts.KIND)[:most])


def move_with(key: uuid.UUID) -> Move | None:
    """The move with this key; None if there is none."""
    change = changes.find(MoveFacts.KIND, key)
    return Move(change, facts_of(change)) if change else None


def others_who_decide(change: ProposedChange) -> QuerySet[User]:
    """The active commissioners who may decide a move that one of them proposed, by name."""
    return active_people(Role.COMMISSIONER).exclude(pk=change.proposed_by_id)


def standings_of(facts: MoveFacts) -> tuple[Standing, Standing]:
    """Where the stream that gives and the one that gets stand now, over every line."""
    quotas = Quota.objects.filter(pk__in=[facts.source, facts.target]).select_related("period")
    found = {standing.quota.pk: standing for standing in standings(quotas)}
    return found[facts.source], found[facts.target]


def left_around(change: ProposedChange) -> dict[int, tuple[int, int]]:
    """For each quota that an approved move changed, by id: the places left before it and after it."""
    lines = LedgerEntry.objects.filter(change=change)
    return {line.quota_id: (line.left_after - line.places, line.left_after) for line in lines}


def fee_for(*, stream: str, day: date) -> rules.Fee:
    """The fee of a request of `stream` sent on `day` (R13). Raises `rules.NoFeeKnown`."""
    found = FeeRule.objects.filter(stream=stream, starts_on__lte=day).order_by("-starts_on", "-pk")
    return rules.fee_on(list(found[:1]), stream=stream, day=day)
