"""How long schools and settings wait for R10's three things, from the same days as its clocks. Pure."""

from datetime import date

from referrals.choices import Status
from referrals.rules.clocks import (
    BEFORE_CONTACT,
    BEFORE_THE_VISIT,
    Progress,
    contact_due,
    observation_due,
    record_due,
)
from referrals.rules.standards import Standards
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.rules.spread import ENDED, Wait, WaitState
from s2s_portal.oversight.rules.working_days import IndexedDays

DAYS_OF_A_WEEK = 7


def contact_wait(progress: Progress, *, standards: Standards, days: IndexedDays, today: date) -> Wait:
    """The working days from the place to first contact, less those on which more information was awaited (R10)."""
    reached_on = progress.first_contact_on
    if reached_on is None and _stands(progress) not in BEFORE_CONTACT:
        return ENDED
    due_on = contact_due(progress, standards, days, today)
    if reached_on is None:
        return _going_on(progress, due_on, today)
    length = days.working_days_between(progress.placed_on, reached_on) - progress.contact_paused_days
    return Wait(WaitState.OVER, max(0, length), reached_on > due_on)


def visit_wait(progress: Progress, *, standards: Standards, days: IndexedDays, today: date) -> Wait | None:
    """The weeks from first contact to the first held visit, less pauses (R10); None before contact.

    Term-time weeks for mainstream, calendar weeks for early years; unmeasured where term dates are not entered.
    """
    reached_on, held_on = progress.first_contact_on, progress.first_held_on
    if reached_on is None:
        return None
    if held_on is None and _stands(progress) not in BEFORE_THE_VISIT:
        return ENDED
    due_on = observation_due(progress, standards, days, today)
    if held_on is None:
        return _going_on(progress, due_on, today)
    return Wait(WaitState.OVER, _weeks(progress, reached_on, held_on, days), due_on is not None and held_on > due_on)


def record_wait(
    held_on: date,
    recorded_on: date | None,
    *,
    can_still_come: bool,
    standards: Standards,
    days: IndexedDays,
    today: date,
) -> Wait:
    """The working days from a held visit to its finalised record (R10).

    `can_still_come`: a record that is not there can yet be written, as the request was not moved.
    """
    if recorded_on is None and not can_still_come:
        return ENDED
    due_on = record_due(held_on, standards=standards, days=days)
    if recorded_on is None:
        return Wait(WaitState.GOING_ON, is_late=due_on < today)
    return Wait(WaitState.OVER, days.working_days_between(held_on, recorded_on), recorded_on > due_on)


def _stands(progress: Progress) -> Status | None:
    """Where the request stands, or where it stood when more information was asked for."""
    return progress.returned_from if progress.status == Status.RETURNED else progress.status


def _going_on(progress: Progress, due_on: date | None, today: date) -> Wait:
    """A clock that is paused is never overdue, nor is one whose day nobody knows."""
    is_late = due_on is not None and due_on < today and progress.status != Status.RETURNED
    return Wait(WaitState.GOING_ON, is_late=is_late)


def _weeks(progress: Progress, reached_on: date, held_on: date, days: IndexedDays) -> float | None:
    paused = progress.observation_paused_days
    if progress.stream == Stream.EARLY_YEARS:
        return max(0, (held_on - reached_on).days - paused) / DAYS_OF_A_WEEK
    return days.term_weeks_between(reached_on, held_on, less_days=paused)
