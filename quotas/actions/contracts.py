"""Setting up contracts, periods and quotas."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from quotas import queries, rules
from quotas.actions.places import grant
from quotas.choices import Referrers, Unit
from quotas.models import Contract, Period, Quota
from s2s_portal.organisations.actions.levers import one_at_a_time
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

BOUGHT = "Places bought with the period"


class DatesMisordered(ValueError):
    """A period's dates are not in order; the message says which."""


class NameTaken(ValueError):
    """Another contract, or another period of the contract, is called so."""


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
    unit: Unit = Unit.REQUESTS,
    referrers: Referrers = Referrers.ADVISERS,
) -> Contract:
    """A new contract; every date includes its whole day in London. Raises `NotAllowed`, `DatesMisordered`, `NameTaken`.

    `unit` and `referrers` say what it is asked for and who files: a successor may differ (DESIGN §8).
    """
    check(by, Permission.SET_UP_QUOTAS)
    one_at_a_time()
    if not starts_on <= ends_on <= run_off_ends_on:
        raise DatesMisordered("A contract starts, then ends, then its run-off ends.")
    if Contract.objects.filter(name=name).exists():
        raise NameTaken(f"There is a contract called “{name}” already.")
    return Contract.objects.create(
        name=name,
        provider=provider,
        starts_on=starts_on,
        ends_on=ends_on,
        run_off_ends_on=run_off_ends_on,
        successor_name=successor_name,
        unit=unit,
        referrers=referrers,
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
    _locked_contracts()
    overlapping = queries.taking_requests_beside(period)
    if overlapping is not None:
        raise DatesMisordered(f"“{overlapping}” takes requests on some of these days already.")
    period.save()
    return period


def _locked_contracts() -> list[Contract]:
    """Every contract, held still: periods of different contracts may not take requests on the same days either."""
    return list(Contract.objects.select_for_update(no_key=True).order_by("pk"))


@transaction.atomic
def set_up_period(
    *, contract: Contract, name: str, dates: Mapping[str, date], places: Mapping[Stream, int], by: User, at: datetime
) -> Period:
    """A new period with the places bought for each stream (0: the stream has none), all or nothing.

    Raises as `add_period` and `open_quota` do, `NameTaken`, and `DatesMisordered` for dates beyond the contract's.
    """
    check(by, Permission.SET_UP_QUOTAS)
    row = next(one for one in _locked_contracts() if one.pk == contract.pk)
    wrong = rules.beyond_contract(
        opens_on=dates["opens_on"],
        delivery_ends_on=dates["delivery_ends_on"],
        starts_on=row.starts_on,
        run_off_ends_on=row.run_off_ends_on,
    )
    if wrong:
        raise DatesMisordered(wrong)
    if row.periods.filter(name=name).exists():
        raise NameTaken(f"This contract has a period called “{name}” already.")
    period = add_period(contract=row, name=name, **dates, by=by, at=at)
    for stream, bought in places.items():
        if bought:
            quota = open_quota(period=period, stream=stream, by=by)
            grant(quota=quota, places=bought, reason=BOUGHT, by=by, at=at)
    return period


@transaction.atomic
def open_quota(*, period: Period, stream: str, by: User) -> Quota:
    """The quota of `stream` in `period`, made if it was not there. The places granted next say who and when.

    Raises `NotAllowed`, and `NoFeeKnown` while the table of fees does not reach the day the period opens (R13).
    """
    check(by, Permission.SET_UP_QUOTAS)
    queries.fee_for(stream=stream, day=period.opens_on)
    return Quota.objects.get_or_create(period=period, stream=stream)[0]
