"""Setting up contracts, periods and quotas."""

from datetime import date, datetime

from django.db import transaction

from quotas import queries, rules
from quotas.choices import FeeBasis
from quotas.models import Contract, FeeRule, Period, Quota
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


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
    check(by, Permission.SET_UP_QUOTAS)
    if not starts_on <= ends_on <= run_off_ends_on:
        raise DatesMisordered("A contract starts, then ends, then its run-off ends.")
    return Contract.objects.create(
        name=name,
        provider=provider,
        starts_on=starts_on,
        ends_on=ends_on,
        run_off_ends_on=run_off_ends_on,
        successor_name=successor_name,
        set_by=by,
        set_at=at,
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
    check(by, Permission.SET_UP_QUOTAS)
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
    _check_follows(period)
    period.save()
    return period


def _check_follows(period: Period) -> None:
    """Only one period takes requests on a day: `queries.period_at` would hide the other one's places."""
    list(Contract.objects.select_for_update(no_key=True).order_by("pk"))
    overlapping = Period.objects.filter(
        opens_on__lte=period.requests_close_on, requests_close_on__gte=period.opens_on
    ).first()
    if overlapping is not None:
        raise DatesMisordered(f"“{overlapping}” takes requests on some of these days already.")


@transaction.atomic
def open_quota(*, period: Period, stream: str, by: User) -> Quota:
    """The quota of `stream` in `period`, made if it was not there. The places granted next say who and when.

    Raises `NotAllowed`, and `NoFeeKnown` while the table of fees does not reach the day the period opens (R13).
    """
    check(by, Permission.SET_UP_QUOTAS)
    queries.fee_for(stream=stream, day=period.opens_on)
    return Quota.objects.get_or_create(period=period, stream=stream)[0]


@transaction.atomic
def set_fee(*, stream: str, starts_on: date, basis: FeeBasis, pence: int, by: User, at: datetime) -> FeeRule:
    """The fee of `stream` from `starts_on`, in pence (R13). The same row again changes nothing. Raises `NotAllowed`."""
    check(by, Permission.SET_UP_QUOTAS)
    return FeeRule.objects.get_or_create(
        stream=stream, starts_on=starts_on, defaults={"basis": basis, "pence": pence, "set_by": by, "set_at": at}
    )[0]
