"""What is open under the old contract after the run, still or again, is decided again or swept up: never dropped."""

from datetime import timedelta

import pytest

from referrals.actions import (
    closing,
    reinstating,
    rollover_deciding,
    rollover_running,
    rollover_sweeping,
    rollover_undoing,
    withdrawing,
)
from referrals.choices import RUN_LINE, Fate, FateReason, LineState, RolloverStage, Status, WithdrawReason
from referrals.models import Referral
from referrals.queries import contract_ends
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER, DAY_AFTER = LAST_DAY + MINUTE, LAST_DAY + DAY


def moved_back(scene, status):
    """The end of the contract, run, with the request that stood there moved back alone."""
    rollover = scene.ran(ends.successor(scene.period.contract))
    assert rollover_undoing.undo_one(line=scene.line(rollover, status), by=scene.one, at=LATER).refusal == ""
    rollover_undoing.undo_line(pk=scene.line(rollover, status).pk, by=scene.portal, at=LATER)
    assert scene.of(status).status == status
    return rollover


def swept(rollover, scene, at):
    return rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=at)


def test_what_was_moved_back_alone_is_asked_about_after_the_last_day_of_visits_and_can_move_again(scene):
    rollover = moved_back(scene, Status.ASSIGNED)
    first = scene.line(rollover, Status.ASSIGNED).successor
    assert swept(rollover, scene, LATER).to_decide == 0
    assert swept(rollover, scene, DAY_AFTER).to_decide == 2  # and the one about which information is awaited
    line = scene.line(rollover, Status.ASSIGNED)
    assert (line.state, line.fate, line.proposed, line.reason) == (
        LineState.PENDING,
        Fate.ASK,  # somebody moved it back on purpose: the portal does not move it again by itself
        Fate.MOVE,
        FateReason.RUN_OFF_OVER,
    )
    assert swept(rollover, scene, DAY_AFTER).to_decide == 0
    assert scene.decide(line, Fate.MOVE, at=DAY_AFTER).refusal == ""
    ends.ran(rollover, at=DAY_AFTER)
    new = scene.line(rollover, Status.ASSIGNED).successor
    assert (scene.of(Status.ASSIGNED).status, new.status) == (Status.TRANSFERRED, Status.ASSIGNED)
    assert new != first
    first.refresh_from_db()
    refused = reinstating.reinstate(referral=first, reason="In error.", by=scene.one, at=DAY_AFTER).refusal
    assert refused == "Its move from the earlier contract was undone: support goes on there."
    assert contract_ends.account_of(rollover).difference == 0


@pytest.mark.parametrize("fate", [Fate.FINISH, Fate.MOVE])
def test_what_was_moved_back_alone_is_decided_anew(scene, fate):
    rollover = moved_back(scene, Status.ASSIGNED)
    assert scene.decide(scene.line(rollover, Status.ASSIGNED), fate, at=LATER).refusal == ""
    line = scene.line(rollover, Status.ASSIGNED)
    assert (line.state, line.successor, line.last_seq) == (LineState.PENDING, None, None)
    ends.ran(rollover, at=LATER)
    assert scene.line(rollover, Status.ASSIGNED).outcome == fate
    assert contract_ends.account_of(rollover).undone == 0


def test_what_was_closed_with_its_contract_and_reopened_is_swept_up_and_can_close_again(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    scene.decide(scene.line(rollover, Status.SUPPORTING), Fate.CLOSE)
    rollover = ends.ran(ends.approved(rollover))
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    closed = scene.of(Status.SUPPORTING)
    assert closing.reopen(referral=closed, reason="In error.", by=coordinator, at=LATER).refusal == ""
    assert not contract_ends.without_a_line(rollover).exists()
    swept(rollover, scene, DAY_AFTER)
    line = scene.line(rollover, Status.SUPPORTING)
    assert (line.state, line.fate) == (LineState.PENDING, Fate.MOVE)
    assert scene.decide(line, Fate.CLOSE, at=DAY_AFTER).refusal == ""
    ends.ran(rollover, at=DAY_AFTER)
    assert scene.of(Status.SUPPORTING).status == Status.CLOSED
    assert scene.of(Status.SUPPORTING).closings.count() == 2


def test_what_had_ended_before_the_run_and_was_reinstated_is_decided_or_swept_up(scene):
    early = AT + DAY  # before the allocation deadline: until then it can be reinstated
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract), at=early)
    rollover = ends.approved(rollover, at=early)
    withdrawn = scene.of(Status.SUBMITTED)
    withdrawing.withdraw(referral=withdrawn, reason=WithdrawReason.OTHER, note="", by=scene.adviser, at=early)
    rollover = ends.ran(rollover, at=early)
    line = scene.line(rollover, Status.SUBMITTED)
    assert (line.outcome, line.problem) == (Fate.CLOSE, "It had ended before: Withdrawn.")
    refused = scene.decide(line, Fate.MOVE, at=early).refusal
    assert refused == "This can no longer be changed: the request is no longer open under the old contract (Withdrawn)."
    again = reinstating.reinstate(referral=scene.of(Status.SUBMITTED), reason="In error.", by=scene.one, at=early)
    assert (again.refusal, again.referral.status) == ("", Status.SUBMITTED)
    swept(rollover, scene, DAY_AFTER)
    ends.ran(rollover, at=DAY_AFTER)
    assert scene.of(Status.SUBMITTED).status == Status.TRANSFERRED
    assert contract_ends.account_of(rollover).difference == 0


def test_more_than_one_batch_that_cannot_be_told_keeps_nothing_out(scene, monkeypatch):
    untold = [scene.visited(days=days) for days in (9, 10, 13)]
    behind = scene.visited(days=14)
    support.recorded(behind.visits.get())
    rollover = scene.ran(ends.successor(scene.period.contract))
    monkeypatch.setattr(contract_ends, "AT_A_TIME", 2)
    swept(rollover, scene, DAY_AFTER)
    assert ends.line_of(rollover, behind).state == LineState.PENDING
    assert {ends.line_of(rollover, one).state for one in untold} == {LineState.DONE}


def test_what_a_task_did_in_the_meantime_is_not_decided_over(scene):
    """A page that was read before the task ran: the line of a moved request keeps what was done with it."""
    rollover = scene.ran(ends.successor(scene.period.contract))
    ends.ended(scene.period.contract)
    late = scene.sent()
    swept(rollover, scene, LATER)
    line = ends.line_of(rollover, late)
    rollover_running.run_line(pk=line.pk, by=scene.portal, at=LATER)
    assert "no longer open under the old contract" in scene.decide(line, Fate.FINISH, at=LATER).refusal
    assert Referral.objects.get(pk=late.pk).status == Status.TRANSFERRED
    assert not JobRequest.objects.filter(job=RUN_LINE, asked_at__gt=LATER).exists()


def test_a_line_that_is_gone_is_said_to_be(scene):
    rollover = ends.begun(scene.period, None)
    line = scene.line(rollover, Status.RETURNED)
    reason = WithdrawReason.OTHER
    withdrawing.withdraw(referral=scene.of(Status.RETURNED), reason=reason, note="", by=scene.adviser, at=LAST_DAY)
    rollover_deciding.look_again(rollover=rollover, by=scene.one, at=LAST_DAY)
    assert scene.decide(line, Fate.CLOSE).refusal == rollover_deciding.GONE
    answered = rollover_deciding.answer(line=line, wish=Fate.CLOSE, note="", by=scene.adviser, at=LAST_DAY)
    assert answered.refusal == rollover_deciding.GONE
    asked = rollover_deciding.ask(line=line, by=scene.one, at=LAST_DAY)
    assert asked.refusal == rollover_deciding.GONE


def test_where_nothing_was_moved_there_is_nothing_to_undo(scene):
    rollover = ends.begun(scene.period, None)
    for line in rollover.lines.select_related("rollover", "referral"):
        scene.decide(line, Fate.CLOSE)
    done = ends.ran(ends.approved(rollover))
    outcome = rollover_undoing.undo(rollover=done, by=scene.one, at=LATER)
    assert outcome.refusal == "No request was moved, so there is nothing to move back."
    done.refresh_from_db()
    assert done.stage == RolloverStage.DONE
