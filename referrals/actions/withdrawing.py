"""Requests that end before a visit was held: withdrawn, or taken off the waiting list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quotas.actions import places
from quotas.choices import FILL_PLACES, EntryKind
from quotas.models import Quota
from referrals.actions import history, planned_visits, telling, telling_support
from referrals.actions.ending import ENDED_COLUMNS, NOTHING_MORE
from referrals.choices import Action, Status
from referrals.documents import LeftFacts, WithdrawnFacts
from referrals.models import Referral
from referrals.permissions import check_can_withdraw
from referrals.queries import waiting
from referrals.queries.closings import cannot_end_unvisited
from referrals.rules import lifecycle
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, note: str, by: User, at: datetime, leaving: bool = False) -> Referral:
    """Withdraw a request before a held visit and give its place back, once (R8); one that waits leaves the list.

    `reason` is a `WithdrawReason`. A request that may no longer be withdrawn, already is, or has a visit that began and
    nobody told of, is returned unchanged: look at its status. So is one that got a place in the meantime, if the person
    is `leaving` the waiting list: they meant to give up no place. Raises `NotAllowed` unless `by` files for its stream
    and zone.
    """
    return withdraw_all(referrals=[referral], reason=reason, note=note, by=by, at=at, leaving=leaving)[0]


@transaction.atomic
def withdraw_all(
    *, referrals: Sequence[Referral], reason: str, note: str, by: User, at: datetime, leaving: bool = False
) -> list[Referral]:
    """As `withdraw`, for several requests for one reason: all in one transaction, in the order they are given.

    Places that are given back go to those who wait within seconds (R7): the job that gives them is asked for here.
    Returns the requests as they are now. Raises `NotAllowed`, and nothing has happened, if one is not the person's.
    """
    for referral in referrals:
        check_can_withdraw(by, referral)
    locked = _locked_quotas(referrals)
    now = _locked_rows(referrals)
    freed = set()
    for referral in referrals:
        row, quota = now[referral.pk], locked[referral.period_id, referral.stream]
        if (not leaving or row.status == Status.WAITING) and _end(row, quota, reason, note, by, at):
            freed.add(quota.quota.pk)
    for pk in sorted(freed):
        jobs.ask(job=FILL_PLACES, subject=str(pk), at=at)
    return [now[referral.pk] for referral in referrals]


def _locked_quotas(referrals: Sequence[Referral]) -> dict[tuple[int, str], places.LockedQuota]:
    """The quotas of these requests, locked in the order of their ids, by period and stream."""
    wanted = {(referral.period_id, referral.stream) for referral in referrals}
    quotas = Quota.objects.filter(period__in={period for period, _ in wanted}).select_related("period")
    return {
        (quota.period_id, quota.stream): places.locked(quota)
        for quota in quotas.order_by("pk")
        if (quota.period_id, quota.stream) in wanted
    }


def _locked_rows(referrals: Sequence[Referral]) -> dict[int, Referral]:
    """The requests' rows as they are now, locked in the order of their ids, by id."""
    rows = Referral.objects.filter(pk__in=[referral.pk for referral in referrals]).order_by("pk")
    # The bare rows first, as `steps.locked` does: one whose setting was corrected meanwhile would drop out of the join.
    list(rows.select_for_update(no_key=True).only("pk"))
    related = ("establishment", "place", "submitted_by", "provider_school", "teacher")
    return {referral.pk: referral for referral in rows.select_related(*related)}


def _end(referral: Referral, locked: places.LockedQuota, reason: str, note: str, by: User, at: datetime) -> bool:
    """End one request, unless it may not be withdrawn now; returns whether it gave a place back."""
    step = lifecycle.after(Status(referral.status), Action.WITHDRAW)
    if step is None or cannot_end_unvisited(referral, at=at):
        return False
    place = referral.place
    referral.status, referral.place, referral.ended_at, referral.ended_by = step.to, None, at, by
    referral.returned_from, referral.returned_at = "", None
    referral.save(update_fields=ENDED_COLUMNS)
    planned_visits.cancel_all(referral=referral, by=by, at=at)
    facts: WithdrawnFacts | LeftFacts
    if place is None:
        facts = LeftFacts(reason=reason, note=note, waiting=waiting.how_many_wait(locked.quota))
    else:
        line = places.release(locked=locked, draw=place, reason="Request withdrawn", by=by, at=at)
        facts = WithdrawnFacts(
            reason=reason,
            note=note,
            places_left=line.left_after,
            places_bought=locked.bought,
            ledger_seq=line.seq,
            gave_back=place.kind != EntryKind.CARRIED,
        )
    event = history.append(referral=referral, facts=facts, by=by, at=at)
    telling_support.to_teacher(referral=referral, sentence=NOTHING_MORE, seq=event.seq, by=by, at=at)
    telling.withdrawn(referral=referral, locked=locked, facts=facts, seq=event.seq, by=by, at=at)
    what = "left the waiting list" if place is None else "withdrew a request"
    audit.record(kind=AuditKind.WRITE, what=what, reference=referral.reference, by=by)
    return place is not None
