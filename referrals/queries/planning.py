"""Which schools to think of next: an adviser's schools beside what each has had, so that targeting is a decision.

What it costs, with n schools in the adviser's zones (a few hundred at most) and however many requests there are:

- who was never supported: n probes of the index (establishment, submitted_at), each over at the first request that
  counts; a school has a handful of those that do not;
- this period's requests, to put the fewest first: one walk over the index (period, stream), as long as the period's
  quota and waiting list;
- the signals themselves: the requests of the 25 schools that the page shows, by the index on the school.

Numbers only, of schools of the adviser's own zones and stream: no request is opened or named here (R17), and how many
requests a school has had is no count of children (R16).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from quotas import queries as quota_queries
from quotas.models import Period
from referrals.choices import Status
from referrals.models import Referral
from referrals.models.referrals import OPEN
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream
from s2s_portal.organisations.queries import establishments

NO_SUPPORT = (Status.WITHDRAWN, Status.DECLINED, Status.LAPSED, Status.WAITING)
"""Requests that brought a school nothing. Every other one was taken on: it counts as support."""
HELD = tuple(status for status in OPEN if status != Status.WAITING)
"""Open requests that hold a place."""
NEVER, THIS_PERIOD = "never", "now"
BY_NEED, BY_NAME = "", "name"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed by; blank means every school. `support`: NEVER or THIS_PERIOD; `sort`: as below.

    BY_NEED puts schools that were never supported first, then those with the fewest requests this period.
    """

    zone_id: int | None = None
    phase: str = ""
    town: str = ""
    trust: str = ""
    support: str = ""
    text: str = ""
    sort: str = BY_NEED


@dataclass(frozen=True)
class Signals:
    """What a school has had. `this_period` counts all requests of the period: open, waiting and ended ones.

    `last_on`: the London date on which its last request was sent; None: it never had one. `never`: none was taken on.
    """

    earlier: int = 0
    this_period: int = 0
    open_now: int = 0
    waiting: int = 0
    last_on: date | None = None
    never: bool = True


@dataclass(frozen=True)
class SchoolLine:
    """One school with its signals."""

    establishment: Establishment
    signals: Signals

    @property
    def key(self) -> str:
        """How forms name the school: source and URN."""
        return establishments.key_of(self.establishment)


@dataclass(frozen=True)
class Choices:
    """What there is to filter by in the adviser's zones: the zones as (primary key, name), the others as words."""

    zones: list[tuple[int, str]]
    phases: list[str]
    towns: list[str]
    trusts: list[str]


class Schools(Sequence[SchoolLine]):
    """The schools that were found, in order. Their number is known; what each has had is read for a slice."""

    def __init__(self, keys: list[int], period: Period | None) -> None:
        self._keys, self.period = keys, period

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> SchoolLine: ...
    @overload
    def __getitem__(self, index: slice) -> list[SchoolLine]: ...
    def __getitem__(self, index: int | slice) -> SchoolLine | list[SchoolLine]:
        """The line, or the lines of a slice: two queries, whatever their number."""
        if isinstance(index, int):
            return self[index : index + 1 or None][0]
        keys = self._keys[index]
        found = Establishment.objects.select_related("kind", "zone").in_bulk(keys)
        signals = _signals(keys, self.period)
        return [SchoolLine(found[key], signals[key]) for key in keys]


def schools(user: User, filters: Filters, at: datetime) -> Schools:
    """The open mainstream schools of the user's zones that pass `filters`, with their signals at `at`.

    Three or four queries before the first slice, none for somebody without mainstream zones but the period's.
    """
    period = quota_queries.period_at(at)
    found = _narrowed(_own(user), filters, period).order_by("name_folded", "pk")
    if filters.sort == BY_NAME:
        return Schools(list(found.values_list("pk", flat=True)), period)
    had = _taken_on().filter(establishment=OuterRef("pk"))
    supported = dict(found.annotate(supported=Exists(had)).values_list("pk", "supported"))
    sent = _this_period(period).filter(establishment__in=found.order_by().values("pk"))
    counts = dict(sent.order_by().values_list("establishment").annotate(count=Count("pk")))
    # Python sorts stably, so that schools alike stay in the order of their names.
    return Schools(sorted(supported, key=lambda pk: (supported[pk], counts.get(pk, 0))), period)


def signals_of(schools_: Iterable[Establishment], at: datetime) -> dict[int, Signals]:
    """What each of `schools_` has had, by primary key, for pages that have their schools already. Two queries.

    Whether the person may know is for the caller: they must be schools of the person's own zones.
    """
    return _signals([one.pk for one in schools_], quota_queries.period_at(at))


def choices_for(user: User) -> Choices:
    """The zones, phases, towns and trusts of the user's schools, each in its order. One query."""
    rows = set(_own(user).order_by().values_list("zone_id", "zone__name", "phase", "town", "trust").distinct())
    zones = {(pk, name) for pk, name, *_ in rows}
    phases, towns, trusts = ({row[place] for row in rows} - {""} for place in (2, 3, 4))
    return Choices(sorted(zones, key=lambda zone: zone[1]), sorted(phases), sorted(towns), sorted(trusts))


def _own(user: User) -> QuerySet[Establishment]:
    return establishments.fileable_by(user).filter(
        kind__eligibility=Stream.MAINSTREAM, zone__in=zones_by_stream(user).get(Stream.MAINSTREAM, set())
    )


def _narrowed(schools_: QuerySet[Establishment], filters: Filters, period: Period | None) -> QuerySet[Establishment]:
    if filters.zone_id is not None:
        schools_ = schools_.filter(zone=filters.zone_id)
    exact = {name: getattr(filters, name) for name in ("phase", "town", "trust") if getattr(filters, name)}
    schools_ = schools_.filter(**exact)
    if filters.support == NEVER:
        schools_ = schools_.filter(~Exists(_taken_on().filter(establishment=OuterRef("pk"))))
    elif filters.support == THIS_PERIOD:
        taken_on = _this_period(period).exclude(status__in=NO_SUPPORT)
        schools_ = schools_.filter(pk__in=taken_on.values("establishment"))
    if filters.text.strip():
        schools_ = schools_.filter(pk__in=establishments.matching(filters.text).order_by().values("pk"))
    return schools_


def _taken_on() -> QuerySet[Referral]:
    return Referral.objects.filter(stream=Stream.MAINSTREAM).exclude(status__in=NO_SUPPORT)


def _this_period(period: Period | None) -> QuerySet[Referral]:
    return Referral.objects.filter(period=period, stream=Stream.MAINSTREAM)


def _signals(keys: list[int], period: Period | None) -> dict[int, Signals]:
    now = Q(period=period)
    sent = Referral.objects.filter(establishment__in=keys, stream=Stream.MAINSTREAM).order_by()
    counted = sent.values("establishment").annotate(
        all=Count("pk"),
        this_period=Count("pk", filter=now),
        open_now=Count("pk", filter=now & Q(status__in=HELD)),
        waiting=Count("pk", filter=now & Q(status=Status.WAITING)),
        taken_on=Count("pk", filter=~Q(status__in=NO_SUPPORT)),
        last_at=Max("submitted_at"),
    )
    found = {row["establishment"]: _in_words(row) for row in counted}
    return {key: found.get(key, Signals()) for key in keys}


def _in_words(row: dict[str, int | datetime]) -> Signals:
    return Signals(
        earlier=row["all"] - row["this_period"],
        this_period=row["this_period"],
        open_now=row["open_now"],
        waiting=row["waiting"],
        last_on=calendar.london_date(row["last_at"]),
        never=not row["taken_on"],
    )
