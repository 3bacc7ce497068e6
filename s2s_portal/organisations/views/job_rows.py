"""Lines of the page of background jobs as cells of a table (core.templatetags.tables)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from s2s_portal.core import spoken
from s2s_portal.jobs.queries import JobState
from s2s_portal.jobs.registry import Job
from s2s_portal.jobs.rules import Daily, next_slot
from s2s_portal.organisations.views.rows import Cell

JOB_COLUMNS = [
    {"label": "What it does"},
    {"label": "Last run"},
    {"label": "Next run"},
    {"label": "Failures in 7 days"},
    {"label": "Waiting to run", "numeric": True},
]
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def job_rows(states: Iterable[JobState], *, real: datetime, at: datetime) -> list[list[Cell]]:
    """One line for each job, as `JOB_COLUMNS`. `real` is the real moment, `at` the portal's."""
    return [
        [
            {"text": state.job.label, "hint": timetable(state.job)},
            _last_run(state, real),
            _next_run(state, real=real, at=at),
            _failures(state),
            state.waiting,
        ]
        for state in states
    ]


def timetable(job: Job) -> str:
    """When a job runs, such as "Every 15 seconds", "Each day at 00:10", "Each day at 03:30 and when asked"."""
    if job.timetable is None:
        return "When asked"
    if isinstance(job.timetable, Daily):
        told = f"Each day at {job.timetable.wall:%H:%M}"
    else:
        told = f"Every {_measured(job.timetable.interval)}".replace("Every 1 ", "Every ")
    return f"{told} and when asked" if job.on_request else told


def lasted(duration: timedelta) -> str:
    """How long something took, such as "less than a second", "12 seconds", "3 minutes"."""
    return "less than a second" if duration < timedelta(seconds=1) else _measured(duration)


def _measured(duration: timedelta) -> str:
    """A duration in the largest unit of which it has a whole one: "15 seconds", "1 hour"."""
    seconds = int(duration.total_seconds())
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size)
    number = seconds // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _last_run(state: JobState, real: datetime) -> Cell:
    """When the newest run began and what became of it; a daily one also says which day's it was."""
    run = state.newest
    if run is None:
        return "Never yet"
    if run.done_at is not None:
        told = f"Took {lasted(run.done_at - run.started_at)}"
    elif run.claimed_until is None:
        told = f"Failed after {lasted(run.failed_at - run.started_at)}"
    elif run.claimed_until <= real:
        told = "Its worker was lost"
    else:
        told = f"Running for {lasted(real - run.started_at)}"
    parts = [told, _whose(state.job, run), run.line if run.done_at else ""]
    return {"text": spoken.second(run.started_at), "hint": ". ".join(part for part in parts if part)}


def _whose(job: Job, run: object) -> str:
    slot = getattr(run, "slot", None)
    if slot is None:
        return "Asked for"
    return f"For {spoken.moment(slot)}" if isinstance(job.timetable, Daily) else ""


def _next_run(state: JobState, *, real: datetime, at: datetime) -> Cell:
    """The next slot; before it, another try of what failed."""
    run, job = state.newest, state.job
    coming = spoken.second(next_slot(job.timetable, real=real, at=at)) if job.timetable else "When asked"
    retried = run is not None and not (run.done_at or getattr(run, "given_up_at", None) or run.claimed_until)
    again = max(run.next_try_at, real) if retried else None
    return {"text": coming, "hint": f"What is unfinished is tried again at {spoken.second(again)}" if again else ""}


def _failures(state: JobState) -> Cell:
    failure = state.last_failure
    if failure is None:
        return {"text": state.failures}
    return {"text": state.failures, "hint": f"{spoken.second(failure.failed_at)}: {failure.error}"}
