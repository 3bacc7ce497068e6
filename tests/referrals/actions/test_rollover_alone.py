"""What two people approved at a contract's end is not closed by one of them afterwards."""

from datetime import timedelta

import pytest

from referrals.actions import closing, rollover_sweeping, rollover_undoing
from referrals.choices import RUN_LINE, Fate, Status
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER, DAY_AFTER = LAST_DAY + timedelta(minutes=1), LAST_DAY + timedelta(days=1)
REFUSED = "Two people approved that support goes on, so one alone cannot close it before 31 March 2025 has passed."


def close(scene, rollover, status, *, at=LATER):
    return scene.decide(scene.line(rollover, status), Fate.CLOSE, at=at).refusal


def test_one_person_does_not_close_what_two_approved_to_finish(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    asked = JobRequest.objects.filter(job=RUN_LINE).count()
    assert close(scene, rollover, Status.SUPPORTING) == REFUSED
    assert JobRequest.objects.filter(job=RUN_LINE).count() == asked
    assert scene.decide(scene.line(rollover, Status.SUPPORTING), Fate.MOVE, at=LATER).refusal == ""
    assert close(scene, rollover, Status.SUPPORTING) == REFUSED  # nor before the task has moved it
    ends.ran(rollover, at=LATER)
    assert scene.of(Status.SUPPORTING).status == Status.TRANSFERRED


def test_nor_what_two_approved_to_move_and_one_moved_back(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    line = scene.line(rollover, Status.ASSIGNED)
    assert rollover_undoing.undo_one(line=line, by=scene.one, at=LATER).refusal == ""
    rollover_undoing.undo_line(pk=line.pk, by=scene.portal, at=LATER)
    assert close(scene, rollover, Status.ASSIGNED) == REFUSED


def test_what_is_left_over_or_late_one_person_closes(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    ends.ended(scene.period.contract)
    late = support.in_status(scene.sent(), Status.RETURNED)
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER)
    assert scene.decide(ends.line_of(rollover, late), Fate.CLOSE, at=LATER).refusal == ""
    assert close(scene, rollover, Status.SUPPORTING, at=DAY_AFTER) == ""


def test_what_two_closed_and_somebody_reopened_one_person_closes_again(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    scene.decide(scene.line(rollover, Status.SUPPORTING), Fate.CLOSE)
    rollover = ends.ran(ends.approved(rollover))
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    assert not closing.reopen(
        referral=scene.of(Status.SUPPORTING), reason="In error.", by=coordinator, at=LATER
    ).refusal
    assert close(scene, rollover, Status.SUPPORTING) == ""
