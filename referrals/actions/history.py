"""Events and references: what every action on a request appends."""

import secrets
from dataclasses import asdict
from datetime import datetime

from referrals.documents import SubmittedFacts, WithdrawnFacts
from referrals.models import ReferenceCounter, Referral, ReferralEvent
from s2s_portal.core import references
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

PREFIX_OF_STREAM = {Stream.EARLY_YEARS: "EY", Stream.MAINSTREAM: "MS"}
REFUSAL_PREFIX = "RF"


def next_reference(prefix: str) -> str:
    """A reference nobody has had, such as `EY-7K4M-2Q`. Takes the counter's lock: always the last one taken."""
    ReferenceCounter.objects.get_or_create(pk=1, defaults={"key": secrets.token_bytes(16)})
    counter = ReferenceCounter.objects.select_for_update(no_key=True).get(pk=1)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return references.readable(prefix, counter.last_number, key=bytes(counter.key))


def append(*, referral: Referral, facts: SubmittedFacts | WithdrawnFacts, by: User, at: datetime) -> ReferralEvent:
    """Append one event to the request's history, under the request's lock. `facts` says its kind and version."""
    last = referral.events.order_by("-seq").first()
    return ReferralEvent.objects.create(
        referral=referral,
        seq=last.seq + 1 if last else 1,
        kind=facts.KIND,
        version=facts.VERSION,
        at=at,
        by=by,
        stream=referral.stream,
        zone_id=referral.zone_id,
        establishment_id=referral.establishment_id,
        facts=asdict(facts),
    )
