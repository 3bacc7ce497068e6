"""When things happen in the demo: school days of the autumn term 2024, in office hours, in London."""

from datetime import date, datetime, time, timedelta
from random import Random

from s2s_portal.core.calendar import LONDON

TERM_STARTS = date(2024, 9, 4)
HALF_TERM = (date(2024, 10, 28), date(2024, 11, 1))
LAST_DAY = date(2024, 11, 25)
"""The last whole day of the story; the morning after is told request by request."""


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in London."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


PROPOSED_AT = moment(2024, 11, 25, 16, 5)
OPENS_AT = moment(2024, 11, 26, 9, 30)
"""The practice date that the demo opens on: a Tuesday, two and a half weeks before the cut-off."""


def school_days() -> list[date]:
    """Every school day of the story, in order."""
    days = [TERM_STARTS + timedelta(days=number) for number in range((LAST_DAY - TERM_STARTS).days + 1)]
    return [day for day in days if day.weekday() < 5 and not HALF_TERM[0] <= day <= HALF_TERM[1]]


def moments(rng: Random, how_many: int) -> list[datetime]:
    """So many different moments in order: slow in the first weeks, when children are still settling in."""
    days = school_days()
    weights = [min(1.0, 0.15 + number / 15) for number in range(len(days))]
    found: set[datetime] = set()
    while len(found) < how_many:
        day = rng.choices(days, weights)[0]
        minutes = rng.choice((rng.randint(525, 735), rng.randint(780, 1010)))
        found.add(datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=LONDON))
    return sorted(found)


def school_day_before(rng: Random, day: date, *, within: int) -> date:
    """A school day at most `within` school days before `day`; on the first day of term, that day."""
    earlier = [other for other in school_days() if other < day][-within:]
    return rng.choice(earlier or [day])


def some_days_after(rng: Random, at: datetime) -> datetime:
    """About the same time of day, 5 to 12 school days after `at`."""
    later = [day for day in school_days() if day > at.date()]
    return at.replace(minute=rng.randrange(60)) + (later[rng.randint(5, 12)] - at.date())
