"""Pages of a contract's end: what is found and decided, the second person, the account, and undoing it."""

import csv
import io

import pytest
import time_machine
from django.urls import reverse

from quotas.choices import Unit
from quotas.models import Contract, Period
from referrals.actions import rollover_approving, rollover_deciding, rollover_sweeping
from referrals.choices import RUN_LINE, Fate, FateReason, LineState, RolloverStage, Status
from referrals.models import Booking, Referral
from referrals.views import contract_end_lines
from s2s_portal.core import clock
from s2s_portal.jobs.models import Heartbeat, JobRequest
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import ChangeOutcome, Role, Stream
from s2s_portal.organisations.models import ProposedChange
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import person
from tests.referrals.views.desk import text_of

#: The morning of the contract's last day.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.moment(LAST_DAY)]
CHILD = ("Wilf", "Tasburgh", "Few words yet")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module: three open requests, two of early years, no visit planned."""
    return shared_council


@pytest.fixture
def first(council):
    """The commissioner who decides and proposes."""
    return council.people[Role.COMMISSIONER]


@pytest.fixture
def second(first):
    """The commissioner who approves."""
    return next(one for one in ends.commissioners() if one != first)


@pytest.fixture
def rollover(council, second):
    """The end of the council's contract, begun, with a successor that takes early years requests only."""
    target = ends.successor(council.period.contract, streams=(Stream.EARLY_YEARS,))
    return ends.begun(council.period, target)


@pytest.fixture
def browser(first, client_for):
    return client_for(first)


def key_of(rollover):
    """What the hidden field of the second person's page says."""
    return str(ends.key_of(rollover))


def address(name: str, rollover, *more) -> str:
    return reverse(f"referrals:contract_end{name}", args=[rollover.key, *more])


def page_of(browser, rollover) -> str:
    return text_of(browser.get(address("", rollover)))


def told_in(answer) -> str:
    """What the page says that a press leads to."""
    return text_of(answer)


# --- Beginning ----------------------------------------------------------------------------------------------------
def test_the_list_has_every_contract_and_leads_to_beginning_its_end(council, browser):
    page = text_of(browser.get(reverse("referrals:contract_end_list")))
    contract = council.period.contract
    assert f"Begin the end of {contract.name}" in page
    assert reverse("referrals:contract_end_begin", args=[contract.pk]) in page


def test_who_only_reads_is_offered_nothing_to_begin(council, client_for):
    page = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(reverse("referrals:contract_end_list")))
    assert "Not begun" in page
    assert "Begin the end" not in page


def test_what_may_follow_is_said_in_words(council, browser, second):
    contract = council.period.contract
    ends.successor(contract, streams=(Stream.EARLY_YEARS,), unit="COHORTS", referrers="SEND_ADVISERS")
    page = text_of(browser.get(reverse("referrals:contract_end_begin", args=[contract.pk])))
    assert "It takes cohorts only; SEND Advisers only file." in page
    assert "mainstream requests cannot move" in page
    assert "Nothing happens to any request yet, and nobody is told." in page


def test_a_contract_without_a_period_or_places_takes_nothing_and_says_so(council, browser, second):
    contract = council.period.contract
    bare = ends.successor(contract, streams=())
    page = text_of(browser.get(reverse("referrals:contract_end_begin", args=[contract.pk])))
    assert "It has no places yet, so no request can move to it" in page
    bare.periods.all().delete()
    page = text_of(browser.get(reverse("referrals:contract_end_begin", args=[contract.pk])))
    assert "No period has been entered for it, so no request can move to it" in page


def test_an_earlier_contract_cannot_follow(council, browser, second):
    target = ends.successor(council.period.contract)
    page = text_of(browser.get(reverse("referrals:contract_end_begin", args=[target.pk])))
    assert council.period.contract.name not in page
    assert "No contract follows" in page


def test_it_is_said_who_was_asked_and_who_answered(council, browser, rollover):
    assert "For 1 nobody has been asked." in page_of(browser, rollover)
    line = ends.line_of(rollover, council.mainstream)
    rollover_deciding.ask(line=line, by=ends.commissioners()[0], at=LAST_DAY)
    assert "For 1 an adviser’s answer is awaited." in page_of(browser, rollover)
    adviser = council.people[Role.SEND_ADVISER]
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=adviser, at=LAST_DAY)
    assert "For 1 an adviser has answered and you decide." in page_of(browser, rollover)


def test_what_nobody_decided_is_not_called_decided(council, browser, rollover, first):
    lines = text_of(browser.get(address("_lines", rollover)))
    assert "As proposed" in lines
    assert "Decided" not in lines
    line = ends.line_of(rollover, council.early_years)
    rollover_deciding.decide(line=line, fate=Fate.CLOSE, note="", by=first, at=LAST_DAY)
    assert f"Decided by {first}" in text_of(browser.get(address("_lines", rollover)))


def test_beginning_twice_gives_one_end(council, browser, second):
    contract = council.period.contract
    target = ends.successor(contract)
    begin = reverse("referrals:contract_end_begin", args=[contract.pk])
    places = {browser.post(begin, {"target": str(target.pk)}).headers["Location"] for _ in range(2)}
    assert len(places) == 1


def test_another_contract_may_follow_while_nothing_has_moved(council, browser, second):
    """The portal may have begun it before the contract that follows was entered."""
    contract = council.period.contract
    rollover = ends.begun(council.period, None)
    begin = reverse("referrals:contract_end_begin", args=[contract.pk])
    assert begin in browser.get(address("", rollover)).content.decode()
    target = ends.successor(contract)
    page = text_of(browser.get(begin))
    assert f"What follows {contract.name}" in page
    assert "what was decided by hand stays decided" in page
    assert "3 to move" in text_of(browser.post(begin, {"target": str(target.pk)}, follow=True))
    ends.all_decided(rollover)
    rollover_approving.propose(rollover=rollover, reason="", by=ends.commissioners()[0], at=ends.LAST_DAY)
    there = address("", rollover)
    assert browser.get(begin).headers["Location"] == there
    assert browser.post(begin, {"target": "none"}).headers["Location"] == there
    rollover.refresh_from_db()
    assert rollover.target == target


def test_home_says_what_waits_for_a_commissioner(council, client_for, second):
    rollover = ends.begun(council.period, ends.successor(council.period.contract))
    one, other = ends.commissioners()
    home, there = reverse("home"), address("", rollover)
    assert "what becomes of them is to be decided" in text_of(client_for(one).get(home))
    ends.all_decided(rollover)
    rollover_approving.propose(rollover=rollover, reason="", by=one, at=ends.LAST_DAY)
    assert there not in client_for(one).get(home).content.decode()
    assert there in client_for(other).get(home).content.decode()


def test_no_contract_may_follow(council, browser):
    begin = reverse("referrals:contract_end_begin", args=[council.period.contract.pk])
    page = text_of(browser.post(begin, {"target": "none"}, follow=True))
    assert "3 open requests = 0 to finish + 0 to move + 0 to close + 3 to be asked about or decided." in page
    assert "There is no new contract it could move to." in page


def test_a_choice_is_asked_for(council, browser):
    begin = reverse("referrals:contract_end_begin", args=[council.period.contract.pk])
    assert "Select which contract follows" in text_of(browser.post(begin, {}))


# --- Deciding -----------------------------------------------------------------------------------------------------
def test_the_numbers_stand_first_and_the_exceptions_before_the_others(browser, rollover):
    page = page_of(browser, rollover)
    assert "3 open requests = 0 to finish + 2 to move + 0 to close + 1 to be asked about or decided." in page
    assert page.index("To be asked about or decided: 1") < page.index("What becomes of the others")
    assert "1 request is still to be asked about or decided." in page
    assert "2 drafts were never sent" in page


@pytest.mark.parametrize("name", ["", "_lines", "_propose"])
def test_no_page_names_a_child(council, browser, rollover, name):
    page = text_of(browser.get(address(name, rollover)))
    assert not [word for word in CHILD if word in page]
    line = ends.line_of(rollover, council.early_years)
    page = text_of(browser.get(address("_line", rollover, line.pk)))
    assert council.early_years.reference in page
    assert not [word for word in CHILD if word in page]


def test_one_request_is_decided_with_a_note(council, browser, rollover, first):
    line = ends.line_of(rollover, council.mainstream)
    answer = browser.post(address("_line", rollover, line.pk), {"fate": "CLOSE", "note": "Not wanted."}, follow=True)
    assert f"Decided for {council.mainstream.reference}: close." in told_in(answer)
    line.refresh_from_db()
    assert (line.fate, line.note, line.decided_by) == (Fate.CLOSE, "Not wanted.", first)
    assert "Check and propose" in page_of(browser, rollover)


def test_what_cannot_be_done_is_refused_in_words_and_what_was_typed_stays(council, browser, rollover):
    line = ends.line_of(rollover, council.mainstream)
    page = text_of(browser.post(address("_line", rollover, line.pk), {"fate": "MOVE", "note": "A reason typed."}))
    assert "The new contract has no places for its stream." in page
    assert "A reason typed." in page
    line.refresh_from_db()
    assert line.decided_at is None


def test_the_adviser_is_asked_once_however_often_it_is_pressed(council, browser, rollover):
    line = ends.line_of(rollover, council.mainstream)
    for _ in range(2):
        answer = browser.post(address("_line", rollover, line.pk), {"fate": "ASK"}, follow=True)
        assert f"The adviser of {council.mainstream.reference} is asked" in told_in(answer)
    assert Notification.objects.filter(kind=Kind.CONTRACT_END_QUESTION).count() == 1


def test_a_note_is_not_lost_with_a_question(council, browser, rollover):
    line = ends.line_of(rollover, council.mainstream)
    page = text_of(browser.post(address("_line", rollover, line.pk), {"fate": "ASK", "note": "Kept."}))
    assert "remove it to ask" in page
    assert "Kept." in page
    assert not Notification.objects.filter(kind=Kind.CONTRACT_END_QUESTION).exists()


def test_all_with_one_reason_are_decided_together(browser, rollover, first):
    group = address("_group", rollover, FateReason.NO_VISIT_YET)
    assert "This is about 2 requests that nobody has decided by hand" in text_of(browser.get(group))
    answer = browser.post(group, {"fate": "FINISH", "note": "Enough time."}, follow=True)
    assert "Decided for 2 requests: finish under the old contract." in told_in(answer)
    assert rollover.lines.filter(fate=Fate.FINISH, note="Enough time.").count() == 2
    assert f"Finish under the old contract, 2 requests, {first}: <bdi>Enough time.</bdi>" in page_of(browser, rollover)
    rows = list(csv.DictReader(io.StringIO(browser.get(address("_csv", rollover)).content.decode("utf-8-sig"))))
    assert [row["What they said"] for row in rows[:-1]].count("Enough time.") == 2


def test_what_is_possible_for_none_is_not_offered_and_says_why(browser, rollover):
    group = address("_group", rollover, FateReason.STREAM_NOT_TAKEN)
    page = text_of(browser.get(group))
    words = "Not possible for any of them: move to the new contract. The new contract has no places for its stream."
    assert words in page
    assert 'value="MOVE"' not in page
    assert 'value="CLOSE"' in page
    assert "There is a problem" in text_of(browser.post(group, {"fate": "MOVE"}))
    assert not rollover.lines.filter(fate=Fate.MOVE, reason=FateReason.STREAM_NOT_TAKEN).exists()


def test_what_turns_out_not_to_be_possible_says_for_how_many(browser, rollover):
    Contract.objects.filter(pk=rollover.target_id).update(unit=Unit.COHORTS)
    answer = browser.post(address("_group", rollover, FateReason.NO_VISIT_YET), {"fate": "MOVE"}, follow=True)
    assert "Decided for 0 requests: move to the new contract." in told_in(answer)
    assert "It is not possible for 2 requests: open each to see why, and what is." in told_in(answer)


def test_all_advisers_of_one_reason_are_asked_once_a_day(browser, rollover):
    group = address("_group", rollover, FateReason.STREAM_NOT_TAKEN)
    assert "The advisers of 1 request are asked" in told_in(browser.post(group, {"fate": "ASK"}, follow=True))
    assert "The advisers of 0 requests are asked" in told_in(browser.post(group, {"fate": "ASK"}, follow=True))
    assert Notification.objects.filter(kind=Kind.CONTRACT_END_QUESTION).count() == 1


def test_a_reason_that_is_none_is_not_found(browser, rollover):
    assert browser.get(address("_group", rollover, "NONSENSE")).status_code == 404


def test_looking_again_finds_what_came_since(council, browser, rollover):
    sent = rollover.lines.count()
    support.in_status(council.early_years, Status.DECLINED, at=LAST_DAY)
    answer = browser.post(address("_look_again", rollover), follow=True)
    assert "Every open request was looked at again." in told_in(answer)
    assert rollover.lines.count() == sent - 1


# --- The second person --------------------------------------------------------------------------------------------
@pytest.fixture
def proposed(rollover, first):
    """The end of the contract, decided and proposed by the first commissioner."""
    for line in rollover.lines.filter(fate=Fate.ASK).select_related("rollover__source", "rollover__target"):
        assert not rollover_deciding.decide(line=line, fate=Fate.CLOSE, note="", by=first, at=LAST_DAY).refusal
    outcome = rollover_approving.propose(rollover=rollover, reason="It ends tonight.", by=first, at=LAST_DAY)
    assert not outcome.refusal
    return outcome.rollover


def test_nothing_can_be_proposed_while_something_is_undecided(browser, rollover):
    page = text_of(browser.post(address("_propose", rollover), {"reason": "It ends tonight."}))
    assert "It was not proposed. 1 request is still to be asked about or decided." in page
    assert "It ends tonight." in page
    rollover.refresh_from_db()
    assert rollover.stage == RolloverStage.DECIDING


def test_proposing_twice_proposes_once(browser, rollover, first):
    ends.all_decided(rollover)
    proposing = address("_propose", rollover)
    assert "It has been proposed." in told_in(browser.post(proposing, {"reason": "Now."}, follow=True))
    again = told_in(browser.post(proposing, {"reason": "Now."}))
    assert "It was not proposed. It is waiting for a second person." in again
    assert ProposedChange.objects.count() == 1


def test_whoever_proposed_cannot_approve_and_can_take_it_back(browser, proposed):
    answer = browser.post(address("_approve", proposed), {"decision": "APPROVE", "typed": proposed.source.name})
    assert answer.status_code == 403
    assert "a second person has to decide it" in text_of(answer)
    assert "Take your proposal back" in page_of(browser, proposed)
    assert "The proposal was taken back." in told_in(browser.post(address("_take_back", proposed), follow=True))
    assert ProposedChange.objects.get().outcome == ChangeOutcome.CANCELLED


def test_the_second_person_reads_everything_and_types_the_name(proposed, second, client_for):
    other = client_for(second)
    approving = address("_approve", proposed)
    page = text_of(other.get(approving))
    assert "It ends tonight." in page
    assert "3 open requests = 0 to finish + 2 to move + 1 to close." in page
    page = text_of(other.post(approving, {"decision": "APPROVE", "typed": "Something else", "note": "Well done."}))
    assert f"Type the contract’s name as it is written: {proposed.source.name}" in page
    assert "Well done." in page
    answer = other.post(
        approving,
        {"decision": "APPROVE", "typed": f" {proposed.source.name.upper()} ", "change": key_of(proposed)},
        follow=True,
    )
    assert "Approved. It runs now" in told_in(answer)
    assert JobRequest.objects.filter(job=RUN_LINE).count() == 3


def test_a_tab_that_shows_an_earlier_proposal_is_told_to_read_it_again(proposed, browser, second, client_for):
    other = client_for(second)
    page = other.get(address("_approve", proposed)).content.decode()
    given = {"decision": "APPROVE", "typed": proposed.source.name, "change": key_of(proposed)}
    assert f'name="change" value="{given["change"]}"' in page
    browser.post(address("_take_back", proposed))
    browser.post(address("_propose", proposed), {"reason": "Another way."})
    told = told_in(other.post(address("_approve", proposed), given, follow=True))
    assert "Nothing runs. It was taken back and proposed anew since you opened the page: read it again." in told
    del given["change"]
    assert "Nothing runs." in told_in(other.post(address("_approve", proposed), given, follow=True))
    proposed.refresh_from_db()
    assert proposed.stage == RolloverStage.PROPOSED


def test_the_second_tab_is_told_that_there_is_nothing_to_approve(proposed, second, client_for):
    other = client_for(second)
    given = {"decision": "APPROVE", "typed": proposed.source.name, "change": key_of(proposed)}
    other.post(address("_approve", proposed), given)
    answer = other.post(address("_approve", proposed), given, follow=True)
    assert "There is nothing to approve now: it is running." in told_in(answer)
    assert JobRequest.objects.filter(job=RUN_LINE).count() == 3


def test_a_refusal_says_why_and_whoever_proposed_it_reads_it(browser, proposed, second, client_for):
    other = client_for(second)
    assert "Enter why you refuse it" in text_of(other.post(address("_approve", proposed), {"decision": "REFUSE"}))
    answer = other.post(address("_approve", proposed), {"decision": "REFUSE", "note": "Ask them first."}, follow=True)
    assert "Refused. It goes back to be decided" in told_in(answer)
    assert "Ask them first." in page_of(browser, proposed)


def test_what_changed_since_stops_the_run(council, proposed, second, client_for):
    a_question_about_one(council)
    given = {"decision": "APPROVE", "typed": proposed.source.name, "change": key_of(proposed)}
    answer = client_for(second).post(address("_approve", proposed), given, follow=True)
    assert "Nothing runs. Since it was proposed something has changed." in told_in(answer)


def a_question_about_one(council) -> None:
    """A question of S2S about a request that was to move: it has to be decided again."""
    support.in_status(council.far, Status.RETURNED, at=LAST_DAY)


# --- Running and the account --------------------------------------------------------------------------------------
@pytest.fixture
def running(proposed, second):
    """The end of the contract, approved: nothing is done yet."""
    outcome = rollover_approving.approve(
        rollover=proposed, change=ends.key_of(proposed), typed=proposed.source.name, by=second, at=LAST_DAY
    )
    assert not outcome.refusal
    return outcome.rollover


@pytest.fixture
def done(running):
    """The end of the contract, every request done."""
    return ends.ran(running)


def test_the_page_says_how_far_it_is_and_when_that_was(browser, running):
    Heartbeat.objects.create(seen_at=clock.real_now())
    page = page_of(browser, running)
    assert "0 of 3 requests are done" in page
    assert "As of 09:00:00 on 31 March 2025." in page
    assert "Update this page" in page
    assert "Background work is not running" not in page
    part = text_of(browser.get(address("_progress", running)))
    assert "<html" not in part
    assert 'data-progress="running"' in part


def test_nobody_at_work_is_said(browser, running):
    assert "Background work is not running, so nothing goes on." in page_of(browser, running)


def test_a_request_whose_moving_fails_is_named(council, browser, running):
    line = ends.line_of(running, council.early_years)
    row = JobRequest.objects.get(job=RUN_LINE, subject=str(line.pk))
    row.failures, row.failed_at = 2, clock.real_now()
    row.save()
    page = page_of(browser, running)
    assert "Requests that could not be done yet" in page
    assert council.early_years.reference in page
    assert "2 times" in page


def test_the_part_says_when_it_is_over(browser, done):
    part = text_of(browser.get(address("_progress", done)))
    assert 'data-progress="over"' in part
    assert "See the account" in part


def test_the_account_comes_out_right_and_lists_each_request(council, browser, done):
    page = page_of(browser, done)
    assert "3 open before = 0 finishing + 2 moved + 1 closed. Difference 0." in page
    new = Referral.objects.get(continues=council.early_years)
    page = text_of(browser.get(address("_lines", done), {"outcome": "MOVE"}))
    assert new.reference in page
    assert council.early_years.reference in page
    assert council.mainstream.reference not in page


def test_the_account_as_a_file_has_no_child_data(council, browser, done):
    answer = browser.get(address("_csv", done))
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Reference"] for row in rows[:-1]} == {
        one.reference for one in (council.early_years, council.mainstream, council.far)
    }
    moved = next(row for row in rows if row["Reference"] == council.early_years.reference)
    assert moved["Goes on as"] == Referral.objects.get(continues=council.early_years).reference
    assert moved["What was done"] == "Moved"
    assert (moved["Sent on"], moved["Done at"]) == ("2024-11-26", "2025-03-31 09:00")
    assert not [word for word in CHILD if word in text]


def test_what_did_not_finish_in_time_is_decided_on_the_same_pages(council, browser, first, rollover):
    done = ends.ran(ends.approved(rollover))
    rollover_sweeping.sweep(rollover=done, by=ensure_system_user(), at=LAST_DAY + support.DAY)
    page = page_of(browser, done)
    assert "1 request has to be decided now" in page
    page = text_of(browser.get(address("_lines", done), {"to_decide": "yes"}))
    assert council.mainstream.reference in page
    line = ends.line_of(done, council.mainstream)
    with time_machine.travel(LAST_DAY + support.DAY, tick=False):  # the last day of visits has passed
        browser.force_login(first)
        answer = browser.post(address("_line", done, line.pk), {"fate": "CLOSE"}, follow=True)
    assert f"Decided for {council.mainstream.reference}: close. It is done within seconds." in told_in(answer)
    assert JobRequest.objects.filter(job=RUN_LINE, subject=str(line.pk)).count() == 2


def test_somebody_who_only_reads_can_read_all_of_it_and_press_nothing(council, client_for, done):
    browser = client_for(council.people[Role.S2S_COORDINATOR])
    page = page_of(browser, done)
    assert "Difference 0." in page
    assert "Undo the moving" not in page
    line = ends.line_of(done, council.early_years)
    page = text_of(browser.get(address("_line", done, line.pk)))
    assert "Move it back" not in page
    assert browser.post(address("_line", done, line.pk), {"fate": "CLOSE"}).status_code == 403


def test_lists_are_leafed_through_and_junk_in_an_address_narrows_nothing(browser, rollover, monkeypatch):
    monkeypatch.setattr(contract_end_lines, "ROWS_A_PAGE", 2)
    page = text_of(browser.get(address("_lines", rollover), {"reason": "NONSENSE", "fate": "\x00", "page": "2"}))
    assert "Every request (page 2 of 2)" in page
    assert "3 requests." in page


def test_a_request_of_another_end_is_not_found(browser, rollover):
    for name in ("_line", "_line_undo"):
        assert browser.get(address(name, rollover, 999_999)).status_code == 404


# --- Undoing ------------------------------------------------------------------------------------------------------
def test_undoing_is_asked_first_and_then_shows_how_far_it_is(browser, done):
    page = text_of(browser.get(address("_undo", done)))
    assert "2 requests were moved, and nothing has happened to them since." in page
    assert "requests that were closed stay closed" in page
    page = told_in(browser.post(address("_undo", done), follow=True))
    assert "It is being undone" in page
    assert "0 of 2 requests are done" in page


def test_undoing_is_refused_with_the_requests_that_have_moved_on(council, browser, done):
    new = Referral.objects.get(continues=council.early_years)
    support.assigned(new, at=LAST_DAY)
    for answer in (browser.get(address("_undo", done)), browser.post(address("_undo", done))):
        page = text_of(answer)
        assert "The moving cannot be undone as a whole" in page
        assert new.reference in page
    line = ends.line_of(done, council.early_years)
    assert "cannot be moved back" in text_of(browser.get(address("_line_undo", done, line.pk)))
    answer = browser.post(address("_line_undo", done, line.pk), follow=True)
    assert "was not moved back. Something has happened to it since it was moved" in told_in(answer)


def test_closing_is_not_offered_to_one_alone_before_visits_have_ended(council, browser, first, rollover):
    done = ends.ran(ends.approved(rollover))
    line = ends.line_of(done, council.mainstream)
    why = "one alone cannot close it before 31 March 2025 has passed"
    page = text_of(browser.get(address("_line", done, line.pk)))
    assert why in page
    assert 'value="CLOSE"' not in page
    assert 'value="FINISH"' in page
    with time_machine.travel(LAST_DAY + support.DAY, tick=False):
        browser.force_login(first)
        page = text_of(browser.get(address("_line", done, line.pk)))
    assert why not in page
    assert 'value="CLOSE"' in page


def test_one_request_is_moved_back(council, browser, done):
    line = ends.line_of(done, council.far)
    assert "Move it back" in text_of(browser.get(address("_line", done, line.pk)))
    answer = browser.post(address("_line_undo", done, line.pk), follow=True)
    assert f"{council.far.reference} is moved back within seconds." in told_in(answer)
    line.refresh_from_db()
    assert line.state == LineState.UNDOING


def test_there_is_nothing_to_undo_before_it_ran(browser, rollover):
    answer = browser.post(address("_undo", rollover), follow=True)
    assert "There is nothing to undo now: it is being decided." in told_in(answer)


def test_there_is_nothing_to_undo_where_nothing_was_moved(council, browser, first):
    rollover = ends.begun(council.period, None)
    for line in rollover.lines.select_related("rollover", "referral"):
        rollover_deciding.decide(line=line, fate=Fate.CLOSE, note="", by=first, at=LAST_DAY)
    done = ends.ran(ends.approved(rollover))
    for answer in (browser.get(address("_undo", done), follow=True), browser.post(address("_undo", done), follow=True)):
        assert "There is nothing to undo: no request is moved." in told_in(answer)
    done.refresh_from_db()
    assert done.stage == RolloverStage.DONE


# --- Speed --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["", "_lines"])
@pytest.mark.parametrize("stage", ["rollover", "done"])
def test_one_and_three_requests_take_the_same_queries(
    council, browser, request, name, stage, django_assert_max_num_queries
):
    found = request.getfixturevalue(stage)
    with django_assert_max_num_queries(15) as three:
        browser.get(address(name, found))
    found.lines.exclude(referral=council.early_years).delete()
    with django_assert_max_num_queries(15) as one:
        browser.get(address(name, found))
    assert len(one) == len(three)


def test_one_request_takes_few_queries(council, browser, rollover, django_assert_max_num_queries):
    line = ends.line_of(rollover, council.early_years)
    with django_assert_max_num_queries(15):
        browser.get(address("_line", rollover, line.pk))


def test_the_list_takes_the_same_queries_for_one_and_three_contracts(
    council, browser, rollover, django_assert_num_queries
):
    with django_assert_num_queries(8):  # clock, session, person, roles, zones, contracts, ends, open requests
        browser.get(reverse("referrals:contract_end_list"))


# --- The run-off --------------------------------------------------------------------------------------------------
def test_the_run_off_counts_visits_and_names_what_is_at_risk(council, client_for):
    booking = support.booked(council.early_years, at=LAST_DAY, starts_at=LAST_DAY + 2 * support.HOUR)
    browser = client_for(council.people[Role.S2S_COORDINATOR])
    page = text_of(browser.get(reverse("referrals:run_off")))
    assert "At risk: 2" in page
    assert booking.referral.teacher.full_name in page
    assert council.mainstream.reference in page
    assert "No visit is planned." in page
    assert council.early_years.reference not in page
    assert not [word for word in CHILD if word in page]


def test_a_visit_after_the_last_day_is_at_risk(council, browser):
    booking = support.booked(council.early_years, at=LAST_DAY, starts_at=LAST_DAY + 2 * support.HOUR)
    late = {"starts_at": LAST_DAY + 2 * support.DAY, "ends_at": LAST_DAY + 2 * support.DAY + support.HOUR}
    Booking.objects.filter(pk=booking.pk).update(**late)
    page = text_of(browser.get(reverse("referrals:run_off")))
    assert "At risk: 3" in page
    assert "A visit is planned on 2 April 2025, 09:00, after the last day of visits." in page
    assert "1 after the last day of visits" in page


def test_what_is_at_risk_is_what_is_not_proposed_to_finish(council, browser):
    """One rule for both pages: a review that is due in time is no risk, more information that is awaited is one."""
    visit = support.held(support.booked(council.early_years))
    support.recorded(visit)
    support.in_status(council.far, Status.RETURNED, at=LAST_DAY)
    page = text_of(browser.get(reverse("referrals:run_off")))
    assert "At risk: 2" in page
    assert FateReason.INFORMATION_AWAITED.label in page
    assert council.early_years.reference not in page
    rollover = ends.begun(council.period, None)
    finishing = rollover.lines.filter(proposed=Fate.FINISH).values_list("referral__reference", flat=True)
    assert list(finishing) == [council.early_years.reference]


def test_without_a_contract_in_its_run_off_the_page_says_so(council, client_for):
    Period.objects.update(requests_close_on=LAST_DAY.date(), allocation_deadline_on=LAST_DAY.date())
    page = text_of(client_for(council.people[Role.S2S_COORDINATOR]).get(reverse("referrals:run_off")))
    assert "No contract is in its run-off" in page


def test_the_run_off_takes_the_same_queries_for_one_and_three_requests(council, browser, django_assert_num_queries):
    # Clock, session, person, roles, zones, contracts, weeks, calendar, standards, three of the open requests (one
    # finds that there are no more), teachers, rows.
    with django_assert_num_queries(14):
        browser.get(reverse("referrals:run_off"))
    Referral.objects.filter(pk__in=(council.far.pk, council.mainstream.pk)).update(reviewed_at=LAST_DAY)
    with django_assert_num_queries(14):
        browser.get(reverse("referrals:run_off"))


def test_somebody_new_may_read_it(client_for):
    assert client_for(person(Role.COMMISSIONER)).get(reverse("referrals:run_off")).status_code == 200
