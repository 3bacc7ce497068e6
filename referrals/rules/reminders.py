"""When somebody is reminded of a request, and when not (DESIGN §7). Pure.

A reminder is due when its moment has passed and its key has not been written down: never "is today the day". Moments
are eight in the morning, in London, on working days. What was due and is no longer true is written down as not sent.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from referrals.choices import ReminderKind
from s2s_portal.core.calendar import LONDON, Days, london_date

MORNING = time(8)
EVENING = time(18)
ONE_DAY = timedelta(days=1)

LATER_DUE = "a later one of the same kind was due as well"


@dataclass(frozen=True)
class Step:
    """One reminder of a series: its number, the moment from which it is due, and since when it may become due."""

    number: int
    due_at: datetime
    since: datetime


@dataclass(frozen=True)
class Series:
    """The reminders of one kind about one occasion. At `until` they end, because of `why`.

    `is_planned`: `until` may lie ahead, as the beginning of a visit does; else it is something that has happened.
    While `is_paused` nothing is due and nothing is lost: R10's clock stands still.
    """

    kind: ReminderKind
    occasion: str
    steps: tuple[Step, ...]
    until: datetime | None = None
    why: str = ""
    is_planned: bool = False
    is_paused: bool = False

    def key(self, step: Step, subject: str) -> str:
        """What the reminder is written down as, once."""
        return f"{self.kind}:{subject}:{self.occasion}:{step.number}"

    def is_over(self, at: datetime) -> bool:
        """Whether what it reminds of is no longer so."""
        return self.until is not None and (self.until <= at or not self.is_planned)

    def became_due(self, at: datetime) -> list[Step]:
        """The steps whose moment has come while it was true, in order."""
        return [
            step
            for step in self.steps
            if step.since <= step.due_at <= at and (self.until is None or step.due_at < self.until)
        ]


@dataclass(frozen=True)
class Due:
    """One reminder that is due and not written down. It goes unless `why` says why not."""

    series: Series
    step: Step
    key: str
    why: str = ""


# --- Moments -----------------------------------------------------------------------------------------------------
def moment(day: date, days: Days) -> datetime:
    """The moment of a reminder on `day`, in UTC: that morning, or the next working day's."""
    while not days.is_working_day(day):
        day += ONE_DAY
    return datetime.combine(day, MORNING, tzinfo=LONDON).astimezone(UTC)


def is_quiet(at: datetime, days: Days) -> bool:
    """Whether nothing goes out at `at`: from six in the evening to eight in the morning, and all day off work."""
    wall = at.astimezone(LONDON).time()
    return not MORNING <= wall < EVENING or not days.is_working_day(london_date(at))


# --- What is due -------------------------------------------------------------------------------------------------
def due(all_series: Sequence[Series], *, subject: str, written: Collection[str], at: datetime) -> list[Due]:
    """What is due at `at` and not among `written`. Of one series only the newest goes, and nothing that is over."""
    return [one for series in all_series for one in _due_of(series, subject, written, at)]


def _due_of(series: Series, subject: str, written: Collection[str], at: datetime) -> Iterator[Due]:
    if series.is_paused:
        return
    became = series.became_due(at)
    for number, step in enumerate(became):
        key = series.key(step, subject)
        if key not in written:
            later = LATER_DUE if number + 1 < len(became) else ""
            yield Due(series, step, key, series.why if series.is_over(at) else later)


def ahead(all_series: Sequence[Series], at: datetime) -> list[tuple[Series, Step]]:
    """What will be due after `at` if nothing happens until then, in order of time."""
    coming = [
        (series, step)
        for series in all_series
        if not series.is_paused and not series.is_over(at)
        for step in series.steps
        if step.due_at > at and step.since <= step.due_at and (series.until is None or step.due_at < series.until)
    ]
    return sorted(coming, key=lambda one: one[1].due_at)


def next_look(all_series: Sequence[Series], at: datetime) -> datetime | None:
    """The first moment after `at` at which anything can be due; None: not before something happens."""
    return next((step.due_at for _, step in ahead(all_series, at)), None)
