"""One round of background work: whatever is due is claimed, done and written down (ENGINEERING §3).

Any number of processes may tick at once, as often as they like: a claim decides who does what. One failing job never
stops the others. Call it outside a transaction.
"""

import logging
import traceback
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from django.db import OperationalError, connection

from s2s_portal.core import clock
from s2s_portal.jobs import actions, queries
from s2s_portal.jobs.actions import Claim, Standing
from s2s_portal.jobs.registry import Job, Run
from s2s_portal.jobs.rules import Every, every_slot

logger = logging.getLogger(__name__)

Stopping = Callable[[], bool]
Taken = tuple[Job, Claim, Run]


@dataclass(frozen=True)
class Asked:
    """`stopping` for one piece of work, and whether it was told to stop: then it may not have finished."""

    stopping: Stopping
    told: list[bool] = field(default_factory=list)

    def __call__(self) -> bool:
        if self.stopping():
            self.told.append(True)
        return bool(self.told)


@dataclass(frozen=True)
class Outcome:
    """What one round did: what jobs had to say, each after its name, and the names of those that failed."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def tick(jobs: Collection[Job], *, stopping: Stopping = lambda: False, between_slots: bool = False) -> Outcome:
    """Do what is due of `jobs`: what was asked for, then daily slots, then intervals, messages that these wrote last.

    `stopping` is asked before each piece of work and ends the round when true. With `between_slots` the jobs of
    `every_round` run whether their slot is due or not; after a failure they wait for their next slot all the same.
    """
    outcome = Outcome()
    for job, claim, run in _taken(jobs, outcome, stopping, between_slots):
        asked = Asked(stopping)
        try:
            line = job.work(replace(run, stopping=asked))
        except Exception as error:  # whatever is wrong with one job, the others are done
            outcome.failed.append(job.name)
            _write_down_failure(job, claim, error)
        else:
            write_down = actions.put_back if asked.told else actions.done
            write_down(claim, line=line, real=clock.real_now())
            if line:
                outcome.lines.append(f"{job.name}: {line}")
    return outcome


def _taken(jobs: Collection[Job], outcome: Outcome, stopping: Stopping, between_slots: bool) -> Iterator[Taken]:
    """Pieces of work, each claimed when it is asked for, which is after the one before it has ended."""
    yield from _requests(jobs, stopping)
    yield from _daily_slots(jobs, outcome, stopping)
    yield from _intervals(jobs, stopping, between_slots)


def _requests(jobs: Collection[Job], stopping: Stopping) -> Iterator[Taken]:
    asked = {job.name: job for job in jobs if job.on_request}
    for name, subject in queries.waiting_subjects(asked, clock.real_now()):
        if stopping():
            return
        claim = actions.claim_requests(job=name, subject=subject, real=clock.real_now())
        if claim is not None:
            subjects = (subject,) if subject else ()
            yield asked[name], claim, Run(at=clock.now(), subjects=subjects)


def _daily_slots(jobs: Collection[Job], outcome: Outcome, stopping: Stopping) -> Iterator[Taken]:
    """Each slot in order of time across all jobs. A job that failed waits; the others go on.

    A slot that another worker has in hand is waited for by all later ones, or they could overtake it.
    """
    waiting = set()
    for slot, job in queries.due_daily_slots(jobs, clock.now()):
        if stopping():
            return
        if job.name in waiting or job.name in outcome.failed:
            continue
        claim = actions.claim_run(job=job.name, slot=slot, real=clock.real_now())
        if claim is Standing.IN_HAND:
            return
        if claim is Standing.PAUSING:
            waiting.add(job.name)
        elif isinstance(claim, Claim):
            yield job, claim, Run(at=slot)


def _intervals(jobs: Collection[Job], stopping: Stopping, between_slots: bool) -> Iterator[Taken]:
    """The newest slot of each interval, those of `every_round` last. A lost run of an older slot is only closed."""
    real = clock.real_now()
    intervals = [job for job in jobs if isinstance(job.timetable, Every)]
    newest = {job.name: every_slot(job.timetable.interval, real) for job in intervals}
    for lost in queries.lost_runs(real):
        if lost.job in newest and lost.slot < newest[lost.job]:
            actions.close_lost(lost, real=real)
    begun = queries.runs_of(newest.items())
    for job in sorted(intervals, key=lambda job: (job.every_round, job.name)):
        if stopping():
            return
        slot, run = newest[job.name], begun.get((job.name, newest[job.name]))
        claim: Claim | Standing = Standing.ENDED
        if run is None or (run.claimed_until is not None and run.claimed_until <= real):
            claim = actions.claim_run(job=job.name, slot=slot, real=clock.real_now(), most_attempts=1)
        failed = run is not None and run.given_up_at is not None
        if not isinstance(claim, Claim) and between_slots and job.every_round and not failed:
            claim = actions.between_slots(job=job.name, slot=slot, real=clock.real_now())
        if isinstance(claim, Claim):
            yield job, claim, Run(at=clock.now())


def _write_down_failure(job: Job, claim: Claim, error: Exception) -> None:
    """The error's type, with its message only where it speaks of machines: others may quote what somebody typed."""
    told = type(error).__name__
    if isinstance(error, OSError | OperationalError):
        told = f"{told}: {str(error).partition(chr(10))[0][:200]}"
        logger.warning("Job %s failed: %s", job.name, told)
    else:
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Job %s failed: %s\n%s", job.name, told, where)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # if the database went away, the next statement opens another
    actions.failed(claim, error=told, real=clock.real_now())
