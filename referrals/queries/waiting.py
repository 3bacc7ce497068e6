"""The waiting list: who waits for a place of a quota, in which order (R7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.models import LedgerEntry, Period, Quota
from referrals.choices import Giving, Status
from referrals.documents import places_sentence
from referrals.models import Referral
from referrals.permissions import Asking, visible_requests
from referrals.queries.requests import LISTED
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

SHOWN = (*LISTED, "period_id")
"""The columns of any list of requests, and which waiting list it is."""


@dataclass(frozen=True)
class OnList:
    """Where a request stands on its waiting list: `number` of `of`, counted over all zones, from 1."""

    number: int
    of: int


@dataclass(frozen=True)
class Queue:
    """The waiting list of one quota at a moment: how many wait, how many of them the person who asks may see."""

    quota: Quota
    left: int
    bought: int
    waiting: int
    seen: int
    giving: Giving

    @property
    def stream_label(self) -> str:
        """The stream as screens call it."""
        return Stream(self.quota.stream).label

    @property
    def places_sentence(self) -> str:
        """The places of its quota: "6 of 50 early years places are left."."""
        return places_sentence(stream_label=self.stream_label, left=self.left, bought=self.bought)

    @property
    def left_after(self) -> int:
        """How many places are left once one more has been given."""
        return self.left - 1

    @property
    def to_give(self) -> int:
        """How many free places the commissioner could give now, one after another; 0 where they are not asked."""
        return max(0, min(self.left, self.waiting)) if self.giving == Giving.BY_HAND else 0


def waiting_for(quota: Quota) -> QuerySet[Referral]:
    """The requests that wait for a place of `quota`, the first in order first."""
    waiting = Referral.objects.filter(period=quota.period_id, stream=quota.stream, status=Status.WAITING)
    return waiting.order_by("turn")


def how_many_wait(quota: Quota) -> int:
    """How many requests wait for a place of `quota`."""
    return waiting_for(quota).order_by().count()


def how_many_wait_for(quotas: Collection[Quota]) -> dict[tuple[int, str], int]:
    """How many requests wait for each of `quotas`, by period and stream, in one query; nobody where one is missing."""
    waiting = Referral.objects.filter(status=Status.WAITING, period__in={quota.period_id for quota in quotas})
    counts = waiting.order_by().values_list("period", "stream").annotate(waiting=Count("pk"))
    return {(period, stream): count for period, stream, count in counts}


def ahead_of(referral: Referral) -> int:
    """How many get a place before a request that waits."""
    return _same_list(referral).filter(turn__lt=referral.turn).count()


def ahead_of_each(requests: Collection[Referral]) -> dict[int, int]:
    """How many get a place before each of these requests, which wait, by primary key. One query, whatever the lists."""
    return dict(Referral.objects.filter(pk__in=[one.pk for one in requests]).values_list("pk", _count_ahead()))


def on_list(referral: Referral) -> OnList:
    """Where a request that waits stands, in one query."""
    counted = _same_list(referral).aggregate(of=Count("pk"), ahead=Count("pk", filter=Q(turn__lt=referral.turn)))
    return OnList(number=counted["ahead"] + 1, of=counted["of"])


def _same_list(referral: Referral) -> QuerySet[Referral]:
    return Referral.objects.filter(period=referral.period_id, stream=referral.stream, status=Status.WAITING)


def last_turn(quota: Quota) -> int:
    """The last turn that was given out for `quota`, under its lock; 0 if nobody has ever waited."""
    turns = Referral.objects.filter(period=quota.period_id, stream=quota.stream, turn__isnull=False)
    return turns.order_by("-turn").values_list("turn", flat=True).first() or 0


def last_freed(quota: Quota) -> LedgerEntry | None:
    """The newest line of `quota` that brought places: given back, bought or moved in."""
    return quota.entries.filter(places__gt=0).order_by("-seq").first()


def quotas_waited_for(named: Collection[str] | None = None) -> list[Quota]:
    """Every quota that somebody waits for, with its period, in the order in which they are locked.

    With `named` (ids as text) only those of them; text that is no id of such a quota changes nothing.
    """
    lists = Referral.objects.filter(status=Status.WAITING).order_by().values_list("period", "stream").distinct()
    wanted = set(lists)
    quotas = Quota.objects.filter(period__in={period for period, _ in wanted}).select_related("period__contract")
    waited_for = [quota for quota in quotas.order_by("pk") if (quota.period_id, quota.stream) in wanted]
    return [quota for quota in waited_for if named is None or str(quota.pk) in named]


def quota_of(referral: Referral) -> Quota:
    """The quota whose place the request holds or waits for, with its period and contract."""
    quotas = Quota.objects.select_related("period__contract")
    return quotas.get(period=referral.period_id, stream=referral.stream)


def giving_at(period: Period, at: datetime) -> Giving:
    """How a place of `period` that comes free at `at` (aware) is given (R7)."""
    return lifecycle.giving(
        intake=quota_rules.intake(period, at),
        deadline_passed=not calendar.is_by_end_of(period.allocation_deadline_on, at),
    )


def queues(asking: Asking, *, streams: Collection[str], at: datetime) -> list[Queue]:
    """The waiting lists of `streams` in the period that counts at `at`, and older ones on which somebody still waits.

    Early years first, the latest period first. At most five queries.
    """
    period = quota_queries.period_at(at)
    seen = Count("pk", filter=visible_requests(asking) or None)
    waiting = Referral.objects.filter(status=Status.WAITING, stream__in=streams).order_by().values("period", "stream")
    counted = {(row["period"], row["stream"]): row for row in waiting.annotate(waiting=Count("pk"), seen=seen)}
    shown = Q(period=period) | Q(period__in={period_id for period_id, _ in counted})
    quotas = Quota.objects.filter(shown, stream__in=streams).select_related("period__contract")
    none = {"waiting": 0, "seen": 0}
    return [
        _queue(standing, counted.get((standing.quota.period_id, standing.quota.stream), none), at)
        for standing in quota_queries.counts(quotas.order_by("stream", "-period__opens_on"))
        if standing.quota.period == period or (standing.quota.period_id, standing.quota.stream) in counted
    ]


def queue_of(quota: Quota, *, at: datetime) -> Queue:
    """The waiting list of one quota, for somebody who sees all of it. Two queries."""
    waiting = how_many_wait(quota)
    return _queue(quota_queries.counts([quota])[0], {"waiting": waiting, "seen": waiting}, at)


def _queue(standing: quota_queries.Standing, counted: dict[str, int], at: datetime) -> Queue:
    return Queue(
        quota=standing.quota,
        left=standing.balance.left,
        bought=standing.balance.bought,
        waiting=counted["waiting"],
        seen=counted["seen"],
        giving=giving_at(standing.quota.period, at),
    )


def listed(asking: Asking, quota: Quota) -> QuerySet[Referral]:
    """Those who wait for a place of `quota` and whose requests the person may see, in order, with `ahead` and `of`.

    The numbers are the true ones, over every zone.
    """
    return _with_numbers(waiting_for(quota).filter(visible_requests(asking)))


def mine(user: User) -> QuerySet[Referral]:
    """The requests that the person put on a waiting list and that still wait, in order, with `ahead` and `of`."""
    waiting = Referral.objects.filter(visible_requests(Asking(user)), submitted_by=user, status=Status.WAITING)
    return _with_numbers(waiting.order_by("submitted_at", "turn"))


def _with_numbers(waiting: QuerySet[Referral]) -> QuerySet[Referral]:
    of = _same_list_as_outer().annotate(count=Count("pk")).values("count")
    return (
        waiting.select_related("establishment__kind", "zone", "submitted_by")
        .only(*SHOWN)
        .annotate(ahead=_count_ahead(), of=Coalesce(Subquery(of, output_field=IntegerField()), 0))
    )


def _count_ahead() -> Coalesce:
    ahead = _same_list_as_outer().filter(turn__lt=OuterRef("turn")).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(ahead, output_field=IntegerField()), 0)


def _same_list_as_outer() -> QuerySet[Any]:
    """Those who wait on the list of the request that an outer query is about, as one group to be counted."""
    same_list = Referral.objects.filter(period=OuterRef("period"), stream=OuterRef("stream"), status=Status.WAITING)
    return same_list.order_by().values("period")
