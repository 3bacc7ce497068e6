"""More information, corrections, agreements and standards as people meet them on the pages."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.actions import correcting, returning
from referrals.actions.standards import set_standards
from referrals.choices import Agreement, EventKind, Section, Status
from referrals.models import Referral, ServiceStandards
from referrals.queries.questions import open_question
from referrals.queries.standards import standards_at
from referrals.rules.standards import DEFAULTS
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from tests.factories import support
from tests.factories.cohorts import ready_cohort, send
from tests.factories.organisations import PASSWORD, EstablishmentFactory, ZoneFactory
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
QUESTION = "Which mornings does Wilf come?"
CONTACT = {
    "contact_name": "Perran Oxnead",
    "contact_job_title": "Manager",
    "contact_email": "perran@setting.invalid",
    "contact_telephone": "01603 496001",
    "availability": "Fridays only.",
    "reason": "They had the wrong day.",
}


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council, client_for):
    return client_for(council.people[Role.EARLY_YEARS_ADVISER])


@pytest.fixture
def coordinator(council, client_for):
    return client_for(council.people[Role.S2S_COORDINATOR])


def url(page, referral, *rest):
    return reverse(f"referrals:request_{page}", args=[referral.reference, *rest])


def now(referral):
    return Referral.objects.get(pk=referral.pk)


def asked(council, question=QUESTION):
    by = council.people[Role.S2S_COORDINATOR]
    return returning.ask(referral=council.early_years, question=question, by=by, at=AT).referral


def reads(referral):
    rows = AuditEvent.objects.filter(kind=AuditKind.READ, reference=referral.reference)
    return set(rows.values_list("what", flat=True))


def test_a_coordinator_asks_and_the_clock_pauses(council, coordinator):
    page = text_of(coordinator.get(url("ask", council.early_years)))
    assert "keeps its place and its date" in page
    assert "clock is paused" in page
    answer = coordinator.post(url("ask", council.early_years), {"words": QUESTION}, follow=True)
    assert "The clock is paused until they answer." in text_of(answer)
    row = now(council.early_years)
    assert (row.status, row.place_id) == (Status.RETURNED, council.early_years.place_id)
    found = open_question(row)
    assert (found.text, found.by, found.at) == (QUESTION, council.people[Role.S2S_COORDINATOR], AT)


def test_the_teacher_asks(council, client_for):
    teacher = council.people[Role.S2S_TEACHER]
    row = support.booked(council.early_years, teacher=teacher).referral
    browser = client_for(teacher)
    assert "visits that are planned stay planned" in text_of(browser.get(url("ask", row)))
    browser.post(url("ask", row), {"words": QUESTION})
    assert now(row).returned_from == Status.BOOKED


def test_a_question_that_is_empty(council, coordinator):
    page = text_of(coordinator.post(url("ask", council.early_years), {"words": ""}))
    assert "Error: Ask for more information" in page
    assert "Enter what S2S needs to know" in page
    assert now(council.early_years).status == Status.SUBMITTED


def test_pressed_twice_asks_once_and_another_question_is_not_lost(council, coordinator):
    for _ in range(2):
        answer = coordinator.post(url("ask", council.early_years), {"words": QUESTION})
        assert answer.url == reverse("referrals:referral_detail", args=[council.early_years.reference])
    assert council.early_years.events.filter(kind=EventKind.ASKED).count() == 1
    late = coordinator.post(url("ask", council.early_years), {"words": "And which room?"})
    page = text_of(late)
    assert late.status_code == 409
    assert "can no longer be returned for more information" in page
    assert "And which room?" in page
    assert "More information needed" in page


def test_the_adviser_reads_the_question_and_answers(council, adviser):
    row = asked(council)
    page = text_of(adviser.get(url("send_back", row)))
    assert QUESTION in page
    assert "S2S co-ordinator Person" in page
    assert url("correct", row) in page
    assert "question about a request" in reads(row)
    answer = adviser.post(url("send_back", row), {"words": "All but Mondays."}, follow=True)
    assert "Your answer is with S2S." in text_of(answer)
    assert now(row).status == Status.SUBMITTED
    assert open_question(now(row)) is None


@pytest.mark.moment(FIRST_MOMENT_TOO_LATE)
def test_an_answer_is_not_bound_by_the_cut_off(council, adviser):
    row = asked(council)
    adviser.post(url("send_back", row), {"words": "All but Mondays."})
    assert now(row).status == Status.SUBMITTED


def test_an_answer_that_comes_too_late_is_not_lost(council, adviser):
    row = asked(council)
    returning.take_back(referral=row, note="", by=council.people[Role.S2S_COORDINATOR], at=AT)
    late = adviser.post(url("send_back", row), {"words": "All but Mondays."})
    assert late.status_code == 409
    assert "All but Mondays." in text_of(late)
    assert "All but Mondays." not in text_of(adviser.get(url("send_back", row)))


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("send_back", {"words": "All but Mondays."}, "All but Mondays."),
        ("agreement", {"agreement_by": "Grandfather"}, "Grandfather"),
        ("agreement_withdraw", {"note": "She rang on Sunday."}, "She rang on Sunday."),
    ],
)
def test_what_was_typed_outlives_the_session(council, adviser, page, typed, words):
    row = asked(council)
    adviser.logout()
    to_sign_in = adviser.post(url(page, row), typed)
    adviser.post(to_sign_in.url, {"login": council.people[Role.EARLY_YEARS_ADVISER].email, "password": PASSWORD})
    assert words in text_of(adviser.get(url(page, row)))
    assert words not in text_of(adviser.get(url(page, row)))


def test_a_correction_outlives_the_session_with_its_edition(council, adviser):
    adviser.logout()
    page = url("correct_section", council.early_years, "contact")
    to_sign_in = adviser.post(page, CONTACT | {"edition": "7"})
    adviser.post(to_sign_in.url, {"login": council.people[Role.EARLY_YEARS_ADVISER].email, "password": PASSWORD})
    again = text_of(adviser.get(page))
    assert "You were signed out. What you typed is below" in again
    assert "Fridays only." in again
    assert 'name="edition" value="7"' in again


def test_a_question_is_taken_back_with_or_without_a_reason(council, coordinator):
    row = asked(council)
    assert QUESTION in text_of(coordinator.get(url("take_back", row)))
    coordinator.post(url("take_back", row), {"words": ""})
    assert now(row).status == Status.SUBMITTED


def test_questions_and_answers_stay_out_of_messages_and_titles(council, adviser):
    row = asked(council)
    adviser.post(url("send_back", row), {"words": "Wilf comes on Tuesdays."})
    sent = Notification.objects.filter(context__reference=row.reference).values_list("context", flat=True)
    assert sent
    assert "Wilf" not in str(list(sent))
    assert not AuditEvent.objects.filter(what__contains="Wilf").exists()


def test_the_list_of_sections(council, adviser, coordinator):
    page = text_of(adviser.get(url("correct", council.early_years)))
    sections = re.findall(r'href="/requests/[^/]+/correct/([a-z]+)/"', page)
    assert sections == ["setting", "conversation", "child", "needs", "tried", "support", "contact"]
    assert url("agreement", council.early_years) in page
    page = text_of(coordinator.get(url("correct", council.early_years)))
    assert "an adviser of its zone corrects this" in page
    assert url("correct_section", council.early_years, "setting") not in page
    assert coordinator.get(url("correct_section", council.early_years, "setting")).status_code == 403


def test_of_a_cohort_only_the_contact_is_corrected_and_the_page_says_why(council, client_for):
    by = council.people[Role.SEND_ADVISER]
    cohort = ready_cohort([council.school], by=by)
    send(cohort, by=by)
    [row] = cohort.requests.all()
    browser = client_for(by)
    page = text_of(browser.get(url("correct", row)))
    assert re.findall(r'href="/requests/[^/]+/correct/([a-z]+)/"', page) == ["contact"]
    assert "stays as it was sent" in page
    assert browser.get(url("correct_section", row, "needs")).status_code == 404
    browser.post(url("correct_section", row, "contact"), CONTACT | {"edition": "1"})
    assert now(row).availability == "Fridays only."


@pytest.mark.parametrize("section", ["agreement", "nonsense"])
def test_no_such_section(council, adviser, section):
    assert adviser.get(url("correct_section", council.early_years, section)).status_code == 404


@pytest.mark.parametrize("section", ["conversation", "child", "needs", "tried", "support", "contact"])
def test_each_section_shows_what_was_sent(council, adviser, section):
    answer = adviser.get(url("correct_section", council.early_years, section))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Why is this corrected?" in page
    assert f"{section} of a request, to correct it" in reads(council.early_years)
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Wilf" not in title


def test_a_correction_and_its_history(council, adviser, client_for):
    answer = adviser.post(
        url("correct_section", council.early_years, "contact"), CONTACT | {"edition": "1"}, follow=True
    )
    page = text_of(answer)
    assert "When to call and visit: was “Tuesdays and Thursdays before 11.”, is now “Fridays only.”." in page
    assert "“They had the wrong day.”" in page
    commissioner = client_for(council.people[Role.COMMISSIONER])
    page = text_of(commissioner.get(reverse("referrals:referral_detail", args=[council.early_years.reference])))
    assert "Contact and availability: When to call and visit corrected." in page
    assert [words for words in ("Fridays only", "Tuesdays and Thursdays", "wrong day") if words in page] == []


def test_without_a_reason_nothing_is_corrected_and_what_was_typed_stays(council, adviser):
    typed = CONTACT | {"edition": "1", "reason": "", "contact_email": ""}
    page = text_of(adviser.post(url("correct_section", council.early_years, "contact"), typed))
    assert "Enter why this is corrected" in page
    assert "Enter their e-mail address" in page
    assert "Fridays only." in page
    assert now(council.early_years).edition == 1


def test_two_people_at_once(council, adviser, client_for):
    coordinator = council.people[Role.S2S_COORDINATOR]
    told = {"section": Section.CONTACT, "answers": {"availability": "Mondays."}, "edition": 1, "reason": "They rang."}
    correcting.correct(referral=council.early_years, **told, by=coordinator, at=AT)
    page = text_of(adviser.post(url("correct_section", council.early_years, "contact"), CONTACT | {"edition": "1"}))
    assert "S2S co-ordinator Person corrected “Contact and availability” of this request at 09:30 while" in page
    assert "Mondays." in page
    assert "Fridays only." in page
    assert "They had the wrong day." in page
    assert 'name="edition" value="2"' in page
    adviser.post(url("correct_section", council.early_years, "contact"), CONTACT | {"edition": "2"})
    assert now(council.early_years).availability == "Fridays only."


def test_one_person_in_two_windows_and_pressed_twice(council, adviser):
    page = url("correct_section", council.early_years, "contact")
    for _ in range(2):
        assert adviser.post(page, CONTACT | {"edition": "1"}).status_code == 302
    assert now(council.early_years).edition == 2
    again = text_of(adviser.post(page, CONTACT | {"edition": "1", "availability": "Never."}))
    assert "You corrected “Contact and availability” of this request at 09:30 in another window" in again
    forged = text_of(adviser.post(page, CONTACT | {"edition": "x" * 20, "availability": "Never."}))
    assert "You corrected" in forged


def test_an_edition_nobody_made(council, adviser):
    page = url("correct_section", council.early_years, "contact")
    assert "Somebody has corrected this request" in text_of(adviser.post(page, CONTACT))


def test_a_year_group_that_does_not_fit_is_said(council, adviser):
    page = url("correct_section", council.early_years, "child")
    child = {"about": "CHILD", "child_first_name": "Wilf", "child_last_name": "Tasburgh", "reason": "A slip."}
    born = {"date_of_birth_day": "4", "date_of_birth_month": "3", "date_of_birth_year": "2023"}
    answer = adviser.post(page, child | born | {"edition": "1"}, follow=True)
    assert "The date of birth belongs to" in text_of(answer)


def test_after_the_first_visit_it_is_too_late_and_nothing_is_lost(council, adviser):
    row = support.in_status(council.early_years, Status.SUPPORTING)
    assert "corrected until the first visit" in text_of(adviser.get(url("correct", row)))
    late = adviser.post(url("correct_section", row, "contact"), CONTACT | {"edition": "1"})
    assert late.status_code == 409
    assert "Fridays only." in text_of(late)


def test_another_setting_is_searched_confirmed_and_its_zone_follows(council, adviser):
    zone = ZoneFactory(name="Tidal Broads")
    council.people[Role.EARLY_YEARS_ADVISER].memberships.get().zones.add(zone)
    other = EstablishmentFactory(zone=zone, name="Puddle Lane Pre-school")
    page = url("correct_section", council.early_years, "setting")
    assert "Bulrush Nursery" in text_of(adviser.get(page))
    assert "Puddle Lane Pre-school" in text_of(adviser.get(page, {"q": "puddle lane"}))
    chosen = adviser.post(page, {"setting": f"{other.source}:{other.urn}"})
    confirm = text_of(adviser.get(chosen.url))
    assert "it moves to the zone Tidal Broads" in confirm
    assert "Enter why this is corrected" in text_of(adviser.post(chosen.url, {"edition": "1", "reason": ""}))
    answer = adviser.post(chosen.url, {"edition": "1", "reason": "The other branch."}, follow=True)
    assert "The school or setting is corrected. Check the contact" in text_of(answer)
    assert (now(council.early_years).establishment, now(council.early_years).zone) == (other, zone)


def test_what_is_not_chosen_from_the_list(council, adviser):
    page = url("correct_section", council.early_years, "setting")
    for key in ("", "GIAS:0", f"{council.far_setting.source}:{council.far_setting.urn}"):
        assert "Choose a school or setting from the list below" in text_of(adviser.post(page, {"setting": key}))
    assert "Choose a school or setting from the list" in text_of(adviser.get(page, {"to": "GIAS:0"}))


def test_a_setting_of_the_other_stream_and_one_that_somebody_else_corrected(council, client_for):
    user = council.people[Role.EARLY_YEARS_ADVISER]
    send_too = user.memberships.create(role=Role.SEND_ADVISER)
    send_too.zones.add(council.zone)
    browser, page = client_for(user), url("correct_section", council.early_years, "setting")
    school = f"{page}?to={council.school.source}:{council.school.urn}"
    told = {"edition": "1", "reason": "It is a school."}
    assert "withdraw this one and send it again" in text_of(browser.post(school, told))
    other = EstablishmentFactory(zone=council.zone, name="Puddle Lane Pre-school")
    correcting.correct(
        referral=council.early_years, section=Section.CONTACT, answers={"availability": "Mondays."}, edition=1,
        reason="They rang.", by=council.people[Role.S2S_COORDINATOR], at=AT,
    )  # fmt: skip
    puddle = f"{page}?to={other.source}:{other.urn}"
    late = text_of(browser.post(puddle, told))
    assert "S2S co-ordinator Person has corrected this request while you were writing" in late
    assert "It is a school." in late
    assert re.search(r'name="edition"[^>]*value="2"|value="2"[^>]*name="edition"', late)
    assert browser.post(puddle, told | {"edition": "2"}).status_code == 302
    assert browser.post(puddle, told | {"edition": "2"}).status_code == 302


AGREED = {
    "agreement_by": "Father",
    "agreement_on_day": "25",
    "agreement_on_month": "11",
    "agreement_on_year": "2024",
    "agreement_how": "BY_EMAIL",
    "agreement_held": "With the SENCo",
}


def test_an_agreement_is_recorded_and_withdrawn_by_the_teacher(council, client_for):
    teacher = council.people[Role.S2S_TEACHER]
    row = support.assigned(council.early_years, teacher=teacher)
    browser = client_for(teacher)
    assert "Mother" in text_of(browser.get(url("agreement", row)))
    assert "parental agreement of a request" in reads(row)
    answer = browser.post(url("agreement", row), AGREED, follow=True)
    assert "The parental agreement is recorded." in text_of(answer)
    assert now(row).agreement_by == "Father"
    page = text_of(browser.get(url("agreement_withdraw", row)))
    assert "no observation can be booked" in page
    day = {"on_day": "26", "on_month": "11", "on_year": "2024"}
    answer = browser.post(url("agreement_withdraw", row), day | {"note": "Rang."}, follow=True)
    assert "recorded as withdrawn" in text_of(answer)
    assert now(row).agreement == Agreement.WITHDRAWN
    assert "recorded as withdrawn already" in text_of(browser.get(url("agreement_withdraw", row)))
    assert "GDPR" not in page


def test_an_agreement_of_the_future_or_in_part(council, adviser):
    page = text_of(adviser.post(url("agreement", council.early_years), AGREED | {"agreement_on_day": "27"}))
    assert "The date they agreed must be today or in the past" in page
    page = text_of(adviser.post(url("agreement", council.early_years), AGREED | {"agreement_held": ""}))
    assert "Enter where the agreement is kept" in page
    day = {"on_day": "27", "on_month": "11", "on_year": "2024"}
    page = text_of(adviser.post(url("agreement_withdraw", council.early_years), day))
    assert "The date they withdrew it must be today or in the past" in page
    assert now(council.early_years).agreement_by == "Mother"


def test_agreements_of_requests_that_have_ended_or_have_none(council, adviser):
    for page in ("agreement", "agreement_withdraw"):
        assert "This cannot be done now." in text_of(adviser.get(url(page, council.withdrawn)))
    Referral.objects.filter(pk=council.early_years.pk).update(agreement=Agreement.NOT_YET)
    answer = text_of(adviser.get(url("agreement_withdraw", council.early_years)))
    assert "No parental agreement is recorded for this request" in answer


TYPED = {name: str(number) for name, number in vars(DEFAULTS).items()}
TYPED |= {"from_day_day": "26", "from_day_month": "11", "from_day_year": "2024"}


def test_standards_are_shown_and_set(council, client_for):
    browser, page = client_for(council.people[Role.COMMISSIONER]), reverse("referrals:standards")
    before = text_of(browser.get(page))
    assert "within 5 working days of the place being drawn" in before
    assert "Nobody has set them yet" in before
    typed = TYPED | {"contact_working_days": "7", "reason": "Snow.", "seen": "0"}
    assert "Set these standards now?" in text_of(browser.post(page, typed))
    assert not ServiceStandards.objects.exists()
    after = text_of(browser.post(page, typed | {"step": "confirm"}, follow=True))
    assert "within 7 working days of the place being drawn" in after
    assert "Set by Commissioner Person on 26 November 2024 at 09:30: Snow." in after
    assert "Reach the school or setting: 7, was 5" in after
    assert standards_at(AT) == replace(DEFAULTS, contact_working_days=7)


def test_standards_that_cannot_be(council, client_for):
    browser, page = client_for(council.people[Role.COMMISSIONER]), reverse("referrals:standards")
    wrong = text_of(browser.post(page, TYPED | {"usual_visits": "9", "road_percent": "30", "seen": "0"}))
    assert "Enter the reason" in wrong
    assert "100" in wrong
    wrong = text_of(browser.post(page, TYPED | {"usual_visits": "9", "reason": "More.", "seen": "0"}))
    assert "as many as the usual ones" in wrong
    wrong = text_of(browser.post(page, TYPED | {"reason": "More.", "seen": "0"}))
    assert "These are the standards in force already. Change at least one of the numbers" in wrong
    assert not ServiceStandards.objects.exists()


def test_two_commissioners_at_once(council, client_for):
    commissioner = council.people[Role.COMMISSIONER]
    browser, page = client_for(commissioner), reverse("referrals:standards")
    put = {"standards": replace(DEFAULTS, review_weeks=8), "reason": "Summer.", "seen": 0}
    first = set_standards(**put, by=commissioner, at=AT.replace(hour=8)).in_force
    typed = TYPED | {"contact_working_days": "7", "reason": "Snow.", "seen": "0"}
    moved = text_of(browser.post(page, typed | {"step": "confirm"}))
    assert "Commissioner Person has put other settings in force while you were writing" in moved
    assert "Snow." in moved
    assert "8 weeks after the first visit" in moved
    assert f'name="seen" value="{first.number}"' in moved
    browser.post(page, typed | {"seen": str(first.number), "step": "confirm"})
    assert standards_at(AT) == replace(DEFAULTS, contact_working_days=7)


def test_pages_ask_the_database_little(council, adviser, client_for):
    row = asked(council)
    pages = [url("send_back", row), url("correct", row), url("agreement", row)]
    pages += [url("correct_section", row, section) for section in ("child", "needs", "support", "setting")]
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert adviser.get(page).status_code == 200
        assert len(queries) <= 15, (page, len(queries))


@pytest.mark.parametrize("times", [1, 3])
def test_the_history_of_standards_costs_the_same_however_long_it_is(
    council, client_for, times, django_assert_num_queries
):
    commissioner = council.people[Role.COMMISSIONER]
    browser, seen = client_for(commissioner), 0
    for number in range(times):
        put = replace(DEFAULTS, contact_working_days=6 + number)
        moment = AT.replace(minute=number)
        seen = set_standards(standards=put, reason="x", seen=seen, by=commissioner, at=moment).in_force.number
    with django_assert_num_queries(7):
        browser.get(reverse("referrals:standards"))
