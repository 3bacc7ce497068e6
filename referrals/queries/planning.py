"""Which schools to think of next: an adviser's schools beside what each has had, so that targeting is a decision.

What it costs, with n schools in the adviser's zones (a few hundred at most), however many requests there are:

- who was never supported, and the filter for it: n probes of the index (establishment, submitted_at), each over at the
  first request that counts (a school has a handful of those that do not);
- this period's requests, to put the fewest first: one walk over the index that begins with the period, as long as its
  quota and its waiting list;
- for the 25 schools of a page: their newest request and at most 101 earlier ones each, by the index on the school.

Numbers only, of schools of the adviser's own zones and stream: no request is opened or named here (R17), and how many
requests a school has had is no count of children (R16).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, overload

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from quotas import queries as quota_queries
from quotas.models import Period
from referrals.choices import Status
from referrals.models import CohortSchool, DraftReferral, Referral
from referrals.models.referrals import NOT_ENDED
from referrals.queries.support_given import was_taken_on
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream
from s2s_portal.organisations.queries import establishments

HELD = tuple(status for status in NOT_ENDED if status != Status.WAITING)
"""Open requests that hold a place."""
MOST_COUNTED = 100
"""Earlier requests of one school that are counted: beyond, only history grows, not what it says."""
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

    `earlier` counts those of other periods, at most `MOST_COUNTED` + 1. `last_on`: the London date on which its last
    request was sent; None: it never had one. `never`: none was taken on. `in_cohort`, `drafted`: somebody prepares one,
    in a cohort that was not sent to it yet or as a draft.
    """

    earlier: int = 0
    this_period: int = 0
    open_now: int = 0
    waiting: int = 0
    last_on: date | None = None
    never: bool = True
    in_cohort: bool = False
    drafted: bool = False


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


@dataclass(frozen=True)
class _Now:
    """One school's requests of the period that counts."""

    this_period: int = 0
    open_now: int = 0
    waiting: int = 0


class Schools(Sequence[SchoolLine]):
    """The schools that were found, in order. Their number is known; what each has had is read for a slice."""

    def __init__(self, keys: list[int], period: Period | None, now: dict[int, _Now]) -> None:
        self._keys, self._period, self._now = keys, period, now

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> SchoolLine: ...
    @overload
    def __getitem__(self, index: slice) -> list[SchoolLine]: ...
    def __getitem__(self, index: int | slice) -> SchoolLine | list[SchoolLine]:
        """The line, or the lines of a slice: one query, whatever their number."""
        if isinstance(index, int):
            return self[index : index + 1 or None][0]
        keys = self._keys[index]
        found = _with_history(keys, self._period).select_related("kind", "zone").in_bulk()
        return [SchoolLine(found[key], _signals(found[key], self._now.get(key, _Now()))) for key in keys]


def schools(user: User, filters: Filters, at: datetime) -> Schools:
    """The open mainstream schools of the user's zones that pass `filters`, with their signals at `at`.

    Three queries before the first slice.
    """
    period = quota_queries.period_at(at)
    found = _narrowed(_own(user), filters, period).order_by("name_folded", "pk")
    now = _requests_of(found.order_by().values("pk"), period)
    if filters.sort == BY_NAME:
        return Schools(list(found.values_list("pk", flat=True)), period, now)
    supported = dict(found.annotate(supported=Exists(_taken_on_by_it())).values_list("pk", "supported"))
    # Python sorts stably, so that schools alike stay in the order of their names.
    keys = sorted(supported, key=lambda pk: (supported[pk], now.get(pk, _Now()).this_period))
    return Schools(keys, period, now)


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
        schools_ = schools_.filter(~Exists(_taken_on_by_it()))
    elif filters.support == THIS_PERIOD:
        taken_on = _this_period(period).filter(was_taken_on())
        schools_ = schools_.filter(pk__in=taken_on.values("establishment"))
    if filters.text.strip():
        schools_ = schools_.filter(pk__in=establishments.matching(filters.text).order_by().values("pk"))
    return schools_


def _of_it() -> QuerySet[Referral]:
    """The requests of the school that an outer query is about."""
    return Referral.objects.filter(establishment=OuterRef("pk"), stream=Stream.MAINSTREAM)


def _taken_on_by_it() -> QuerySet[Referral]:
    return _of_it().filter(was_taken_on())


def _this_period(period: Period | None) -> QuerySet[Referral]:
    return Referral.objects.filter(period=period, stream=Stream.MAINSTREAM)


def _requests_of(schools_: QuerySet[Establishment], period: Period | None) -> dict[int, _Now]:
    """This period's requests by school; a school without any is left out."""
    sent = _this_period(period).filter(establishment__in=schools_).order_by().values_list("establishment")
    counted = sent.annotate(
        all=Count("pk"),
        open=Count("pk", filter=Q(status__in=HELD)),
        waiting=Count("pk", filter=Q(status=Status.WAITING)),
    )
    return {pk: _Now(*numbers) for pk, *numbers in counted}


class _CountOf(Subquery):
    """How many rows a subquery has, which may be cut short: counting stops there."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _with_history(keys: list[int], period: Period | None) -> QuerySet[Establishment]:
    """The schools with what they had before `period`, each by a few probes of the index on the school."""
    earlier = _of_it().exclude(period=period) if period else _of_it()
    return Establishment.objects.filter(pk__in=keys).annotate(
        earlier=_CountOf(earlier.order_by("-submitted_at").values("pk")[: MOST_COUNTED + 1]),
        last_at=Subquery(_of_it().order_by("-submitted_at").values("submitted_at")[:1]),
        supported=Exists(_taken_on_by_it()),
        in_cohort=Exists(CohortSchool.objects.filter(establishment=OuterRef("pk"), sent_edition=None)),
        drafted=Exists(DraftReferral.objects.filter(establishment=OuterRef("pk"), stream=Stream.MAINSTREAM)),
    )


def _signals(school: Any, now: _Now) -> Signals:
    """The signals of a school of `_with_history`."""
    return Signals(
        earlier=school.earlier,
        this_period=now.this_period,
        open_now=now.open_now,
        waiting=now.waiting,
        last_on=calendar.london_date(school.last_at) if school.last_at else None,
        never=not school.supported,
        in_cohort=school.in_cohort,
        drafted=school.drafted,
    )
