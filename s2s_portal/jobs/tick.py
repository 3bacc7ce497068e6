"""One round of background work: whatever is due is claimed, done and written down (ENGINEERING §3).

Any number of processes may tick at once, as often as they like: a claim decides who does what. One failing job never
stops the others. Call it outside a transaction.
"""

import logging
import traceback
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from django.db import OperationalError, connection

from s2s_portal.core import clock
from s2s_portal.jobs import actions, queries
from s2s_portal.jobs.actions import Claim, Standing
from s2s_portal.jobs.registry import Job, Run
from s2s_portal.jobs.rules import Every, every_slot

logger = logging.getLogger(__name__)

Stopping = Callable[[], bool]
Taken = tuple[Job, Claim, Run]
Slot = tuple[datetime, Job]

LONGEST_ROUND = 60.0
"""Seconds of one round: beat has fired more ticks by then, and Celery ends tasks."""


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


@dataclass(frozen=True)
class Watch:
    """One round's time: who may end it, and how many seconds it has (None: as many as it takes)."""

    stopping: Stopping
    seconds: float | None
    began: float = field(default_factory=monotonic)

    def third(self) -> Stopping:
        """Whether to begin nothing more of what is beginning now: a third of the round has gone by since."""
        return self._after(0 if self.seconds is None else monotonic() + self.seconds / 3)

    def piece(self) -> Asked:
        """Whether the piece of work that is beginning now should end soon: at the round's end, but not hurried."""
        if self.seconds is None:
            return Asked(self.stopping)
        return Asked(self._after(max(self.began + self.seconds, monotonic() + self.seconds / 3)))

    def _after(self, ends: float) -> Stopping:
        if self.seconds is None:
            return self.stopping
        return lambda: self.stopping() or monotonic() >= ends


def tick(
    jobs: Collection[Job],
    *,
    stopping: Stopping = lambda: False,
    between_slots: bool = False,
    seconds: float | None = LONGEST_ROUND,
) -> Outcome:
    """Do what is due of `jobs`: what was asked for, then daily slots, then intervals, messages that these wrote last.

    `stopping` is asked before each piece of work and ends the round when true. With `between_slots` the jobs of
    `every_round` run whether their slot is due or not; after a failure they wait for their next slot all the same.
    What was asked for gets a third of `seconds` and daily slots another, however much there is of them, so that every
    round comes to its messages; the rest is for the next round, or for other workers. None: as long as it takes.
    """
    outcome = Outcome()
    watch = Watch(stopping, seconds)
    for job, claim, run in _taken(jobs, outcome, watch, between_slots):
        asked = watch.piece()
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


def _taken(jobs: Collection[Job], outcome: Outcome, watch: Watch, between_slots: bool) -> Iterator[Taken]:
    """Pieces of work, each claimed when it is asked for, which is after the one before it has ended."""
    intervals = [job.name for job in jobs if isinstance(job.timetable, Every)]
    actions.seen(intervals=intervals, real=clock.real_now())
    yield from _requests(jobs, watch.third())
    yield from _daily_slots(jobs, outcome, watch.third())
    yield from _intervals(jobs, watch.stopping, between_slots)


def _requests(jobs: Collection[Job], stopping: Stopping) -> Iterator[Taken]:
    """What was asked for, each subject once a round, in the order of asking.

    Read a few at a time: while these are done, others take their share, and more may be asked for.
    """
    asked = {job.name: job for job in jobs if job.on_request}
    met: set[tuple[str, str]] = set()
    last = 0
    while some := queries.waiting_subjects(asked, clock.real_now(), after=last):
        last = some[-1][0]
        for _id, name, subject in some:
            if stopping():
                return
            if (name, subject) in met:
                continue
            met.add((name, subject))
            claim = actions.claim_requests(job=name, subject=subject, real=clock.real_now())
            if claim is not None:
                subjects = (subject,) if subject else ()
                yield asked[name], claim, Run(at=clock.now(), subjects=subjects)


def _daily_slots(jobs: Collection[Job], outcome: Outcome, stopping: Stopping) -> Iterator[Taken]:
    """Each slot in order of time across all jobs. A job that failed waits; the others go on.

    A slot that another worker has in hand is waited for by all later ones, or they could overtake it.
    """
    waiting = set()
    practice = clock.practice_now()
    due = queries.due_daily_slots(jobs, practice or clock.real_now())
    as_of_now = set() if practice else {job.name for job in jobs if job.newest_only}
    _leave_older(due, as_of_now)
    for slot, job in due:
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
            yield job, claim, Run(at=clock.now() if job.name in as_of_now else slot)


def _leave_older(due: list[Slot], as_of_now: Collection[str]) -> None:
    """Write down as done the slots of jobs in `as_of_now` that have a newer one, but for one that is in hand."""
    slots: dict[str, list[datetime]] = {}
    for slot, job in due:
        if job.name in as_of_now:
            slots.setdefault(job.name, []).append(slot)
    for name, in_order in slots.items():
        if in_order[:-1]:
            actions.leave_to_newest(job=name, slots=in_order[:-1], real=clock.real_now())


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
