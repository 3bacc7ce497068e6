"""What an adviser is asked at a contract's end, and the links between a request and the one that goes on."""

import pytest
from django.urls import reverse

from referrals.actions import returning, rollover_deciding, rollover_sweeping
from referrals.choices import Fate, Status
from referrals.models import Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role, Stream
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.moment(LAST_DAY)]
AFTER = LAST_DAY + support.DAY


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


@pytest.fixture
def adviser(council):
    return council.people[Role.EARLY_YEARS_ADVISER]


@pytest.fixture
def rollover(council):
    """The end of the contract: more information is awaited about one request, and its adviser is asked."""
    support.in_status(council.early_years, Status.RETURNED, at=LAST_DAY)
    rollover = ends.begun(council.period, ends.successor(council.period.contract))
    line = ends.line_of(rollover, council.early_years)
    assert not rollover_deciding.ask(line=line, by=ends.commissioners()[0], at=LAST_DAY).refusal
    return rollover


def page_of(referral) -> str:
    return reverse("referrals:contract_end_answer", args=[referral.reference])


def request_page(browser, referral) -> str:
    return text_of(browser.get(reverse("referrals:referral_detail", args=[referral.reference])))


def test_the_request_leads_its_adviser_to_the_question_and_nobody_else(council, client_for, adviser, rollover):
    assert page_of(council.early_years) in request_page(client_for(adviser), council.early_years)
    for role in (Role.S2S_COORDINATOR, Role.COMMISSIONER):
        assert page_of(council.early_years) not in request_page(client_for(council.people[role]), council.early_years)


def test_home_leads_its_adviser_to_the_question_until_it_is_answered(council, client_for, adviser, rollover):
    home = reverse("home")
    assert page_of(council.early_years) in text_of(client_for(adviser).get(home))
    assert page_of(council.early_years) not in text_of(client_for(council.people[Role.SEND_ADVISER]).get(home))
    line = ends.line_of(rollover, council.early_years)
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=adviser, at=LAST_DAY)
    assert page_of(council.early_years) not in text_of(client_for(adviser).get(home))


def test_it_is_checked_before_it_is_given(council, client_for, adviser, rollover):
    browser, given = client_for(adviser), {"wish": "MOVE", "note": "They asked again."}
    page = text_of(browser.post(page_of(council.early_years), given))
    assert "Check your answer" in page
    assert "They asked again." in page
    assert ends.line_of(rollover, council.early_years).wish == ""
    page = text_of(browser.post(page_of(council.early_years), given | {"step": "change"}))
    assert "They asked again." in page
    page = text_of(browser.post(page_of(council.early_years), given | {"step": "confirm"}, follow=True))
    assert "Your answer has been recorded." in page
    assert "A second commissioner approves what becomes of every request" in page
    line = ends.line_of(rollover, council.early_years)
    assert (line.wish, line.wish_note, line.wish_by, line.fate) == (Fate.MOVE, "They asked again.", adviser, Fate.MOVE)
    assert page_of(council.early_years) not in request_page(browser, council.early_years)


def test_what_cannot_be_done_is_not_offered_and_says_why(council, client_for, adviser):
    support.in_status(council.early_years, Status.RETURNED, at=LAST_DAY)
    rollover = ends.begun(council.period, ends.successor(council.period.contract, streams=(Stream.MAINSTREAM,)))
    line = ends.line_of(rollover, council.early_years)
    rollover_deciding.ask(line=line, by=ends.commissioners()[0], at=LAST_DAY)
    browser, here = client_for(adviser), page_of(council.early_years)
    page = text_of(browser.get(here))
    why = "The new contract has no places for its stream."
    assert f"Not possible: go on under the new contract. {why}" in page
    assert 'value="MOVE"' not in page
    assert 'value="FINISH"' in page
    page = text_of(browser.post(here, {"wish": "MOVE", "step": "confirm"}, follow=True))
    assert "There is a problem" in page
    assert ends.line_of(rollover, council.early_years).wish == ""


def test_what_could_be_done_when_it_was_wished_and_cannot_now_is_for_a_commissioner(council, client_for, adviser):
    support.in_status(council.early_years, Status.RETURNED, at=LAST_DAY)
    rollover = ends.begun(council.period, ends.successor(council.period.contract, streams=(Stream.MAINSTREAM,)))
    line = ends.line_of(rollover, council.early_years)
    rollover_deciding.ask(line=line, by=ends.commissioners()[0], at=LAST_DAY)
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=adviser, at=LAST_DAY)
    page = text_of(client_for(adviser).get(page_of(council.early_years)))
    assert "This cannot be done as it is, so a commissioner decides" in page
    assert ends.line_of(rollover, council.early_years).fate == Fate.ASK


def test_an_answer_is_asked_for_and_what_was_typed_stays(council, client_for, adviser, rollover):
    page = text_of(client_for(adviser).post(page_of(council.early_years), {"note": "Typed already."}))
    assert "Select what is still wanted" in page
    assert "Typed already." in page


def test_after_the_run_the_page_says_what_an_answer_does_then(council, client_for, adviser, rollover):
    """Going on is done at once; support ends only by a commissioner's decision."""
    done = ends.ran(ends.approved(rollover))
    portal = ensure_system_user()
    rollover_sweeping.sweep(rollover=done, by=portal, at=AFTER)
    line = ends.line_of(done, council.early_years)
    assert rollover_deciding.ask(line=line, by=ends.commissioners()[0], at=AFTER).refusal == ""
    browser, here = client_for(adviser), page_of(council.early_years)
    assert "A commissioner reads your answer and decides whether it is closed. If so: S2S stops." in text_of(
        browser.get(here)
    )
    page = text_of(browser.post(here, {"wish": "CLOSE"}))
    assert "A commissioner reads your answer and decides whether it is closed. You can change the answer" in page
    page = text_of(browser.post(here, {"wish": "CLOSE", "step": "confirm"}, follow=True))
    assert "A commissioner reads your answer and decides whether it is closed. You are told." in page
    assert "second commissioner" not in page
    page = text_of(browser.post(here, {"wish": "MOVE"}))
    assert "If it can be done, it is done within seconds, and you are told." in page
    page = text_of(browser.post(here, {"wish": "MOVE", "step": "confirm"}, follow=True))
    assert "It is done within seconds, and you are told." in page
    ends.ran(done, at=AFTER)
    assert ends.line_of(done, council.early_years).outcome == Fate.MOVE


def test_too_late_is_said(council, client_for, adviser, rollover):
    browser = client_for(adviser)
    ends.ran(ends.approved(rollover))
    page = text_of(browser.post(page_of(council.early_years), {"wish": "CLOSE", "step": "confirm"}, follow=True))
    assert "Your answer was not recorded. It is too late to answer" in page


def test_who_was_not_asked_finds_no_page(council, client_for, rollover):
    browser = client_for(council.people[Role.SEND_ADVISER])
    assert browser.get(page_of(council.mainstream)).status_code == 404


def test_both_requests_lead_to_each_other(council, client_for, rollover):
    ends.ran(ends.approved(rollover))
    old = Referral.objects.get(pk=council.far.pk)
    new = Referral.objects.get(continues=old)
    browser = client_for(council.far_adviser)
    page = request_page(browser, old)
    assert "Moved: goes on as" in page
    assert reverse("referrals:referral_detail", args=[new.reference]) in page
    page = request_page(browser, new)
    assert "Carried over from" in page
    assert reverse("referrals:referral_detail", args=[old.reference]) in page


def test_a_new_teacher_reads_what_was_done_before_and_nobody_elses(council, client_for, rollover):
    ends.ran(ends.approved(rollover))
    old = Referral.objects.get(pk=council.far.pk)
    new = Referral.objects.get(continues=old)
    teacher, other = person(Role.S2S_TEACHER), person(Role.S2S_TEACHER)
    address = reverse("referrals:referral_detail", args=[old.reference])
    assert client_for(teacher).get(address).status_code == 404
    support.assigned(new, teacher=teacher, at=LAST_DAY)
    page = text_of(client_for(teacher).get(address))
    assert "Wilf" in page
    assert client_for(other).get(address).status_code == 404


def test_after_undoing_the_old_request_leads_nowhere(council, client_for, rollover):
    ends.undone(ends.ran(ends.approved(rollover)))
    page = request_page(client_for(council.far_adviser), council.far)
    assert "Moved: goes on as" not in page


def test_a_question_that_was_asked_before_the_move_is_read_and_answered_after_it(
    council, client_for, adviser, rollover
):
    line = ends.line_of(rollover, council.early_years)
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=adviser, at=LAST_DAY)
    ends.ran(ends.approved(rollover))
    new = Referral.objects.get(continues=council.early_years)
    assert new.status == Status.RETURNED
    browser = client_for(adviser)
    assert "Which mornings?" in request_page(browser, new)
    assert "Which mornings?" in request_page(client_for(council.people[Role.S2S_COORDINATOR]), new)
    page = reverse("referrals:request_send_back", args=[new.reference])
    assert "Which mornings?" in text_of(browser.get(page))
    step = returning.send_back(referral=new, answer="Tuesdays.", by=adviser, at=LAST_DAY)
    assert step.referral.status == Status.SUBMITTED
