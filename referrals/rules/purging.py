"""When an unsent draft that nobody touches is deleted, and announced before that. Pure.

A draft holds what somebody wrote about a child. While it may still be sent it is kept; after that nobody needs it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from s2s_portal.core.calendar import Days

KEPT_FOR = timedelta(days=28)
"""After the cut-off, and after the last change: time to see whether a next period takes requests of its kind."""
ANNOUNCED = 10
"""Working days before the deletion on which whoever started the draft is told of it."""
ANNOUNCED_AGAIN = 2
"""Working days before the deletion on which they are told once more."""


class Step(Enum):
    """What is to be done about a draft today."""

    NOTHING = auto()
    ANNOUNCE = auto()
    ANNOUNCE_AGAIN = auto()
    DELETE = auto()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What decides: the last day on which it could have been sent, its last change, and when it was announced.

    `cut_off` is None where no period has taken requests of its kind. What was announced for an earlier edition counts
    for nothing: both are None then.
    """

    cut_off: date | None
    changed_on: date
    warned_on: date | None = None
    warned_again_on: date | None = None


def deleted_on(draft: Draft, *, today: date, days: Days) -> date | None:
    """The day on which the draft will be deleted if nobody touches it; None while it may be sent.

    Never sooner than it was announced: where that could not be done in time, the day moves.
    """
    if draft.cut_off is None or today <= draft.cut_off:
        return None
    due = max(draft.cut_off, draft.changed_on) + KEPT_FOR
    due = max(due, days.add_working_days(draft.warned_on or today, ANNOUNCED))
    if draft.warned_again_on is not None:
        due = max(due, days.add_working_days(draft.warned_again_on, ANNOUNCED_AGAIN))
    elif draft.warned_on is not None:
        due = max(due, days.add_working_days(today, ANNOUNCED_AGAIN))
    return due


def step(draft: Draft, *, today: date, days: Days) -> Step:
    """What is to be done about the draft on the London day `today`."""
    day = deleted_on(draft, today=today, days=days)
    if day is None:
        return Step.NOTHING
    if draft.warned_on is None:
        return Step.ANNOUNCE if day <= days.add_working_days(today, ANNOUNCED) else Step.NOTHING
    if draft.warned_again_on is None:
        return Step.ANNOUNCE_AGAIN if day <= days.add_working_days(today, ANNOUNCED_AGAIN) else Step.NOTHING
    return Step.DELETE if day <= today else Step.NOTHING
