"""Which open requests are stuck, why, since when, and with whom. Pure."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from referrals.choices import Clock, Status
from referrals.rules.clocks import Running
from s2s_portal.core.calendar import Days

IDLE_WORKING_DAYS = 20
"""Four working weeks in which nothing happened, and nothing is planned: then a request counts as stuck."""


class Why(StrEnum):
    """Why a request is stuck; the first that fits."""

    ANSWER = "answer"
    CLOCK = "clock"
    IDLE = "idle"


class Holder(StrEnum):
    """Who has to act next."""

    ADVISER = "adviser"
    COORDINATOR = "coordinator"
    TEACHER = "teacher"


class Stuck(NamedTuple):
    """Why a request is stuck, since which London day, for how many working days, and which clock is past its day."""

    why: Why
    since: date
    days: int
    holder: Holder
    clock: Clock | None = None


def holder_of(status: Status | str) -> Holder:
    """Who has to act next on an open request that stands at `status`."""
    if status == Status.RETURNED:
        return Holder.ADVISER
    return Holder.COORDINATOR if status == Status.SUBMITTED else Holder.TEACHER


def late(
    *, status: Status | str, clocks: Sequence[Running], returned_on: date | None, days: Days, today: date
) -> Stuck | None:
    """Why an open request is stuck on `today`, whatever was written into its history; None if only that may tell.

    `clocks` has the most urgent in front (R10).
    """
    if returned_on is not None:
        since, holder = days.working_days_between(returned_on, today), holder_of(status)
        return Stuck(Why.ANSWER, returned_on, since, holder)
    first = clocks[0] if clocks else None
    if first is None or first.due_on is None or not first.is_overdue:
        return None
    since, holder = days.working_days_between(first.due_on, today), holder_of(status)
    return Stuck(Why.CLOCK, first.due_on, since, holder, first.clock)


def idle(*, status: Status | str, last_event_on: date, has_visit_ahead: bool, days: Days, today: date) -> Stuck | None:
    """Whether an open request that is not `late` is stuck on `today`: nothing has happened for too long."""
    since = days.working_days_between(last_event_on, today)
    if has_visit_ahead or since < IDLE_WORKING_DAYS:
        return None
    return Stuck(Why.IDLE, last_event_on, since, holder_of(status))
