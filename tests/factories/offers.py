"""Offers of times and the links that lead to them, through the real actions."""

import re
import uuid
from datetime import datetime, timedelta

from referrals.actions import offering
from referrals.choices import BookingKind, BookingMode
from referrals.models import Offer, Referral
from referrals.rules.offers import Slot
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.models import SignedLink
from s2s_portal.organisations.queries.links import address_of
from tests.moments import AN_ORDINARY_TUESDAY as AT

HOUR = timedelta(hours=1)


def slot(days: int, *, hours: float = 1, at: datetime = AT) -> Slot:
    """An hour so many days after `at`."""
    starts_at = at + timedelta(days=days)
    return Slot(starts_at, starts_at + hours * HOUR)


def try_to_offer(referral: Referral, *slots: Slot, **changes: object) -> offering.Offered:
    """Offer these times for an observation, by the teacher who has the request."""
    told = {
        "key": uuid.uuid4(),
        "kind": BookingKind.OBSERVATION,
        "mode": BookingMode.IN_PERSON,
        "why": "The school says that children are in.",
        "by": referral.teacher,
        "at": AT,
    }
    return offering.offer(referral=referral, slots=slots, **told | changes)


def offered(referral: Referral, *slots: Slot, **changes: object) -> Offer:
    """An offer that waits for its answer: of tomorrow, the day after and the one after that, unless said."""
    made = try_to_offer(referral, *(slots or (slot(1), slot(2), slot(3))), **changes)
    assert made.offer is not None, (made.refusal, made.problems)
    return made.offer


def link_of(kind: Kind) -> SignedLink:
    """The link of the last message of this kind."""
    return SignedLink.objects.get(pk=Notification.objects.filter(kind=kind).latest("pk").context["link_id"])


def address(link: SignedLink) -> str:
    """The link's address without the site's own, as somebody clicks it."""
    return re.sub(r"^https?://[^/]+", "", address_of(link.pk))
