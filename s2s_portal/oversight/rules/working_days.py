"""The county's days, with the sums that figures need for thousands of requests at once.

`Days` walks from day to day, which is right for one request and slow for five thousand. Here the same answers come from
counts of all days until then; a test holds the two together for every pair of days. Pure.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from s2s_portal.core.calendar import DAYS_OF_A_TERM_WEEK, SATURDAY, Days, london_date

WEEK = 7
WEEKDAYS = 5
LAST_HOUR = 23
"""The only hour of a day in UTC of which London may have the next day already: it is an hour ahead at most."""


def london_day(at: datetime) -> date:
    """`london_date`, without looking at the time zone where any answer is the same: figures ask for thousands."""
    return at.date() if at.tzinfo is UTC and at.hour < LAST_HOUR else london_date(at)


@dataclass(frozen=True)
class IndexedDays(Days):
    """`Days` whose sums take the same time however far apart two days are."""

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start`, up to and including `end`; 0 if `end` is not after `start`."""
        worked = self._worked
        return max(0, worked[end] - worked[start])

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is `days` working days after `day`, which is day 0; before it if `days` is negative."""
        found = self._added.get((day, days))
        if found is None:
            found = self._added[day, days] = self._with_added(day, days)
        return found

    def _with_added(self, day: date, days: int) -> date:
        if days < 1:
            return super().add_working_days(day, days)
        found = day.toordinal()
        wanted, shut = self._worked[day] + days, -1
        while (until := bisect_right(self._shut, found)) != shut:
            # The weekday with this number, if no more days are shut until then; else a later one.
            shut = until
            weeks, rest = divmod(wanted + shut - 1, WEEKDAYS)
            found = weeks * WEEK + rest + 1
        return date.fromordinal(found)

    def is_term_day(self, day: date) -> bool:
        """Whether pupils attend on `day`. False where term dates are not entered."""
        return day in self._term_days

    def term_days_between(self, start: date, end: date) -> int | None:
        """How many days on which pupils attend come after `start`, up to and including `end`; None if not known."""
        if not self._knows(start, end):
            return None
        return max(0, _between(self._attended, start, end))

    def term_weeks_between(self, start: date, end: date, *, less_days: int = 0) -> float | None:
        """How many weeks of term come after `start`, up to and including `end`, less so many days of term.

        A week is five weekdays of term, as in `add_term_weeks`. None where term dates are not entered for some of them.
        """
        if not self._knows(start, end):
            return None
        return max(0, _between(self._of_weeks, start, end) - less_days) / DAYS_OF_A_TERM_WEEK

    def _knows(self, start: date, end: date) -> bool:
        until = self._known_until(start)
        return until is not None and end <= until

    @cached_property
    def _worked(self) -> "_Worked":
        return _Worked(self._shut)

    @cached_property
    def _added(self) -> dict[tuple[date, int], date]:
        """What has been asked of `add_working_days`: thousands of requests ask for the same few days."""
        return {}

    @cached_property
    def _shut(self) -> list[int]:
        """The ordinals of weekdays on which nobody works."""
        return sorted(day.toordinal() for day in self.bank_holidays | self.closures if day.weekday() < SATURDAY)

    @cached_property
    def _term_days(self) -> frozenset[date]:
        """The days on which pupils attend."""
        return frozenset(filter(super().is_term_day, self._weekdays))

    @cached_property
    def _attended(self) -> list[int]:
        """Their ordinals."""
        return sorted(day.toordinal() for day in self._term_days)

    @cached_property
    def _of_weeks(self) -> list[int]:
        """The ordinals of the days that make up weeks of term."""
        return [day.toordinal() for day in self._weekdays]


class _Worked(dict[date, int]):
    """The working days until a day, since the first of all days, which was a Monday; reckoned once for each day."""

    def __init__(self, shut: list[int]) -> None:
        super().__init__()
        self._shut = shut

    def __missing__(self, day: date) -> int:
        number = day.toordinal()
        weeks, rest = divmod(number, WEEK)
        found = self[day] = weeks * WEEKDAYS + min(rest, WEEKDAYS) - bisect_right(self._shut, number)
        return found


def _between(ordinals: list[int], start: date, end: date) -> int:
    return bisect_right(ordinals, end.toordinal()) - bisect_right(ordinals, start.toordinal())


def indexed(days: Days) -> IndexedDays:
    """The same days."""
    return IndexedDays(
        bank_holidays=days.bank_holidays, terms=days.terms, closures=days.closures, staff_only=days.staff_only
    )
