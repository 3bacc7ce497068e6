"""For tests that live in real time: none of them begins just before a moment at which the portal's day changes."""

import time
from collections.abc import Iterable
from datetime import time as wall_time
from datetime import timedelta

from s2s_portal.core import clock
from s2s_portal.core.calendar import london_date
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.rules import Daily, daily_slot

MIDNIGHT = wall_time(0)


def walls() -> set[wall_time]:
    """Midnight, and the times of day at which the portal has daily work."""
    return {MIDNIGHT} | {job.timetable.wall for job in jobs() if isinstance(job.timetable, Daily)}


def wait_until_none_is_near(times: Iterable[wall_time], *, seconds: float) -> None:
    """Return at once, or as soon as none of these London times comes within so many seconds from then on."""
    times = list(times)
    while True:
        real = clock.real_now()
        days = [london_date(real) + timedelta(days=number) for number in (0, 1)]
        slots = [daily_slot(wall, day) for wall in times for day in days]
        near = [slot for slot in slots if real <= slot <= real + timedelta(seconds=seconds)]
        if not near:
            return
        time.sleep((max(near) - real).total_seconds() + 0.1)
