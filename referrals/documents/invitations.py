"""What a message about a visit, and the calendar file of its page, are made of: the same facts. No child, no notes."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from referrals.choices import BookingKind, BookingMode
from referrals.models import Booking, Referral
from s2s_portal.organisations.models import Establishment, User

VIDEO = "Video or phone call; the teacher says how"


def visit_facts(*, booking: Booking, referral: Referral, teachers: Sequence[User], at: datetime) -> dict[str, object]:
    """A visit as `notifications.documents.visits` has it; `at` is when it was booked, moved or cancelled."""
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
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
        "elsewhere": booking.kind == BookingKind.REVERSE_VISIT,
        "location": location(booking, referral),
        "teachers": [{"name": teacher.full_name, "email": teacher.email} for teacher in teachers],
        "organiser_name": name or "School to School support",
        "organiser_email": email,
        "contact_name": referral.contact_name,
        "contact_email": referral.contact_email,
    }


def location(booking: Booking, referral: Referral) -> str:
    """Where it is: an address of the register."""
    if booking.mode == BookingMode.REMOTE:
        return VIDEO
    where: Establishment | None = referral.establishment
    if booking.kind == BookingKind.REVERSE_VISIT:
        where = referral.provider_school
    return "" if where is None else ", ".join([where.display_name, *where.address_lines])
