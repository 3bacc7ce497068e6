"""The tick of installations with Celery workers (elsewhere `manage.py run_jobs` ticks), and housekeeping."""

from datetime import time, timedelta

from celery import shared_task

from s2s_portal.core import clock, sessions
from s2s_portal.jobs import actions
from s2s_portal.jobs.registry import Run, job, jobs
from s2s_portal.jobs.rules import Every
from s2s_portal.jobs.tick import tick


@shared_task(name="jobs.tick")
def tick_once() -> str:
    """Carry the practice date on, if there is one, and do what is due; returns what was said, line by line."""
    clock.beat()
    return "\n".join(tick(jobs()).lines)


@job("clear_sessions", every=timedelta(seconds=sessions.CLEARED_EVERY), label="Clear sessions that have ended")
def clear_sessions(run: Run) -> str:
    """Delete the sessions that have ended: one can hold what somebody typed about a child."""
    sessions.clear_expired()
    return ""


@job("tidy_jobs", daily=time(3, 30), label="Forget background runs of long ago")
def tidy_jobs(run: Run) -> str:
    """Delete rows of runs and requests that nobody needs any more."""
    intervals = [one.name for one in jobs() if isinstance(one.timetable, Every)]
    gone = actions.tidy(intervals=intervals, real=clock.real_now())
    return f"{gone} forgotten" if gone else ""
