"""What of the background work is due, and how it has been going."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Count, Max, Q, QuerySet, Sum

from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.models import Heartbeat, JobRequest, JobRun
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import Daily, daily_slot, daily_slots

FAILURES_SHOWN_FOR = timedelta(days=7)
QUIET_FOR = timedelta(minutes=2)
"""So long, in real time, nothing may have begun before the page says that nobody does the background work."""


def waiting_subjects(
    names: Collection[str], real: datetime, *, after: int = 0, most: int = 100
) -> list[tuple[int, str, str]]:
    """Id, job and subject of the first `most` requests after id `after` that may be taken at the real moment `real`.

    Of the jobs of these names only: what an older or newer release asks for waits for a worker that knows it.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=real)
    due = JobRequest.objects.filter(free, pk__gt=after, job__in=names, done_at__isnull=True, next_try_at__lte=real)
    return list(due.order_by("pk").values_list("pk", "job", "subject")[:most])


def is_asked(*, job: str, subject: str, due_at: datetime | None = None) -> bool:
    """Whether somebody asked for this and it has not been done yet; with `due_at`, and may be taken at that moment."""
    waiting = JobRequest.objects.filter(job=job, subject=subject, done_at__isnull=True)
    return (waiting if due_at is None else waiting.filter(next_try_at__lte=due_at)).exists()


@dataclass(frozen=True)
class Asked:
    """How far what somebody asked for has got. `is_in_hand`: a worker has it, or was lost less than a lease ago."""

    is_in_hand: bool
    failures: int


def asked(*, job: str, subject: str, real: datetime) -> Asked:
    """How the requests that wait for this stand at the real moment `real`. One query."""
    waiting = JobRequest.objects.filter(job=job, subject=subject, done_at__isnull=True)
    rows = list(waiting.values_list("claimed_until", "failures"))
    is_in_hand = any(until is not None and until > real for until, _ in rows)
    return Asked(is_in_hand, max((failures for _, failures in rows), default=0))


def due_daily_slots(jobs: Iterable[Job], at: datetime) -> list[tuple[datetime, Job]]:
    """Slots of daily jobs that are past at the portal's moment `at` and not known to have ended, in order of time.

    A job's slots after the newest that was begun, and those that were begun and have not ended. Runs later than `at`
    count for nothing: they are from before the practice date was set.
    """
    daily = {job.name: job for job in jobs if isinstance(job.timetable, Daily)}
    begun = JobRun.objects.filter(job__in=daily, slot__lte=at)
    newest = {one["job"]: one["newest"] for one in begun.values("job").annotate(newest=Max("slot")).order_by("job")}
    unfinished = begun.filter(done_at__isnull=True, given_up_at__isnull=True).values_list("slot", "job")
    due = [(slot, name) for slot, name in unfinished]
    for name, job in daily.items():
        due += [(slot, name) for slot in daily_slots(job.timetable.wall, after=newest.get(name), until=at)]
    return [(slot, daily[name]) for slot, name in sorted(due)]


@dataclass(frozen=True)
class CatchingUp:
    """How many of the days that a jump of the practice date skipped have been run."""

    days: int
    done: int


def catching_up(jobs: Iterable[Job], *, since: datetime, at: datetime, real: datetime) -> CatchingUp | None:
    """How far the work of the days after `since` has got at the portal's moment `at`; None if nothing is left of it.

    What failed and is put off to a moment after `real` is not waited for.
    """
    walls = [job.timetable.wall for job in jobs if isinstance(job.timetable, Daily)]
    first, last = london_date(since), london_date(at)
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    skipped = {day for day in days if any(since < daily_slot(wall, day) <= at for wall in walls)}
    pausing = JobRun.objects.filter(done_at__isnull=True, given_up_at__isnull=True, next_try_at__gt=real)
    put_off = set(pausing.values_list("job", flat=True))
    left = {london_date(slot) for slot, job in due_daily_slots(jobs, at) if job.name not in put_off}
    return CatchingUp(days=len(skipped | left), done=len(skipped - left)) if left else None


def runs_of(slots: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], JobRun]:
    """The runs of these slots (job, slot) that have been begun."""
    wanted = Q(pk__in=[])
    for name, slot in slots:
        wanted |= Q(job=name, slot=slot)
    return {(run.job, run.slot): run for run in JobRun.objects.filter(wanted)}


def lost_runs(real: datetime) -> list[JobRun]:
    """Runs whose lease ended before the real moment `real` without a result."""
    unfinished = JobRun.objects.filter(done_at__isnull=True, given_up_at__isnull=True)
    return list(unfinished.filter(claimed_until__lte=real).order_by("pk"))


@dataclass(frozen=True, kw_only=True)
class JobState:
    """How one job has been going: its newest run of either sort, and what failed in `FAILURES_SHOWN_FOR`."""

    job: Job
    newest: JobRun | JobRequest | None
    failures: int
    last_failure: JobRun | JobRequest | None
    waiting: int


def job_states(jobs: Iterable[Job], real: datetime) -> list[JobState]:
    """The state of each job at the real moment `real`; the same few queries for any number of jobs and runs."""
    begun = [_newest_of(model.objects.filter(started_at__isnull=False)) for model in (JobRun, JobRequest)]
    since = real - FAILURES_SHOWN_FOR
    failing = [model.objects.filter(failed_at__gte=since) for model in (JobRun, JobRequest)]
    failed = [_newest_of(rows) for rows in failing]
    failures: Counter[str] = Counter()
    for rows in failing:
        failures.update(dict(rows.values_list("job").annotate(Sum("failures")).order_by("job")))
    waiting = dict(
        JobRequest.objects.filter(done_at__isnull=True).values_list("job").annotate(Count("pk")).order_by("job")
    )
    return [
        JobState(
            job=job,
            newest=_later(begun, job.name, "started_at"),
            failures=failures[job.name],
            last_failure=_later(failed, job.name, "failed_at"),
            waiting=waiting.get(job.name, 0),
        )
        for job in jobs
    ]


def _newest_of(rows: QuerySet) -> dict[str, JobRun | JobRequest]:
    """The row of each job that was added last."""
    last = rows.order_by().values("job").annotate(last=Max("pk")).values("last")
    return {row.job: row for row in rows.model.objects.filter(pk__in=last)}


def _later(found: list[dict[str, JobRun | JobRequest]], name: str, moment: str) -> JobRun | JobRequest | None:
    """Of a job's rows in these tables the one whose `moment` is the latest."""
    rows = [of_table[name] for of_table in found if name in of_table]
    return max(rows, key=attrgetter(moment), default=None)


def is_ticking(states: Iterable[JobState], real: datetime) -> bool:
    """Whether background work has been seen in the last `QUIET_FOR`. Messages are looked for every 15 seconds."""
    begun = [state.newest.started_at for state in states if state.newest is not None]
    return any(real - moment < QUIET_FOR for moment in begun)


def worker_seen_at() -> datetime | None:
    """When a worker last said that it is there, in real time; None if none ever did."""
    return Heartbeat.objects.values_list("seen_at", flat=True).first()


def is_at_work(real: datetime) -> bool:
    """Whether some worker has work in hand at the real moment `real`, or had it and was lost less than a lease ago."""
    return any(
        model.objects.filter(done_at__isnull=True, claimed_until__gt=real).exists() for model in (JobRun, JobRequest)
    )


def oldest_late_slot(jobs: Iterable[Job], *, at: datetime, real: datetime) -> datetime | None:
    """The oldest daily slot that is due at the portal's moment `at` and that no worker has begun, if there is one.

    What failed and is put off to a moment after `real` is known to the page of background jobs, and does not count.
    """
    unfinished = JobRun.objects.filter(done_at__isnull=True, given_up_at__isnull=True)
    known = set(unfinished.filter(Q(claimed_until__gt=real) | Q(next_try_at__gt=real)).values_list("job", flat=True))
    return next((slot for slot, job in due_daily_slots(jobs, at) if job.name not in known), None)
