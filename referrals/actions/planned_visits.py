"""What several actions do to planned visits, in the caller's transaction and under the request's lock."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from referrals.actions import history, open_offers, telling_visits
from referrals.choices import BookingChanged, BookingProblem, BookingState, WhoAsked
from referrals.documents import BookingCancelledFacts
from referrals.models import Booking, BookingChange, BookingFlag, BookingTeacher, Referral
from referrals.queries.setting import visit_subject
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose
from s2s_portal.organisations.models import User

KEPT = "Kept: "
"""How the settlement of a flag begins that somebody settled with a reason: the same cause does not raise it again."""
OF_TEACHERS = (BookingProblem.TEACHER_AWAY, BookingProblem.TEACHER_LEFT)
"""Causes that are settled when another teacher takes a visit over."""


def planned_of(referral: Referral) -> list[Booking]:
    """The request's visits that are still planned, in order of time, with their teachers."""
    planned = referral.bookings.filter(state=BookingState.PLANNED).prefetch_related("teachers__teacher")
    return list(planned.order_by("starts_at", "pk"))


def teachers_of(booking: Booking) -> list[User]:
    """The teachers of a booking whose time it takes, by name."""
    rows = BookingTeacher.objects.filter(booking=booking, live=True).select_related("teacher")
    return [row.teacher for row in rows.order_by("teacher__full_name", "pk")]


def write_change(
    *,
    booking: Booking,
    what: BookingChanged,
    teachers: Sequence[User],
    by: User,
    at: datetime,
    asked_by: str = "",
    note: str = "",
) -> BookingChange:
    """Append the next line of a booking's own history, as the booking is now."""
    last = booking.changes.order_by("-seq").first()
    return BookingChange.objects.create(
        booking=booking,
        seq=last.seq + 1 if last else 1,
        what=what,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        teachers=", ".join(teacher.full_name for teacher in teachers),
        asked_by=asked_by,
        note=note,
        by=by,
        at=at,
    )


def settle_flags(
    bookings: Iterable[Booking], *, how: str, by: User, at: datetime, causes: Iterable[BookingProblem] | None = None
) -> None:
    """Settle the open flags of these bookings: every one, or those of some causes."""
    open_flags = BookingFlag.objects.filter(booking__in=list(bookings), settled_at=None)
    if causes is not None:
        open_flags = open_flags.filter(cause__in=list(causes))
    open_flags.update(settled_at=at, settled_by=by, settlement=how)


def cancel(*, booking: Booking, referral: Referral, asked_by: str, note: str, by: User, at: datetime) -> None:
    """Cancel one planned visit: its teachers are free, everybody invited is told, the history says who asked.

    `asked_by` is a `WhoAsked`, or "" where the request itself has ended.
    """
    teachers = teachers_of(booking)
    booking.state, booking.sequence = BookingState.CANCELLED, booking.sequence + 1
    booking.save(update_fields=["state", "sequence"])
    booking.teachers.update(live=False)
    links.revoke(purpose=LinkPurpose.SEE_VISIT, subject=visit_subject(booking), at=at)
    settle_flags([booking], how="The visit was cancelled.", by=by, at=at)
    write_change(
        booking=booking,
        what=BookingChanged.CANCELLED,
        teachers=teachers,
        by=by,
        at=at,
        asked_by=asked_by,
        note=note,
    )
    facts = BookingCancelledFacts(
        booking=str(booking.key),
        kind=booking.kind,
        starts_at=booking.starts_at.isoformat(),
        asked_by=asked_by,
        note=note,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling_visits.cancelled(booking=booking, referral=referral, teachers=teachers, at=at)


def cancel_all(*, referral: Referral, by: User, at: datetime, asked_by: WhoAsked | str = "", note: str = "") -> None:
    """Cancel every visit that is still planned, and take offered times back: the request has ended."""
    open_offers.take_back(referral=referral, at=at)
    for booking in planned_of(referral):
        cancel(booking=booking, referral=referral, asked_by=asked_by, note=note, by=by, at=at)
