"""Days and deadlines in Europe/London, as pure functions of the moment or date they are given.

`Days` knows holidays, closures and terms. It is a value: whoever has the rows builds it (ENGINEERING §1).
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from functools import cached_property
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(weeks=1)
LONGEST_HOLIDAY = timedelta(days=50)
"""From the last day of a stretch of term to the first of the next. Summer takes six weeks; what is longer is a stretch
that nobody has entered."""
SATURDAY = 5
DAYS_OF_A_TERM_WEEK = 5


def london_date(at: datetime) -> date:
    """The London date of an aware moment."""
    return at.astimezone(LONDON).date()


def starts_at(day: date) -> datetime:
    """The first moment of a London day, in UTC: correct on both clock-change days."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def ends_at(day: date) -> datetime:
    """The first moment after a London day (the next midnight), in UTC; compare with `<`, never `<=`."""
    return starts_at(day + timedelta(days=1))


def is_by_end_of(day: date, at: datetime) -> bool:
    """Whether `at` (aware) falls on or before the whole London day `day`: the last second is in time."""
    return at < ends_at(day)


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def academic_year(day: date) -> int:
    """The year in which the academic year of `day` began; it runs from 1 September to 31 August."""
    return day.year if day.month >= 9 else day.year - 1


def age_on(day: date, date_of_birth: date) -> int:
    """Whole years of age on `day`; someone born on 29 February has a birthday on 1 March in other years."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (0 if had_birthday else 1)


def age_for_school_year(day: date, date_of_birth: date) -> int:
    """Age in years on the 31 August before the academic year of `day`, which decides the school year (DOMAIN §C5)."""
    return age_on(date(academic_year(day), 8, 31), date_of_birth)


class DayKind(Enum):
    """What a day is to a visit: the first of these that fits."""

    WEEKEND = auto()
    BANK_HOLIDAY = auto()
    CLOSED = auto()
    STAFF_ONLY = auto()
    TERM = auto()
    HOLIDAY = auto()
    TERMS_NOT_ENTERED = auto()


@dataclass(frozen=True)
class Days:
    """Which days people work and which are term time, for the county or for one school or setting.

    `terms` are the stretches on which pupils attend, first and last day included, without half-terms. `closures` are
    days on which nobody works. On `staff_only` days, for training, staff work and pupils stay at home.
    """

    bank_holidays: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = ()
    closures: frozenset[date] = frozenset()
    staff_only: frozenset[date] = frozenset()

    def kind_of(self, day: date) -> DayKind:
        """What `day` is to a visit."""
        if day.weekday() >= SATURDAY:
            return DayKind.WEEKEND
        for kind, days in (
            (DayKind.BANK_HOLIDAY, self.bank_holidays),
            (DayKind.CLOSED, self.closures),
            (DayKind.STAFF_ONLY, self.staff_only),
        ):
            if day in days:
                return kind
        if any(first <= day <= last for first, last in self.terms):
            return DayKind.TERM
        return DayKind.HOLIDAY if self.knows_terms(day) else DayKind.TERMS_NOT_ENTERED

    # --- Working days: the council's and S2S's answers ---
    def is_working_day(self, day: date) -> bool:
        """Whether staff work on `day`: no weekend, bank holiday or closure. School holidays are working days."""
        return day.weekday() < SATURDAY and day not in self.bank_holidays and day not in self.closures

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that is `days` working days after `day`, which is day 0; before it if `days` is negative."""
        step = ONE_DAY if days > 0 else -ONE_DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start`, up to and including `end`; 0 if `end` is not after `start`."""
        return sum(map(self.is_working_day, _days_after(start, end)))

    # --- Term time: visits ---
    def is_term_day(self, day: date) -> bool:
        """Whether pupils attend on `day`. False where term dates are not entered: see `knows_terms`."""
        return self.kind_of(day) == DayKind.TERM

    def knows_terms(self, day: date) -> bool:
        """Whether the term dates around `day` are entered, so that it is known to be term or holiday."""
        return self._known_until(day) is not None

    def knows_year(self, year: int) -> bool:
        """Whether the term dates of the whole academic year that begins in `year` are entered."""
        until = self._known_until(date(year, 9, 1))
        return until is not None and until >= date(year + 1, 8, 31)

    def add_term_weeks(self, day: date, weeks: int) -> date | None:
        """The day that is `weeks` weeks of term after `day`; None where term dates run out on the way.

        A week is five weekdays of term. Bank holidays, closures and training days are part of their week: they do not
        make it longer.
        """
        until = self._known_until(day)
        if until is None or not weeks:
            return None if until is None else day
        at = bisect_right(self._weekdays, day) + weeks * DAYS_OF_A_TERM_WEEK - 1
        found = self._weekdays[at] if at < len(self._weekdays) else date.max
        return found if found <= until else None

    def term_days_between(self, start: date, end: date) -> int | None:
        """How many days on which pupils attend come after `start`, up to and including `end`.

        None where term dates are not entered for some of them.
        """
        until = self._known_until(start)
        if until is None or end > until:
            return None
        return sum(map(self.is_term_day, _days_after(start, end)))

    def add_calendar_weeks(self, day: date, weeks: int) -> date:
        """The same day of the week `weeks` weeks later, whatever lies between: settings may open all year."""
        return day + weeks * ONE_WEEK

    def _known_until(self, day: date) -> date | None:
        """The last day of the known time that `day` is in; None if its term dates are not entered."""
        return next((last for first, last in self._known if first <= day <= last), None)

    @cached_property
    def _known(self) -> tuple[tuple[date, date], ...]:
        """The times for which term dates are entered without a hole, in order, each with its last day.

        A year that is entered from September is known from 1 September, one entered into July until 31 August.
        """
        found: list[tuple[date, date]] = []
        before = date.min
        for first, last in sorted(self.terms):
            begins = first.replace(day=1) if first.month == 9 else first
            ends = last.replace(month=8, day=31) if last.month == 7 else last
            if found and first - before <= LONGEST_HOLIDAY:
                begins, ends = found[-1][0], max(ends, found.pop()[1])
            found.append((begins, ends))
            before = max(before, last)
        return tuple(found)

    @cached_property
    def _weekdays(self) -> tuple[date, ...]:
        """The days that make up weeks of term, in order: Mondays to Fridays of its stretches, and training days."""
        days = {day for first, last in self.terms for day in _days_after(first - ONE_DAY, last)}
        return tuple(sorted(day for day in days | self.staff_only if day.weekday() < SATURDAY))


def _days_after(start: date, end: date) -> Iterator[date]:
    """Each day after `start`, up to and including `end`."""
    return (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
