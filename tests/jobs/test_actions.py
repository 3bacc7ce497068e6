"""Asking, claiming, results: one row for each outcome, on both databases."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from s2s_portal.jobs import actions
from s2s_portal.jobs.actions import KEPT, KEPT_SUCCESSES, LOST, MOST_AT_ONCE, Claim, Standing, ask
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.rules import MOST_ATTEMPTS, PAUSES
from tests.meanwhile import meanwhile
from tests.moments import AN_ORDINARY_TUESDAY

pytestmark = pytest.mark.django_db

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
SLOT = datetime(2026, 1, 15, 0, 10, tzinfo=UTC)
LEASE = timedelta(seconds=300)
SECOND = timedelta(seconds=1)


def claim(real=REAL, **changed):
    return actions.claim_run(**{"job": "lapse", "slot": SLOT, "real": real} | changed)


def claim_requests(real=REAL, subject="7"):
    return actions.claim_requests(job="fill", subject=subject, real=real)


def asked(*subjects):
    for subject in subjects:
        ask(job="fill", subject=subject, at=AN_ORDINARY_TUESDAY)


def test_asking_writes_a_row_each_time():
    asked("7", "7", "")
    rows = JobRequest.objects.order_by("pk").values_list("job", "subject", "asked_at", "done_at")
    assert list(rows) == [("fill", subject, AN_ORDINARY_TUESDAY, None) for subject in ("7", "7", "")]


def test_asking_in_a_transaction_that_is_rolled_back_asks_for_nothing():
    with transaction.atomic():
        asked("7")
        transaction.set_rollback(True)
    assert not JobRequest.objects.exists()
    assert claim_requests() is None


def test_rows_have_names_for_people():
    claim()
    asked("7", "")
    assert [str(row) for row in JobRun.objects.all()] == ["lapse 2026-01-15 00:10:00"]
    assert [str(row) for row in JobRequest.objects.order_by("pk")] == ["fill 7", "fill"]


def test_a_slot_is_claimed_once():
    first = claim()
    assert isinstance(first, Claim)
    assert claim() is Standing.IN_HAND
    run = JobRun.objects.get()
    assert (run.attempts, run.started_at, run.claimed_until, run.failures) == (1, REAL, REAL + LEASE, 0)
    assert isinstance(claim(slot=SLOT + timedelta(days=1)), Claim)
    assert isinstance(claim(job="other"), Claim)


def test_what_is_done_has_ended():
    actions.done(claim(), line="3 ended", real=REAL + SECOND)
    run = JobRun.objects.get()
    assert (run.done_at, run.line, run.claimed_until, run.given_up_at) == (REAL + SECOND, "3 ended", None, None)
    assert claim(real=REAL + timedelta(days=1)) is Standing.ENDED


def test_a_long_line_or_error_is_cut():
    first = claim()
    actions.failed(first, error="e" * 400, real=REAL)
    actions.done(claim(real=REAL + PAUSES[0]), line="l" * 400, real=REAL)
    run = JobRun.objects.get()
    assert (len(run.line), len(run.error)) == (300, 300)


def test_a_daily_run_that_fails_is_tried_again_after_a_growing_pause_and_then_given_up():
    real = REAL
    for attempt, pause in enumerate(PAUSES, start=1):
        taken = claim(real)
        assert taken.attempts == attempt
        actions.failed(taken, error=f"Error {attempt}", real=real)
        assert claim(real + pause - SECOND) is Standing.PAUSING
        real += pause
    actions.failed(claim(real), error="the last", real=real)
    assert claim(real + timedelta(days=30)) is Standing.ENDED
    run = JobRun.objects.get()
    assert (run.attempts, run.failures, run.error) == (MOST_ATTEMPTS, MOST_ATTEMPTS, "the last")
    assert (run.failed_at, run.given_up_at, run.done_at) == (real, real, None)


def test_an_interval_that_fails_is_not_tried_again():
    actions.failed(claim(most_attempts=1), error="Error", real=REAL)
    assert claim(real=REAL + timedelta(days=1), most_attempts=1) is Standing.ENDED
    assert JobRun.objects.get().given_up_at == REAL


@pytest.mark.parametrize("most_attempts", [1, MOST_ATTEMPTS])
def test_a_lost_run_is_taken_over_when_its_lease_ends_and_not_before(most_attempts):
    first = claim(most_attempts=most_attempts)
    assert claim(REAL + LEASE - SECOND, most_attempts=most_attempts) is Standing.IN_HAND
    second = claim(REAL + LEASE, most_attempts=most_attempts)
    assert second.attempts == 2
    run = JobRun.objects.get()
    assert (run.attempts, run.failures, run.failed_at, run.error) == (2, 1, REAL + LEASE, LOST)
    assert run.claimed_until == REAL + LEASE + LEASE
    # The first was not dead but slow: what it says now is not written down.
    actions.done(first, line="late", real=REAL + LEASE)
    actions.failed(first, error="late", real=REAL + LEASE)
    run.refresh_from_db()
    assert (run.done_at, run.line, run.failures, run.given_up_at) == (None, "", 1, None)
    actions.done(second, line="whole", real=REAL + LEASE)
    run.refresh_from_db()
    assert run.line == "whole"


def test_a_lost_run_that_another_takes_over_first_is_theirs():
    claim()
    with meanwhile("UPDATE", lambda: JobRun.objects.update(claim=uuid4(), claimed_until=REAL + LEASE + LEASE)):
        assert claim(REAL + LEASE) is Standing.IN_HAND
    run = JobRun.objects.get()
    assert (run.attempts, run.failures, run.claimed_until) == (1, 0, REAL + LEASE + LEASE)


def test_a_failed_run_that_another_tries_first_and_fails_again_has_had_its_try():
    actions.failed(claim(), error="Broken", real=REAL)
    due = REAL + PAUSES[0]
    with meanwhile("UPDATE", lambda: actions.failed(claim(due), error="Broken again", real=due)):
        assert claim(due) is Standing.IN_HAND
    run = JobRun.objects.get()
    assert (run.attempts, run.failures, run.error) == (2, 2, "Broken again")


def test_a_run_that_loses_its_worker_every_time_is_given_up():
    real = REAL
    for _attempt in range(MOST_ATTEMPTS):
        assert isinstance(claim(real), Claim)
        real += LEASE
    assert claim(real) is Standing.ENDED
    run = JobRun.objects.get()
    assert (run.given_up_at, run.failures, run.error) == (real, MOST_ATTEMPTS, LOST)


def test_a_lost_run_is_not_closed_over_somebody_who_took_it():
    claim()
    seen = JobRun.objects.get()
    assert isinstance(claim(REAL + LEASE), Claim)
    actions.close_lost(seen, real=REAL + LEASE)
    assert JobRun.objects.get().given_up_at is None


def test_what_was_stopped_begins_again_and_has_cost_no_attempt():
    first = claim()
    actions.put_back(first, line="half", real=REAL)
    assert JobRun.objects.get().done_at is None
    again = claim()
    assert (again.attempts, again.most_attempts) == (1, MOST_ATTEMPTS)


def test_an_interval_that_was_stopped_is_done():
    actions.put_back(claim(most_attempts=1), line="half", real=REAL)
    run = JobRun.objects.get()
    assert (run.done_at, run.line) == (REAL, "half")


def test_between_slots_only_what_happened_is_written_down():
    actions.done(claim(most_attempts=1), line="", real=REAL)
    extra = actions.between_slots(job="lapse", slot=SLOT, real=REAL + SECOND)
    actions.done(extra, line="", real=REAL + 2 * SECOND)
    assert JobRun.objects.get().done_at == REAL
    actions.done(extra, line="sent 1", real=REAL + 2 * SECOND)
    run = JobRun.objects.get()
    assert (run.started_at, run.done_at, run.line) == (REAL + SECOND, REAL + 2 * SECOND, "sent 1")
    actions.failed(extra, error="OSError", real=REAL + 3 * SECOND)
    run.refresh_from_db()
    assert (run.done_at, run.given_up_at, run.failures) == (None, REAL + 3 * SECOND, 1)


def test_a_run_is_not_both_done_and_given_up():
    with pytest.raises(IntegrityError), transaction.atomic():
        JobRun.objects.create(job="lapse", slot=SLOT, done_at=REAL, given_up_at=REAL)


def test_all_requests_for_one_subject_are_taken_together():
    asked("7", "8", "7")
    taken = claim_requests()
    assert taken.attempts == 1
    asked("7")
    actions.done(taken, line="2 given", real=REAL)
    rows = JobRequest.objects.order_by("pk").values_list("subject", "line", "done_at")
    assert list(rows) == [("7", "2 given", REAL), ("8", "", None), ("7", "2 given", REAL), ("7", "", None)]
    assert claim_requests() is not None


def test_requests_in_hand_are_left_alone_and_taken_over_when_lost():
    asked("7")
    first = claim_requests()
    assert claim_requests(REAL + LEASE - SECOND) is None
    second = claim_requests(REAL + LEASE)
    assert second.attempts == 2
    actions.done(first, line="late", real=REAL + LEASE)
    row = JobRequest.objects.get()
    assert (row.done_at, row.failures, row.error, row.failed_at) == (None, 1, LOST, REAL + LEASE)


def test_requests_that_fail_are_tried_again_for_ever_and_at_once_with_a_new_one():
    asked("7")
    real = REAL
    for pause in [*PAUSES, PAUSES[-1], PAUSES[-1]]:
        actions.failed(claim_requests(real), error="Error", real=real)
        assert claim_requests(real + pause - SECOND) is None
        real += pause
    actions.failed(claim_requests(real), error="Error", real=real)
    asked("7")
    taken = claim_requests(real)
    assert taken.rows.count() == 2
    actions.done(taken, line="", real=real)
    assert not JobRequest.objects.filter(done_at=None).exists()


def test_requests_that_were_stopped_are_due_at_once():
    asked("7")
    actions.put_back(claim_requests(), line="half", real=REAL)
    assert claim_requests().attempts == 1


def test_more_requests_than_one_statement_takes_are_taken_in_turns():
    asked(*["7"] * (MOST_AT_ONCE + 1))
    first = claim_requests()
    assert first.rows.count() == MOST_AT_ONCE
    assert claim_requests().rows.count() == 1


def run(job="deliver", *, age, **fields):
    """A run that began `age` ago."""
    slot = REAL + JobRun.objects.count() * SECOND
    values = {"job": job, "slot": slot, "started_at": REAL - age, "done_at": REAL - age}
    return JobRun.objects.create(**values | fields).pk


def test_tidying_keeps_what_somebody_may_still_ask_about():
    gone = {
        run(age=KEPT_SUCCESSES + SECOND),
        run(age=KEPT + SECOND, failures=1),
        run("lapse", age=KEPT + SECOND),
        run("unknown now", age=KEPT + SECOND, done_at=None),
    }
    kept = {
        run(age=KEPT_SUCCESSES - SECOND),
        run(age=KEPT_SUCCESSES + SECOND, failures=1),
        run(age=KEPT_SUCCESSES + SECOND, done_at=None, given_up_at=REAL),
        run("lapse", age=KEPT - SECOND),
    }
    asked("old", "new", "waiting")
    JobRequest.objects.filter(subject="old").update(done_at=REAL - KEPT - SECOND)
    JobRequest.objects.filter(subject="new").update(done_at=REAL - KEPT + SECOND)
    assert actions.tidy(intervals=["deliver"], real=REAL) == len(gone) + 1
    assert set(JobRun.objects.values_list("pk", flat=True)) == kept
    assert set(JobRequest.objects.values_list("subject", flat=True)) == {"new", "waiting"}
