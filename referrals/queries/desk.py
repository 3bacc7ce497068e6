"""A co-ordinator's desk: requests to give to teachers, and what of the others wants looking at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from referrals.choices import BookingState, Status
from referrals.models import Booking, BookingFlag, Referral
from referrals.permissions import Asking, visible_requests
from referrals.queries import progress
from referrals.queries.standards import standards_at
from referrals.rules.clocks import Running
from referrals.rules.standards import Standards
from s2s_portal.core import calendar
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.core.pages import CAP
from s2s_portal.organisations.queries.calendar import days

ONE_DAY = timedelta(days=1)
MORE_THAN_SHOWN = CAP + 1
"""Rows that are counted, as in every list (core.pages): beyond them the page says "1,000+"."""


class Tray(StrEnum):
    """The lists of the desk; the value stands in the address."""

    TO_GIVE = "to-give"
    RETURNED = "returned"
    OVERDUE = "overdue"
    DOUBTFUL = "doubtful"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Desk:
    """What lies on the desk at a moment: how much in each tray (at most `MORE_THAN_SHOWN`), and what clocks go by.

    `overdue` are the ids of requests with a teacher whose first contact is overdue, the oldest place first.
    """

    counts: dict[Tray, int]
    overdue: list[int]
    standards: Standards
    days: Days
    today: date


def desk_at(asking: Asking, at: datetime) -> Desk:
    """The desk at `at` (aware), as far as the person may see. Seven queries, however much there is."""
    standards, county = standards_at(at), days()
    today = london_date(at)
    overdue = _overdue(asking, standards, county, today)
    rows = {
        Tray.TO_GIVE: to_give(asking),
        Tray.RETURNED: returned(asking),
        Tray.DOUBTFUL: _doubtful(asking),
        Tray.UNTOLD: untold(asking, at),
    }
    counts = {tray: found.order_by()[:MORE_THAN_SHOWN].count() for tray, found in rows.items()}
    return Desk(counts | {Tray.OVERDUE: len(overdue)}, overdue, standards, county, today)


def to_give(asking: Asking) -> QuerySet[Referral]:
    """Requests that no teacher has been given yet, the oldest place first: lines of the ledger count up."""
    return _requests(asking, Status.SUBMITTED).order_by("place_id")


def returned(asking: Asking) -> QuerySet[Referral]:
    """Requests for which more information is awaited, the longest wait first."""
    return _requests(asking, Status.RETURNED).order_by("returned_at", "pk")


def overdue_ones(asking: Asking, ids: list[int]) -> QuerySet[Referral]:
    """The requests with these ids that are still with a teacher who has not reached anybody, the oldest place first."""
    return _requests(asking, Status.ASSIGNED).filter(pk__in=ids).select_related("teacher").order_by("place_id")


def _requests(asking: Asking, status: Status) -> QuerySet[Referral]:
    shown = Referral.objects.filter(visible_requests(asking), status=status)
    return shown.select_related(
        "establishment__kind", "zone", "place", "primary_need", "secondary_need", "submitted_by", "teacher"
    ).only(*SHOWN)


SHOWN = (
    *("reference", "stream", "status", "returned_from", "returned_at", "contact_paused_days"),
    *("observation_paused_days", "clocks_from", "first_contact_at", "first_held_at", "visits_held", "reviewed_at"),
    *("establishment__name", "establishment__urn", "establishment__kind__name", "zone__name", "place__at"),
    *("primary_need__label", "secondary_need__label", "submitted_by__full_name", "teacher__full_name"),
)
"""What a line shows, and what its clocks are reckoned from. Who the child is stays in the database."""


def _overdue(asking: Asking, standards: Standards, county: Days, today: date) -> list[int]:
    """The ids of requests with a teacher whose first contact is overdue (R10), the oldest place first. One query.

    The database finds those that would be overdue had their clock never been paused; the clock itself judges them.
    """
    allowed = standards.contact_working_days
    before = calendar.ends_at(_last_day_too_early(county, allowed, today))
    given = Referral.objects.filter(visible_requests(asking), status=Status.ASSIGNED)
    old = given.annotate(since=Coalesce("clocks_from", "place__at")).filter(since__lt=before)
    rows = old.order_by("place_id").values_list("pk", "since", "contact_paused_days")[:MORE_THAN_SHOWN]
    return [pk for pk, since, paused in rows if county.add_working_days(london_date(since), allowed + paused) < today]


def _last_day_too_early(county: Days, working_days: int, today: date) -> date:
    """The last day of which `working_days` working days are over before `today`."""
    day = today
    while county.add_working_days(day, working_days) >= today:
        day -= ONE_DAY
    return day


def clocks_of(desk: Desk, rows: list[Referral]) -> dict[int, list[Running]]:
    """The clocks of requests of the desk, by primary key. No query: none of them was visited."""
    return progress.clocks_of(rows, standards=desk.standards, days=desk.days, today=desk.today)


# --- Visits ------------------------------------------------------------------------------------------------------
def _planned(asking: Asking) -> QuerySet[Booking]:
    planned = Booking.objects.filter(state=BookingState.PLANNED)
    limits = visible_requests(asking)
    return planned.filter(referral__in=Referral.objects.filter(limits)) if limits else planned


def _doubtful(asking: Asking) -> QuerySet[Booking]:
    return _planned(asking).filter(pk__in=BookingFlag.objects.filter(settled_at=None).values("booking"))


def doubtful(asking: Asking) -> QuerySet[Booking]:
    """Planned visits with an open flag, the soonest first: `why` is the first flag's sentence, `doubts` counts them."""
    flags = BookingFlag.objects.filter(booking=OuterRef("pk"), settled_at=None).order_by("pk")
    counted = flags.order_by().values("booking").annotate(number=Count("pk")).values("number")
    rows = _doubtful(asking).annotate(why=Subquery(flags.values("detail")[:1]), doubts=Subquery(counted))
    return _with_request(rows).order_by("starts_at", "pk")


def untold(asking: Asking, at: datetime) -> QuerySet[Booking]:
    """Visits that are over at `at` and whose outcome nobody has told, the oldest first."""
    return _with_request(_planned(asking).filter(ends_at__lte=at)).order_by("ends_at", "pk")


def _with_request(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    return rows.select_related("referral__establishment__kind", "referral__teacher").only(
        *("key", "kind", "starts_at", "ends_at", "referral__reference", "referral__stream"),
        *("referral__establishment__name", "referral__establishment__urn", "referral__establishment__kind__name"),
        "referral__teacher__full_name",
    )


def visits_with(referral: Referral, at: datetime) -> list[Booking]:
    """The visits of a request that its own teacher is to make after `at`, in order of time: they go where it goes."""
    planned = referral.bookings.filter(state=BookingState.PLANNED, starts_at__gt=at)
    return list(planned.filter(teachers__teacher=referral.teacher_id, teachers__live=True).order_by("starts_at", "pk"))


def planned_of(referral: Referral) -> list[Booking]:
    """Every planned visit of a request, in order of time: they are cancelled when it ends."""
    return list(referral.bookings.filter(state=BookingState.PLANNED).order_by("starts_at", "pk"))
