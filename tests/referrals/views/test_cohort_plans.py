"""The cost before sending, the plan, and the check (R5)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referrals.actions import cohort_schools, withdrawing
from referrals.choices import Plan, WithdrawReason
from referrals.models import Cohort, CohortSchool, Referral
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories.cohorts import planned, ready_cohort, school_answers, send
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import use_places
from tests.factories.referrals import sent_request
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.cohort_desk import cohort_desk
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
NOW, WAIT, OUT = "NOW", "WAIT", "NOT_YET"


def chosen(page, here):
    """What the page has chosen for each school without a request, in their order."""
    found = dict(re.findall(r'name="plan-([^"]+)" type="radio" value="(\w+)" autocomplete="off" checked', page))
    return [found[str(line.key)] for line in here.lines if line.sent_edition is None]


# --- The plan ---------------------------------------------------------------------------------------------------------
def test_the_page_says_what_it_costs_and_suggests_who_goes():
    here = cohort_desk(7)
    use_places(here.quota, 79, by=here.user)
    CohortSchool.objects.filter(pk=here.lines[6].pk).update(priority="HIGH")
    page = text_of(here.get("plan/"))
    assert (
        "7 requests would use 7 mainstream places; 6 of 85 are left. "
        "Choose which go now; the others wait in this order." in page
    )
    assert "Requests are taken up to and including Friday 13 December 2024:" in page
    assert chosen(page, here) == [NOW, NOW, NOW, NOW, NOW, WAIT, NOW]


def test_when_all_fit_nobody_is_asked_to_wait():
    here = cohort_desk(2)
    page = text_of(here.get("plan/"))
    assert "2 requests would use 2 mainstream places; 85 of 85 are left. All can go now." in page
    assert "Join the waiting list" not in page


def test_when_none_is_free_all_wait():
    here = cohort_desk(2, mainstream=1)
    use_places(here.quota, 1, by=here.user)
    page = text_of(here.get("plan/"))
    assert "none of 1 is left. All can join the waiting list, in this order." in page
    assert chosen(page, here) == [WAIT, WAIT]
    assert here.plan(WAIT, WAIT).url == here.url("check/")


def test_those_who_wait_already_come_first():
    here = cohort_desk(6, mainstream=4)
    first = ready_cohort(here.schools[:5], by=here.user)
    planned(first, *[Plan.NOW] * 4, Plan.WAIT, by=here.user)
    outcome = send(first, by=here.user)
    why = {"reason": WithdrawReason.NO_LONGER_NEEDED, "note": ""}
    for one in outcome.sent[:3]:
        withdrawing.withdraw(referral=one, **why, by=here.user, at=AT)
    page = text_of(here.get("plan/"))
    assert "3 of 4 are left. 1 request waits ahead of you, so 2 places are free." in page
    assert chosen(page, here) == [NOW, NOW, WAIT, WAIT, WAIT, WAIT]
    assert page.count("Already requested this period:") == 2


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_after_the_cut_off_it_says_what_would_happen():
    here = cohort_desk(2)
    page = text_of(here.get("plan/"))
    assert "Requests closed at the end of 13 December 2024. Sent now, each request is refused with the reasons" in page
    assert here.plan(NOW, NOW).url == here.url("check/")
    page = text_of(here.get("check/"))
    assert "Send and get the reasons" in page
    assert "Would be sent (2)" in page


def test_where_no_places_were_bought_it_says_so():
    here = cohort_desk(1, with_places=False)
    assert "No places have been bought for this time." in text_of(here.get("plan/"))
    assert here.plan(NOW).url == here.url("check/")
    assert "Send and get the reasons" in text_of(here.get("check/"))


def test_the_plan_and_the_order_are_saved():
    here = cohort_desk(3, mainstream=1)
    lines = here.lines
    assert here.plan(WAIT, OUT, NOW, order=("1", "2", "1")).url == here.url("check/")
    assert [(line.pk, line.plan) for line in here.lines] == [
        (lines[2].pk, NOW),
        (lines[0].pk, WAIT),
        (lines[1].pk, OUT),
    ]
    assert chosen(text_of(here.get("plan/")), here) == [NOW, WAIT, OUT]


def test_a_plan_that_does_not_fit_is_kept_and_says_why_on_the_same_page():
    here = cohort_desk(3, mainstream=1)
    lines = here.lines
    answer = here.plan(NOW, NOW, OUT, order=("2", "1", "3"))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<title>Error: Choose who goes now" in page
    sentence = "1 place is free, and 2 schools are to be sent now. Choose again."
    assert f'<a href="#plan-{lines[1].key}">{sentence}</a>' in page
    assert [line.pk for line in here.lines] == [lines[1].pk, lines[0].pk, lines[2].pk]
    assert chosen(page, here) == [NOW, NOW, OUT]


def test_leaving_all_out_is_asked_about():
    here = cohort_desk(2)
    assert "Choose at least one school to send." in text_of(here.plan(OUT, OUT))


def test_what_is_no_number_is_shown_back_and_nothing_is_saved():
    here = cohort_desk(2, mainstream=1)
    edition = here.edition
    page = text_of(here.plan(WAIT, NOW, order=("first", "2")))
    assert 'value="first" aria-describedby' in page
    assert "Enter the place in the order as a whole number, such as 1" in page
    assert chosen(page, here) == [WAIT, NOW]
    assert here.edition == edition


def test_it_can_be_saved_for_later_even_if_it_does_not_fit():
    here = cohort_desk(2, mainstream=1)
    data = {f"plan-{line.key}": NOW for line in here.lines} | {"action": "later"}
    assert here.client.post(here.url("plan/"), data).url == here.url("")


def test_schools_of_other_cohorts_and_of_others_zones_cannot_be_planned_here():
    here = cohort_desk(1)
    far = ZoneFactory(name="Saltings")
    both = person(Role.SEND_ADVISER, zones=[here.zone, far])
    there = EstablishmentFactory(school=True, zone=far, name="School Far")
    cohort_schools.add(cohort=here.cohort, establishments=[there], by=both, at=AT)
    other = ready_cohort(here.schools, by=here.user)
    theirs, foreign = CohortSchool.objects.get(establishment=there), CohortSchool.objects.get(cohort=other)
    page = text_of(here.get("plan/"))
    assert "School Far" not in page
    forged = {f"plan-{one.key}": OUT for one in (theirs, foreign)} | {"plan-nonsense": OUT, "plan-": OUT}
    here.client.post(here.url("plan/"), forged | {f"plan-{here.lines[0].key}": NOW})
    assert set(CohortSchool.objects.values_list("plan", flat=True)) == {NOW}


def test_a_cohort_for_zones_of_others_says_who_sends_their_schools():
    here = cohort_desk(1)
    words = "Schools outside your zones are not shown here"
    assert words not in text_of(here.get("plan/"))
    here.cohort.zones.add(ZoneFactory(name="Saltings"))
    assert words in text_of(here.get("plan/"))


def test_in_two_tabs_the_last_plan_counts_and_a_school_added_meanwhile_is_shown():
    here = cohort_desk(2, mainstream=2)
    late = EstablishmentFactory(school=True, zone=here.zone, name="School Late")

    def adds():
        given = {late.pk: school_answers()}
        cohort_schools.add(cohort=here.cohort, establishments=[late], given=given, by=here.user, at=AT)

    with meanwhile("SAVEPOINT", adds):
        page = text_of(here.plan(NOW, NOW))
    assert "2 places are free, and 3 schools are to be sent now. Choose again." in page
    assert "School Late" in page


def test_a_place_taken_while_planning_is_told_when_saving():
    here = cohort_desk(2, mainstream=2)
    here.get("plan/")
    sent_request(EstablishmentFactory(school=True, zone=here.zone), by=here.user)
    assert "1 place is free, and 2 schools are to be sent now." in text_of(here.plan(NOW, NOW))


def test_a_school_that_lacks_something_leads_to_its_page_and_so_does_the_description():
    here = cohort_desk(1)
    CohortSchool.objects.update(contact_name="")
    Cohort.objects.update(why_now="")
    page = text_of(here.get("plan/"))
    assert "Enter who S2S should get in touch with" in page
    assert f'href="{here.url(f"schools/{here.lines[0].key}/")}"' in page
    assert "The description still needs 1 answer before anything can be sent." in page


def test_forty_schools_take_as_many_queries_as_one():
    counted = []
    for here in (cohort_desk(1), cohort_desk(40, with_places=False)):
        of_one = []
        for page in ("plan/", "check/"):
            with CaptureQueriesContext(connection) as seen:
                assert here.get(page).status_code == 200
            of_one.append(len(seen))
        counted.append(of_one)
    assert counted[0] == counted[1]


# --- The check --------------------------------------------------------------------------------------------------------
def test_the_check_says_exactly_what_sending_does():
    here = cohort_desk(4, mainstream=3)
    use_places(here.quota, 1, by=here.user)
    here.plan(NOW, WAIT, OUT, NOW)
    page = text_of(here.get("check/"))
    assert "This will use 2 mainstream places. 2 of 3 are left, after this 0." in page
    assert "Going now (2)" in page
    assert "<strong>Number 1:</strong>" in page
    assert "Left out for now (1)" in page
    assert "Until the end of 13 December 2024 a place that comes free goes to the first who waits." in page
    assert "Contact: Perran Oxnead, perran@school.invalid." in page
    assert "Agreed by The head teacher on 21 November 2024." in page
    assert "Four schools report the same need since September." in page
    assert "Send 2, and 1 to the waiting list</button>" in page
    assert f'name="edition" value="{here.edition}"' in page
    read = AuditEvent.objects.filter(kind=AuditKind.READ, what="read a whole cohort", reference=here.cohort.reference)
    assert read.count() == 1


def test_those_who_wait_are_numbered_behind_those_who_waited_before():
    here = cohort_desk(2, mainstream=1)
    first = ready_cohort([EstablishmentFactory(school=True, zone=here.zone) for _ in range(3)], by=here.user)
    planned(first, Plan.NOW, Plan.WAIT, Plan.WAIT, by=here.user)
    send(first, by=here.user)
    here.plan(WAIT, WAIT)
    page = text_of(here.get("check/"))
    assert re.findall(r"<strong>Number (\d+):", page) == ["3", "4"]
    assert "Join the waiting list</button>" in page


def test_a_school_that_has_a_request_already_is_warned_of():
    here = cohort_desk(2)
    asked = sent_request(here.schools[1], by=here.user)
    page = text_of(here.get("check/"))
    assert "School 01 already has a request of this period. Sending makes another" in page
    assert asked.reference in page


def test_a_plan_that_no_longer_fits_says_so_at_the_top_and_cannot_be_sent():
    here = cohort_desk(2, mainstream=2)
    here.plan(NOW, NOW)
    sent_request(EstablishmentFactory(school=True, zone=here.zone), by=here.user)
    page = text_of(here.get("check/"))
    assert f'<a href="{here.url("plan/")}">1 place is free, and 2 schools are to be sent now. Choose again.</a>' in page
    assert 'name="edition"' not in page


def test_what_is_missing_says_so_at_the_top_and_cannot_be_sent():
    here = cohort_desk(2)
    CohortSchool.objects.filter(pk=here.lines[0].pk).update(children=None)
    Cohort.objects.update(why_now="")
    page = text_of(here.get("check/"))
    assert "School 00: Enter how many children are at this school" in page
    assert "The description still needs 1 answer" in page
    assert 'name="edition"' not in page
    here.plan(OUT, NOW)
    assert "Enter how many children" not in text_of(here.get("check/"))


def test_nothing_is_written_by_looking():
    here = cohort_desk(2)
    edition = here.edition
    for page in ("plan/", "check/", "schools/add/", "schools/file/", "schools/review/"):
        here.get(page)
    assert here.edition == edition
    assert not Referral.objects.exists()


def test_children_who_do_not_add_up_are_pointed_out_while_all_schools_go():
    here = cohort_desk(5)  # 6 children each, and 24 in the description
    words = "The schools add up to 30 children, and the description says 24 in all."
    assert words in text_of(here.get("check/"))
    here.plan(NOW, NOW, NOW, NOW, OUT)
    assert words not in text_of(here.get("check/"))
    here.plan(NOW, NOW, NOW, NOW, NOW)
    Cohort.objects.update(children=30)
    assert "add up to" not in text_of(here.get("check/"))
    Cohort.objects.update(children=24, sent_at=AT)
    assert "add up to" not in text_of(here.get("check/"))
