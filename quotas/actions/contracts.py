"""Setting up contracts, periods and quotas."""

from datetime import date, datetime

from django.db import transaction

from quotas import rules
from quotas.choices import FeeBasis
from quotas.models import Contract, FeeRule, Period, Quota
from quotas.permissions import check_can_set_up
from s2s_portal.organisations.models import User


class DatesMisordered(ValueError):
    """A period's dates are not in order; the message says which."""


@transaction.atomic
def create(
    *,
    name: str,
    provider: str,
    starts_on: date,
    ends_on: date,
    run_off_ends_on: date,
    successor_name: str,
    by: User,
    at: datetime,
) -> Contract:
    """A new contract; every date includes its whole day in London. Raises `NotAllowed`, `DatesMisordered`."""
    check_can_set_up(by)
    if not starts_on <= ends_on <= run_off_ends_on:
        raise DatesMisordered("A contract starts, then ends, then its run-off ends.")
    return Contract.objects.create(
        name=name,
        provider=provider,
        starts_on=starts_on,
        ends_on=ends_on,
        run_off_ends_on=run_off_ends_on,
        successor_name=successor_name,
    )


@transaction.atomic
def add_period(
    *,
    contract: Contract,
    name: str,
    opens_on: date,
    requests_close_on: date,
    allocation_deadline_on: date,
    delivery_ends_on: date,
    by: User,
    at: datetime,
) -> Period:
    """A new period of `contract`; every date includes its whole day. Raises `NotAllowed`, `DatesMisordered`."""
    check_can_set_up(by)
    period = Period(
        contract=contract,
        name=name,
        opens_on=opens_on,
        requests_close_on=requests_close_on,
        allocation_deadline_on=allocation_deadline_on,
        delivery_ends_on=delivery_ends_on,
        set_by=by,
        set_at=at,
    )
    wrong = rules.misordered(period)
    if wrong:
        raise DatesMisordered(wrong)
    period.save()
    return period


@transaction.atomic
def open_quota(*, period: Period, stream: str, by: User, at: datetime) -> Quota:
    """The quota of `stream` in `period`, made if it was not there. Grant places to it next. Raises `NotAllowed`."""
    check_can_set_up(by)
    return Quota.objects.get_or_create(period=period, stream=stream)[0]


@transaction.atomic
def set_fee(*, stream: str, starts_on: date, basis: FeeBasis, pence: int, by: User, at: datetime) -> FeeRule:
    """The fee of `stream` from `starts_on`, in pence (R13). The same row again changes nothing. Raises `NotAllowed`."""
    check_can_set_up(by)
    return FeeRule.objects.get_or_create(stream=stream, starts_on=starts_on, defaults={"basis": basis, "pence": pence})[
        0
    ]
