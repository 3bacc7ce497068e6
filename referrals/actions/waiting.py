"""The waiting list (R7): places that come free are given in order, and what is left over ends with the deadline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from quotas.actions import places
from quotas.models import Period, Quota
from referrals.actions import history, telling
from referrals.choices import Action, Giving, Status
from referrals.documents import LapsedFacts, PlaceGivenFacts
from referrals.models import Referral
from referrals.queries import waiting
from referrals.queries.waiting import giving_at
from referrals.rules import lifecycle
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed, check
from s2s_portal.organisations.queries.people import is_system

AT_A_TIME = 20
"""How many requests one transaction deals with: whoever wants to send waits for the same lock."""
FROM_THE_LIST = "Place given from the waiting list"


@dataclass(frozen=True)
class Gift:
    """What became of giving a place by hand: the request that has it, or a sentence why nobody got one."""

    referral: Referral | None = None
    refusal: str = ""


def fill(*, quota: Quota, by: User, at: datetime, stopping: Callable[[], bool] = lambda: False) -> list[Referral]:
    """Give the places of `quota` that are free at `at` to those who wait, in order, until the cut-off (R7).

    Between the cut-off and the allocation deadline nobody gets one: the commissioners are told, once for each line of
    the ledger that freed places, that one is free. Many transactions, so call it outside one. Raises `NotAllowed`
    unless `by` is the portal itself.
    """
    _check_is_portal(by)
    given: list[Referral] = []
    while not stopping() and (some := _fill_some(quota, by, at)):
        given += some
    return given


def _check_is_portal(by: User) -> None:
    if not is_system(by):
        raise NotAllowed("Only the portal itself goes through the waiting list.")


def _locked(quota: Quota) -> places.LockedQuota:
    """The quota, locked, and only then its period's dates: whoever moves them holds the same lock."""
    locked = places.locked(quota)
    quota.period = Period.objects.select_related("contract").get(pk=quota.period_id)
    return locked


@transaction.atomic
def _fill_some(quota: Quota, by: User, at: datetime) -> list[Referral]:
    locked = _locked(quota)
    giving = giving_at(quota.period, at)
    if locked.left < 1 or giving not in (Giving.AUTOMATIC, Giving.BY_HAND):
        return []
    if giving == Giving.BY_HAND:
        telling.place_free(locked=locked, waiting=waiting.how_many_wait(quota), at=at)
        return []
    some = _locked_rows(waiting.waiting_for(quota), min(locked.left, AT_A_TIME))
    for referral in some:
        _give(referral, locked, by, at, by_hand=False)
    return some


@transaction.atomic
def give(*, quota: Quota, reference: str, by: User, at: datetime) -> Gift:
    """Give a free place by hand, after the cut-off, to the request `reference`, the first that waits (R7).

    The same press again gives the same request. Raises `NotAllowed` unless `by` may give places.
    """
    check(by, Permission.GIVE_PLACES)
    locked = _locked(quota)
    referral = next(iter(_locked_rows(Referral.objects.filter(reference=reference), 1)), None)
    if referral is None or not _is_of(referral, quota):
        return Gift(refusal="This request was never on this waiting list.")
    if referral.place is not None:
        return Gift(referral)
    refusal = lifecycle.cannot_give(
        giving=giving_at(quota.period, at),
        status=Status(referral.status),
        ahead=waiting.ahead_of(referral),
        left=locked.left,
    )
    if refusal:
        return Gift(refusal=refusal)
    _give(referral, locked, by, at, by_hand=True)
    return Gift(referral)


def _is_of(referral: Referral, quota: Quota) -> bool:
    """Whether the request waits, or once waited, for a place of this quota."""
    of_quota = (referral.period_id, referral.stream) == (quota.period_id, quota.stream)
    return of_quota and referral.turn is not None


def _locked_rows(requests: QuerySet[Referral], limit: int) -> list[Referral]:
    locked = requests.select_for_update(no_key=True, of=("self",))
    return list(locked.select_related("establishment", "place", "submitted_by")[:limit])


def _give(referral: Referral, locked: places.LockedQuota, by: User, at: datetime, *, by_hand: bool) -> None:
    step = lifecycle.TRANSITIONS[Status.WAITING, Action.GIVE_PLACE]
    line = places.draw(locked=locked, reference=referral.reference, reason=FROM_THE_LIST, by=by, at=at)
    referral.status, referral.place = step.to, line
    referral.save(update_fields=["status", "place"])
    facts = PlaceGivenFacts(
        by_hand=by_hand,
        places_left=line.left_after,
        places_bought=locked.bought,
        ledger_seq=line.seq,
    )
    history.append(referral=referral, facts=facts, by=by, at=at)
    telling.given(referral=referral, facts=facts, at=at)
    audit.record(kind=AuditKind.WRITE, what="got a place", reference=referral.reference, by=by)


def lapse(*, quota: Quota, by: User, at: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """End the requests that still wait once the allocation deadline's day is over (R7); returns how many.

    Before that it does nothing. Many transactions, so call it outside one. Raises `NotAllowed` unless `by` is the
    portal itself.
    """
    _check_is_portal(by)
    ended = 0
    while not stopping() and (some := _lapse_some(quota, by, at)):
        ended += some
    return ended


@transaction.atomic
def _lapse_some(quota: Quota, by: User, at: datetime) -> int:
    _locked(quota)
    if giving_at(quota.period, at) != Giving.OVER:
        return 0
    some = _locked_rows(waiting.waiting_for(quota), AT_A_TIME)
    contract = quota.period.contract
    for referral in some:
        facts = LapsedFacts(
            allocation_deadline_on=quota.period.allocation_deadline_on.isoformat(),
            joined_at=referral.submitted_at.isoformat(),
            successor=contract.successor_name,
        )
        referral.status = lifecycle.TRANSITIONS[Status.WAITING, Action.LAPSE].to
        referral.ended_at, referral.ended_by = at, by
        referral.save(update_fields=["status", "ended_at", "ended_by"])
        event = history.append(referral=referral, facts=facts, by=by, at=at)
        telling.lapsed(referral=referral, facts=facts, seq=event.seq, at=at)
        audit.record(kind=AuditKind.WRITE, what="no place came free", reference=referral.reference, by=by)
    return len(some)
