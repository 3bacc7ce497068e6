"""Who waits for a place, as the dashboard reads it: everybody on a list, nobody who left it, and where."""

from datetime import date, timedelta

import pytest

from quotas.actions import levers
from referrals.actions import waiting, withdrawing
from referrals.choices import Giving, WithdrawReason
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.oversight.documents.waiting import WaitingZone
from s2s_portal.oversight.queries.facts import waiting_facts
from s2s_portal.oversight.queries.waiting import waiting_of, waiting_requests
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import waiting_request
from tests.factories.support import somebody
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.oversight.queries.asking import readings

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)


@pytest.fixture
def town():
    """Two zones and a period without places: three early years requests and a mainstream one wait."""
    return Town()


class Town:
    def __init__(self):
        self.zone, self.far = ZoneFactory(name="Reedham Reach"), ZoneFactory(name="Saltings")
        zones = [self.zone, self.far]
        self.adviser, self.send = (person(role, zones=zones) for role in (Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER))
        self.period = period_with_places(early_years=0, mainstream=0)
        self.first = self.joins(self.zone, at=AT - 5 * DAY)
        self.second = self.joins(self.far, at=AT - 2 * DAY)
        self.third = self.joins(self.zone, at=AT)
        school = EstablishmentFactory(school=True, zone=self.far)
        self.school = waiting_request(school, by=self.send, at=AT - DAY)

    def joins(self, zone, *, at):
        changes = {"conversation_on": date(2024, 11, 1), "agreement_on": date(2024, 11, 1)}
        return waiting_request(EstablishmentFactory(zone=zone), by=self.adviser, at=at, **changes)


def test_waiting_of_both_streams(town):
    found = waiting_of(readings(town.period))
    early_years, mainstream = found.streams
    assert early_years.joined == [date(2024, 11, 21), date(2024, 11, 24), date(2024, 11, 26)]
    assert (mainstream.count, mainstream.left) == (1, 0)
    assert found.zones == [
        WaitingZone(str(town.zone.pk), "Reedham Reach", (2, 0)),
        WaitingZone(str(town.far.pk), "Saltings", (1, 1)),
    ]
    assert found.giving == Giving.AUTOMATIC


def test_waiting_of_one_stream(town):
    found = waiting_of(readings(town.period, stream=Stream.MAINSTREAM))
    assert [one.count for one in found.streams] == [1]
    assert [zone.counts for zone in found.zones] == [(1,)]


def test_waiting_of_leaves_out_who_left_or_got_a_place(town):
    reason = WithdrawReason.NO_LONGER_NEEDED
    withdrawing.withdraw(referral=town.second, reason=reason, note="", by=town.adviser, at=AT)
    quota = quota_of(town.period)
    levers.adjust(quota=quota, places=1, reason="One more.", by=somebody(Role.COMMISSIONER), at=AT)
    waiting.fill(quota=quota, by=ensure_system_user(), at=AT)
    found = waiting_of(readings(town.period)).streams[0]
    assert found.joined == [date(2024, 11, 26)]
    assert found.left == 0


def test_waiting_of_nobody(council):
    found = waiting_of(readings(council.period))
    assert (found.count, found.zones) == (0, [])
    assert [one.left for one in found.streams] == [48, 84]


def test_waiting_of_after_the_cut_off(town):
    assert waiting_of(readings(town.period, at=FIRST_MOMENT_TOO_LATE)).giving == Giving.BY_HAND


def test_waiting_requests_are_those_of_the_zone(town):
    asked = readings(town.period)
    assert {case.pk for case in waiting_requests(asked, "zone", str(town.zone.pk))} == {town.first.pk, town.third.pk}
    assert {case.pk for case in waiting_requests(asked, "zone", str(town.far.pk))} == {town.second.pk, town.school.pk}
    assert waiting_requests(asked, "zone", "999") is None
    assert waiting_requests(asked, "stream", str(town.zone.pk)) is None


def test_waiting_requests_of_one_stream(town):
    asked = readings(town.period, stream=Stream.MAINSTREAM)
    assert [case.pk for case in waiting_requests(asked, "zone", str(town.far.pk))] == [town.school.pk]
    assert waiting_requests(asked, "zone", str(town.zone.pk)) is None


def test_waiting_of_is_three_statements(town, django_assert_num_queries):
    """The cases, the ledgers and the zones; who asks is known."""
    by = commissioner()
    asked = readings(town.period, by=by)
    list(by.memberships.all())
    waiting_of(readings(town.period, by=by))
    with django_assert_num_queries(3):
        waiting_of(asked)


def test_their_list_says_for_how_many_days_each_waits(town):
    asked = readings(town.period)
    line = str(town.zone.pk)
    facts = waiting_facts(asked, "zone", line, waiting_requests(asked, "zone", line))
    assert facts.by_pk == {town.first.pk: (5,), town.third.pk: (0,)}
