"""Days, counted one by one over the rows of the calendar."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache

from s2s_portal.organisations.models import BankHoliday, Closure, Term
from tests.moments import LONDON

ONE_DAY = timedelta(days=1)


def day_of(at: datetime) -> date:
    """The London day of a moment."""
    return at.astimezone(LONDON).date()


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after `start`, up to and including `end`."""
    return (start + ONE_DAY * number for number in range(1, (end - start).days + 1))


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return next(one for one in (day - ONE_DAY * back for back in range(7)) if one.weekday() == 0)


class Calendar:
    """What the calendar's rows say of days: `pupils` are days of school, `weekdays` those that make up its weeks."""

    def __init__(self) -> None:
        county = Closure.objects.filter(establishment=None)
        self.holidays = set(BankHoliday.objects.values_list("day", flat=True))
        self.shut = {day for one in county.filter(kind="CLOSED") for day in self._each(one)}
        training = {day for one in county.filter(kind="STAFF_ONLY") for day in self._each(one)}
        terms = {day for one in Term.objects.all() for day in self._each(one)}
        self.weekdays = {day for day in terms | training if day.weekday() < 5}
        self.pupils = self.weekdays & terms - self.holidays - self.shut - training
        self.worked = cache(self._worked)
        self.taught = cache(self._taught)
        self.after = cache(self._after)

    @staticmethod
    def _each(one) -> Iterator[date]:
        return days_after(one.starts_on - ONE_DAY, one.ends_on)

    def works(self, day: date) -> bool:
        """Whether staff work on `day`."""
        return day.weekday() < 5 and day not in self.holidays and day not in self.shut

    def is_pupils(self, day: date) -> bool:
        """Whether pupils attend."""
        return day in self.pupils

    def is_weekday(self, day: date) -> bool:
        """Whether it is one of the five days of a week of term."""
        return day in self.weekdays

    def _worked(self, start: date, end: date) -> int:
        """The working days after `start`, up to `end`."""
        return sum(self.works(day) for day in days_after(start, end))

    def _taught(self, start: date, end: date, days: str) -> int:
        """The days of `pupils` or `weekdays` after `start`, up to `end`."""
        return sum(day in getattr(self, days) for day in days_after(start, end))

    def _after(self, start: date, number: int, counts: Callable[[date], bool]) -> date:
        """The day that is `number` days that count after `start`."""
        day = start
        while number:
            day += ONE_DAY
            number -= counts(day)
        return day
