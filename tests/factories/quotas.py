"""Contracts, periods and quotas for tests, through the real actions; the dates are those of the service's own year."""

from datetime import date, datetime

from django.db import transaction

from quotas.actions import contracts, places
from quotas.actions.reference import load_fees
from quotas.models import Period, Quota
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from tests.factories.organisations import person
from tests.moments import LONDON

DATES = {
    "opens_on": date(2024, 9, 2),
    "requests_close_on": date(2024, 12, 13),
    "allocation_deadline_on": date(2024, 12, 20),
    "delivery_ends_on": date(2025, 3, 31),
}
SET_UP_AT = datetime(2024, 8, 12, 10, 0, tzinfo=LONDON)


def commissioner() -> User:
    """Somebody who may set up contracts and places."""
    return person(Role.COMMISSIONER, full_name="Merle Ketteringham")


def period_with_places(*, early_years: int = 50, mainstream: int = 85, by: User | None = None, **dates: date) -> Period:
    """A period of a contract of its own with these places, and the table of fees; `dates` replace those of 2024/25."""
    by = by or commissioner()
    all_dates = DATES | dates
    load_fees(by=by, at=SET_UP_AT)
    contract = contracts.create(
        name=f"School to School support from {all_dates['opens_on']:%B %Y}",
        provider="The Ferrymead Learning Trust",
        starts_on=all_dates["opens_on"],
        ends_on=all_dates["delivery_ends_on"],
        run_off_ends_on=all_dates["delivery_ends_on"],
        successor_name="",
        by=by,
        at=SET_UP_AT,
    )
    period = contracts.add_period(contract=contract, name="Two terms", **all_dates, by=by, at=SET_UP_AT)
    for stream, bought in ((Stream.EARLY_YEARS, early_years), (Stream.MAINSTREAM, mainstream)):
        quota = contracts.open_quota(period=period, stream=stream, by=by)
        if bought:
            places.grant(quota=quota, places=bought, reason="Places bought", by=by, at=SET_UP_AT)
    return period


def quota_of(period: Period, stream: Stream = Stream.EARLY_YEARS) -> Quota:
    """The period's quota of `stream`."""
    return Quota.objects.get(period=period, stream=stream)


def use_places(quota: Quota, count: int, *, by: User, at: datetime = SET_UP_AT) -> None:
    """Draw `count` places for requests that are not there: a quota with history, quickly."""
    with transaction.atomic():
        locked = places.locked(quota)
        used = quota.entries.filter(kind="DRAWN").count()
        for number in range(used, used + count):
            places.draw(locked=locked, reference=f"ZZ-{number:04d}", by=by, at=at)
