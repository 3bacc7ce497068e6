"""Teachers' diaries: what takes their time, and the lock under which it is judged (R12)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from referrals.models import BookingTeacher
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.models import User

LONGEST_VISIT = timedelta(hours=24)
"""What overlaps a time began at most so long before it. More than `rules.bookings.LONGEST`, so that this may change."""


def lock(teachers: Collection[User]) -> list[User]:
    """Lock the diaries of these teachers until the transaction ends, in the order of their ids; returns them so.

    The person's row is the diary's lock: there may be no visit yet that could be locked (ENGINEERING §4).
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[teacher.pk for teacher in teachers])
    return list(rows.order_by("pk"))


def taken(teachers: Collection[User], starts_at: datetime, ends_at: datetime) -> QuerySet[BookingTeacher]:
    """What takes the time of these teachers between two moments, with the visit and where it is, in order of time."""
    rows = BookingTeacher.objects.filter(
        teacher__in=[teacher.pk for teacher in teachers],
        live=True,
        starts_at__gt=starts_at - LONGEST_VISIT,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    return rows.select_related(
        "teacher", "booking__referral__establishment__kind", "booking__referral__provider_school"
    ).order_by("starts_at", "pk")


def overlapping(
    teacher: User, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> QuerySet[BookingTeacher]:
    """The teacher's visits that overlap a time; touching is no overlap. `besides` is a booking that does not count."""
    return taken([teacher], starts_at, ends_at).exclude(booking=besides)


def named(row: BookingTeacher) -> str:
    """How a visit in a diary is named to colleagues: "a visit to Bulrush Nursery at 10:00 on 3 December 2024"."""
    where, on = row.booking.referral.establishment.display_name, spoken.day(london_date(row.starts_at))
    return f"a visit to {where} at {spoken.clock_time(row.starts_at)} on {on}"
