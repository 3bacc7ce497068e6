"""R15 as rules: what is proposed for an open request, what cannot be chosen, and the sum."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotas.choices import Referrers, Unit
from referrals.choices import Fate, FateReason, LineState, RolloverStage, Status
from referrals.rules import rollover as rules
from referrals.rules.lifecycle import OPEN_WITH_S2S, not_taken
from referrals.rules.rollover import Account, Open, Proposal, Successor
from s2s_portal.organisations.choices import Stream

RUN_OFF = date(2025, 3, 31)
DAY = timedelta(days=1)
BOTH = frozenset(Stream)
SAME = Successor(Unit.REQUESTS, Referrers.ADVISERS, BOTH)
S, F, R = Status, Fate, FateReason


def one(status=S.SUBMITTED, stream=Stream.MAINSTREAM, **told):
    return Open(status=status, stream=stream, **told)


@pytest.mark.parametrize(
    ("seen", "fate", "reason"),
    [
        (one(), F.MOVE, R.NO_VISIT_YET),
        (one(S.ASSIGNED), F.MOVE, R.NO_VISIT_YET),
        (one(S.IN_CONTACT), F.MOVE, R.NO_VISIT_YET),
        (one(S.RETURNED), F.ASK, R.INFORMATION_AWAITED),
        (one(S.RETURNED, last_visit_on=RUN_OFF), F.ASK, R.INFORMATION_AWAITED),
        (one(S.BOOKED, last_visit_on=RUN_OFF), F.FINISH, R.VISIT_IN_TIME),
        (one(S.BOOKED, last_visit_on=RUN_OFF + DAY), F.MOVE, R.VISIT_TOO_LATE),
        (one(S.BOOKED, last_visit_on=RUN_OFF - DAY, untold=True), F.FINISH, R.RECORD_MISSING),
        (one(S.SUPPORTING, untold=True), F.FINISH, R.RECORD_MISSING),
        (one(S.SUPPORTING, last_visit_on=RUN_OFF), F.FINISH, R.VISIT_IN_TIME),
        (one(S.SUPPORTING, last_visit_on=RUN_OFF + DAY), F.MOVE, R.VISIT_TOO_LATE),
        (one(S.SUPPORTING, reviewed=True), F.FINISH, R.ONLY_CLOSING_LEFT),
        (one(S.SUPPORTING, reviewed=True, review_due_on=RUN_OFF + DAY), F.FINISH, R.ONLY_CLOSING_LEFT),
        (one(S.SUPPORTING, review_due_on=RUN_OFF), F.FINISH, R.REVIEW_IN_TIME),
        (one(S.SUPPORTING, review_due_on=RUN_OFF + DAY), F.MOVE, R.REVIEW_TOO_LATE),
        (one(S.SUPPORTING), F.MOVE, R.REVIEW_TOO_LATE),
    ],
)
def test_what_is_proposed_until_the_last_day_of_visits(seen, fate, reason):
    assert rules.proposal(seen, SAME, run_off_ends_on=RUN_OFF, today=RUN_OFF) == Proposal(fate, reason)


@pytest.mark.parametrize(
    ("seen", "fate", "reason"),
    [
        (one(S.SUPPORTING, review_due_on=RUN_OFF), F.MOVE, R.RUN_OFF_OVER),
        (one(S.SUPPORTING, untold=True), F.FINISH, R.RECORD_MISSING),
        (one(S.RETURNED), F.ASK, R.INFORMATION_AWAITED),
    ],
)
def test_what_is_proposed_after_it(seen, fate, reason):
    assert rules.proposal(seen, SAME, run_off_ends_on=RUN_OFF, today=RUN_OFF + DAY) == Proposal(fate, reason)


COHORTS = Successor(Unit.COHORTS, Referrers.ADVISERS, BOTH)
SEND = Successor(Unit.REQUESTS, Referrers.SEND_ADVISERS, BOTH)
MAINSTREAM_ONLY = Successor(Unit.REQUESTS, Referrers.ADVISERS, frozenset({Stream.MAINSTREAM}))


@pytest.mark.parametrize(
    ("seen", "successor", "reason"),
    [
        (one(), None, R.NO_SUCCESSOR),
        (one(), SAME, None),
        (one(), COHORTS, R.OTHER_UNIT),
        (one(in_cohort=True), COHORTS, None),
        (one(), SEND, None),
        (one(stream=Stream.EARLY_YEARS), SEND, R.OTHER_REFERRERS),
        (one(stream=Stream.EARLY_YEARS), COHORTS, R.OTHER_UNIT),
        (one(stream=Stream.EARLY_YEARS, in_cohort=True), COHORTS, R.OTHER_UNIT),  # only SEND Advisers file cohorts
        (one(stream=Stream.EARLY_YEARS), MAINSTREAM_ONLY, R.STREAM_NOT_TAKEN),
        (one(), MAINSTREAM_ONLY, None),
    ],
)
def test_what_a_successor_does_not_take_is_asked_about(seen, successor, reason):
    assert rules.hindrance(seen, successor) == reason
    proposed = rules.proposal(seen, successor, run_off_ends_on=RUN_OFF, today=RUN_OFF)
    assert proposed == (Proposal(F.ASK, reason) if reason else Proposal(F.MOVE, R.NO_VISIT_YET))
    refusal = rules.cannot_choose(F.MOVE, seen, successor, run_off_ends_on=RUN_OFF, today=RUN_OFF)
    assert refusal == (reason.label if reason in rules.NEVER_TAKEN else None)


@given(
    stream=st.sampled_from(Stream),
    in_cohort=st.booleans(),
    unit=st.sampled_from(Unit),
    referrers=st.sampled_from(Referrers),
)
def test_what_is_moved_and_what_is_sent_is_taken_by_the_same_rule(stream, in_cohort, unit, referrers):
    hindered = rules.hindrance(one(stream=stream, in_cohort=in_cohort), Successor(unit, referrers, BOTH))
    refused = not_taken(unit=unit, referrers=referrers, stream=stream, in_cohort=in_cohort)
    assert (hindered is None) == (refused is None)


@pytest.mark.parametrize(
    ("seen", "today", "reason"),
    [
        (one(S.SUPPORTING, untold=True), RUN_OFF + DAY, None),
        (one(S.RETURNED), RUN_OFF, R.INFORMATION_AWAITED),
        (one(S.SUPPORTING, reviewed=True), RUN_OFF, None),
        (one(S.SUPPORTING, reviewed=True), RUN_OFF + DAY, R.RUN_OFF_OVER),
        (one(S.BOOKED, last_visit_on=RUN_OFF + DAY), RUN_OFF, R.VISIT_TOO_LATE),
        (one(S.SUPPORTING, review_due_on=RUN_OFF), RUN_OFF, None),
        (one(S.IN_CONTACT), RUN_OFF, R.NO_VISIT_YET),
    ],
)
def test_what_keeps_a_request_from_being_finished(seen, today, reason):
    assert rules.why_not_finished(seen, run_off_ends_on=RUN_OFF, today=today) == reason


@pytest.mark.parametrize(
    ("wish", "ran", "done"),
    [(F.CLOSE, False, True), (F.CLOSE, True, False), (F.MOVE, True, True), (F.FINISH, True, True)],
)
def test_whose_answer_is_done(wish, ran, done):
    assert rules.is_done_by_answer(wish, ran=ran) is done


@pytest.mark.parametrize(
    ("fate", "today", "untold", "says"),
    [
        (F.FINISH, RUN_OFF, False, None),
        (F.FINISH, RUN_OFF + DAY, False, "The last day of visits was 31 March 2025: it can no longer finish."),
        (F.FINISH, RUN_OFF, True, None),
        (F.MOVE, RUN_OFF + DAY, False, None),
        (F.CLOSE, RUN_OFF + DAY, False, None),
        (F.MOVE, RUN_OFF, True, "finalised record"),
        (F.CLOSE, RUN_OFF, True, "finalised record"),
    ],
)
def test_what_cannot_be_chosen(fate, today, untold, says):
    seen = one(S.SUPPORTING, untold=untold)
    refusal = rules.cannot_choose(fate, seen, SAME, run_off_ends_on=RUN_OFF, today=today)
    assert refusal is None if says is None else says in refusal


@given(
    status=st.sampled_from(OPEN_WITH_S2S),
    stream=st.sampled_from(Stream),
    in_cohort=st.booleans(),
    untold=st.booleans(),
    reviewed=st.booleans(),
    visit=st.none() | st.dates(RUN_OFF - 30 * DAY, RUN_OFF + 30 * DAY),
    review=st.none() | st.dates(RUN_OFF - 30 * DAY, RUN_OFF + 30 * DAY),
    successor=st.sampled_from([None, SAME, COHORTS, SEND, MAINSTREAM_ONLY]),
    today=st.dates(RUN_OFF - 30 * DAY, RUN_OFF + 30 * DAY),
)
def test_what_is_proposed_can_be_done_and_nothing_is_dropped(
    status, stream, in_cohort, untold, reviewed, visit, review, successor, today
):
    seen = Open(status, stream, in_cohort, untold, visit, review, reviewed)
    proposed = rules.proposal(seen, successor, run_off_ends_on=RUN_OFF, today=today)
    assert proposed.fate != F.CLOSE  # nobody's request is closed because a date has come
    if proposed.fate == F.MOVE:
        assert rules.cannot_choose(F.MOVE, seen, successor, run_off_ends_on=RUN_OFF, today=today) is None
        assert rules.hindrance(seen, successor) is None
    if proposed.fate == F.FINISH:
        assert untold or today <= RUN_OFF


def test_the_account_in_words():
    account = Account(open_before=9, finishing=3, moved=2, closed=1, to_do=2, undone=1)
    assert account.in_words == (
        "9 open before = 3 finishing + 2 moved + 1 closed + 1 moved back + 2 to do. Difference 0."
    )
    assert Account(open_before=9, moved=8).difference == 1


@given(counts=st.lists(st.integers(0, 500), min_size=5, max_size=5), lost=st.integers(-5, 5))
def test_the_sum_is_wrong_by_as_many_as_are_lost_or_double(counts, lost):
    finishing, moved, closed, to_do, undone = counts
    before = sum(counts) + lost
    account = Account(before, finishing=finishing, moved=moved, closed=closed, to_do=to_do, undone=undone, late=7)
    assert account.difference == lost
    assert account.in_words.endswith(f"Difference {lost}.")


G, L = RolloverStage, LineState


@pytest.mark.parametrize(
    ("stage", "state", "status", "says"),
    [
        (G.DECIDING, L.PENDING, S.SUBMITTED, None),
        (G.PROPOSED, L.PENDING, S.SUBMITTED, "the end of the contract is waiting for a second person."),
        (G.RUNNING, L.PENDING, S.SUBMITTED, "the end of the contract is running."),
        (G.RUNNING, L.DONE, S.SUBMITTED, "the end of the contract is running."),
        (G.DONE, L.PENDING, S.SUBMITTED, None),  # it came late
        (G.DONE, L.DONE, S.SUPPORTING, None),  # it was to finish, or was closed and reopened
        (G.DONE, L.UNDONE, S.ASSIGNED, None),  # it was moved back alone
        (G.DONE, L.DONE, S.TRANSFERRED, "no longer open under the old contract (Moved"),
        (G.DONE, L.DONE, S.CLOSED, "no longer open under the old contract (Closed)."),
        (G.DONE, L.UNDONE, S.WITHDRAWN, "no longer open under the old contract (Withdrawn)."),
        (G.DONE, L.UNDOING, S.TRANSFERRED, "no longer open under the old contract (Moved"),
        (G.UNDOING, L.DONE, S.SUPPORTING, "the end of the contract is being undone."),
        (G.UNDONE, L.DONE, S.SUPPORTING, "the end of the contract is undone."),
    ],
)
def test_when_it_can_be_decided_anew(stage, state, status, says):
    refusal = rules.cannot_change(stage=stage, state=state, status=status)
    assert refusal is None if says is None else says in refusal


@pytest.mark.parametrize(
    ("unanswered", "lines", "says"),
    [
        (0, 0, "No request is open: nothing is to be moved."),
        (0, 3, None),
        (1, 3, "1 request is still to be asked about or decided."),
        (2, 3, "2 requests are still to be asked about or decided."),
    ],
)
def test_when_it_can_be_put_to_the_second_person(unanswered, lines, says):
    assert rules.cannot_propose(unanswered=unanswered, lines=lines) == says


@pytest.mark.parametrize(
    ("moved", "stirred", "says"),
    [
        (3, [], None),
        (3, ["EY-7K4M-2Q"], "EY-7K4M-2Q since it was"),
        (3, ["a", "b"], "2 requests since they were"),
        (0, [], "No request was moved, so there is nothing to move back."),
    ],
)
def test_when_it_can_be_undone(moved, stirred, says):
    refusal = rules.cannot_undo(moved=moved, stirred=stirred)
    assert refusal is None if says is None else says in refusal
