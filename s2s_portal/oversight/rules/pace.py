"""At what pace the places of a quota are used, and between which days the last may go. Pure.

The pace of a window is the places used in it, less those given back, for each working day of it. There are three
windows up to today: the whole period so far, its last 20 and its last 10 working days. A long window is steady but
slow to notice that the term has changed; a short one notices and is shaken by one cohort of ten. Which of them
tomorrow will resemble nobody knows, so the answer is what the fastest and the slowest of them say: a range, never a
day. Its early end counts what is left of today as a whole working day, its late end counts from tomorrow.

What the numbers leave out, so that they do not mislead: places raised, lowered or moved change what is left from their
day on, but nobody used them. A working day on which no place was free is no sign of calm: it belongs to no window.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import ceil, floor

from s2s_portal.core.calendar import ONE_DAY, Days, monday_of

RECENT = (20, 10)
"""The shorter windows, in working days: four weeks and two."""
FEWEST_DAYS = 5
"""Working days of a pace. In a period's first days a single cohort would be taken for the pace of the term."""
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DayOfPlaces:
    """What the lines of one London day did to a quota, in places; `adjusted` is signed, the others are counts."""

    granted: int = 0
    adjusted: int = 0
    drawn: int = 0
    released: int = 0

    def __add__(self, other: "DayOfPlaces") -> "DayOfPlaces":
        return DayOfPlaces(
            self.granted + other.granted,
            self.adjusted + other.adjusted,
            self.drawn + other.drawn,
            self.released + other.released,
        )

    @property
    def used(self) -> int:
        """Places used, less those given back; negative if more were given back."""
        return self.drawn - self.released

    @property
    def left(self) -> int:
        """By how much more places are left afterwards; negative for fewer."""
        return self.granted + self.adjusted - self.used


NOTHING = DayOfPlaces()
DaysOfPlaces = Mapping[date, DayOfPlaces]
"""The days of one quota on which its ledger has lines, up to today, those before the period opened included."""


@dataclass(frozen=True)
class Span:
    """The London days between which requests are taken, both included, and today."""

    opens_on: date
    closes_on: date
    today: date


class Prospect(Enum):
    """What is to be said of a quota: the first of these that fits."""

    OVER = auto()
    NOT_BOUGHT = auto()
    FULL = auto()
    NOT_OPEN = auto()
    CLOSED = auto()
    NO_PACE = auto()
    RUNS_OUT = auto()
    MAY_RUN_OUT = auto()
    LASTS = auto()


@dataclass(frozen=True)
class Window:
    """Working days up to today and the places used on them, less those given back. `is_whole`: the period so far."""

    days: int
    used: int
    is_whole: bool = False

    @property
    def pace(self) -> Fraction:
        """Places for each working day; negative if more were given back."""
        return Fraction(self.used, self.days)


@dataclass(frozen=True)
class Outlook:
    """How long the places of a quota last. `to_come` are the working days after today on which requests are taken.

    `since` is the day from which no place has been left without a break; None while places are left.
    """

    prospect: Prospect
    left: int
    windows: tuple[Window, ...] = ()
    to_come: tuple[date, ...] = ()
    since: date | None = None

    @cached_property
    def fastest(self) -> Fraction:
        """The pace of the fastest window, at least 0."""
        return max((window.pace for window in self.windows), default=Fraction(0))

    @cached_property
    def slowest(self) -> Fraction:
        """The pace of the slowest window, at least 0: nobody plans on places that are given back for good."""
        return max(Fraction(0), min((window.pace for window in self.windows), default=Fraction(0)))

    def projected(self, window: Window) -> date | None:
        """The working day after today on which the last place goes at this pace; None: not before requests close."""
        return _at(self.to_come, _days_needed(self.left, window.pace))

    def soonest(self, window: Window, today: date) -> date | None:
        """The day on which the last place goes at this pace if today had only begun; None: after requests close."""
        needed = _days_needed(self.left, window.pace)
        return today if needed == 1 else _at(self.to_come, needed and needed - 1)

    def earliest(self, today: date) -> date | None:
        """The first day of the range; None: not before requests close."""
        needed = _days_needed(self.left, self.fastest)
        return today if needed == 1 else _at(self.to_come, needed and needed - 1)

    @property
    def latest(self) -> date | None:
        """The last day of the range; None: not before requests close."""
        return _at(self.to_come, _days_needed(self.left, self.slowest))

    def left_on(self, day: date) -> tuple[Fraction, Fraction]:
        """The fewest and the most places that may be left at the end of `day`, which is after today."""
        days = bisect_right(self.to_come, day)
        return max(Fraction(0), self.left - self.fastest * (days + 1)), max(
            Fraction(0), self.left - self.slowest * days
        )

    def unused(self, closes_on: date) -> tuple[int, int]:
        """The fewest and the most whole places that may be left when requests close."""
        fewest, most = self.left_on(closes_on)
        return floor(fewest), ceil(most)


def outlook(places: DaysOfPlaces, span: Span, days: Days) -> Outlook:
    """How long the places of a quota last, at the end of what is known of today."""
    total = sum(places.values(), NOTHING)
    prospect = _before_any_pace(total, span)
    if prospect is not None:
        return Outlook(prospect, total.left, since=_none_left_since(places, total.left))
    found = Outlook(
        Prospect.LASTS,
        total.left,
        windows=windows(places, span, days),
        to_come=tuple(_working_days(span.today + ONE_DAY, span.closes_on, days)),
    )
    return Outlook(_by_pace(found, span.today), found.left, found.windows, found.to_come)


def _before_any_pace(total: DayOfPlaces, span: Span) -> Prospect | None:
    if total.left < 0:
        return Prospect.OVER
    if not total.granted + total.adjusted:
        return Prospect.NOT_BOUGHT
    if not total.left:
        return Prospect.FULL
    if span.today < span.opens_on:
        return Prospect.NOT_OPEN
    return Prospect.CLOSED if span.today > span.closes_on else None


def _by_pace(found: Outlook, today: date) -> Prospect:
    if not found.windows or found.windows[0].days < FEWEST_DAYS or found.fastest <= 0:
        return Prospect.NO_PACE
    if found.latest is not None:
        return Prospect.RUNS_OUT
    return Prospect.LASTS if found.earliest(today) is None else Prospect.MAY_RUN_OUT


def windows(places: DaysOfPlaces, span: Span, days: Days) -> tuple[Window, ...]:
    """The period so far, then its last 20 and last 10 working days where it has more: only days with a free place.

    Use at a weekend counts, and belongs to the windows that were open then. Today counts as a whole working day.
    """
    until = min(span.today, span.closes_on)
    known = dict(burn_down(places, span.opens_on, until))
    counted = [
        day
        for day in _working_days(span.opens_on, until, days)
        if known[day] > 0 or known[day] > places.get(day, NOTHING).left or places.get(day, NOTHING).drawn
    ]
    if not counted:
        return ()
    so_far = Window(len(counted), _used(places, span.opens_on, until), is_whole=True)
    recent = (Window(some, _used(places, counted[-some], until)) for some in RECENT if some < len(counted))
    return (so_far, *recent)


def burn_down(places: DaysOfPlaces, first: date, last: date) -> list[tuple[date, int]]:
    """The places left at the end of each day from `first` to `last`, both included; negative when over."""
    before = sum((one.left for day, one in places.items() if day < first), 0)
    shown = _days(first, last)
    left = accumulate((places.get(day, NOTHING).left for day in shown), initial=before)
    next(left)
    return list(zip(shown, left, strict=True))


@dataclass(frozen=True)
class WeekOfPlaces:
    """What one week did to a quota and what was left at its end. `monday` is None for all that came before opening."""

    monday: date | None
    places: DayOfPlaces
    left: int


def weeks(places: DaysOfPlaces, opens_on: date, last: date) -> list[WeekOfPlaces]:
    """All that came before the opening day, then every week from it to that of `last`: none is left out."""
    by_week: dict[date | None, DayOfPlaces] = {None: NOTHING}
    monday = monday_of(opens_on)
    while monday <= last:
        by_week[monday] = NOTHING
        monday += A_WEEK
    for day, one in places.items():
        week = monday_of(day) if day >= opens_on else None
        by_week[week] = by_week.get(week, NOTHING) + one
    left = accumulate(one.left for one in by_week.values())
    return [WeekOfPlaces(week, one, sum_) for (week, one), sum_ in zip(by_week.items(), left, strict=True)]


def _none_left_since(places: DaysOfPlaces, left: int) -> date | None:
    """The day whose lines took the last place, with none left at the end of any day since."""
    since = None
    for day in sorted(places, reverse=True):
        if left > 0:
            return since
        left, since = left - places[day].left, day
    return since


def _used(places: DaysOfPlaces, first: date, last: date) -> int:
    return sum(one.used for day, one in places.items() if first <= day <= last)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _working_days(first: date, last: date, days: Days) -> list[date]:
    return [day for day in _days(first, last) if days.is_working_day(day)]


def _days_needed(left: int, pace: Fraction) -> int | None:
    """How many working days the places last, at least 1; None: for ever."""
    return ceil(left / pace) if pace > 0 else None


def _at(days: tuple[date, ...], number: int | None) -> date | None:
    """The day with this number, from 1; None if there is no such day."""
    return days[number - 1] if number is not None and number <= len(days) else None
