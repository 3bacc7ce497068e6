"""Visits that go on while the intake of a contract is shut, until its last day of visits (DESIGN §8)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from quotas.models import Contract, Period
from referrals.choices import BookingState, FateReason
from referrals.models import Booking, Referral
from referrals.queries.contract_ends import CHILD, batches, judging_under, open_under
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.rollover import why_not_finished
from s2s_portal.core import calendar

WEEK = timedelta(days=7)


def in_run_off(today: date) -> list[Contract]:
    """Contracts of which no period takes requests any more and that have open requests, the earliest end first."""
    still_open = Period.objects.filter(contract=OuterRef("pk"), requests_close_on__gte=today)
    opened = Period.objects.filter(contract=OuterRef("pk"))
    busy = Referral.objects.filter(period__contract=OuterRef("pk"), status__in=OPEN_WITH_S2S)
    found = Contract.objects.filter(~Exists(still_open), Exists(opened), Exists(busy))
    return list(found.order_by("ends_on", "pk"))


@dataclass(frozen=True)
class Week:
    """One week's visits; `starts_on` is its Monday. `late`: those after the last day of visits."""

    starts_on: date
    visits: int
    late: int


@dataclass(frozen=True)
class TeacherRow:
    """What one teacher, of one provider school, still has of the contract."""

    teacher: str
    school: str
    requests: int
    visits: int
    at_risk: int


@dataclass(frozen=True)
class Risk:
    """An open request, by its primary key, that cannot finish in time as it stands, and why."""

    referral: int
    reason: FateReason


@dataclass(frozen=True)
class RunOff:
    """A contract in its run-off at a moment, in requests and visits; `risks` in the order the requests came."""

    contract: Contract
    open: int
    visits: int
    weeks: list[Week]
    teachers: list[TeacherRow]
    risks: list[Risk]

    @property
    def at_risk(self) -> int:
        """How many requests may not finish in time."""
        return len(self.risks)


def run_off_of(contract: Contract, at: datetime) -> RunOff:
    """The run-off of `contract` as it is at `at`. As many queries for one visit as for many; two more a batch."""
    weeks, risks = _weeks(contract, at), []
    of_teachers: Counter[tuple[int | None, int | None]] = Counter()
    for one, reason in _judged(contract, at):
        risks.append(Risk(one.pk, reason))
        of_teachers[one.teacher_id, one.provider_school_id] += 1
    teachers = _teachers(contract, at, of_teachers)
    return RunOff(
        contract=contract,
        open=sum(row.requests for row in teachers),
        visits=sum(week.visits for week in weeks),
        weeks=weeks,
        teachers=teachers,
        risks=risks,
    )


def _judged(contract: Contract, at: datetime) -> Iterator[tuple[Referral, FateReason]]:
    """The open requests that cannot finish in time as they stand, by the rule of the contract's end, and why."""
    judging = judging_under(contract, None, at)
    for some in batches(open_under(contract).only("teacher_id", "provider_school_id")):
        seen = judging.open_of(some)
        for one in some:
            found = seen[one.pk]
            reason = why_not_finished(found, run_off_ends_on=judging.run_off_ends_on, today=judging.today)
            if reason is not None:
                yield one, reason


def _planned(contract: Contract, at: datetime) -> QuerySet[Booking]:
    """Visits to come of open requests."""
    return Booking.objects.filter(referral__in=open_under(contract).order_by(), state=BookingState.PLANNED).filter(
        starts_at__gte=at
    )


def _weeks(contract: Contract, at: datetime) -> list[Week]:
    """Every week from this one to the last with a visit, or that of the last day of visits: none is left out."""
    after = Q(starts_at__gte=calendar.ends_at(contract.run_off_ends_on))
    rows = _planned(contract, at).annotate(week=TruncWeek("starts_at", tzinfo=calendar.LONDON)).order_by()
    counted = rows.values_list("week").annotate(visits=Count("pk"), late=Count("pk", filter=after))
    found = {calendar.london_date(week): (visits, late) for week, visits, late in counted}
    today = calendar.london_date(at)
    monday = calendar.monday_of(today)
    weeks = []
    while monday <= max([contract.run_off_ends_on, *found]):
        weeks.append(Week(monday, *found.get(monday, (0, 0))))
        monday += WEEK
    return weeks


def _teachers(
    contract: Contract, at: datetime, at_risk: Mapping[tuple[int | None, int | None], int]
) -> list[TeacherRow]:
    planned = Q(bookings__state=BookingState.PLANNED, bookings__starts_at__gte=at)
    rows = open_under(contract).order_by().values("teacher", "provider_school")
    counted = rows.annotate(
        teacher_name=F("teacher__full_name"),
        school_name=F("provider_school__name"),
        requests=Count("pk", distinct=True),
        visits=Count("bookings", filter=planned, distinct=True),
    )
    found = [
        TeacherRow(
            teacher=row["teacher_name"] or "",
            school=row["school_name"] or "",
            requests=row["requests"],
            visits=row["visits"],
            at_risk=at_risk.get((row["teacher"], row["provider_school"]), 0),
        )
        for row in counted
    ]
    return sorted(found, key=lambda row: (row.school, row.teacher))


def requests_of(risks: Iterable[Risk]) -> list[tuple[Referral, FateReason]]:
    """The requests of a page of risks, with why, what a line shows and no child's name. One query.

    Each has `last_visit_at`: its last planned visit, or None.
    """
    reasons = {risk.referral: risk.reason for risk in risks}
    last = Booking.objects.filter(referral=OuterRef("pk"), state=BookingState.PLANNED).order_by("-starts_at")
    rows = Referral.objects.filter(pk__in=reasons).annotate(last_visit_at=Subquery(last.values("starts_at")[:1]))
    plain = [name.removeprefix("referral__") for name in CHILD if name.startswith("referral__")]
    rows = rows.select_related("establishment__kind", "teacher", "provider_school").defer(*plain)
    return [(row, reasons[row.pk]) for row in rows.order_by("pk")]
