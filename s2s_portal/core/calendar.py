"""Days and deadlines in Europe/London, as pure functions of the moment or date they are given."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


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
