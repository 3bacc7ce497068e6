"""Places: drawn, released, granted. Every line of a ledger is written here, under the quota's lock (ENGINEERING §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quotas import queries
from quotas.choices import SIZE_KINDS, EntryKind
from quotas.models import LedgerEntry, Quota
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

SENT = "Request sent"
CARRIED_OVER = "Carried over from the contract before"


class NoPlaceLeft(RuntimeError):
    """A draw was tried although no place is left: the caller did not judge under the lock."""


@dataclass
class LockedQuota:
    """A quota whose row is locked until the transaction ends, with its last line. Only `locked` makes one."""

    quota: Quota
    last: LedgerEntry | None
    _bought: int | None = None

    @property
    def bought(self) -> int:
        """Places bought, with what was raised or lowered since; summed once, as nobody else writes under the lock."""
        if self._bought is None:
            self._bought = queries.places_bought(self.quota)
        return self._bought

    @property
    def left(self) -> int:
        """Places left; negative when lowered below use (R9)."""
        return self.last.left_after if self.last else 0


def locked(quota: Quota) -> LockedQuota:
    """Lock the quota's row, then read its last line. Must run inside a transaction.

    `no_key` leaves foreign-key inserts to the row unhindered. On SQLite the IMMEDIATE transaction is the lock.
    """
    Quota.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=quota.pk)
    return LockedQuota(quota, queries.last_line(quota))


def locked_for(*, stream: str, at: datetime) -> LockedQuota | None:
    """Lock the quota that a request of `stream` sent at `at` draws from; None if there is none. As `locked`.

    Its period and contract are as they were before the lock was had. Two statements, with the places bought.
    """
    quota = queries.quota_at(at, stream=stream, lock=True)
    if quota is None:
        return None
    last, bought = queries.last_line_and_size(quota)
    return LockedQuota(quota, last, bought)


def draw(
    *,
    locked: LockedQuota,
    reference: str,
    by: User,
    at: datetime,
    reason: str = SENT,
    after: LedgerEntry | None = None,
) -> LedgerEntry:
    """Use one place for the request `reference` (R4). Raises `NoPlaceLeft` if there is none.

    A request that had a place before names in `after` the line that gave it back.
    """
    if locked.left < 1:
        raise NoPlaceLeft(f"No place is left for {reference}.")
    return append(locked, EntryKind.DRAWN, -1, reference=reference, answers=after, reason=reason, by=by, at=at)


def draw_all(*, locked: LockedQuota, references: Sequence[str], by: User, at: datetime) -> list[LedgerEntry]:
    """Use one place for each of these requests, in their order; all or none (R5). Raises `NoPlaceLeft`."""
    if locked.left < len(references):
        raise NoPlaceLeft(f"{locked.left} places are left for {len(references)} requests.")
    lines = []
    for reference in references:
        locked.last = _line(locked, EntryKind.DRAWN, -1, reference=reference, reason=SENT, by=by, at=at)
        lines.append(locked.last)
    return LedgerEntry.objects.bulk_create(lines)


def release(*, locked: LockedQuota, draw: LedgerEntry, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Give back the place that `draw` used, once (R8); a second try returns the first release unchanged.

    A request that was carried over used none (R15): nothing is given back, and the ledger's last line is returned.
    """
    if draw.kind == EntryKind.CARRIED:
        return locked.last or draw
    earlier = LedgerEntry.objects.filter(answers=draw).first()
    if earlier is not None:
        return earlier
    return append(locked, EntryKind.RELEASED, 1, reference=draw.reference, answers=draw, reason=reason, by=by, at=at)


def carry(*, locked: LockedQuota, reference: str, by: User, at: datetime) -> LedgerEntry:
    """Write that the request `reference` was carried over from an earlier contract and draws nothing here (R15)."""
    return append(locked, EntryKind.CARRIED, 0, reference=reference, reason=CARRIED_OVER, by=by, at=at)


@transaction.atomic
def grant(*, quota: Quota, places: int, reason: str, by: User, at: datetime) -> LedgerEntry:
    """Record `places` bought. Raises `NotAllowed` unless `by` is a commissioner, `ValueError` unless positive."""
    check(by, Permission.SET_UP_QUOTAS)
    if places < 1:
        raise ValueError("Places bought are at least one.")
    return append(locked(quota), EntryKind.GRANTED, places, reason=reason, by=by, at=at)


def append(locked: LockedQuota, kind: EntryKind, places: int, **facts: Any) -> LedgerEntry:
    """Write the next line of a quota's ledger, under its lock; `places` is signed.

    `facts` are the line's other columns: always `reason`, `by` and `at`; where the kind has them `reference`, `answers`
    and `change`. Whether the line may be written is for the caller to have judged.
    """
    locked.last = _line(locked, kind, places, **facts)
    locked.last.save(force_insert=True)
    if kind in SIZE_KINDS:
        locked._bought = None
    return locked.last


def _line(
    locked: LockedQuota, kind: EntryKind, places: int, *, reason: str, by: User, at: datetime, **facts: Any
) -> LedgerEntry:
    """The quota's next line, not yet written."""
    return LedgerEntry(
        quota=locked.quota,
        seq=locked.last.seq + 1 if locked.last else 1,
        kind=kind,
        places=places,
        left_after=locked.left + places,
        reason=reason,
        by=by,
        at=at,
        **facts,
    )
