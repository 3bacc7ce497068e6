"""What every count begins with: the lives of a period and stream, R10's due days of each, and figures' tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from referrals.models import Referral
from tests.oversight.history.days import ONE_DAY, Calendar, day_of
from tests.oversight.history.lives import Life, lives

EARLY, MAIN = "EARLY_YEARS", "MAINSTREAM"
STREAMS = {EARLY: "Early years", MAIN: "Mainstream"}
CONTACT_DAYS, VISIT_WEEKS, RECORD_DAYS, REVIEW_WEEKS = 5, 4, 10, 6
Table = dict[str, tuple]
"""A figure's lines: by key, or else by the label in front, the values after it. The sum is under `ALL`."""
ALL = "the sum"


class Everything:
    """The lives and the calendar, read once."""

    def __init__(self) -> None:
        self.lives, self.calendar = lives(), Calendar()
        columns = ("reference", "primary_need_id", "year_group", "sen_status", "submitted_at")
        self.details = {row[0]: row[1:] for row in Referral.objects.values_list(*columns)}


@dataclass
class Count:
    """One question: a period, a stream or "" for both, and a moment."""

    everything: Everything
    period: object
    stream: str
    at: datetime

    @property
    def calendar(self) -> Calendar:
        """Its days."""
        return self.everything.calendar

    @property
    def today(self) -> date:
        """The London day."""
        return day_of(self.at)

    @property
    def streams(self) -> list[str]:
        """Those asked for."""
        return [self.stream] if self.stream else [EARLY, MAIN]

    @cached_property
    def lives(self) -> list[Life]:
        """The requests of the period and stream."""
        some = self.everything.lives.values()
        return [one for one in some if one.period == self.period.pk and one.stream in self.streams]

    @cached_property
    def open(self) -> list[Life]:
        """Those that S2S has."""
        return [one for one in self.lives if one.is_open]

    @cached_property
    def with_place(self) -> list[Life]:
        """Those that hold or held a place which they did not give back."""
        return [one for one in self.lives if one.has_place]

    # --- R10, a day at a time ---
    def awaited(self, life: Life) -> list[tuple[date, date]]:
        """The stretches in which more information was awaited, the last of them until now."""
        return life.pauses + ([(life.asked, self.today)] if life.asked else [])

    def contact_paused(self, life: Life) -> int:
        """For how many working days first contact was not waited for."""
        until = day_of(life.reached) if life.reached else self.today
        return sum(self.calendar.worked(start, min(end, until)) for start, end in self.awaited(life))

    def visit_paused(self, life: Life) -> int:
        """The same for the first visit, from first contact on: in days of school, or days of the calendar."""
        since = day_of(life.reached) if life.reached else date.max
        until = day_of(life.first_held) if life.first_held else self.today
        total = 0
        for start, end in self.awaited(life):
            first, last = max(start, since), min(end, until)
            if first < last:
                total += (last - first).days if life.stream == EARLY else self.calendar.taught(first, last, "pupils")
        return total

    def contact_due(self, life: Life) -> date:
        """By when the school or setting was to be reached."""
        assert life.placed is not None
        return self.calendar.after(life.placed, CONTACT_DAYS + self.contact_paused(life), self.calendar.works)

    def visit_due(self, life: Life) -> date:
        """By when it was to be visited."""
        due, paused = self.weeks_after(life, day_of(life.reached), VISIT_WEEKS), self.visit_paused(life)
        if life.stream == EARLY:
            return due + paused * ONE_DAY
        return self.calendar.after(due, paused, self.calendar.is_pupils)

    def record_due(self, held: date) -> date:
        """By when a visit was to be recorded."""
        return self.calendar.after(held, RECORD_DAYS, self.calendar.works)

    def review_due(self, life: Life) -> date:
        """By when support was to be reviewed."""
        return self.weeks_after(life, day_of(life.first_held), REVIEW_WEEKS)

    def weeks_after(self, life: Life, start: date, weeks: int) -> date:
        """So many weeks later: of term for schools, of the calendar for settings."""
        if life.stream == EARLY:
            return start + 7 * weeks * ONE_DAY
        return self.calendar.after(start, 5 * weeks, self.calendar.is_weekday)

    def late(self, life: Life) -> list[tuple[date, str]]:
        """The due days of an open request that are over, each with what is late; none while it is returned."""
        due = []
        if life.status in ("SUBMITTED", "ASSIGNED"):
            due.append((self.contact_due(life), "contact"))
        if life.status in ("IN_CONTACT", "BOOKED"):
            due.append((self.visit_due(life), "observation"))
        if life.status == "SUPPORTING" and life.unrecorded:
            due.append((self.record_due(life.unrecorded[0]), "record"))
        if life.status == "SUPPORTING" and not life.is_reviewed:
            due.append((self.review_due(life), "review"))
        return sorted((one for one in due if one[0] < self.today), key=lambda one: one[0])


def references(some: Iterable[Life]) -> set[str]:
    """Who is behind a number."""
    return {one.reference for one in some}


def share(part: float, whole: float) -> float | None:
    """Per cent; None of nothing."""
    return 100 * part / whole if whole else None


def rank(values: Iterable[float], per_cent: int) -> float | None:
    """The smallest value that so many per cent do not exceed."""
    some = sorted(values)
    return next((one for at, one in enumerate(some, 1) if at * 100 >= per_cent * len(some)), None)
