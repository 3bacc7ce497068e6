"""Taking offered times back: another visit was booked, the teacher changed, or the request ended."""

import uuid
from datetime import datetime

from referrals.choices import OfferState
from referrals.models import Offer, Referral
from referrals.queries.setting import offer_subject
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import LinkPurpose


def take_back(*, referral: Referral, at: datetime, besides: uuid.UUID | None = None) -> None:
    """Withdraw the open offer of a request, if it has one, and the links to it. Under the request's lock.

    `besides` is the key of the offer that is just being chosen from.
    """
    for offer in Offer.objects.filter(referral=referral, state=OfferState.OPEN).exclude(key=besides):
        offer.state, offer.settled_at = OfferState.WITHDRAWN, at
        offer.save(update_fields=["state", "settled_at"])
        links.revoke(purpose=LinkPurpose.CHOOSE_TIME, subject=offer_subject(offer), at=at)
