"""What of the background work is due, and how it has been going."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import Daily, daily_slots

FAILURES_SHOWN_FOR = timedelta(days=7)
QUIET_FOR = timedelta(minutes=2)
"""So long, in real time, nothing may have begun before the page says that nobody does the background work."""


def waiting_subjects(names: Collection[str], real: datetime) -> list[tuple[str, str]]:
    """Job and subject of the requests that may be taken at the real moment `real`, first asked first.

    Of the jobs of these names only: what an older or newer release asks for waits for a worker that knows it.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=real)
    due = JobRequest.objects.filter(free, job__in=names, done_at__isnull=True, next_try_at__lte=real)
    first = due.values("job", "subject").annotate(first=Min("pk")).order_by("first")
    return [(one["job"], one["subject"]) for one in first]


def is_asked(*, job: str, subject: str) -> bool:
    """Whether somebody asked for this and it has not been done yet."""
    return JobRequest.objects.filter(job=job, subject=subject, done_at__isnull=True).exists()


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
