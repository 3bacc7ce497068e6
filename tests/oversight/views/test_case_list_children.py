"""Whose children a case list names: cohorts’ too, but not those of requests that were never sent."""

import pytest

from referrals.actions import cohort_schools
from referrals.models import CohortSchool
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import child_answers, ready_cohort, send
from tests.factories.organisations import EstablishmentFactory, MembershipFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.oversight.views.test_case_list import GIVEN, URL, cases, taken
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def test_children_whom_a_cohort_names_are_in_it(client_for):
    period_with_places(early_years=0, mainstream=2)
    zone = ZoneFactory()
    adviser = person(Role.SEND_ADVISER, zones=[zone])
    school = EstablishmentFactory(school=True, zone=zone)
    cohort = ready_cohort([school], by=adviser, names_reason="Each needs a plan of their own.")
    line = CohortSchool.objects.get(cohort=cohort)
    cohort_schools.name_child(school=line, answers=child_answers(), by=adviser, at=AT)
    send(cohort, by=adviser)
    [one] = cases(taken(client_for(person(Role.S2S_COORDINATOR)))).values()
    assert one["Children named by the cohort"] == "Wilf O’Tasburgh, born 6 May 2017, Year 2"
    assert (one["Year group"], one["Children in the group"]) == ("Year 1, Year 2", "6")
    assert one["First name"] == ""


def test_who_waits_was_not_sent_and_is_not_in_it(client_for):
    period_with_places(early_years=1)
    zone = ZoneFactory()
    adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    setting = EstablishmentFactory(zone=zone)
    sent, waits = sent_request(setting, by=adviser), waiting_request(setting, by=adviser)
    client = client_for(person(Role.S2S_COORDINATOR))
    assert set(cases(taken(client))) == {sent.reference}
    before = AuditEvent.objects.count()
    answer = client.post(f"{URL}?status=WAITING", GIVEN)
    assert "No request that was sent to S2S matches" in text_of(answer)
    assert AuditEvent.objects.count() == before
    both = person(Role.S2S_COORDINATOR)
    MembershipFactory(user=both, role=Role.EARLY_YEARS_ADVISER, zones=[zone])
    assert set(cases(taken(client_for(both)))) == {sent.reference, waits.reference}


def test_before_the_first_period_there_is_nothing_to_take(client_for):
    page = text_of(client_for(person(Role.S2S_COORDINATOR)).get(URL))
    assert "No request that was sent to S2S matches" in page
    assert "Why do you need this file?" not in page
