"""The contract that follows in the demo: cohorts only, filed by SEND Advisers, as the service's own successor is."""

from datetime import date, datetime

from quotas.actions import contracts, places
from quotas.choices import Referrers, Unit
from s2s_portal.demo.documents import days
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User

AT: datetime = days.moment(2024, 11, 18, 14, 0)
CONTRACT = "The new partnership model, April 2025 to March 2026"
PLACES = {Stream.MAINSTREAM: 60}


def commission_successor(*, by: User) -> None:
    """The contract from April 2025, its year and its places."""
    contract = contracts.create(
        name=CONTRACT,
        provider="Norfolk complex needs schools",
        starts_on=date(2025, 4, 1),
        ends_on=date(2026, 3, 31),
        run_off_ends_on=date(2026, 3, 31),
        successor_name="",
        unit=Unit.COHORTS,
        referrers=Referrers.SEND_ADVISERS,
        by=by,
        at=AT,
    )
    period = contracts.add_period(
        contract=contract,
        name="April 2025 to March 2026",
        opens_on=date(2025, 4, 1),
        requests_close_on=date(2025, 12, 12),
        allocation_deadline_on=date(2025, 12, 19),
        delivery_ends_on=date(2026, 3, 31),
        by=by,
        at=AT,
    )
    for stream, bought in PLACES.items():
        quota = contracts.open_quota(period=period, stream=stream, by=by)
        places.grant(quota=quota, places=bought, reason="Commissioned for the year", by=by, at=AT)
