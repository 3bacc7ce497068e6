"""Dates moved later: a contract's end, or a period's cut-off (DESIGN §8). No place is added: those need a period."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from quotas import queries, rules
from quotas.choices import CONTRACT_EXTENDED, CUT_OFF_MOVED
from quotas.models import Contract, DatesChange, Period, Quota
from s2s_portal.core import calendar
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.choices import CHECK_BOOKINGS, LOOK_AGAIN, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

CONTRACT_DATES = ("ends_on", "run_off_ends_on")
USED_ELSEWHERE = "This page was used for other dates. Open it again."
PERIOD_DATES = ("requests_close_on", "allocation_deadline_on", "delivery_ends_on")


@dataclass(frozen=True)
class Extended:
    """The change as it was written, or why there was none, in a sentence (ENGINEERING §2)."""

    change: DatesChange | None = None
    refusal: str = ""


@transaction.atomic
def extend_contract(
    *, contract: Contract, ends_on: date, run_off_ends_on: date, reason: str, key: uuid.UUID, by: User, at: datetime
) -> Extended:
    """Move a contract's end and run-off later: nothing else. Planned visits are looked at again.

    Each date includes its whole day in London. The same `key` again gives the first change. Raises `NotAllowed`.
    """
    check(by, Permission.SET_UP_QUOTAS)
    row = _locked(contract)
    if earlier := _earlier(key):
        return _same(earlier, row, None)
    was = {name: getattr(row, name) for name in CONTRACT_DATES}
    now = {"ends_on": ends_on, "run_off_ends_on": run_off_ends_on}
    wrong = why_not_extended(row, now)
    if wrong:
        return Extended(refusal=wrong)
    for name, day in now.items():
        setattr(row, name, day)
    row.set_by, row.set_at = by, at
    row.save(update_fields=[*CONTRACT_DATES, "set_by", "set_at"])
    change = _written(row, None, was, now, reason, key, by, at)
    ask(job=CONTRACT_EXTENDED, subject=str(change.pk), at=at)
    return Extended(change)


@transaction.atomic
def move_cut_off(
    *,
    period: Period,
    requests_close_on: date,
    allocation_deadline_on: date,
    delivery_ends_on: date,
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> Extended:
    """Move a period's cut-off later, and with it the dates after it. Requests that no place came free for come back.

    The higher storey brings them back in their order: the job is asked for here. Dates include their whole day. The
    same `key` again gives the first change. Raises `NotAllowed`.
    """
    check(by, Permission.SET_UP_QUOTAS)
    contract = _locked(period.contract)
    # Whoever draws, gives or lapses holds its quota: all of them wait until the dates are as they will be.
    list(Quota.objects.select_for_update(no_key=True).filter(period=period).order_by("pk"))
    row = Period.objects.select_related("contract").get(pk=period.pk)
    if earlier := _earlier(key):
        return _same(earlier, contract, row)
    was = {name: getattr(row, name) for name in PERIOD_DATES}
    now = dict(zip(PERIOD_DATES, (requests_close_on, allocation_deadline_on, delivery_ends_on), strict=True))
    wrong = why_not_moved(row, now, at=at)
    if wrong:
        return Extended(refusal=wrong)
    for name, day in now.items():
        setattr(row, name, day)
    row.set_by, row.set_at = by, at
    row.save(update_fields=[*PERIOD_DATES, "set_by", "set_at"])
    ask(job=CUT_OFF_MOVED, subject=str(row.pk), at=at)
    return Extended(_written(contract, row, was, now, reason, key, by, at))


def why_not_extended(contract: Contract, now: Mapping[str, date]) -> str:
    """Why the contract's dates cannot become `now` (by `CONTRACT_DATES`), in a sentence; "" if they can."""
    was = {name: getattr(contract, name) for name in CONTRACT_DATES}
    return rules.cannot_extend(was=was, now=now) or ""


def why_not_moved(period: Period, now: Mapping[str, date], *, at: datetime) -> str:
    """Why the period's dates cannot become `now` (by `PERIOD_DATES`), in a sentence; "" if they can."""
    was = {name: getattr(period, name) for name in PERIOD_DATES}
    after = Period(pk=period.pk, opens_on=period.opens_on, **now)
    wrong = rules.cannot_move_cut_off(
        was=was,
        now=now,
        run_off_ends_on=period.contract.run_off_ends_on,
        beside=queries.taking_requests_beside(after),
        today=calendar.london_date(at),
    )
    return wrong or rules.misordered(after) or ""


def _locked(contract: Contract) -> Contract:
    return Contract.objects.select_for_update(no_key=True, of=("self",)).get(pk=contract.pk)


def _earlier(key: uuid.UUID) -> DatesChange | None:
    return DatesChange.objects.filter(key=key).first()


def _same(earlier: DatesChange, contract: Contract, period: Period | None) -> Extended:
    """The answer to a key that is known: the change of the same press, or that it belongs to another one."""
    if (earlier.contract_id, earlier.period_id) != (contract.pk, period.pk if period else None):
        return Extended(refusal=USED_ELSEWHERE)
    return Extended(earlier)


def _written(
    contract: Contract,
    period: Period | None,
    was: Mapping[str, date],
    now: Mapping[str, date],
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> DatesChange:
    changed = [name for name in now if now[name] != was[name]]
    change = DatesChange.objects.create(
        key=key,
        contract=contract,
        period=period,
        was={name: was[name].isoformat() for name in changed},
        now={name: now[name].isoformat() for name in changed},
        reason=reason,
        by=by,
        at=at,
    )
    ask(job=CHECK_BOOKINGS, subject="all", at=at)
    ask(job=LOOK_AGAIN, subject="all", at=at)
    return change
