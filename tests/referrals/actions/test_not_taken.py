"""A contract that takes cohorts only, or requests of SEND Advisers only: refused under the lock, and said early."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from quotas.choices import Referrers, Unit
from quotas.models import Contract, LedgerEntry, Period, Quota
from referrals.actions import requests
from referrals.choices import RefusalRule, Status
from referrals.models import Decision, DraftReferral, Referral
from referrals.permissions import Asking
from referrals.queries.places import all_places_now
from referrals.queries.unmet import unmet_demand
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.cohorts import planned, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places
from tests.factories.referrals import filled_draft
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def period(by) -> Period:
    return period_with_places(early_years=5, mainstream=5, by=by)


@pytest.fixture
def early(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone])


@pytest.fixture
def send_adviser(zone):
    return person(Role.SEND_ADVISER, zones=[zone])


@pytest.fixture
def cohorts_only(period) -> Contract:
    Contract.objects.update(unit=Unit.COHORTS)
    return Contract.objects.get()


@pytest.fixture
def send_only(period) -> Contract:
    Contract.objects.update(referrers=Referrers.SEND_ADVISERS)
    return Contract.objects.get()


def submitted(by, establishment, *, at=AT, or_wait=False) -> requests.Outcome:
    draft = filled_draft(establishment, by=by)
    return requests.submit(key=draft.key, by=by, at=at, or_wait=or_wait)


class TestCohortsOnly:
    def test_a_request_by_itself_is_refused_with_its_six_facts(self, cohorts_only, send_adviser, zone, by):
        decision = submitted(send_adviser, EstablishmentFactory(school=True, zone=zone)).decision
        assert (decision.rule, decision.period) == (RefusalRule.COHORTS_ONLY, Period.objects.get())
        facts = decision.facts
        assert facts["rule"].startswith(f"Under the contract “{cohorts_only.name}”, support is asked for in cohorts")
        assert "0 of 5 mainstream places were used" in facts["count"]
        assert facts["set_by"].startswith("Merle Ketteringham set up this contract on 12 August 2024.")
        assert facts["next_date"].startswith("Put the school into a cohort")
        assert facts["waiting_list"].startswith("Not open for such a request")
        assert facts["help"]
        assert DraftReferral.objects.count() == 1
        assert not Referral.objects.exists()
        assert not LedgerEntry.objects.filter(places__lt=0).exists()
        assert Notification.objects.filter(kind=Kind.REQUEST_REFUSED).count() == 1

    def test_nobody_joins_the_waiting_list_instead(self, cohorts_only, send_adviser, zone):
        outcome = submitted(send_adviser, EstablishmentFactory(school=True, zone=zone), or_wait=True)
        assert outcome.decision.rule == RefusalRule.COHORTS_ONLY

    def test_what_a_contract_never_takes_comes_before_its_dates(self, cohorts_only, send_adviser, zone):
        outcome = submitted(send_adviser, EstablishmentFactory(school=True, zone=zone), at=FIRST_MOMENT_TOO_LATE)
        assert outcome.decision.rule == RefusalRule.COHORTS_ONLY

    def test_a_cohort_goes(self, cohorts_only, send_adviser, zone):
        schools = [EstablishmentFactory(school=True, zone=zone)]
        cohort = planned(ready_cohort(schools, by=send_adviser), "NOW", by=send_adviser)
        assert [one.status for one in send(cohort, by=send_adviser).sent] == [Status.SUBMITTED]

    def test_early_years_advisers_file_no_cohorts(self, cohorts_only, early, zone):
        assert submitted(early, EstablishmentFactory(zone=zone)).decision.rule == RefusalRule.OTHER_REFERRERS


class TestSendAdvisersOnly:
    def test_an_early_years_adviser_is_refused_and_a_send_adviser_is_not(self, send_only, early, send_adviser, zone):
        decision = submitted(early, EstablishmentFactory(zone=zone)).decision
        assert decision.rule == RefusalRule.OTHER_REFERRERS
        assert "only SEND Advisers file requests" in decision.facts["rule"]
        assert "SEND Adviser of the zone" in decision.facts["next_date"]
        assert submitted(send_adviser, EstablishmentFactory(school=True, zone=zone)).referral is not None

    def test_pressed_twice_it_is_one_refusal(self, send_only, early, zone):
        draft = filled_draft(EstablishmentFactory(zone=zone), by=early)
        first, second = (requests.submit(key=draft.key, by=early, at=AT).decision for _ in range(2))
        assert first == second


def test_without_a_quota_the_contract_speaks_first(early, zone, by):
    period = period_with_places(early_years=0, mainstream=5, by=by)
    Quota.objects.filter(period=period, stream=Stream.EARLY_YEARS).delete()
    Contract.objects.update(referrers=Referrers.SEND_ADVISERS)
    decision = submitted(early, EstablishmentFactory(zone=zone)).decision
    assert (decision.rule, decision.period) == (RefusalRule.OTHER_REFERRERS, None)
    assert "Merle Ketteringham set up this contract" in decision.facts["set_by"]
    Contract.objects.update(referrers=Referrers.ADVISERS)
    assert submitted(early, EstablishmentFactory(zone=zone)).decision.rule == RefusalRule.NO_QUOTA


def test_unmet_demand_counts_whom_the_contract_leaves_out(send_only, early, send_adviser, zone, by, period):
    submitted(early, EstablishmentFactory(zone=zone))
    Contract.objects.update(unit=Unit.COHORTS)
    submitted(send_adviser, EstablishmentFactory(school=True, zone=zone))
    assert Decision.objects.count() == 2
    assert unmet_demand(Asking(by), period=period).sums.refused == 1


def test_the_places_say_it_early(cohorts_only):
    early_years, mainstream = all_places_now(at=AT)
    assert "only SEND Advisers file requests" in early_years.not_taken
    assert "in cohorts only" in mainstream.not_taken
    assert not any(one.can_send or one.can_join for one in (early_years, mainstream))


def test_start_page_and_form_say_it(client, client_for, cohorts_only, early, send_adviser, zone):
    start = text_of(client.get(reverse("start")))
    assert "support is asked for in cohorts only" in start
    assert "only SEND Advisers file requests" in start
    assert "only SEND Advisers file requests" in text_of(client_for(early).get(reverse("referrals:draft_start")))
    page = text_of(client_for(send_adviser).get(reverse("referrals:draft_start")))
    assert "support is asked for in cohorts only" in page
    draft = filled_draft(EstablishmentFactory(school=True, zone=zone), by=send_adviser)
    check = text_of(client_for(send_adviser).get(reverse("referrals:draft_check", args=[draft.key])))
    assert "support is asked for in cohorts only" in check
    assert "This will use one" not in check


def test_the_database_knows_the_rules(cohorts_only, send_adviser, zone):
    decision = submitted(send_adviser, EstablishmentFactory(school=True, zone=zone)).decision
    row = {field.attname: getattr(decision, field.attname) for field in Decision._meta.fields if field.name != "id"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**row | {"reference": "RF-OTHER", "rule": "NO_REASON"})
