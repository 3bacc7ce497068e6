"""R10: by which day S2S means to reach a setting, hold a visit, finalise its record and review the support."""

from datetime import date, timedelta
from typing import NamedTuple

from referrals.choices import Clock, Status
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream

ONE_DAY = timedelta(days=1)
NEVER_MORE = 400
"""Days that are looked at for a term-time deadline; terms are entered for two years at most."""
BEFORE_CONTACT = frozenset({Status.SUBMITTED, Status.ASSIGNED})
BEFORE_THE_VISIT = frozenset({Status.IN_CONTACT, Status.BOOKED})


class Progress(NamedTuple):
    """What the clocks of one request are reckoned from; every date is a London day.

    `returned_from` and `returned_on` are set while more information is awaited. `unrecorded_on` is the day of the first
    visit that was held and has no record yet. Paused days are working days for the first contact; for the first visit
    they are term-time days (mainstream) or days (early years).
    """

    stream: Stream
    status: Status
    placed_on: date
    returned_from: Status | None = None
    returned_on: date | None = None
    contact_paused_days: int = 0
    observation_paused_days: int = 0
    first_contact_on: date | None = None
    first_held_on: date | None = None
    unrecorded_on: date | None = None
    reviewed_on: date | None = None


class Running(NamedTuple):
    """One clock that runs, or is paused. `due_on` is None where term dates are not entered: the page says so.

    `days_left` counts working days after today up to the due day, 0 on that day only; negative: working days since it.
    """

    clock: Clock
    due_on: date | None
    days_left: int | None
    paused: bool = False

    @property
    def is_overdue(self) -> bool:
        """Whether the due day is over; a paused clock is never overdue."""
        return self.days_left is not None and self.days_left < 0 and not self.paused

    @property
    def is_today(self) -> bool:
        """Whether today is the last day."""
        return self.days_left == 0 and not self.paused


def running(progress: Progress, *, standards: Standards, days: Days, today: date) -> list[Running]:
    """The clocks of a request on `today`, the one that ends first in front; those without a date come last."""
    paused = progress.status == Status.RETURNED
    stands = progress.returned_from if paused else progress.status
    found: list[tuple[Clock, date | None]] = []
    if stands in BEFORE_CONTACT:
        found.append((Clock.CONTACT, contact_due(progress, standards, days, today)))
    if stands in BEFORE_THE_VISIT:
        found.append((Clock.OBSERVATION, observation_due(progress, standards, days, today)))
    if stands == Status.SUPPORTING:
        if progress.unrecorded_on is not None:
            found.append((Clock.RECORD, record_due(progress.unrecorded_on, standards=standards, days=days)))
        if progress.first_held_on is not None and progress.reviewed_on is None:
            found.append((Clock.REVIEW, review_due(progress, standards=standards, days=days)))
        found.sort(key=lambda one: one[1] or date.max)  # elsewhere only one runs
    return [Running(clock, due_on, _days_left(due_on, days, today), paused) for clock, due_on in found]


def contact_due(progress: Progress, standards: Standards, days: Days, today: date) -> date:
    """By when the school or setting is to be reached (R10): 5 working days after the place, without those paused."""
    paused = progress.contact_paused_days + _paused_until(progress, today, days).contact_days
    return days.add_working_days(progress.placed_on, standards.contact_working_days + paused)


def observation_due(progress: Progress, standards: Standards, days: Days, today: date) -> date | None:
    """By when the first visit is to be held (R10): 4 term-time weeks after first contact (early years: calendar).

    None where term dates run out.
    """
    begun = progress.first_contact_on or progress.placed_on
    paused = progress.observation_paused_days + _paused_until(progress, today, days).observation_days
    if progress.stream == Stream.EARLY_YEARS:
        return days.add_calendar_weeks(begun, standards.observation_weeks) + paused * ONE_DAY
    due_on = days.add_term_weeks(begun, standards.observation_weeks)
    return None if due_on is None else _add_term_days(due_on, paused, days)


def _add_term_days(day: date, count: int, days: Days) -> date | None:
    """The day that is `count` days of term after `day`; None where term dates run out."""
    for _ in range(NEVER_MORE):
        if not count:
            return day
        day += ONE_DAY
        count -= days.is_term_day(day)
    return None


def record_due(held_on: date, *, standards: Standards, days: Days) -> date:
    """By when the record of a visit held on `held_on` is to be finalised (R10): 10 working days."""
    return days.add_working_days(held_on, standards.record_working_days)


def review_due(progress: Progress, *, standards: Standards, days: Days) -> date | None:
    """When the support is to be reviewed (R10): 6 term-time weeks after the first visit (early years: calendar)."""
    if progress.first_held_on is None:
        return None
    if progress.stream == Stream.EARLY_YEARS:
        return days.add_calendar_weeks(progress.first_held_on, standards.review_weeks)
    return days.add_term_weeks(progress.first_held_on, standards.review_weeks)


class Pause(NamedTuple):
    """How long a clock has stood still, in the unit of each clock."""

    contact_days: int = 0
    observation_days: int = 0


NOT_PAUSED = Pause()


def _paused_until(progress: Progress, today: date, days: Days) -> Pause:
    if progress.returned_on is None or progress.returned_from is None:
        return NOT_PAUSED
    since = paused_since(progress.returned_on, first_contact_on=progress.first_contact_on)
    return pause(progress.returned_from, progress.stream, since=since, until=today, days=days)


def paused_since(returned_on: date, *, first_contact_on: date | None) -> date:
    """Since when the clock that stands still does: one that only began while information was awaited, since then."""
    return max(returned_on, first_contact_on or returned_on)


def pause(stands: Status, stream: Stream, *, since: date, until: date, days: Days) -> Pause:
    """How long the clock that ran in `stands` stood still from `since` to `until` (London days).

    Term-time days that are not known count as none: the deadline then stays as early as it was.
    """
    if stands in BEFORE_CONTACT:
        return Pause(contact_days=days.working_days_between(since, until))
    if stands in BEFORE_THE_VISIT and stream == Stream.EARLY_YEARS:
        return Pause(observation_days=max(0, (until - since).days))
    if stands in BEFORE_THE_VISIT:
        return Pause(observation_days=days.term_days_between(since, until) or 0)
    return NOT_PAUSED


def _days_left(due_on: date | None, days: Days, today: date) -> int | None:
    if due_on is None:
        return None
    if due_on == today:
        return 0
    # Due on a Sunday is not due on the Saturday; due on a Saturday is overdue on the Sunday: no working day between.
    if due_on > today:
        return max(1, days.working_days_between(today, due_on))
    return -max(1, days.working_days_between(due_on, today))
