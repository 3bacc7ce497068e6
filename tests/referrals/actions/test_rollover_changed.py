"""What changes between a decision, the proposal, the approval and the run is seen by whoever decides."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from referrals.actions import contacting, rollover_approving, rollover_deciding, rollover_running, rollover_sweeping
from referrals.actions import rollover_undoing as undoing
from referrals.choices import RUN_LINE, UNDO_LINE, Fate, FateReason, LineState, RolloverStage, Status
from referrals.models import Referral
from referrals.queries import contract_ends
from referrals.tasks import contract_end_line, contract_end_undo
from s2s_portal.jobs import actions as jobs
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MINUTE = timedelta(minutes=1)
LATER = LAST_DAY + MINUTE
TASKS = {RUN_LINE: contract_end_line, UNDO_LINE: contract_end_undo}


def worked(at):
    """Do what tasks are asked for, each once, and write down that it is done, as a worker does."""
    for row in JobRequest.objects.filter(job__in=TASKS, done_at=None).order_by("pk"):
        claim = jobs.claim_requests(job=row.job, subject=row.subject, real=at)
        line = TASKS[row.job](Run(at=at, subjects=[row.subject]))
        jobs.done(claim, line=line, real=at)


# --- Decided by hand, and impossible since ------------------------------------------------------------------------
def test_a_decision_that_has_become_impossible_is_dropped_and_says_so(scene):
    target = ends.successor(scene.period.contract)
    rollover = ends.begun(scene.period, target)
    line = scene.line(rollover, Status.RETURNED)
    assert scene.decide(line, Fate.MOVE).refusal == ""
    rollover_deciding.set_target(rollover=rollover, target=None, by=scene.one, at=LATER)
    line = scene.line(rollover, Status.RETURNED)
    assert (line.fate, line.decided_by, line.decided_at) == (Fate.ASK, None, None)
    assert line.problem == (
        "It was decided before: move to the new contract. There is no new contract it could move to."
    )
    refused = rollover_approving.propose(rollover=rollover, reason="It ends.", by=scene.one, at=LATER)
    assert "still to be asked about or decided" in refused.refusal
    assert scene.decide(line, Fate.CLOSE, at=LATER).refusal == ""
    assert scene.line(rollover, Status.RETURNED).problem == ""
    rollover_deciding.look_again(rollover=rollover, by=scene.one, at=LATER)
    assert scene.line(rollover, Status.RETURNED).fate == Fate.CLOSE


def test_an_answer_that_has_become_impossible_is_asked_about_again(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    line = scene.line(rollover, Status.RETURNED)
    answered = rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=scene.adviser, at=LAST_DAY)
    assert answered.line.fate == Fate.MOVE
    rollover_deciding.set_target(rollover=rollover, target=None, by=scene.one, at=LATER)
    line = scene.line(rollover, Status.RETURNED)
    assert (line.fate, line.wish) == (Fate.ASK, Fate.MOVE)
    assert "no new contract" in line.problem


def test_an_answer_that_cannot_be_done_takes_back_the_one_before(scene):
    rollover = ends.begun(scene.period, None)
    line = scene.line(rollover, Status.RETURNED)
    rollover_deciding.answer(line=line, wish=Fate.CLOSE, note="", by=scene.adviser, at=LAST_DAY)
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=scene.adviser, at=LATER)
    assert scene.line(rollover, Status.RETURNED).fate == Fate.ASK


# --- Proposed, and another sum since ------------------------------------------------------------------------------
def proposed(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    ends.all_decided(rollover)
    outcome = rollover_approving.propose(rollover=rollover, reason="It ends.", by=scene.one, at=LAST_DAY)
    assert outcome.refusal == ""
    return outcome.rollover


def approve(rollover, scene):
    return rollover_approving.approve(
        rollover=rollover, change=ends.key_of(rollover), typed=rollover.source.name, by=scene.other, at=LATER
    )


def test_the_second_person_approves_the_sum_that_was_proposed_and_no_other(scene):
    rollover = proposed(scene)
    scene.sent()
    outcome = approve(rollover, scene)
    assert outcome.refusal == (
        "Since it was proposed something has changed. What was proposed: 3 to finish, 3 to move, 0 to close. "
        "What it would be now: 3 to finish, 4 to move, 0 to close."
    )
    assert (outcome.rollover.stage, outcome.rollover.change) == (RolloverStage.DECIDING, None)
    assert not JobRequest.objects.filter(job=RUN_LINE).exists()
    again = rollover_approving.propose(rollover=rollover, reason="It ends.", by=scene.one, at=LATER)
    assert (again.refusal, approve(again.rollover, scene).refusal) == ("", "")


def test_whoever_proposed_it_is_told_that_the_approval_itself_sent_it_back(scene):
    rollover = proposed(scene)
    support.in_status(scene.sent(), Status.RETURNED)
    assert "1 request is still to be asked about or decided." in approve(rollover, scene).refusal
    told = Notification.objects.get(kind=Kind.CHANGE_DECIDED)
    assert (told.to_email, told.context["approved"]) == (scene.one.email, False)
    rollover.refresh_from_db()
    assert contract_ends.last_refusal(rollover).note == "1 request is still to be asked about or decided."


# --- Run, and a late one during the undoing -----------------------------------------------------------------------
def test_a_late_request_whose_task_came_while_the_end_was_being_undone_is_done_after_it(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    worked(LAST_DAY)
    ends.ended(scene.period.contract)
    late = scene.sent()
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER)
    stirring = scene.line(rollover, Status.ASSIGNED).successor
    assert undoing.undo(rollover=rollover, by=scene.one, at=LATER).refusal == ""
    contacting.log_contact(referral=stirring, attempt=support.attempt(at=LATER), by=stirring.teacher, at=LATER)
    worked(LATER)  # the late one's first: passed over, and written down as done
    rollover.refresh_from_db()
    assert (rollover.stage, ends.line_of(rollover, late).state) == (RolloverStage.DONE, LineState.PENDING)
    for _ in range(2):
        rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER)
    assert JobRequest.objects.filter(job=RUN_LINE, done_at=None).count() == 1
    worked(LATER)
    assert Referral.objects.get(pk=late.pk).status == Status.TRANSFERRED
    rollover_running.finish(rollover=rollover, by=scene.portal, at=LATER)


# --- Answered after the run ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("wish", "fate"), [(Fate.MOVE, Fate.MOVE), (Fate.FINISH, Fate.FINISH), (Fate.CLOSE, Fate.ASK)])
def test_after_the_run_support_does_not_end_by_an_answer_alone(scene, wish, fate):
    rollover = scene.ran(ends.successor(scene.period.contract))
    ends.ended(scene.period.contract)
    late = support.in_status(scene.sent(), Status.RETURNED)
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LAST_DAY)
    told = Notification.objects.filter(
        kind=Kind.CONTRACT_END_ACCOUNT, context__what="needs you", to_email=scene.one.email
    )
    before = told.count()
    line = ends.line_of(rollover, late)
    answered = rollover_deciding.answer(line=line, wish=wish, note="", by=scene.adviser, at=LATER)
    assert (answered.refusal, answered.line.wish, answered.line.fate) == ("", wish, fate)
    assert JobRequest.objects.filter(job=RUN_LINE, subject=str(line.pk)).exists() is (fate != Fate.ASK)
    assert told.count() - before == (fate == Fate.ASK)  # a commissioner decides, and is told
    ends.ran(rollover, at=LATER)
    assert ends.line_of(rollover, late).outcome == ("" if fate == Fate.ASK else fate)


def test_the_second_person_approves_only_what_they_read(scene):
    rollover = proposed(scene)
    read = ends.key_of(rollover)
    rollover_approving.refuse(rollover=rollover, note="", by=scene.one, at=LATER)
    again = rollover_approving.propose(rollover=rollover, reason="The same sum.", by=scene.one, at=LATER).rollover
    given = {"rollover": again, "typed": again.source.name, "by": scene.other, "at": LATER}
    for change in (read, None):
        outcome = rollover_approving.approve(change=change, **given)
        assert outcome.refusal == rollover_approving.PROPOSED_ANEW
        assert outcome.rollover.stage == RolloverStage.PROPOSED
    assert rollover_approving.approve(change=ends.key_of(again), **given).refusal == ""


# --- Decided together, where some have answered -------------------------------------------------------------------
def test_what_an_adviser_answered_is_not_overridden_by_a_decision_about_many(scene):
    rollover = ends.begun(scene.period, None)
    for status, wish in ((Status.SUBMITTED, Fate.FINISH), (Status.ASSIGNED, Fate.CLOSE)):
        line = scene.line(rollover, status)
        rollover_deciding.answer(line=line, wish=wish, note="", by=scene.adviser, at=LAST_DAY)
    given = {"rollover": rollover, "reason": FateReason.NO_SUCCESSOR, "note": "", "by": scene.one, "at": LATER}
    done = rollover_deciding.decide_group(fate=Fate.CLOSE, **given)
    assert done == {"decided": 2, "left": 0, "answered": 1}
    line = scene.line(rollover, Status.SUBMITTED)
    assert (line.fate, line.wish, line.decided_by) == (Fate.FINISH, Fate.FINISH, None)
    assert scene.line(rollover, Status.ASSIGNED).decided_by == scene.one  # who said the same is decided with the others
    assert scene.line(rollover, Status.IN_CONTACT).fate == Fate.CLOSE
    assert scene.decide(line, Fate.CLOSE).refusal == ""  # one by one a commissioner decides


def test_the_page_says_for_how_many_their_answer_stands(scene):
    rollover = ends.begun(scene.period, None)
    line = scene.line(rollover, Status.SUBMITTED)
    rollover_deciding.answer(line=line, wish=Fate.FINISH, note="", by=scene.adviser, at=LAST_DAY)
    group = reverse("referrals:contract_end_group", args=[rollover.key, FateReason.NO_SUCCESSOR.value])
    browser = signed_in(scene.one)
    with time_machine.travel(LAST_DAY, tick=False):
        page = text_of(browser.get(group))
        told = text_of(browser.post(group, {"fate": "CLOSE"}, follow=True))
    assert "The adviser of 1 request has answered: the answer stands unless it is what you choose." in page
    assert "Decided for 2 requests" in told
    assert "Left out: 1 request whose adviser answered otherwise. Decide it by itself." in told
