"""Contracts with their periods and how their dates were changed, and what a change of dates concerns."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from quotas import queries as quota_queries
from quotas.models import Contract, DatesChange, Period
from referrals.choices import BookingState, RolloverStage, Status
from referrals.models import Booking, DraftReferral, Referral, Rollover
from referrals.queries.lapsed import refused_by_cut_off
from referrals.rules.lifecycle import OPEN_WITH_S2S


def contracts() -> QuerySet[Contract]:
    """Every contract, the latest first, with its periods and the changes of their dates. Three queries."""
    changes = DatesChange.objects.select_related("by", "period").order_by("-at", "-pk")
    periods = Period.objects.select_related("set_by").order_by("-opens_on")
    found = Contract.objects.select_related("set_by").order_by("-starts_on", "-pk")
    return found.prefetch_related(
        Prefetch("periods", periods, to_attr="all_periods"), Prefetch("dates_changes", changes, to_attr="changes")
    )


def find(pk: int) -> Contract | None:
    """The contract with this id."""
    return Contract.objects.filter(pk=pk).first()


def by_name() -> QuerySet[Contract]:
    """Every contract, the latest first, to choose from."""
    return Contract.objects.order_by("-starts_on", "-pk")


def counting_at(at: datetime) -> Contract | None:
    """The contract of the period that counts at `at` (aware); None without one."""
    period = quota_queries.period_at(at)
    return period.contract if period else None


def find_period(pk: int) -> Period | None:
    """The period with this id, with its contract."""
    return Period.objects.select_related("contract").filter(pk=pk).first()


def find_change(key: uuid.UUID) -> DatesChange | None:
    """The change of dates with this key."""
    return DatesChange.objects.select_related("contract", "period", "by").filter(key=key).first()


def changes_with_ids(ids: Iterable[str]) -> list[DatesChange]:
    """The changes of contracts' own dates whose ids are among these texts; others are passed over."""
    found = DatesChange.objects.filter(pk__in=[int(one) for one in ids if one.isdigit()], period=None)
    return list(found.select_related("contract", "by").order_by("pk"))


@dataclass(frozen=True)
class Extending:
    """What an extension concerns: open requests, those of them with a planned visit ahead, and these visits.

    `end_begun`: somebody is deciding already what becomes of them, or it was done (`end_ran`) or is just being done.
    """

    open: int
    with_visit: int
    visits: int
    end_begun: bool = False
    end_ran: bool = False


def concerned_by(contract: Contract, at: datetime) -> Extending:
    """What moving the end of `contract` concerns at `at` (aware): the same visits as `with_planned_visits`.

    Three queries.
    """
    open_now = Referral.objects.filter(period__contract=contract, status__in=OPEN_WITH_S2S)
    planned = Booking.objects.filter(state=BookingState.PLANNED, starts_at__gt=at, referral__in=open_now)
    counted = planned.aggregate(visits=Count("pk"), requests=Count("referral", distinct=True))
    ends = Rollover.objects.filter(source=contract).exclude(stage=RolloverStage.UNDONE)
    ran_at = list(ends.values_list("ran_at", flat=True))
    return Extending(
        open=open_now.count(),
        with_visit=counted["requests"],
        visits=counted["visits"],
        end_begun=bool(ran_at),
        end_ran=any(ran_at),
    )


@dataclass(frozen=True)
class Back:
    """What a later cut-off does in one stream: so many requests wait again, and so many places are left to give."""

    stream_label: str
    lapsed: int
    waiting: int
    left: int


@dataclass(frozen=True)
class Reopening:
    """What a later cut-off of a period brings back, stream by stream, and how many advisers are told."""

    streams: list[Back]
    advisers: int

    @property
    def lapsed(self) -> int:
        """Requests that wait again."""
        return sum(one.lapsed for one in self.streams)


def brought_back_by(period: Period) -> Reopening:
    """What a later cut-off of `period` would bring back now. At most four queries."""
    again = DraftReferral.objects.filter(continues__isnull=False).values("continues")
    counted = Referral.objects.filter(period=period, turn__isnull=False).values("stream").order_by()
    rows = counted.annotate(
        lapsed=Count("pk", filter=Q(status=Status.LAPSED, continued_by=None) & ~Q(pk__in=again)),
        waiting=Count("pk", filter=Q(status=Status.WAITING)),
    )
    found = {row["stream"]: row for row in rows}
    standings = quota_queries.counts(period.quotas.order_by("stream"))
    return Reopening(
        streams=[
            Back(
                stream_label=one.quota.get_stream_display(),
                lapsed=found.get(one.quota.stream, {}).get("lapsed", 0),
                waiting=found.get(one.quota.stream, {}).get("waiting", 0),
                left=max(0, one.balance.left),
            )
            for one in standings
        ],
        advisers=len({person.pk for person, _ in refused_by_cut_off(period)}),
    )


def with_planned_visits(contract: Contract, at: datetime) -> list[Referral]:
    """Open requests of `contract` with a visit planned after `at` (aware), with whom to tell. Two queries."""
    ahead = Booking.objects.filter(state=BookingState.PLANNED, starts_at__gt=at).order_by("starts_at")
    found = Referral.objects.filter(period__contract=contract, status__in=OPEN_WITH_S2S)
    found = found.filter(pk__in=ahead.order_by().values("referral"))
    related = ("establishment", "submitted_by", "teacher")
    return list(
        found.select_related(*related).prefetch_related(Prefetch("bookings", ahead, to_attr="ahead")).order_by("pk")
    )
