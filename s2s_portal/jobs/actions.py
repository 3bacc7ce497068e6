"""Asking for background work, and the claims of those who do it.

A claim is one statement that the database decides, and lasts for `JOB_LEASE_SECONDS`; whoever comes after the end of a
lease takes over and counts it as a failure, for its worker was lost. Results are written only while the claim is one's
own. All of `real` is real time.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from s2s_portal.jobs.models import AT_ONCE, Heartbeat, JobRequest, JobRun
from s2s_portal.jobs.rules import MOST_ATTEMPTS, pause_after

LOST = "Its worker was lost."
LEFT = "left to the newest"
MOST_AT_ONCE = 500
"""Requests taken together; SQLite takes 999 parameters."""
KEPT_SUCCESSES = timedelta(days=2)
"""Of intervals: every fifteen seconds makes 5,760 rows a day, and nobody reads that all went well."""
KEPT = timedelta(days=400)


CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""So far the clocks of two workers' machines may be apart before it is taken for a clock that went back."""


def seen(*, intervals: Collection[str], real: datetime) -> None:
    """Write down that a worker is there, and mend what a clock that went back would hold up.

    A worker that was seen in what is now the future saw another clock. Claims then end no later than if they had been
    taken now, what failed in that future is tried again at once, and the future's slots of the jobs named in
    `intervals` are forgotten, so that they run when they come round again. Daily slots stay: none runs twice.
    """
    beat = Heartbeat.objects.filter(pk=1)
    if beat.filter(seen_at__lte=real + CLOCKS_DIFFER_BY).update(seen_at=real):
        return
    for model in (JobRun, JobRequest):
        unfinished = model.objects.filter(done_at__isnull=True)
        unfinished.filter(claimed_until__gt=real + _lease()).update(claimed_until=real + _lease())
        unfinished.filter(failed_at__gt=real).update(next_try_at=AT_ONCE)
    JobRun.objects.filter(job__in=intervals, slot__gt=real, claimed_until__isnull=True).delete()
    Heartbeat.objects.bulk_create([Heartbeat(seen_at=real)], ignore_conflicts=True)
    beat.update(seen_at=real)


def ask(*, job: str, subject: str, at: datetime) -> None:
    """Have the job of that name look at `subject` soon (seconds), or at everything if `subject` is empty.

    One row in the caller's transaction: rolled back with it, and found by the next tick once it is committed.
    """
    JobRequest.objects.create(job=job, subject=subject, asked_at=at)


def ask_all(*, job: str, subjects: Iterable[str], at: datetime) -> None:
    """As `ask` for each of `subjects`: one piece of work each, in batches, whatever their number."""
    JobRequest.objects.bulk_create(
        (JobRequest(job=job, subject=subject, asked_at=at) for subject in subjects), batch_size=MOST_AT_ONCE
    )


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Work that is ours until the lease ends: the `rows` to write its result to, and which attempt this is.

    It is given up at the failure of attempt `most_attempts` (None: never). `says_little`: there is nothing to write
    down unless something happened.
    """

    rows: QuerySet
    started_at: datetime
    attempts: int
    most_attempts: int | None = None
    says_little: bool = False


class Standing(Enum):
    """Why a slot cannot be claimed."""

    ENDED = auto()
    IN_HAND = auto()
    PAUSING = auto()


def claim_run(*, job: str, slot: datetime, real: datetime, most_attempts: int = MOST_ATTEMPTS) -> Claim | Standing:
    """Take one slot of a job, or say why not. One INSERT, or one conditional UPDATE, decides among any number.

    With `most_attempts` 1 a run that fails is given up, as its next slot is near; one that was lost is taken over.
    """
    claim = uuid.uuid4()
    fresh = JobRun(job=job, slot=slot, attempts=1, started_at=real, claim=claim, claimed_until=real + _lease())
    JobRun.objects.bulk_create([fresh], ignore_conflicts=True)
    run = JobRun.objects.get(job=job, slot=slot)
    ours = JobRun.objects.filter(pk=run.pk, claim=claim, claimed_until__isnull=False)
    if run.claim == claim:
        return Claim(rows=ours, started_at=real, attempts=1, most_attempts=most_attempts)
    if run.done_at or run.given_up_at:
        return Standing.ENDED
    if run.claimed_until is None and run.next_try_at > real:
        return Standing.PAUSING
    if run.claimed_until is not None and run.claimed_until > real:
        return Standing.IN_HAND
    if run.claimed_until is not None and run.attempts >= MOST_ATTEMPTS:
        close_lost(run, real=real)
        return Standing.ENDED
    as_seen = JobRun.objects.filter(pk=run.pk, claim=run.claim, claimed_until=run.claimed_until)
    lost = {} if run.claimed_until is None else _lost(real)
    held = {"claim": claim, "claimed_until": real + _lease(), "started_at": real, "attempts": F("attempts") + 1}
    if not as_seen.update(**held, **lost):
        return Standing.IN_HAND
    return Claim(rows=ours, started_at=real, attempts=run.attempts + 1, most_attempts=most_attempts)


def close_lost(run: JobRun, *, real: datetime) -> None:
    """Give up a run whose lease has ended, unless somebody has taken it over since it was read."""
    as_seen = JobRun.objects.filter(pk=run.pk, claim=run.claim, claimed_until=run.claimed_until)
    as_seen.update(claimed_until=None, given_up_at=real, **_lost(real))


def leave_to_newest(*, job: str, slots: Sequence[datetime], real: datetime) -> None:
    """Write these slots of a job down as done, for a newer one does their work. Not one that a worker has in hand."""
    unused = [JobRun(job=job, slot=slot, done_at=real, line=LEFT) for slot in slots]
    JobRun.objects.bulk_create(unused, ignore_conflicts=True, batch_size=MOST_AT_ONCE // 10)
    unfinished = JobRun.objects.filter(job=job, slot__in=slots, done_at__isnull=True, given_up_at__isnull=True)
    unfinished.filter(claimed_until__isnull=True).update(done_at=real, line=LEFT)
    lost = unfinished.filter(claimed_until__lte=real)
    lost.update(claimed_until=None, done_at=real, line=LEFT, **_lost(real))


def between_slots(*, job: str, slot: datetime, real: datetime) -> Claim:
    """One more run of a job whose slot has been run already and that needs no claim; what happens joins that row."""
    free = JobRun.objects.filter(job=job, slot=slot, claimed_until__isnull=True)
    return Claim(rows=free, started_at=real, attempts=1, most_attempts=1, says_little=True)


def claim_requests(*, job: str, subject: str, real: datetime) -> Claim | None:
    """Take all requests that wait for `subject`, if one of them is due; None if there is none, or others have them."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=real)
    with transaction.atomic():
        waiting = JobRequest.objects.filter(free, job=job, subject=subject, done_at__isnull=True).order_by("pk")
        # Rows that another worker is taking at this moment are theirs: waiting for them could end in a deadlock.
        taken = list(waiting.select_for_update(no_key=True, skip_locked=True)[:MOST_AT_ONCE])
        if not any(one.next_try_at <= real for one in taken):
            return None
        claim = uuid.uuid4()
        lost = [one.pk for one in taken if one.claimed_until is not None]
        JobRequest.objects.filter(pk__in=lost).update(**_lost(real))
        rows = JobRequest.objects.filter(pk__in=[one.pk for one in taken])
        rows.update(claim=claim, claimed_until=real + _lease(), started_at=real, attempts=F("attempts") + 1)
    return Claim(rows=rows.filter(claim=claim), started_at=real, attempts=max(one.attempts for one in taken) + 1)


def done(claim: Claim, *, line: str, real: datetime) -> None:
    """Write down that what was claimed is done, with the job's line."""
    if line or not claim.says_little:
        claim.rows.update(claimed_until=None, started_at=claim.started_at, done_at=real, line=line[:300])


def put_back(claim: Claim, *, line: str, real: datetime) -> None:
    """Leave what was claimed and not finished to whoever comes next; what has a next slot soon anyway is done."""
    if claim.most_attempts == 1:
        done(claim, line=line, real=real)
    else:
        claim.rows.update(claimed_until=None, next_try_at=AT_ONCE, attempts=F("attempts") - 1)


def failed(claim: Claim, *, error: str, real: datetime) -> None:
    """Write down that what was claimed failed, and put it off or give it up."""
    if claim.most_attempts is not None and claim.attempts >= claim.most_attempts:
        result = {"given_up_at": real, "done_at": None}
    else:
        result = {"next_try_at": real + pause_after(claim.attempts)}
    claim.rows.update(claimed_until=None, failures=F("failures") + 1, failed_at=real, error=error[:300], **result)


def tidy(*, intervals: list[str], real: datetime) -> int:
    """Delete rows that nobody needs any more and return how many; `intervals` names the jobs that run at intervals."""
    went_well = JobRun.objects.filter(job__in=intervals, failures=0, done_at__lt=real - KEPT_SUCCESSES)
    old_runs = JobRun.objects.filter(started_at__lt=real - KEPT)
    old_requests = JobRequest.objects.filter(done_at__lt=real - KEPT)
    return sum(rows.delete()[0] for rows in (went_well, old_runs, old_requests))


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _lost(real: datetime) -> dict[str, object]:
    """Fields of work whose worker was lost."""
    return {"failures": F("failures") + 1, "failed_at": real, "error": LOST}
