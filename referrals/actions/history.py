"""Events and references: what every action on a request appends."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from referrals.documents import Facts
from referrals.models import ReferenceCounter, Referral, ReferralEvent
from s2s_portal.core import references
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

PREFIX_OF_STREAM = {Stream.EARLY_YEARS: "EY", Stream.MAINSTREAM: "MS"}
REFUSAL_PREFIX = "RF"
COHORT_PREFIX = "CO"


def next_reference(prefix: str) -> str:
    """A reference nobody has had, such as `EY-7K4M-2Q`. Takes the counter's lock: always the last one taken."""
    return next_references(prefix, 1)[0]


def next_references(prefix: str, count: int) -> list[str]:
    """So many references that nobody has had, in two statements. Takes the counter's lock as `next_reference` does."""
    counter = _locked_counter() or _new_counter()
    first, key = counter.last_number + 1, bytes(counter.key)
    counter.last_number += count
    counter.save(update_fields=["last_number"])
    return [references.readable(prefix, number, key=key) for number in range(first, first + count)]


def _locked_counter() -> ReferenceCounter | None:
    return ReferenceCounter.objects.select_for_update(no_key=True).filter(pk=1).first()


def _new_counter() -> ReferenceCounter:
    ReferenceCounter.objects.get_or_create(pk=1, defaults={"key": secrets.token_bytes(16)})
    return ReferenceCounter.objects.select_for_update(no_key=True).get(pk=1)


def begin_all(*, lines: Iterable[tuple[Referral, Facts]], by: User, at: datetime) -> None:
    """Write the first event of each request that was made in this transaction, in one statement.

    Whoever makes requests sets their `remind_at` with the other columns.
    """
    ReferralEvent.objects.bulk_create(_event(referral, 1, facts, by, at) for referral, facts in lines)


def append(*, referral: Referral, facts: Facts, by: User, at: datetime) -> ReferralEvent:
    """Append one event to the request's history, under the request's lock. `facts` says its kind and version.

    Whatever happened, other things are due now: reminders look at the request again.
    """
    last = referral.events.only("seq").latest("seq")
    event = _event(referral, last.seq + 1, facts, by, at)
    event.save(force_insert=True)
    Referral.objects.filter(pk=referral.pk).update(remind_at=at)
    referral.remind_at = at
    return event


def _event(referral: Referral, seq: int, facts: Facts, by: User, at: datetime) -> ReferralEvent:
    return ReferralEvent(
        referral=referral,
        seq=seq,
        kind=facts.KIND,
        version=facts.VERSION,
        at=at,
        by=by,
        stream=referral.stream,
        zone_id=referral.zone_id,
        establishment_id=referral.establishment_id,
        provider_school_id=referral.provider_school_id,
        facts=asdict(facts),
    )
