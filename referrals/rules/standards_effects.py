"""What other settings of R10 would do to the clocks that run: which days move, and what would be overdue. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from referrals.choices import Clock
from referrals.rules.clocks import Progress, running
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days

SETTING_OF = {
    Clock.CONTACT: "contact_working_days",
    Clock.OBSERVATION: "observation_weeks",
    Clock.RECORD: "record_working_days",
    Clock.REVIEW: "review_weeks",
}
"""The setting that each clock follows, and the only one."""


class ClockEffect(NamedTuple):
    """What becomes of one clock: requests in which it runs or is paused, whose day moves, and who is overdue."""

    clock: Clock
    requests: int
    moved: int
    overdue_now: int
    overdue_then: int


def clocks_changed(now: Standards, then: Standards) -> list[Clock]:
    """The clocks whose setting is another one, in their order."""
    return [clock for clock, name in SETTING_OF.items() if getattr(now, name) != getattr(then, name)]


def effects(
    progress: Iterable[Progress], *, now: Standards, then: Standards, days: Days, today: date
) -> list[ClockEffect]:
    """What `then` instead of `now` would do today to the clocks of open requests, for each clock whose setting changes.

    A clock without a day (term dates are not entered) counts among the requests: it neither moves nor is overdue.
    """
    changed = clocks_changed(now, then)
    tally = {clock: [0, 0, 0, 0] for clock in changed}
    for one in progress:
        before, after = (
            {run.clock: run for run in running(one, standards=standards, days=days, today=today)}
            for standards in (now, then)
        )
        for clock in tally.keys() & before.keys():
            was, would = before[clock], after[clock]
            found = (True, was.due_on != would.due_on, was.is_overdue, would.is_overdue)
            tally[clock] = [count + more for count, more in zip(tally[clock], found, strict=True)]
    return [ClockEffect(clock, *tally[clock]) for clock in changed]
