"""When jobs are due: slots of a timetable and pauses after failures. Pure.

A slot is a moment at which a job should run, and the name of that one run: whoever writes it down first runs it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from s2s_portal.core.calendar import LONDON, london_date

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180)]
"""How long to wait, in real time, after each failed attempt."""
MOST_ATTEMPTS = len(PAUSES) + 1
"""So often a daily run is tried before it is given up."""


@dataclass(frozen=True)
class Every:
    """Runs once in each `interval` of real time. Intervals that passed unused are not made up for."""

    interval: timedelta


@dataclass(frozen=True)
class Daily:
    """Runs each day of the portal's time (practice time, where there is one) at `wall`, by clocks in London.

    A day that was missed is made up for, as of its own moment; of a job that is `newest_only` the last of them alone.
    """

    wall: time


Timetable = Every | Daily


def every_slot(interval: timedelta, real: datetime) -> datetime:
    """The newest slot at the real moment `real` (aware): that moment, rounded down to the interval; in UTC."""
    return EPOCH + (real - EPOCH) // interval * interval


def daily_slot(wall: time, day: date) -> datetime:
    """The slot of a London day, in UTC.

    Where the clocks jump over `wall` it is as long after midnight as on other days; where they show it twice, it is
    the first.
    """
    return datetime.combine(day, wall, tzinfo=LONDON).astimezone(UTC)


def daily_slots(wall: time, *, after: datetime | None, until: datetime) -> list[datetime]:
    """The slots, in order, of the days after that of the slot `after`, as far as they are past at `until`.

    Only the newest one where none has ever run (`after` is None).
    """
    today = london_date(until)
    if after is None:
        newest = daily_slot(wall, today)
        return [newest if newest <= until else daily_slot(wall, today - timedelta(days=1))]
    first = london_date(after) + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    return [slot for slot in (daily_slot(wall, day) for day in days) if slot <= until]


def next_slot(timetable: Timetable, *, real: datetime, at: datetime) -> datetime:
    """The first slot still to come: after `real` for an interval, after the portal's moment `at` for a daily one."""
    if isinstance(timetable, Every):
        return every_slot(timetable.interval, real) + timetable.interval
    today = daily_slot(timetable.wall, london_date(at))
    return today if today > at else daily_slot(timetable.wall, london_date(at) + timedelta(days=1))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts (from 1); the longest pause goes on for ever."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]
