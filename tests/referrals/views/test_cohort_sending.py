"""Sending a cohort from its check, and the pages that tell what came of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_schools, withdrawing
from referrals.choices import Plan, Status, WithdrawReason
from referrals.models import Cohort, CohortSchool, Decision, Referral
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import planned, ready_cohort
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.cohort_desk import cohort_desk
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
NOW, WAIT, OUT = "NOW", "WAIT", "NOT_YET"


@pytest.fixture
def here():
    """Five schools, four places: four go, one waits."""
    desk = cohort_desk(5, mainstream=4)
    desk.plan(NOW, NOW, NOW, NOW, WAIT)
    return desk


def nothing_was_sent(here):
    return not Referral.objects.filter(cohort=here.cohort).exists()


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_four_go_one_waits_and_the_confirmation_lists_each(here):
    edition = here.edition
    answer = here.send()
    assert answer.url == here.url(f"sent/{edition}/")
    page = text_of(here.client.get(answer.url))
    requests = list(Referral.objects.order_by("pk"))
    assert [one.status for one in requests] == [Status.SUBMITTED] * 4 + [Status.WAITING]
    assert all(f'href="/requests/{one.reference}/"' in page for one in requests)
    assert re.findall(r"<bdi>(School \d\d)</bdi>", page) == [f"School 0{number}" for number in range(5)]
    assert "This used 4 mainstream places. 0 of 4 are left. 1 request waits." in page
    assert "Number 1 when it joined" in page
    assert "within 5 working days" in page


def test_a_double_click_leads_to_the_same_confirmation(here):
    edition = here.edition
    first = here.post("send/", edition=str(edition))
    again = here.post("send/", edition=str(edition))
    assert first.url == again.url == here.url(f"sent/{edition}/")
    assert Referral.objects.count() == 5


def test_a_get_leads_to_the_check_and_sends_nothing(here):
    assert here.get("send/").url == here.url("check/")
    assert nothing_was_sent(here)


@pytest.mark.parametrize("edition", ["", "0", "1", "99", "-1", "x", "9" * 400, "²"])
def test_an_edition_that_was_not_checked_sends_nothing(here, edition):
    answer = here.post("send/", edition=edition, follow=True)
    assert "Nothing has been sent. Somebody has changed this cohort since you checked it." in text_of(answer)
    assert answer.redirect_chain[-1][0] == here.url("plan/")
    assert nothing_was_sent(here)


def test_the_edition_of_another_cohort_sends_nothing_of_this_one(here):
    other = ready_cohort([EstablishmentFactory(school=True, zone=here.zone)], by=here.user)
    for plan in (Plan.NOT_YET, Plan.NOW, Plan.NOT_YET):
        other = planned(other, plan, by=here.user)
    assert other.edition > here.edition
    here.post("send/", edition=str(other.edition))
    assert nothing_was_sent(here)


def test_a_place_taken_between_check_and_press_leads_back_to_the_plan(here):
    elsewhere = EstablishmentFactory(school=True, zone=here.zone)
    sent_request(elsewhere, by=here.user)
    answer = here.send(follow=True)
    page = text_of(answer)
    assert answer.redirect_chain[-1][0] == here.url("plan/")
    assert "Nothing has been sent. 3 places are free, and 4 schools are to be sent now. Choose again." in page
    assert nothing_was_sent(here)


@pytest.mark.parametrize("where", ["SAVEPOINT", "quotas_quota"])
def test_a_place_taken_during_the_press_leads_back_to_the_plan(here, where):
    elsewhere = EstablishmentFactory(school=True, zone=here.zone)
    with meanwhile(where, lambda: sent_request(elsewhere, by=here.user)):
        answer = here.send()
    assert answer.url == here.url("plan/")
    assert nothing_was_sent(here)


def test_a_school_that_closes_during_the_press_keeps_all_from_going(here):
    def closes():
        here.schools[2].status = "CLOSED"
        here.schools[2].save()

    with meanwhile("quotas_quota", closes):
        answer = here.send(follow=False)
    assert answer.url == here.url("plan/")
    assert nothing_was_sent(here)
    page = text_of(here.client.get(answer.url))
    assert "Something is missing or has changed for: School 02." in page


def test_a_colleague_who_sends_first_is_followed_to_the_same_confirmation(here):
    other = signed_in(person(Role.SEND_ADVISER, zones=[here.zone]))
    edition = str(here.edition)
    with meanwhile("quotas_quota", lambda: other.post(here.url("send/"), {"edition": edition})):
        answer = here.post("send/", edition=edition)
    assert answer.url == here.url(f"sent/{edition}/")
    assert Referral.objects.count() == 5


def test_a_cohort_deleted_during_the_press_is_gone(here):
    with meanwhile("quotas_quota", lambda: Cohort.objects.get(pk=here.cohort.pk).delete()):
        assert here.send().status_code == 404


def test_a_second_sending_has_its_own_confirmation(here):
    first = here.send().url
    late = EstablishmentFactory(school=True, zone=here.zone, name="School Late")
    cohort_schools.add(cohort=here.cohort, establishments=[late], by=here.user, at=AT)
    CohortSchool.objects.filter(establishment=late).update(
        children=3, contact_name="A", contact_email="a@b.invalid", agreed_by="H", agreed_on=AT.date()
    )
    here.plan(WAIT)
    second = here.send().url
    assert first != second
    assert "School Late" not in text_of(here.client.get(first))
    page = text_of(here.client.get(second))
    assert "School Late" in page
    assert "School 00" not in page
    assert "No place was free, so no place was used." in page
    assert "Number 2 when it joined" in page


def test_the_confirmation_stays_true_to_its_moment_and_says_what_is_now(here):
    url = here.send().url
    first = Referral.objects.order_by("pk")[0]
    why = {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": ""}
    withdrawing.withdraw(referral=first, **why, by=here.user, at=AT)
    page = text_of(here.client.get(url))
    assert "0 of 4 are left" in page
    assert "Now: Withdrawn" in page


def test_a_confirmation_of_a_sending_that_never_was_is_not_found(here):
    assert here.get("sent/1/").status_code == 404
    assert here.get(f"sent/{'9' * 30}/").status_code == 404


def test_only_the_schools_of_the_own_zones_are_confirmed_to_a_colleague():
    here = cohort_desk(2)
    far = ZoneFactory(name="Saltings")
    both = person(Role.SEND_ADVISER, zones=[here.zone, far])
    there = EstablishmentFactory(school=True, zone=far, name="School Far")
    cohort = ready_cohort([here.schools[0], there], by=both)
    browser = signed_in(both)
    edition = Cohort.objects.get(pk=cohort.pk).edition
    url = browser.post(f"/cohorts/{cohort.reference}/send/", {"edition": str(edition)}).url
    assert "School Far" in text_of(browser.get(url))
    page = text_of(here.client.get(url))
    assert "School 00" in page
    assert "School Far" not in page


def test_forty_are_confirmed_with_as_many_queries_as_one():
    counted = []
    for here in (cohort_desk(1), cohort_desk(40, with_places=False)):
        url = here.send().url
        with CaptureQueriesContext(connection) as seen:
            page = text_of(here.client.get(url))
        assert page.count('href="/requests/MS-') == len(here.schools)
        counted.append(len(seen))
    assert counted[0] == counted[1]


# --- The refusal ------------------------------------------------------------------------------------------------------
@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_too_late_every_school_is_refused_once_with_the_six_facts_on_one_page():
    here = cohort_desk(3)
    here.plan(NOW, NOW, OUT)
    first, again = here.send(), here.send()
    decisions = list(Decision.objects.order_by("pk"))
    assert first.url == again.url == here.url(f"refused/{decisions[0].reference}/")
    assert len(decisions) == 2
    page = text_of(here.client.get(first.url))
    assert "These 2 requests were not accepted: the cut-off has passed" in page
    assert page.count("Requests were taken up to and including 13 December 2024. That day has ended.") == 1
    for title in ("The rule", "The count at that moment", "Who set it, and when", "The next date", "The waiting list"):
        assert page.count(f'key">{title}</dt>') == 1
    assert "The cohort is kept." in page
    assert "draft" not in page.partition("<main")[2]
    assert all(f'href="/refusals/{one.reference}/"' in page for one in decisions)
    assert "School 02" not in page
    assert len(here.lines) == 3
    assert nothing_was_sent(here)


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_the_refusal_of_one_school_leads_back_to_its_cohort():
    here = cohort_desk(2)
    here.send()
    decision = Decision.objects.order_by("pk")[1]
    page = text_of(here.client.get(f"/refusals/{decision.reference}/"))
    assert f'href="{here.url("")}">Go to cohort {here.cohort.reference}</a>' in page
    assert "No place was used, and the cohort is kept." in page
    assert "draft" not in page.partition("<main")[2]
    assert here.get(f"refused/{decision.reference}/").status_code == 200


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_a_refusal_of_another_cohort_is_not_shown_as_one_of_this():
    here = cohort_desk(1)
    here.send()
    decision = Decision.objects.get()
    other = ready_cohort([EstablishmentFactory(school=True, zone=here.zone)], by=here.user)
    assert here.client.get(f"/cohorts/{other.reference}/refused/{decision.reference}/").status_code == 404
    assert here.get("refused/RF-2222-22/").status_code == 404
    far = signed_in(person(Role.SEND_ADVISER, zones=[ZoneFactory(name="Saltings")]))
    assert far.get(here.url(f"refused/{decision.reference}/")).status_code == 404


def test_every_request_can_be_traced_to_the_person_who_sent_it(here):
    here.send()
    for one in Referral.objects.all():
        assert AuditEvent.objects.filter(reference=one.reference, user_id=here.user.pk).exists()
