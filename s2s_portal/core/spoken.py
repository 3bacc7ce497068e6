"""Days, moments, ages and numbers as people write them: the one place for it in Python. Pure.

Templates write the same with `|date:"j F Y"`, `|date:"j F Y, H:i"` and `|date:"l j F Y, H:i"`.
"""

import re
from datetime import date, datetime

from s2s_portal.core import calendar

_DIALLED = re.compile(r"\+?[0-9][0-9 ()./-]*")
"""The part of a telephone number that can be dialled: extensions and words stand after it."""


def day(date_: date) -> str:
    """A day, such as "3 December 2024"."""
    return f"{date_:%-d %B %Y}"


def stretch(first: date, last: date) -> str:
    """Days from `first` to `last`, both included: "3 December 2024", "3 to 5 December 2024"."""
    if first == last:
        return day(first)
    shown = "%-d %B %Y" if first.year != last.year else "%-d %B" if first.month != last.month else "%-d"
    return f"{first:{shown}} to {day(last)}"


def clock_time(at: datetime) -> str:
    """The time of day of a moment in London to the minute, such as "09:30"."""
    return f"{at.astimezone(calendar.LONDON):%H:%M}"


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when in London, such as "10:00 to 11:30"."""
    return f"{clock_time(starts_at)} to {clock_time(ends_at)}"


def moment(at: datetime) -> str:
    """A moment in London time to the minute, such as "26 November 2024, 09:30"."""
    return f"{at.astimezone(calendar.LONDON):%-d %B %Y, %H:%M}"


def moment_with_weekday(at: datetime) -> str:
    """A moment in London time to the minute, such as "Tuesday 26 November 2024, 09:30"."""
    return f"{at.astimezone(calendar.LONDON):%A} {moment(at)}"


def second(at: datetime) -> str:
    """A moment in London time to the second, such as "15:02:11 on 13 December 2024"."""
    local = at.astimezone(calendar.LONDON)
    return f"{local:%H:%M:%S} on {day(local.date())}"


def ago(date_: date, today: date) -> str:
    """How long before `today` `date_` was: "today", "yesterday", "6 days ago", "3 weeks ago", "4 months ago"."""
    days = (today - date_).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    if days < 14:
        return f"{days} days ago"
    return f"{days // 7} weeks ago" if days < 70 else f"{(days + 15) // 30} months ago"


def signed(number: int) -> str:
    """A number with its sign and a true minus, such as "+2" and "−1"."""
    return f"−{-number}" if number < 0 else f"+{number}"


def dialled(number: str) -> str:
    """A telephone number as a `tel:` link takes it: "01603 496000 ext 3" gives "01603496000"; "" for none."""
    found = _DIALLED.search(number)
    return re.sub(r"\(0\)|[^+0-9]", "", found[0]) if found else ""  # +44 (0)1603 is +441603
