"""R10's clocks in words: by which day, how many working days are left, whether it is paused."""

from dataclasses import dataclass
from datetime import date

from referrals.rules.clocks import Running
from s2s_portal.core import spoken

OVERDUE, TODAY, PAUSED = "Overdue", "Today", "Paused"


@dataclass(frozen=True)
class ClockWords:
    """One clock in words. `tag` is what cannot be overlooked ("Overdue", "Today", "Paused"), or ""."""

    text: str
    tag: str = ""

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return {OVERDUE: "red", TODAY: "orange"}.get(self.tag, "grey")


def clock_in_words(one: Running, *, today: date, paused_on: date | None) -> ClockWords:
    """A clock on `today`; `paused_on` is the day since which more information is awaited, if it is."""
    label = one.clock.label
    if one.paused and paused_on is not None:
        since = spoken.day(paused_on)
        return ClockWords(f"{label}: paused since {since}, as the adviser has been asked for information.", PAUSED)
    if one.due_on is None or one.days_left is None:
        return ClockWords(f"{label}: term dates are not entered, so no day can be named.")
    by = f"{label} by {spoken.day(one.due_on)}"
    if one.is_overdue:
        return ClockWords(f"{by}: overdue by {_working_days(-one.days_left)}.", OVERDUE)
    if one.due_on == today:
        return ClockWords(f"{by}: that is today.", TODAY)
    return ClockWords(f"{by}: {_working_days(one.days_left)} left.")


def _working_days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count or 'no'} working days"
