"""Messages that ask the school's or setting's contact by a signed link, and those that tell the teacher the answer.

What the contact typed stays on the portal. The link's row is made with the message, its address when it is sent.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from referrals.choices import BookingMode
from referrals.models import Booking, Offer, Referral, VisitRecord
from referrals.queries.setting import offer_subject, record_subject, stretch, visit_subject
from referrals.rules.offers import Slot
from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose
from s2s_portal.organisations.models import SignedLink, User


def record_link(record: VisitRecord, referral: Referral) -> SignedLink:
    """A new link by which the request's contact reads this record and answers it."""
    subject = record_subject(record)
    return links.issue(purpose=LinkPurpose.READ_RECORD, subject=subject, email=referral.contact_email)


def record_ready(*, record: VisitRecord, referral: Referral, at: datetime) -> None:
    """Ask the contact to read a record that was just finalised, and to confirm it or add their view."""
    context = _about(referral) | {
        "record": record.reference,
        "visit_on": london_date(record.visit.booking.starts_at).isoformat(),
        "teacher_name": record.by.full_name,
        "teacher_email": record.by.email,
        "link_id": record_link(record, referral).pk,
    }
    _to_contact(Kind.RECORD_READY_CONTACT, f"record-ready:{record.reference}", referral, context, at)


def offer_link(offer: Offer, referral: Referral) -> SignedLink:
    """A new link by which the request's contact answers this offer."""
    subject = offer_subject(offer)
    return links.issue(purpose=LinkPurpose.CHOOSE_TIME, subject=subject, email=referral.contact_email)


def visit_link(booking: Booking, referral: Referral) -> SignedLink:
    """A new link by which the request's contact sees this visit, cancels it or asks for another time."""
    subject = visit_subject(booking)
    return links.issue(purpose=LinkPurpose.SEE_VISIT, subject=subject, email=referral.contact_email)


def times_offered(*, offer: Offer, slots: Iterable[Slot], referral: Referral, at: datetime) -> None:
    """Ask the contact to choose one of the offered times."""
    context = _about(referral) | {
        "kind_label": offer.get_kind_display(),
        "remote": offer.mode == BookingMode.REMOTE,
        "times": [stretch(slot.starts_at, slot.ends_at) for slot in slots],
        "teacher_name": offer.teacher.full_name,
        "teacher_email": offer.teacher.email,
        "link_id": offer_link(offer, referral).pk,
    }
    _to_contact(Kind.TIMES_OFFERED_CONTACT, f"times-offered:{offer.key}", referral, context, at)


def answered(*, referral: Referral, key: str, sentence: str, at: datetime, address: str = "") -> None:
    """Tell the teacher who has the request what the contact did by a link; `address` is the page to look at.

    `sentence` is ours: nothing that somebody typed.
    """
    teacher = referral.teacher
    if teacher is None:
        return
    context = _about(referral) | {
        "status_label": referral.get_status_display(),
        "sentence": sentence,
        "status_at": at.isoformat(),
        "changed_by": referral.contact_name,
        "address": address or reverse("referrals:referral_detail", args=[referral.reference]),
    }
    _to_teacher(teacher, f"{key}:{teacher.pk}", context, at)


def _to_teacher(teacher: User, key: str, context: dict[str, object], at: datetime) -> None:
    to = {"to_email": teacher.email, "to_name": teacher.full_name}
    queue(kind=Kind.REQUEST_STATUS_TEACHER, key=key, context=context, at=at, **to)


def _to_contact(kind: Kind, key: str, referral: Referral, context: dict[str, object], at: datetime) -> None:
    to = {"to_email": referral.contact_email, "to_name": referral.contact_name}
    queue(kind=kind, key=key, context=context, at=at, **to)


def _about(referral: Referral) -> dict[str, object]:
    return {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
    }
