"""At the midnight to a Monday: what is written after the moment of the figures is in none of them."""

from datetime import date, datetime, timedelta

import pytest

from referrals.actions import withdrawing
from referrals.choices import WithdrawReason
from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.queries.flow import flow_of
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import LONDON
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
BEFORE = {"conversation_on": date(2024, 10, 1), "agreement_on": date(2024, 10, 1)}


@pytest.mark.parametrize("monday", [date(2024, 10, 28), date(2024, 12, 2), date(2025, 3, 31)], ids=str)
def test_flow_a_second_before_knows_nothing_of_the_week_to_come(monday):
    """In a common week and after both changes of the clocks."""
    setting = EstablishmentFactory(zone=ZoneFactory())
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[setting.zone])
    period = period_with_places(by=person(Role.COMMISSIONER))
    midnight = datetime(monday.year, monday.month, monday.day, tzinfo=LONDON)
    row = sent_request(setting, by=adviser, at=datetime(2024, 10, 22, 10, tzinfo=LONDON), **BEFORE)
    why = {"reason": WithdrawReason.CHILD_MOVED, "note": "Gone to live by the Waveney."}
    withdrawing.withdraw(referral=row, **why, by=adviser, at=midnight)
    before = flow_of(readings(period, at=midnight - timedelta(seconds=1))).weeks[-1]
    after = flow_of(readings(period, at=midnight)).weeks[-1]
    assert (before.monday, before.gone, before.open) == (monday - timedelta(days=7), [], {row.pk})
    assert (after.monday, after.gone, after.open) == (monday, [row.pk], set())
