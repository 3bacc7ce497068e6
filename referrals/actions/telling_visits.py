"""Messages about visits, with their calendar files: to the teachers and to the contact. No child data, no notes."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse

from referrals.choices import BookingKind, BookingMode
from referrals.models import Booking, Referral
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.models import Establishment, User

VIDEO = "Video or phone call; the teacher says how"


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


def _to_all(
    kind: Kind,
    booking: Booking,
    referral: Referral,
    teachers: Sequence[User],
    at: datetime,
    more: dict[str, object] | None = None,
) -> list[Notification]:
    to_teachers = [_to_teacher(kind, booking, referral, teachers, teacher, at, more or {}) for teacher in teachers]
    to_contact = message(
        kind=kind,
        key=_key(kind, booking, "contact"),
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=_about(booking, referral, teachers, at) | (more or {}),
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
        context=_about(booking, referral, teachers, at) | page | more,
        at=at,
    )


def _key(kind: Kind, booking: Booking, whom: str) -> str:
    return f"{kind.value.lower().replace('_', '-')}:{booking.key}:{booking.sequence}:{whom}"


def _about(booking: Booking, referral: Referral, teachers: Sequence[User], at: datetime) -> dict[str, object]:
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    reverse_visit = booking.kind == BookingKind.REVERSE_VISIT
    return {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
        "uid": str(booking.key),
        "sequence": booking.sequence,
        "stamped_at": at.isoformat(),
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "kind_label": booking.get_kind_display(),
        "remote": booking.mode == BookingMode.REMOTE,
        "elsewhere": reverse_visit,
        "location": _location(booking, referral),
        "teachers": [{"name": teacher.full_name, "email": teacher.email} for teacher in teachers],
        "organiser_name": name or "School to School support",
        "organiser_email": email,
        "contact_name": referral.contact_name,
        "contact_email": referral.contact_email,
    }


def _location(booking: Booking, referral: Referral) -> str:
    """Where it is: an address of the register."""
    if booking.mode == BookingMode.REMOTE:
        return VIDEO
    where: Establishment | None = referral.establishment
    if booking.kind == BookingKind.REVERSE_VISIT:
        where = referral.provider_school
    return "" if where is None else ", ".join([where.display_name, *where.address_lines])
