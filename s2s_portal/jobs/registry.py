"""Which jobs there are. Each app declares its own in its `tasks` module:

@job("lapse", daily=time(0, 10), label="Close requests that no place came free for")
def lapse(run: Run) -> str:
    ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from s2s_portal.jobs.rules import Daily, Every, Timetable


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a job, as its function sees it."""

    at: datetime
    """The portal's moment, aware: for a daily job its slot's own moment, which may be days ago; otherwise now.

    For a daily job of `newest_only` it is now too, unless a practice date is in force."""
    subjects: tuple[str, ...] = ()
    """What `jobs.actions.ask` named; empty for everything, as on a timetabled run."""
    stopping: Callable[[], bool] = lambda: False
    """Whether to end soon. A job that gets "yes" may return early: the rest is not lost, the same run begins again."""


Work = Callable[[Run], str]
"""Does the work, in transactions of its own, safe to repeat; returns a short line for the page, or nothing to say.

The line is shown to administrators: counts and references, never a child's name or date of birth.
"""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job: `name` in the database, `label` on the page, when it runs and what it does.

    `timetable` is None for work that is only done when asked for. `every_round` lets a process that has nothing else
    to do run it between its slots too, any number of processes at once. `newest_only`: where time is real, slots of a
    daily job that were missed are left to the newest, which runs as of now; a practice date has each run in order.
    """

    name: str
    label: str
    timetable: Timetable | None
    on_request: bool
    every_round: bool
    work: Work
    newest_only: bool = False


class DuplicateJob(ValueError):
    """Two jobs have the same name."""


_jobs: dict[str, Job] = {}


def job(
    name: str,
    *,
    label: str,
    every: timedelta | None = None,
    daily: time | None = None,
    on_request: bool = False,
    every_round: bool = False,
    newest_only: bool = False,
) -> Callable[[Work], Work]:
    """Declare a job that runs `every` so much real time, or `daily` at a London time, or only when asked for.

    Raises `DuplicateJob` if the name is taken, ValueError if the job would never run or has two timetables.
    """
    if every and daily is not None:
        raise ValueError(f"{name} has two timetables.")
    if not (every or daily is not None or on_request):
        raise ValueError(f"{name} would never run.")
    if every_round and not every:
        raise ValueError(f"{name} runs between its slots, so it needs an interval.")
    if newest_only and daily is None:
        raise ValueError(f"{name} leaves slots to the newest, so it needs to be daily.")
    timetable: Timetable | None = Every(every) if every else Daily(daily) if daily is not None else None

    def declare(work: Work) -> Work:
        if name in _jobs:
            raise DuplicateJob(f"There are two jobs called {name}.")
        _jobs[name] = Job(
            name=name,
            label=label,
            timetable=timetable,
            on_request=on_request,
            every_round=every_round,
            work=work,
            newest_only=newest_only,
        )
        return work

    return declare


def jobs() -> list[Job]:
    """Every job that was declared, by name."""
    return [_jobs[name] for name in sorted(_jobs)]
