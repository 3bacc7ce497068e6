"""Norfolk's own contract and fees as reference data: the demo loads them, another council need not."""

from datetime import date, datetime

from django.db import transaction

from quotas.actions import contracts, fees, places
from quotas.choices import FeeBasis
from quotas.models import Contract, Period
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

CONTRACT = "School to School support, September 2024 to March 2025"
FEES = (
    (Stream.EARLY_YEARS, date(2000, 1, 1), FeeBasis.FUNDED, 0),
    (Stream.MAINSTREAM, date(2000, 1, 1), FeeBasis.TRADED_HOURS, 0),
    (Stream.MAINSTREAM, date(2019, 4, 1), FeeBasis.PER_REQUEST, 100_00),
    (Stream.MAINSTREAM, date(2024, 9, 1), FeeBasis.FUNDED, 0),
)
"""R13, in pence: early years free always; mainstream traded until 31 March 2019, then £100, then free."""
REASON = "Norfolk’s fees, loaded as reference data"
PLACES = {Stream.EARLY_YEARS: 50, Stream.MAINSTREAM: 85}


@transaction.atomic
def load_fees(*, by: User, at: datetime) -> None:
    """R13's table. Loading it again changes nothing.

    Raises `NotAllowed` unless `by` is a commissioner, and `CannotChange` where another fee was set for one of its days.
    """
    for stream, starts_on, basis, pence in FEES:
        fees.load(stream=stream, starts_on=starts_on, basis=basis, pence=pence, reason=REASON, by=by, at=at)


@transaction.atomic
def load_norfolk_2024(*, by: User, at: datetime) -> Period:
    """The contract extended to March 2025, its two terms and its 50 and 85 places; the period, if already there.

    `at` is when the commissioner `by` set them. Raises `NotAllowed`.
    """
    load_fees(by=by, at=at)
    loaded = Contract.objects.filter(name=CONTRACT).first()
    if loaded is not None:
        return loaded.periods.get()
    contract = contracts.create(
        name=CONTRACT,
        provider="Norfolk complex needs schools",
        starts_on=date(2024, 9, 1),
        ends_on=date(2025, 3, 31),
        run_off_ends_on=date(2025, 3, 31),
        successor_name="The new partnership model",
        by=by,
        at=at,
    )
    period = contracts.add_period(
        contract=contract,
        name="Autumn 2024 and spring 2025",
        opens_on=date(2024, 9, 1),
        requests_close_on=date(2024, 12, 13),
        allocation_deadline_on=date(2024, 12, 20),
        delivery_ends_on=date(2025, 3, 31),
        by=by,
        at=at,
    )
    for stream, bought in PLACES.items():
        quota = contracts.open_quota(period=period, stream=stream, by=by)
        places.grant(quota=quota, places=bought, reason="Commissioned for the two terms", by=by, at=at)
    return period
