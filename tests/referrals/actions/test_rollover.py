"""The end of a contract on the real database (R15): checked, decided, approved, run, accounted for, undone, swept."""

from datetime import timedelta

import pytest

from quotas import queries as quota_queries
from quotas.choices import EntryKind, Referrers, Unit
from quotas.models import LedgerEntry, Quota
from referrals.actions import (
    contacting,
    ending,
    reinstating,
    rollover_approving,
    rollover_asking,
    rollover_deciding,
    rollover_running,
    rollover_sweeping,
    rollover_undoing,
    withdrawing,
)
from referrals.choices import (
    RUN_LINE,
    UNDO_LINE,
    Action,
    BookingState,
    DeclineReason,
    EndState,
    EventKind,
    Fate,
    FateReason,
    LineState,
    NotStartedReason,
    Place,
    RolloverStage,
    Status,
    WithdrawReason,
)
from referrals.documents import event_sentence
from referrals.models import Referral, Rollover
from referrals.queries import contract_ends, progress
from referrals.queries.reinstating import prospects_of
from referrals.queries.standards import standards_at
from referrals.tasks import contract_ends_daily
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.calendar import days
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.factories.organisations import EstablishmentFactory
from tests.factories.quotas import DATES, period_with_places, use_places
from tests.factories.referrals import filled_draft, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.life_table import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LATER = LAST_DAY + MINUTE


def fates(rollover):
    """What is proposed for each request: its status, the fate and why."""
    return {line.referral.status: (line.fate, line.reason) for line in rollover.lines.select_related("referral")}


def test_every_open_request_gets_a_line_with_a_proposal_and_why(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    assert fates(rollover) == {
        Status.SUBMITTED: (Fate.MOVE, FateReason.NO_VISIT_YET),
        Status.ASSIGNED: (Fate.MOVE, FateReason.NO_VISIT_YET),
        Status.IN_CONTACT: (Fate.MOVE, FateReason.NO_VISIT_YET),
        Status.BOOKED: (Fate.FINISH, FateReason.VISIT_IN_TIME),
        Status.SUPPORTING: (Fate.FINISH, FateReason.REVIEW_IN_TIME),
        Status.RETURNED: (Fate.ASK, FateReason.INFORMATION_AWAITED),
    }
    assert rollover.stage == RolloverStage.DECIDING
    assert ends.begun(scene.period, None) == rollover  # the second press


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"unit": Unit.COHORTS}, FateReason.OTHER_UNIT),
        ({"referrers": Referrers.SEND_ADVISERS}, FateReason.OTHER_REFERRERS),
        ({"streams": (Stream.MAINSTREAM,)}, FateReason.STREAM_NOT_TAKEN),
        (None, FateReason.NO_SUCCESSOR),
    ],
)
def test_what_the_successor_does_not_take_is_asked_about(scene, differs, reason):
    target = None if differs is None else ends.successor(scene.period.contract, **differs)
    proposed = fates(ends.begun(scene.period, target))
    assert proposed[Status.SUBMITTED] == proposed[Status.IN_CONTACT] == (Fate.ASK, reason)
    assert proposed[Status.SUPPORTING] == (Fate.FINISH, FateReason.REVIEW_IN_TIME)


def test_a_visit_without_a_record_stays_where_it_was_held(scene):
    untold = scene.visited()
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    line = ends.line_of(rollover, untold)
    assert (line.fate, line.reason) == (Fate.FINISH, FateReason.RECORD_MISSING)
    for fate in (Fate.MOVE, Fate.CLOSE):
        assert "no finalised record" in decide(line, fate, scene).refusal


def decide(line, fate, scene, *, at=LAST_DAY, note=""):
    return rollover_deciding.decide(line=line, fate=fate, note=note, by=scene.one, at=at)


def test_the_account_comes_out_at_nothing_and_every_request_is_where_it_was_to_go(scene):
    waiting, draft = _beside(scene)
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    decide(ends.line_of(rollover, scene.of(Status.SUBMITTED)), Fate.CLOSE, scene, note="They no longer need it.")
    rollover = ends.ran(ends.approved(rollover))
    account = contract_ends.account_of(rollover)
    assert (account.open_before, account.finishing, account.moved, account.closed) == (6, 3, 2, 1)
    assert account.in_words == "6 open before = 3 finishing + 2 moved + 1 closed. Difference 0."
    assert (rollover.stage, rollover.open_before, account.to_do) == (RolloverStage.DONE, 6, 0)
    moved = Referral.objects.filter(status=Status.TRANSFERRED, continued_by__period__contract=rollover.target)
    assert moved.count() == 2
    closed = scene.of(Status.SUBMITTED)
    assert (closed.status, closed.end_state, closed.place) == (Status.CLOSED, EndState.NOT_STARTED, None)
    beside = contract_ends.beside(scene.period.contract)
    assert (beside.waiting, beside.lapsed, beside.drafts) == (1, 0, 1)
    waiting.refresh_from_db()
    draft.refresh_from_db()
    assert waiting.status == Status.WAITING


def _beside(scene):
    quota = Quota.objects.get(period=scene.period, stream=Stream.EARLY_YEARS)
    use_places(quota, quota_queries.places_left(quota), by=scene.one)
    waiting = waiting_request(EstablishmentFactory(zone=scene.zone), by=scene.adviser, at=AT)
    return waiting, filled_draft(EstablishmentFactory(zone=scene.zone), by=scene.adviser, at=AT)


def test_a_moved_request_goes_on_with_its_dates_and_draws_nothing(scene):
    target = ends.successor(scene.period.contract)
    before = scene.of(Status.BOOKED)
    rollover = scene.ran(target)
    line = ends.line_of(rollover, before)
    old, new = scene.of(Status.BOOKED), line.successor
    assert (old.status, old.place, new.continues_id) == (Status.TRANSFERRED, before.place, old.pk)
    assert (new.status, new.submitted_at, new.teacher) == (Status.BOOKED, before.submitted_at, before.teacher)
    assert (new.clocks_from, new.first_asked_at) == (before.place.at, before.submitted_at)
    assert (new.place.kind, new.place.places, new.place.reference) == (EntryKind.CARRIED, 0, new.reference)
    assert quota_queries.places_left(Quota.objects.get(period=new.period, stream=new.stream)) == 10
    assert [goal.text for goal in new.goals.all()] == [goal.text for goal in old.goals.all()]
    assert [one.kind for one in new.support_wanted.all()] == [one.kind for one in old.support_wanted.all()]
    assert [booking.pk for booking in support.planned(new)] == [scene.visit.pk]
    assert old.events.latest("seq").kind == EventKind.TRANSFERRED
    assert [event.kind for event in new.events.all()] == [EventKind.CARRIED_OVER]
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_ADVISER, key__startswith=f"status:{new.reference}:1")
    assert old.reference in told.get().context["sentence"]
    assert AuditEvent.objects.filter(reference=new.reference, what="carried a request over").exists()


def test_another_provider_begins_anew_and_planned_visits_are_cancelled(scene):
    rollover = scene.ran(ends.successor(scene.period.contract, same_provider=False))
    new = ends.line_of(rollover, scene.requests[Status.BOOKED]).successor
    assert (new.status, new.teacher, new.visits_held) == (Status.SUBMITTED, None, 0)
    scene.visit.refresh_from_db()
    assert scene.visit.state == BookingState.CANCELLED
    returned = ends.line_of(rollover, scene.requests[Status.RETURNED])
    assert returned.outcome == Fate.FINISH


@pytest.mark.parametrize("same_provider", [True, False])
def test_a_returned_request_is_still_returned_where_it_goes_on(scene, same_provider):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract, same_provider=same_provider))
    decide(ends.line_of(rollover, scene.of(Status.RETURNED)), Fate.MOVE, scene)
    rollover = ends.ran(ends.approved(rollover))
    new = ends.line_of(rollover, scene.of(Status.RETURNED)).successor
    assert (new.status, new.returned_from) == (Status.RETURNED, Status.SUBMITTED)


def test_a_visited_request_moves_with_what_was_held(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    decide(ends.line_of(rollover, scene.of(Status.SUPPORTING)), Fate.MOVE, scene)
    rollover = ends.ran(ends.approved(rollover))
    old, new = scene.of(Status.SUPPORTING), ends.line_of(rollover, scene.of(Status.SUPPORTING)).successor
    assert (new.status, new.visits_held, new.first_held_at) == (Status.SUPPORTING, 1, old.first_held_at)
    assert old.visits.count() == 1
    assert rollover == ends.undone(rollover)
    new.refresh_from_db()
    assert (new.status, new.visits_held, scene.of(Status.SUPPORTING).status) == (Status.WITHDRAWN, 0, Status.SUPPORTING)


def test_a_visited_request_closes_early_with_its_contract(scene):
    rollover = ends.begun(scene.period, None)
    decide(ends.line_of(rollover, scene.of(Status.SUPPORTING)), Fate.CLOSE, scene)
    ends.ran(ends.approved(rollover))
    closed = scene.of(Status.SUPPORTING)
    assert (closed.status, closed.end_state) == (Status.CLOSED, EndState.ENDED_EARLY)
    assert closed.place is not None
    assert closed.closings.get().summary.startswith("The contract ended")


def test_run_twice_it_changes_nothing(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    before = _everything()
    for line in rollover.lines.all():
        rollover_running.run_line(pk=line.pk, by=scene.portal, at=LATER)
    rollover_running.finish(rollover=rollover, by=scene.portal, at=LATER)
    assert _everything() == before


def _everything():
    return (
        list(Referral.objects.order_by("pk").values_list("pk", "status", "place")),
        LedgerEntry.objects.count(),
        Notification.objects.count(),
        list(Rollover.objects.values_list("stage", "ended_at")),
    )


def test_what_ended_in_the_meantime_counts_as_closed_and_what_cannot_be_done_is_left_to_finish(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    decide(ends.line_of(rollover, scene.of(Status.BOOKED)), Fate.MOVE, scene)
    rollover = ends.approved(rollover)
    submitted, booked = scene.of(Status.SUBMITTED), scene.of(Status.BOOKED)
    reason = WithdrawReason.NO_LONGER_NEEDED
    withdrawing.withdraw(referral=submitted, reason=reason, note="", by=scene.adviser, at=LATER)
    rollover = ends.ran(rollover, at=LAST_DAY + 6 * HOUR)  # the visit has begun by then
    assert ends.line_of(rollover, submitted).problem == "It had ended before: Withdrawn."
    line = ends.line_of(rollover, booked)
    assert line.outcome == Fate.FINISH
    assert "no outcome" in line.problem
    account = contract_ends.account_of(rollover)
    assert (account.difference, account.closed) == (0, 1)


def test_it_takes_two_people_and_the_name(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    refused = rollover_approving.propose(rollover=rollover, reason="", by=scene.one, at=LAST_DAY)
    assert refused.refusal == "1 request is still to be asked about or decided."
    ends.all_decided(rollover)
    proposed = rollover_approving.propose(rollover=rollover, reason="It ends.", by=scene.one, at=LAST_DAY)
    assert proposed.rollover.stage == RolloverStage.PROPOSED
    assert Notification.objects.filter(kind=Kind.CHANGE_PROPOSED).get().to_email == scene.other.email
    assert rollover_approving.propose(rollover=rollover, reason="", by=scene.one, at=LAST_DAY).refusal
    name = rollover.source.name
    with pytest.raises(NotAllowed, match="second person"):
        rollover_approving.approve(
            rollover=rollover, change=ends.key_of(rollover), typed=name, by=scene.one, at=LAST_DAY
        )
    wrong = rollover_approving.approve(
        rollover=rollover, change=ends.key_of(rollover), typed="Something else", by=scene.other, at=LAST_DAY
    )
    assert wrong.refusal == f"Type the contract’s name as it is written: {name}."
    assert not JobRequest.objects.filter(job=RUN_LINE).exists()
    right = rollover_approving.approve(
        rollover=rollover, change=ends.key_of(rollover), typed=f"  {name.upper()} ", by=scene.other, at=LAST_DAY
    )
    assert right.rollover.stage == RolloverStage.RUNNING
    assert JobRequest.objects.filter(job=RUN_LINE).count() == 6
    again = rollover_approving.approve(
        rollover=rollover, change=ends.key_of(rollover), typed=name, by=scene.other, at=LAST_DAY
    )
    assert again.refusal == "It is running."
    assert JobRequest.objects.filter(job=RUN_LINE).count() == 6


def test_what_changed_since_it_was_proposed_sends_it_back(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    ends.all_decided(rollover)
    rollover_approving.propose(rollover=rollover, reason="", by=scene.one, at=LAST_DAY)
    support.in_status(scene.sent(), Status.RETURNED)
    outcome = rollover_approving.approve(
        rollover=rollover, change=ends.key_of(rollover), typed=rollover.source.name, by=scene.other, at=LATER
    )
    assert outcome.refusal.startswith("Since it was proposed something has changed.")
    assert (outcome.rollover.stage, outcome.rollover.change) == (RolloverStage.DECIDING, None)
    assert outcome.rollover.lines.count() == 7


@pytest.mark.parametrize("by_proposer", [True, False])
def test_a_proposal_is_taken_back_or_refused_and_goes_on_being_decided(scene, by_proposer):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    assert rollover_approving.refuse(rollover=rollover, note="", by=scene.other, at=LATER).refusal
    ends.all_decided(rollover)
    rollover_approving.propose(rollover=rollover, reason="", by=scene.one, at=LAST_DAY)
    by = scene.one if by_proposer else scene.other
    outcome = rollover_approving.refuse(rollover=rollover, note="Not yet.", by=by, at=LATER)
    assert (outcome.refusal, outcome.rollover.stage) == ("", RolloverStage.DECIDING)
    assert Notification.objects.filter(kind=Kind.CHANGE_DECIDED).exists() is not by_proposer
    assert decide(rollover.lines.first(), Fate.FINISH, scene).refusal == ""


def test_while_it_waits_for_the_second_person_nothing_is_decided(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    ends.all_decided(rollover)
    line = rollover.lines.first()
    rollover_approving.propose(rollover=rollover, reason="", by=scene.one, at=LAST_DAY)
    assert "waiting for a second person" in decide(line, Fate.CLOSE, scene).refusal
    assert "Say what" not in decide(line, Fate.ASK, scene).refusal
    asked = rollover_asking.ask_group(rollover=rollover, reason=line.reason, by=scene.one, at=LATER)
    assert asked == rollover_asking.Asked()
    nothing = rollover_deciding.decide_group(
        rollover=rollover, reason=line.reason, fate=Fate.CLOSE, note="", by=scene.one, at=LATER
    )
    assert nothing == {"decided": 0, "left": 0, "answered": 0}
    rollover_deciding.look_again(rollover=rollover, by=scene.one, at=LATER)
    rollover.refresh_from_db()
    assert rollover.checked_at == LAST_DAY


def test_asking_is_no_decision(scene):
    rollover = ends.begun(scene.period, None)
    refused = decide(rollover.lines.first(), Fate.ASK, scene)
    assert refused.refusal == "Say what is to become of it, or ask its adviser."


def test_a_group_is_decided_at_once_and_who_cannot_is_left(scene):
    untold = scene.visited()
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    answer = rollover_deciding.decide_group(
        rollover=rollover, reason=FateReason.RECORD_MISSING, fate=Fate.CLOSE, note="", by=scene.one, at=LATER
    )
    assert answer == {"decided": 0, "left": 1, "answered": 0}
    answer = rollover_deciding.decide_group(
        rollover=rollover, reason=FateReason.NO_VISIT_YET, fate=Fate.FINISH, note="Soon over.", by=scene.one, at=LATER
    )
    assert answer == {"decided": 3, "left": 0, "answered": 0}
    line = ends.line_of(rollover, scene.of(Status.ASSIGNED))
    assert (line.fate, line.note, line.decided_by, line.proposed) == (Fate.FINISH, "Soon over.", scene.one, Fate.MOVE)
    assert ends.line_of(rollover, untold).decided_at is None


def test_looking_again_keeps_what_was_decided_and_follows_what_changed(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    decide(ends.line_of(rollover, scene.of(Status.ASSIGNED)), Fate.CLOSE, scene)
    withdrawing.withdraw(
        referral=scene.of(Status.SUBMITTED), reason=WithdrawReason.OTHER, note="", by=scene.adviser, at=LATER
    )
    support.in_status(scene.sent(), Status.ASSIGNED)
    support.book(scene.of(Status.IN_CONTACT), LAST_DAY + HOUR, at=LAST_DAY)
    rollover = rollover_deciding.look_again(rollover=rollover, by=scene.one, at=LATER)
    lines = {line.referral_id: line for line in rollover.lines.all()}
    assert scene.requests[Status.SUBMITTED].pk not in lines
    assert lines[scene.requests[Status.ASSIGNED].pk].fate == Fate.CLOSE
    assert lines[scene.requests[Status.IN_CONTACT].pk].fate == Fate.FINISH
    assert len(lines) == 6


def test_the_adviser_is_asked_and_answers(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    line = ends.line_of(rollover, scene.of(Status.RETURNED))
    rollover_deciding.ask(line=line, by=scene.one, at=LAST_DAY)
    told = Notification.objects.get(kind=Kind.CONTRACT_END_QUESTION)
    assert told.to_email == scene.adviser.email
    assert told.context["why"] == FateReason.INFORMATION_AWAITED.label
    answered = rollover_deciding.answer(line=line, wish=Fate.MOVE, note="Still needed.", by=scene.adviser, at=LATER)
    assert (answered.line.fate, answered.line.wish, answered.line.wish_by) == (Fate.MOVE, Fate.MOVE, scene.adviser)
    assert "It is decided" in rollover_deciding.ask(line=line, by=scene.one, at=LATER).refusal
    with pytest.raises(NotAllowed):
        rollover_deciding.answer(line=line, wish=Fate.CLOSE, note="", by=scene.one, at=LATER)
    ends.ran(ends.approved(rollover))
    late = rollover_deciding.answer(line=line, wish=Fate.CLOSE, note="", by=scene.adviser, at=LATER)
    assert late.refusal.startswith("It is too late")


def test_an_answer_that_cannot_be_done_is_the_commissioners_to_decide(scene):
    rollover = ends.begun(scene.period, None)
    line = ends.line_of(rollover, scene.of(Status.SUBMITTED))
    answered = rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=scene.adviser, at=LATER)
    assert (answered.refusal, answered.line.fate, answered.line.wish) == ("", Fate.ASK, Fate.MOVE)
    assert "no new contract" in decide(line, Fate.MOVE, scene).refusal
    decide(line, Fate.CLOSE, scene)
    answered = rollover_deciding.answer(line=line, wish=Fate.FINISH, note="", by=scene.adviser, at=LATER)
    assert (answered.line.fate, answered.line.wish) == (Fate.CLOSE, Fate.FINISH)


def test_undone_everything_stands_where_it_stood(scene):
    before = {status: scene.of(status).status for status in scene.requests}
    rollover = scene.ran(ends.successor(scene.period.contract))
    assert JobRequest.objects.filter(job=UNDO_LINE).count() == 0
    rollover = ends.undone(rollover, at=LATER)
    assert rollover.stage == RolloverStage.UNDONE
    line = rollover.lines.filter(state=LineState.UNDONE).first()
    assert rollover_undoing.undo_line(pk=line.pk, by=scene.portal, at=LATER).done_at == line.done_at  # once
    assert {status: scene.of(status).status for status in scene.requests} == before
    assert [booking.pk for booking in support.planned(scene.of(Status.BOOKED))] == [scene.visit.pk]
    successors = Referral.objects.filter(continues__isnull=False)
    assert {(one.status, one.place) for one in successors} == {(Status.WITHDRAWN, None)}
    account = contract_ends.account_of(rollover)
    assert (account.undone, account.difference) == (4, 0)
    assert scene.of(Status.BOOKED).events.latest("seq").kind == EventKind.MOVED_BACK
    assert Notification.objects.filter(kind=Kind.CONTRACT_END_ACCOUNT, context__what="was undone").exists()
    again = ends.begun(scene.period, rollover.target, at=LATER)
    assert again != rollover
    ends.ran(ends.approved(again, at=LATER), at=LATER)
    assert contract_ends.account_of(again).difference == 0


def test_once_something_has_happened_only_single_requests_are_moved_back(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    assigned = ends.line_of(rollover, scene.of(Status.ASSIGNED))
    contacting.log_contact(
        referral=assigned.successor, attempt=support.attempt(at=LATER), by=assigned.successor.teacher, at=LATER
    )
    refused = rollover_undoing.undo(rollover=rollover, by=scene.one, at=LATER)
    assert assigned.successor.reference in refused.refusal
    assert rollover_undoing.undo_one(line=assigned, by=scene.one, at=LATER).refusal == rollover_undoing.STIRRED
    other = ends.line_of(rollover, scene.of(Status.IN_CONTACT))
    assert rollover_undoing.undo_one(line=other, by=scene.one, at=LATER).refusal == ""
    assert rollover_undoing.undo_one(line=other, by=scene.one, at=LATER).refusal.startswith("Only a request")
    rollover_undoing.undo_line(pk=other.pk, by=scene.portal, at=LATER)
    assert scene.of(Status.IN_CONTACT).status == Status.IN_CONTACT
    account = contract_ends.account_of(rollover)
    assert (account.moved, account.undone, account.difference) == (3, 1, 0)


def test_a_request_that_stirs_while_it_is_being_moved_back_stays(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    rollover_undoing.undo(rollover=rollover, by=scene.one, at=LATER)
    line = ends.line_of(rollover, scene.of(Status.ASSIGNED))
    contacting.log_contact(
        referral=line.successor, attempt=support.attempt(at=LATER), by=line.successor.teacher, at=LATER
    )
    for pk in rollover.lines.filter(state=LineState.UNDOING).values_list("pk", flat=True):
        rollover_undoing.undo_line(pk=pk, by=scene.portal, at=LATER)
    rollover = rollover_running.finish(rollover=rollover, by=scene.portal, at=LATER)
    assert rollover.stage == RolloverStage.DONE
    assert ends.line_of(rollover, line.referral).problem == rollover_undoing.STIRRED


def test_what_another_provider_had_cancelled_is_in_touch_again_when_it_comes_back(scene):
    rollover = scene.ran(ends.successor(scene.period.contract, same_provider=False))
    ends.undone(rollover, at=LATER)
    assert scene.of(Status.BOOKED).status == Status.IN_CONTACT


def test_a_late_request_is_swept_up_once(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    ends.ended(scene.period.contract)
    late, asked = scene.sent(), support.in_status(scene.sent(), Status.RETURNED)
    swept = rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER)
    assert (swept.found, swept.to_decide) == (2, 1)
    assert rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER).found == 0
    ends.ran(rollover, at=LATER)
    late.refresh_from_db()
    assert late.status == Status.TRANSFERRED
    line = ends.line_of(rollover, asked)
    assert (line.state, line.late) == (LineState.PENDING, True)
    assert Notification.objects.filter(kind=Kind.CONTRACT_END_ACCOUNT, context__what="needs you").exists()
    assert decide(line, Fate.MOVE, scene, at=LATER).refusal == ""
    ends.ran(rollover, at=LATER)
    assert Referral.objects.get(pk=asked.pk).status == Status.TRANSFERRED
    account = contract_ends.account_of(rollover)
    assert (account.open_before, account.difference, account.late) == (6, 0, 2)


def test_what_was_to_finish_and_did_not_is_looked_at_again_after_the_last_day_of_visits(scene):
    not_told = scene.visited()
    rollover = scene.ran(ends.successor(scene.period.contract))
    finishing = ends.line_of(rollover, scene.of(Status.SUPPORTING))
    assert finishing.outcome == Fate.FINISH
    assert rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER).to_decide == 0
    untold = scene.visited(days=10)
    day_after = LAST_DAY + DAY
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=day_after)
    ends.ran(rollover, at=day_after)
    assert scene.of(Status.SUPPORTING).status == Status.TRANSFERRED
    assert Referral.objects.get(pk=untold.pk).status == Status.SUPPORTING
    assert ends.line_of(rollover, not_told).state == LineState.DONE  # it stays until it is told
    assert contract_ends.account_of(rollover).difference == 0
    refused = decide(ends.line_of(rollover, untold), Fate.FINISH, scene, at=day_after)
    assert "can no longer finish" in refused.refusal


def test_a_late_question_can_be_answered_and_is_done_at_once(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    ends.ended(scene.period.contract)
    asked = support.in_status(scene.sent(), Status.RETURNED)
    rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER)
    line = ends.line_of(rollover, asked)
    rollover_deciding.answer(line=line, wish=Fate.MOVE, note="", by=scene.adviser, at=LATER)
    assert JobRequest.objects.filter(job=RUN_LINE, subject=str(line.pk)).exists()


def test_nobody_but_the_portal_carries_out_and_nobody_but_commissioners_decides(scene):
    rollover = ends.begun(scene.period, None)
    line, teacher = rollover.lines.first(), scene.of(Status.ASSIGNED).teacher
    by_hand = [
        lambda: rollover_running.run_line(pk=line.pk, by=scene.one, at=LATER),
        lambda: rollover_running.finish(rollover=rollover, by=scene.one, at=LATER),
        lambda: rollover_undoing.undo_line(pk=line.pk, by=scene.one, at=LATER),
        lambda: rollover_sweeping.sweep(rollover=rollover, by=scene.one, at=LATER),
        lambda: rollover_deciding.begin(source=rollover.source, target=None, by=teacher, at=LATER),
        lambda: rollover_deciding.look_again(rollover=rollover, by=teacher, at=LATER),
        lambda: rollover_deciding.decide(line=line, fate=Fate.CLOSE, note="", by=teacher, at=LATER),
        lambda: rollover_deciding.ask(line=line, by=teacher, at=LATER),
        lambda: rollover_deciding.decide_group(
            rollover=rollover, reason=line.reason, fate=Fate.CLOSE, note="", by=teacher, at=LATER
        ),
        lambda: rollover_approving.propose(rollover=rollover, reason="", by=teacher, at=LATER),
        lambda: rollover_undoing.undo(rollover=rollover, by=teacher, at=LATER),
        lambda: rollover_undoing.undo_one(line=line, by=teacher, at=LATER),
    ]
    for act in by_hand:
        with pytest.raises(NotAllowed):
            act()


def test_what_is_not_there_or_not_due_is_passed_over(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    line = rollover.lines.first()
    assert rollover_running.run_line(pk=0, by=scene.portal, at=LATER) is None
    assert rollover_undoing.undo_line(pk=0, by=scene.portal, at=LATER) is None
    assert rollover_undoing.undo_line(pk=line.pk, by=scene.portal, at=LATER).state == LineState.PENDING
    assert rollover_running.run_line(pk=line.pk, by=scene.portal, at=LATER).state == LineState.PENDING
    assert rollover_sweeping.sweep(rollover=rollover, by=scene.portal, at=LATER).found == 0
    assert rollover_running.finish(rollover=rollover, by=scene.portal, at=LATER).stage == RolloverStage.DECIDING
    assert rollover_undoing.undo(rollover=rollover, by=scene.one, at=LATER).refusal
    later = {name: day + 500 * DAY for name, day in DATES.items()}
    empty = ends.begun(period_with_places(**later), None)
    refused = rollover_approving.propose(rollover=empty, reason="", by=scene.one, at=LATER)
    assert refused.refusal == "No request is open: nothing is to be moved."


WALKED = (Status.SUBMITTED, Status.RETURNED, Status.ASSIGNED, Status.IN_CONTACT, Status.BOOKED, Status.SUPPORTING)


def decided_all(scene, fate):
    """The contract's end, where the same becomes of every request; it has run."""
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract))
    for status in WALKED:
        assert decide(ends.line_of(rollover, scene.of(status)), fate, scene).refusal == ""
    return ends.ran(ends.approved(rollover))


def test_moved_and_moved_back_every_status_goes_where_the_table_says(scene):
    before = {status: scene.of(status) for status in WALKED}
    rollover = decided_all(scene, Fate.MOVE)
    for status in WALKED:
        old, new = scene.of(status), ends.line_of(rollover, scene.of(status)).successor
        assert (old.status, old.place) == (TABLE[status, Action.TRANSFER].to, before[status].place)
        assert TABLE[None, Action.CARRY_OVER].to is None
        assert new.status == status  # where the earlier one stood
        assert (old.ended_at, new.ended_at, new.returned_from) == (LAST_DAY, None, before[status].returned_from)
    assert clocks(scene, WALKED) == dict.fromkeys(WALKED, [])
    ends.undone(rollover, at=LATER)
    for status in WALKED:
        old, new = scene.of(status), Referral.objects.get(continues=scene.of(status))
        assert (old.status, old.place) == (status, before[status].place)
        assert (new.status, new.place) == (TABLE[status, Action.UNDO_CARRY].to, None)
        assert TABLE[Status.TRANSFERRED, Action.MOVE_BACK].to is None  # where it stood
    assert all(clocks(scene, WALKED).values())


def clocks(scene, statuses):
    """The clocks that run for each request."""
    rows = {status: scene.of(status) for status in statuses}
    found = progress.clocks_of(
        list(rows.values()), standards=standards_at(LATER), days=days(), today=london_date(LATER)
    )
    return {status: found[row.pk] for status, row in rows.items()}


def test_closed_with_its_contract_every_status_goes_where_the_table_says(scene):
    quota = Quota.objects.get(period=scene.period, stream=Stream.EARLY_YEARS)
    left = quota_queries.places_left(quota)
    rollover = decided_all(scene, Fate.CLOSE)
    for status in WALKED:
        step, row = TABLE[status, Action.END_WITH_CONTRACT], scene.of(status)
        assert (row.status, row.place is None) == (step.to, step.place == Place.RELEASED)
        assert row.events.latest("seq").kind == EventKind.CLOSED
    assert quota_queries.places_left(quota) == left + 5
    assert contract_ends.account_of(rollover).closed == 6


def test_the_portal_begins_the_end_in_good_time_and_looks_again_each_night(scene):
    """40 working days before 31 March 2025 is 3 February, without bank holidays; before that nothing is begun."""
    target = ends.successor(scene.period.contract)
    contract_ends_daily(Run(at=LAST_DAY.replace(month=2, day=2)))
    assert not Rollover.objects.exists()
    contract_ends_daily(Run(at=LAST_DAY.replace(month=2, day=3)))
    rollover = Rollover.objects.get()
    assert (rollover.target, rollover.started_by, rollover.lines.count()) == (target, scene.portal, 6)
    told = Notification.objects.filter(kind=Kind.CONTRACT_END_ACCOUNT, context__what="needs you")
    assert scene.one.email in told.values_list("to_email", flat=True)
    scene.sent()
    contract_ends_daily(Run(at=LAST_DAY.replace(month=2, day=4)))
    assert Rollover.objects.get().lines.count() == 7
    rollover_deciding.set_target(rollover=rollover, target=None, by=scene.one, at=LAST_DAY)
    assert fates(rollover)[Status.SUBMITTED] == (Fate.ASK, FateReason.NO_SUCCESSOR)
    rollover_deciding.set_target(rollover=rollover, target=target, by=scene.one, at=LAST_DAY)
    done = ends.ran(ends.approved(rollover))
    late = scene.sent()
    ends.ended(scene.period.contract)
    contract_ends_daily(Run(at=LATER))
    assert ends.line_of(done, late).late
    unchanged = rollover_deciding.set_target(rollover=rollover, target=None, by=scene.one, at=LATER)
    assert unchanged.target == target


def test_a_carried_request_gives_nothing_back_when_it_ends_and_draws_nothing_when_it_is_reinstated(scene):
    """The new contract's places are as many after each of these as before (R15)."""
    rollover = scene.ran(ends.successor(scene.period.contract))
    quota = Quota.objects.get(period__contract=rollover.target, stream=Stream.EARLY_YEARS)
    submitted = ends.line_of(rollover, scene.of(Status.SUBMITTED)).successor
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    reason, opened = WithdrawReason.OTHER, LAST_DAY + 2 * DAY
    ended = withdrawing.withdraw(referral=submitted, reason=reason, note="", by=scene.adviser, at=opened)
    assert (ended.status, ended.place) == (Status.WITHDRAWN, None)
    assert "It used no place." in sentences(ended)[-1]
    told = Notification.objects.get(kind=Kind.REQUEST_WITHDRAWN_ADVISER, reference=ended.reference)
    assert (told.context["place_returned"], told.context["carried"]) == (False, True)
    again = reinstating.reinstate(referral=ended, reason="In error.", by=scene.one, at=opened)
    assert (again.refusal, again.referral.status, again.referral.place.places) == ("", Status.SUBMITTED, 0)
    assert again.referral.clocks_from == opened  # R10's clocks begin anew, as for every request that is reinstated
    declined = ending.decline(
        referral=again.referral, reason=DeclineReason.OTHER, note="", by=coordinator, at=opened
    ).referral
    assert sentences(declined)[-1].endswith("It used no early years place.")
    closed = ending.close_not_started(
        referral=ends.line_of(rollover, scene.of(Status.ASSIGNED)).successor,
        reason=NotStartedReason.OTHER,
        note="",
        by=coordinator,
        at=opened,
    ).referral
    assert sentences(closed)[-1].endswith("It used no early years place.")
    assert quota_queries.places_left(quota) == 10
    assert {entry.kind for entry in quota.entries.all()} == {EntryKind.GRANTED, EntryKind.CARRIED}


def sentences(referral):
    """The history of a request, in words."""
    return [
        event_sentence(event.kind, event.version, event.facts, stream_label="early years")
        for event in referral.events.order_by("seq")
    ]


def test_a_request_whose_move_was_undone_is_not_reinstated(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    new = ends.line_of(rollover, scene.of(Status.ASSIGNED)).successor
    ends.undone(rollover, at=LATER)
    step = reinstating.reinstate(referral=new, reason="", by=scene.one, at=LAST_DAY + 2 * DAY)
    assert step.refusal == "Its move from the earlier contract was undone: support goes on there."
    assert prospects_of(new, LAST_DAY + 2 * DAY).why_not == step.refusal
