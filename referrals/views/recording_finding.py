"""What the pages of visits and records share: finding them for the person who asks (R17)."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from referrals.choices import Action
from referrals.documents.answers import Answer
from referrals.documents.records import who_is_it_about
from referrals.permissions import Asking, check_may, sees_child
from referrals.queries import records
from referrals.queries.related import named_children
from referrals.views.asking import asking, found_or_404
from s2s_portal.core import calendar
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.permissions import NotAllowed

NOT_YOUR_ROLE = "What was written about the child is not shown to your role."


@dataclass(frozen=True)
class Found:
    """A visit with its request, for the person who asks."""

    who: Asking
    booking: Any
    visit: Any

    @property
    def referral(self) -> Any:
        """The request that the visit belongs to."""
        return self.booking.referral

    @property
    def request_url(self) -> str:
        """The request's page."""
        return reverse("referrals:referral_detail", args=[self.referral.reference])


def found_visit(request: HttpRequest, key: uuid.UUID) -> Found:
    """The visit with this key; 404 unless the person may see its request."""
    who = asking(request)
    booking = records.find_booking(who, key)
    if booking is None:
        raise Http404
    visit = records.visit_of(booking)
    if visit is not None:  # so that nothing is read twice
        visit.booking, visit.referral = booking, booking.referral
    return Found(who, booking, visit)


def check_writes(request: HttpRequest, found: Found, action: Action = Action.RECORD) -> None:
    """403, with a sentence, unless the person has the request."""
    check_may(request.user, found.referral, action, today=calendar.london_date(request.at))


def found_record(request: HttpRequest, reference: str, number: int) -> tuple[Asking, Any, Any]:
    """Who asks, the request, and its record with this number; 404 for what they may not see, or was retracted."""
    who = asking(request)
    referral = found_or_404(who, reference)
    record = records.find_record(who, referral, number)
    if record is None:
        raise Http404
    record.visit.referral = referral
    return who, referral, record


def check_sees_content(who: Asking, referral: Any) -> None:
    """403, with a sentence, for those who know of the record and may not read it."""
    if not sees_child(who, referral):
        raise NotAllowed(NOT_YOUR_ROLE)


def about(referral: Any) -> list[Answer]:
    """The two identifiers of the child, or the group; only for those who see the child."""
    return who_is_it_about(referral, named_children(referral))


def looked_at(request: HttpRequest, what: str, referral: Any) -> None:
    """The audit row of a look at a record (R18)."""
    audit.record(kind=AuditKind.READ, what=what, reference=referral.reference, by=request.user)
