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
Facts = SubmittedFacts | WithdrawnFacts


def next_reference(prefix: str) -> str:
    """A reference nobody has had, such as `EY-7K4M-2Q`. Takes the counter's lock: always the last one taken."""
    counter = _locked_counter() or _new_counter()
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return references.readable(prefix, counter.last_number, key=bytes(counter.key))


def _locked_counter() -> ReferenceCounter | None:
    return ReferenceCounter.objects.select_for_update(no_key=True).filter(pk=1).first()


def _new_counter() -> ReferenceCounter:
    ReferenceCounter.objects.get_or_create(pk=1, defaults={"key": secrets.token_bytes(16)})
    return ReferenceCounter.objects.select_for_update(no_key=True).get(pk=1)


def begin(*, referral: Referral, facts: Facts, by: User, at: datetime) -> ReferralEvent:
    """Write the first event of a request that was made in this transaction."""
    return _write(referral, 1, facts, by, at)


def append(*, referral: Referral, facts: Facts, by: User, at: datetime) -> ReferralEvent:
    """Append one event to the request's history, under the request's lock. `facts` says its kind and version."""
    last = referral.events.only("seq").latest("seq")
    return _write(referral, last.seq + 1, facts, by, at)


def _write(referral: Referral, seq: int, facts: Facts, by: User, at: datetime) -> ReferralEvent:
    return ReferralEvent.objects.create(
        referral=referral,
        seq=seq,
        kind=facts.KIND,
        version=facts.VERSION,
        at=at,
        by=by,
        stream=referral.stream,
        zone_id=referral.zone_id,
        establishment_id=referral.establishment_id,
        facts=asdict(facts),
    )
