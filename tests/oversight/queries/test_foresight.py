"""What raising or lowering a quota comes to: the day its places run out, and who waits."""

from datetime import timedelta

import pytest

from quotas.registry import Foreseen
from s2s_portal.organisations.choices import Role
from s2s_portal.oversight.queries.foresight import foreseen
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def quota():
    """Twelve places, of which eight were used in the last two weeks."""
    quota = quota_of(period_with_places(early_years=12))
    zone = ZoneFactory()
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    for days in (1, 4, 5, 6, 7, 8, 11, 12):
        early = {"conversation_on": (AT - 20 * DAY).date(), "agreement_on": (AT - 20 * DAY).date()}
        sent_request(EstablishmentFactory(zone=zone), by=adviser, at=AT - days * DAY, **early)
    return quota


def test_fewer_places_are_gone_sooner(quota):
    runs_out, waits = foreseen(quota, -4, commissioner(), AT)
    assert runs_out == Foreseen("They run out", "From 2 December 2024 or not at all", "None left")
    assert foreseen(quota, 40, commissioner(), AT)[0].afterwards == "Not before 13 December 2024"
    assert foreseen(quota, -2, commissioner(), AT)[0].afterwards == "From 28 November 2024 or not at all"
    assert waits == Foreseen("Wait for a place", "Nobody", "Nobody")


def test_who_waits_gets_the_new_places_at_once():
    quota = quota_of(period_with_places(early_years=0))
    zone = ZoneFactory()
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    for _ in range(3):
        waiting_request(EstablishmentFactory(zone=zone), by=adviser, at=AT)
    assert foreseen(quota, 2, commissioner(), AT)[1].afterwards == "1 request: 2 get one at once"
    assert foreseen(quota, 5, commissioner(), AT)[1].afterwards == "Nobody: 3 get one at once"
    closed = foreseen(quota, 2, commissioner(), AT + 20 * DAY)[1]
    assert closed == Foreseen("Wait for a place", "3 requests", "3 requests")
