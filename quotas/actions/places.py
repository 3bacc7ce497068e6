"""Places: drawn, released, granted. Each writes one line under the quota's lock (ENGINEERING §4)."""

from datetime import datetime

from django.db import transaction

from quotas import queries
from quotas.choices import EntryKind
from quotas.models import LedgerEntry, Quota
from quotas.permissions import check_can_set_up
from s2s_portal.organisations.models import User


class NoPlaceLeft(RuntimeError):
    """A draw was tried although no place is left: the caller did not judge under the lock."""


def locked(quota: Quota) -> Quota:
    """Lock the quota's row until the transaction ends, and return it. Must run inside a transaction.

    `no_key` leaves foreign-key inserts to the row unhindered. On SQLite the IMMEDIATE transaction is the lock.
    """
    return Quota.objects.select_for_update(no_key=True, of=("self",)).get(pk=quota.pk)


@transaction.atomic
def draw(*, quota: Quota, reference: str, by: User, at: datetime) -> LedgerEntry:
    """Use one place for the request `reference` (R4). Raises `NoPlaceLeft` if there is none."""
    locked(quota)
    left = queries.places_left(quota)
    if left < 1:
        raise NoPlaceLeft(f"No place is left for {reference}.")
    given_back = LedgerEntry.objects.filter(
        reference=reference, kind=EntryKind.RELEASED, answered_by__isnull=True
    ).first()
    return _append(
        quota, EntryKind.DRAWN, -1, reference=reference, answers=given_back, reason="Request sent", by=by, at=at
    )


@transaction.atomic
def release(*, draw: LedgerEntry, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Give back the place that `draw` used, once (R8); a second try returns the first release unchanged."""
    quota = locked(draw.quota)
    earlier = quota.entries.filter(answers=draw).first()
    if earlier is not None:
        return earlier
    return _append(quota, EntryKind.RELEASED, 1, reference=draw.reference, answers=draw, reason=reason, by=by, at=at)


@transaction.atomic
def grant(*, quota: Quota, places: int, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Record `places` bought. Raises `NotAllowed` unless `by` is a commissioner, `ValueError` unless positive."""
    check_can_set_up(by)
    if places < 1:
        raise ValueError("Places bought are at least one.")
    return _append(locked(quota), EntryKind.GRANTED, places, reason=reason, by=by, at=at)


def _append(
    quota: Quota,
    kind: EntryKind,
    places: int,
    *,
    reason: str,
    by: User,
    at: datetime,
    reference: str = "",
    answers: LedgerEntry | None = None,
) -> LedgerEntry:
    last = queries.last_line(quota)
    return LedgerEntry.objects.create(
        quota=quota,
        seq=last.seq + 1 if last else 1,
        kind=kind,
        places=places,
        left_after=(last.left_after if last else 0) + places,
        reference=reference,
        answers=answers,
        reason=reason,
        by=by,
        at=at,
    )
