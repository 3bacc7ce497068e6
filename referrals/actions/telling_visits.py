"""Messages about visits, with their calendar files: to the teachers and to the contact. No child data, no notes."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from referrals.actions import telling_setting
from referrals.documents.invitations import visit_facts
from referrals.models import Booking, Referral
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.models import User


def booked(*, booking: Booking, referral: Referral, teachers: Sequence[User], at: datetime) -> None:
    """Invite the teachers and the contact to a visit."""
    queue_all(_to_all(Kind.VISIT_BOOKED, booking, referral, teachers, at))


def moved(
    *, booking: Booking, referral: Referral, teachers: Sequence[User], was_starts_at: datetime, at: datetime
) -> None:
    """Tell the teachers and the contact the visit's new time."""
    was = {"was_starts_at": was_starts_at.isoformat()}
    queue_all(_to_all(Kind.VISIT_MOVED, booking, referral, teachers, at, was))


def cancelled(*, booking: Booking, referral: Referral, teachers: Sequence[User], at: datetime) -> None:
    """Take the visit out of the calendars of its teachers and the contact."""
    queue_all(_to_all(Kind.VISIT_CANCELLED, booking, referral, teachers, at))


def taken_from(*, booking: Booking, referral: Referral, teacher: User, teachers: Sequence[User], at: datetime) -> None:
    """Take the visit out of the calendar of a teacher who no longer goes; `teachers` are those who do."""
    names = " and ".join(one.full_name for one in teachers)
    queue_all([_to_teacher(Kind.VISIT_CANCELLED, booking, referral, [teacher], teacher, at, {"taken_over_by": names})])


def doubtful(*, bookings: Sequence[Booking], by: User, at: datetime) -> None:
    """Tell the teachers of planned visits that something changed which makes them doubtful; once a day at most.

    The bookings are read with `queries.bookings.to_check`.
    """
    queue_all(
        message(
            kind=Kind.REQUEST_STATUS_TEACHER,
            key=f"doubtful:{booking.key}:{london_date(at).isoformat()}:{row.teacher_id}",
            to_email=row.teacher.email,
            to_name=row.teacher.full_name,
            context={
                "reference": booking.referral.reference,
                "establishment": booking.referral.establishment.display_name,
                "stream_label": booking.referral.get_stream_display(),
                "status_label": booking.referral.get_status_display(),
                "sentence": f"The visit on {spoken.moment_with_weekday(booking.starts_at)} needs a decision: something "
                "changed after it was booked. Move it, cancel it, or keep it with a reason.",
                "status_at": at.isoformat(),
                "changed_by": by.full_name,
                "address": reverse("referrals:booking_detail", args=[booking.key]),
            },
            at=at,
        )
        for booking in bookings
        for row in booking.teachers.all()
        if row.live and row.teacher.is_active
    )


def _to_all(
    kind: Kind,
    booking: Booking,
    referral: Referral,
    teachers: Sequence[User],
    at: datetime,
    more: dict[str, object] | None = None,
) -> list[Notification]:
    is_on = kind != Kind.VISIT_CANCELLED
    link = {"link_id": telling_setting.visit_link(booking, referral).pk} if is_on else {}
    to_teachers = [_to_teacher(kind, booking, referral, teachers, teacher, at, more or {}) for teacher in teachers]
    to_contact = message(
        kind=kind,
        key=_key(kind, booking, "contact"),
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=visit_facts(booking=booking, referral=referral, teachers=teachers, at=at) | (more or {}) | link,
        at=at,
    )
    return [*to_teachers, to_contact]


def _to_teacher(
    kind: Kind,
    booking: Booking,
    referral: Referral,
    teachers: Sequence[User],
    teacher: User,
    at: datetime,
    more: dict[str, object],
) -> Notification:
    page = {"address": reverse("referrals:referral_detail", args=[referral.reference])}
    return message(
        kind=kind,
        key=_key(kind, booking, str(teacher.pk)),
        to_email=teacher.email,
        to_name=teacher.full_name,
        context=visit_facts(booking=booking, referral=referral, teachers=teachers, at=at) | page | more,
        at=at,
    )


def _key(kind: Kind, booking: Booking, whom: str) -> str:
    return f"{kind.value.lower().replace('_', '-')}:{booking.key}:{booking.sequence}:{whom}"
