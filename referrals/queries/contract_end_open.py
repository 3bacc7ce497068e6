"""What decides about open requests at a contract's end: each of them as the rules see it, and what follows."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from quotas.choices import Referrers, Unit
from quotas.models import Contract, Period, Quota
from referrals.choices import BookingState, Status
from referrals.models import Booking, Referral
from referrals.queries.progress import unrecorded_visits
from referrals.rules.clocks import Progress, review_due
from referrals.rules.rollover import Open, Successor
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import LONDON, Days
from s2s_portal.organisations.choices import Stream


class _Seen(NamedTuple):
    """What decides about an open request; requests that are alike in it are judged alike. Dates are London days.

    `begun`: a planned visit has begun; `unrecorded`: one that was held has no record.
    """

    status: str
    stream: str
    in_cohort: bool
    has_place: bool
    first_held_on: date | None
    reviewed: bool
    last_visit_on: date | None
    begun: bool
    unrecorded: bool


def open_of(requests: QuerySet[Referral], *, at: datetime, standards: Standards, days: Days) -> dict[int, Open]:
    """Each of these requests as the rules see it at `at` (aware), by primary key, in that order. One query."""
    told = _with_seen(requests, at).order_by("pk").values_list("pk", *_Seen._fields)
    known: dict[_Seen, Open] = {}
    found = {}
    for pk, *what in told:
        seen = _Seen._make(what)
        if seen not in known:
            known[seen] = _open(seen, standards, days)
        found[pk] = known[seen]
    return found


def alike_of(
    requests: QuerySet[Referral], *, at: datetime, standards: Standards, days: Days
) -> Iterator[tuple[Open, int]]:
    """What `open_of` finds, and of how many requests: those that are alike once, counted by the database. One query."""
    told = _with_seen(requests, at).order_by().values_list(*_Seen._fields).annotate(requests=Count("pk"))
    for *what, count in told:
        yield _open(_Seen._make(what), standards, days), count


def _with_seen(requests: QuerySet[Referral], at: datetime) -> QuerySet[Referral]:
    """The requests with the columns of `_Seen`, as they are at `at` (aware)."""
    planned = Booking.objects.filter(referral=OuterRef("pk"), state=BookingState.PLANNED)
    last_visit = Subquery(planned.order_by("-starts_at").values("starts_at")[:1])
    return requests.annotate(
        in_cohort=Q(cohort__isnull=False),
        has_place=Q(place__isnull=False),
        first_held_on=TruncDate("first_held_at", tzinfo=LONDON),
        reviewed=Q(reviewed_at__isnull=False),
        last_visit_on=TruncDate(last_visit, tzinfo=LONDON),
        begun=Exists(planned.filter(starts_at__lte=at)),
        unrecorded=Exists(unrecorded_visits().filter(referral=OuterRef("pk"))),
    )


def _open(seen: _Seen, standards: Standards, days: Days) -> Open:
    """A request with these columns as the rules see it."""
    stream, status = Stream(seen.stream), Status(seen.status)
    return Open(
        status=status,
        stream=stream,
        in_cohort=seen.in_cohort,
        untold=seen.begun or seen.unrecorded,
        last_visit_on=seen.last_visit_on,
        review_due_on=_review_due(seen, stream, status, standards, days),
        reviewed=seen.reviewed,
    )


def _review_due(seen: _Seen, stream: Stream, status: Status, standards: Standards, days: Days) -> date | None:
    """The review clock runs from the first held visit; without a place no clock runs."""
    held_on = seen.first_held_on
    if held_on is None or not seen.has_place:
        return None
    progress = Progress(stream=stream, status=status, placed_on=held_on, first_held_on=held_on)
    return review_due(progress, standards=standards, days=days)


def next_after(starts_on: date | OuterRef) -> QuerySet[Contract]:
    """The contracts that begin after one that began on `starts_on`, the next in front."""
    return Contract.objects.filter(starts_on__gt=starts_on).order_by("starts_on", "pk")


def takes(contract: str) -> dict[str, Exists]:
    """Annotations of rows of contracts: for each stream whether one, whose id is in the column `contract`, takes it.

    It does if its first period, into which requests are carried over, has a quota for the stream.
    """
    periods = Period.objects.filter(contract=OuterRef(OuterRef(contract))).order_by("opens_on")
    quotas = Quota.objects.filter(period=Subquery(periods.values("pk")[:1]))
    return {_column(stream): Exists(quotas.filter(stream=stream)) for stream in Stream}


def successor_in(row: Mapping[str, Any], *, unit: str, referrers: str) -> Successor:
    """What a contract takes, from a row with the annotations of `takes` and these columns of the contract."""
    streams = frozenset(stream for stream in Stream if row[_column(stream)])
    return Successor(Unit(row[unit]), Referrers(row[referrers]), streams)


def successor_of(contract: Contract | None) -> Successor | None:
    """What the contract takes that follows; None where none does. One query."""
    if contract is None:
        return None
    row = Contract.objects.filter(pk=contract.pk).annotate(**takes("pk")).values().get()
    return successor_in(row, unit="unit", referrers="referrers")


def _column(stream: Stream) -> str:
    return f"takes_{stream}"
