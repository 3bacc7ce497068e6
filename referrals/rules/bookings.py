"""Whether a time suits: terms, closures, leave, the contract's run-off, agreement, caps, overlap and travel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from referrals.choices import About, Agreement, BookingKind, BookingMode, BookingProblem
from referrals.rules.standards import Standards
from s2s_portal.core import spoken
from s2s_portal.core.calendar import LONDON, DayKind, Days, london_date
from s2s_portal.organisations.choices import Stream

LONGEST = timedelta(hours=10)
EARLIEST, LATEST = time(7), time(20)
"""Visits begin and end between these, in London. No clock changes then: every time is there, and there once."""
WITH_CHILDREN = frozenset({BookingKind.OBSERVATION, BookingKind.MODELLING})
"""Visits that make no sense on a day on which no children are in."""
REVIEWS = frozenset({BookingKind.REVIEW_MEETING})
"""Visits that stop R10's review clock when held."""
MAY_BE_KEPT = frozenset(
    {
        BookingProblem.OVER_SOFT_CAP,
        BookingProblem.TOO_LITTLE_TRAVEL,
        BookingProblem.TERMS_UNKNOWN,
        BookingProblem.OUT_OF_TERM,
    }
)
"""Problems that a written reason overrules; every other one refuses the booking."""
NEVER_KEPT = frozenset({BookingProblem.NO_AGREEMENT})
"""What a visit that was flagged for it cannot be kept in spite of, whatever the reason (R11)."""
_DAY_PROBLEMS = {
    DayKind.WEEKEND: (BookingProblem.NOT_A_WORKING_DAY, "{day} is a weekend."),
    DayKind.BANK_HOLIDAY: (BookingProblem.NOT_A_WORKING_DAY, "{day} is a bank holiday."),
    DayKind.CLOSED: (BookingProblem.SETTING_CLOSED, "The school or setting is closed on {day}."),
}


@dataclass(frozen=True)
class Problem:
    """One reason against a time. `keepable`: it only warns, and a written reason overrules it."""

    cause: BookingProblem
    sentence: str

    @property
    def keepable(self) -> bool:
        """Whether a reason overrules it."""
        return self.cause in MAY_BE_KEPT


@dataclass(frozen=True)
class Wanted:
    """A time that somebody wants, or has: aware moments, `starts_at` before `ends_at`."""

    kind: BookingKind
    mode: BookingMode
    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        """Its London day."""
        return london_date(self.starts_at)


@dataclass(frozen=True)
class Neighbour:
    """Another visit of one of the teachers on the same day, and how long the way between both takes.

    `minutes` is None where the way is not known; `what` names it: "your visit to Bulrush Nursery at 10:00".
    """

    teacher: str
    what: str
    starts_at: datetime
    ends_at: datetime
    minutes: int | None


@dataclass(frozen=True)
class Circumstances:
    """What a time is judged by. `days` are the setting's; `away` and `left` hold a sentence for each such teacher."""

    stream: Stream
    days: Days
    run_off_ends_on: date
    standards: Standards
    about: About
    agreement: Agreement
    visits: int = 0
    """Visits of the request that were held or are planned, without this one."""
    closes_on: date | None = None
    """The last day of a school or setting that closes for good; the first of all days where it is not known."""
    host: str = ""
    """The special school that a reverse visit goes to, with `host_days`, its own days."""
    host_days: Days | None = None
    away: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()


def problems(wanted: Wanted, given: Circumstances, *, at: datetime, is_new: bool = True) -> list[Problem]:
    """What speaks against a new time at `at`: first what refuses it, then what only warns.

    A visit that only moves (`is_new` False) makes the request have no more of them, whatever the caps say by now.
    """
    if wanted.ends_at <= wanted.starts_at:
        return [Problem(BookingProblem.ENDS_BEFORE_START, "The visit ends before it begins.")]
    found = [*_of_the_moment(wanted, at), *standing_problems(wanted, given), *(_of_number(given) if is_new else ())]
    found += [problem for neighbour in given.neighbours for problem in _of_neighbour(wanted, neighbour)]
    return sorted(found, key=lambda problem: problem.keepable)


def _of_the_moment(wanted: Wanted, at: datetime) -> Iterable[Problem]:
    # A visit that was agreed on the phone this morning may be entered after it; one of another day has its own history.
    if wanted.day < london_date(at):
        yield Problem(BookingProblem.IN_THE_PAST, f"{spoken.day(wanted.day)} has passed. Choose today or a later day.")
    if wanted.ends_at - wanted.starts_at > LONGEST:
        yield Problem(BookingProblem.TOO_LONG, "A visit lasts ten hours at most.")
    begins, ends = wanted.starts_at.astimezone(LONDON), wanted.ends_at.astimezone(LONDON)
    if begins.time() < EARLIEST or ends.time() > LATEST or begins.date() != ends.date():
        hours = f"{EARLIEST:%H:%M} and {LATEST:%H:%M}"
        yield Problem(BookingProblem.OUT_OF_HOURS, f"Visits are between {hours}. Choose another time or length.")


def standing_problems(wanted: Wanted, given: Circumstances) -> list[Problem]:
    """What speaks against a time whenever it is looked at: what a planned visit is flagged for when facts change."""
    found = [*_of_the_day(wanted, given), *_of_the_host(wanted, given), *_of_closing(wanted, given)]
    if wanted.day > given.run_off_ends_on:
        last = spoken.day(given.run_off_ends_on)
        found.append(Problem(BookingProblem.AFTER_RUN_OFF, f"Visits end on {last}, the contract’s last day for them."))
    found += [Problem(BookingProblem.TEACHER_LEFT, sentence) for sentence in given.left]
    found += [Problem(BookingProblem.TEACHER_AWAY, sentence) for sentence in given.away]
    if lacks_agreement(wanted.kind, given.about, given.agreement):
        found.append(Problem(BookingProblem.NO_AGREEMENT, NO_AGREEMENT))
    return found


NO_AGREEMENT = (
    "A named child is not observed without a recorded parental agreement. Record who agreed, when and how, first."
)


def lacks_agreement(kind: BookingKind, about: About, agreement: Agreement) -> bool:
    """R11: an observation of a named child is not booked without a recorded parental agreement."""
    return kind == BookingKind.OBSERVATION and about == About.CHILD and agreement != Agreement.YES


def _of_the_day(wanted: Wanted, given: Circumstances) -> Iterable[Problem]:
    kind, day = given.days.kind_of(wanted.day), spoken.day(wanted.day)
    if kind in _DAY_PROBLEMS:
        cause, sentence = _DAY_PROBLEMS[kind]
        yield Problem(cause, sentence.format(day=day))
    elif kind == DayKind.STAFF_ONLY and wanted.kind in WITH_CHILDREN:
        yield Problem(BookingProblem.PUPILS_AWAY, f"{day} is a training day: no children are in.")
    elif given.stream == Stream.EARLY_YEARS:
        return  # settings may open all year; their own closures are rows of the calendar
    elif kind == DayKind.HOLIDAY:
        yield Problem(BookingProblem.OUT_OF_TERM, f"{day} is in the school holidays.")
    elif kind == DayKind.TERMS_NOT_ENTERED:
        yield Problem(BookingProblem.TERMS_UNKNOWN, f"Term dates around {day} are not entered: check with the school.")


def _of_the_host(wanted: Wanted, given: Circumstances) -> Iterable[Problem]:
    """Where everybody's closure stands, both would say the same: the school or setting's own line says it."""
    closed = given.host_days is not None and given.host_days.kind_of(wanted.day) == DayKind.CLOSED
    if closed and given.days.kind_of(wanted.day) != DayKind.CLOSED:
        yield Problem(BookingProblem.SETTING_CLOSED, f"{given.host} is closed on {spoken.day(wanted.day)}.")


def _of_closing(wanted: Wanted, given: Circumstances) -> Iterable[Problem]:
    if given.closes_on is not None and wanted.day > given.closes_on:
        closes = "has closed" if given.closes_on == date.min else f"closes on {spoken.day(given.closes_on)}"
        yield Problem(BookingProblem.SETTING_CLOSED, f"The school or setting {closes} for good.")


def _of_number(given: Circumstances) -> Iterable[Problem]:
    """The caps, which are settings: 3 visits are usual, 6 the most."""
    usual, most = given.standards.usual_visits, given.standards.most_visits
    if given.visits >= most:
        yield Problem(BookingProblem.OVER_HARD_CAP, f"This request has {given.visits} visits. {most} are the most.")
    elif given.visits >= usual:
        yield Problem(
            BookingProblem.OVER_SOFT_CAP, f"This would be visit {given.visits + 1}. {usual} are usual for a request."
        )


def _of_neighbour(wanted: Wanted, other: Neighbour) -> Iterable[Problem]:
    """R12: never in two places; too little time to travel warns."""
    if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
        yield Problem(BookingProblem.OVERLAP, f"{other.teacher} has {other.what} then.")
        return
    gap = wanted.starts_at - other.ends_at if other.ends_at <= wanted.starts_at else other.starts_at - wanted.ends_at
    left = int(gap.total_seconds() // 60)
    if wanted.mode == BookingMode.IN_PERSON and other.minutes is not None and left < other.minutes:
        yield Problem(
            BookingProblem.TOO_LITTLE_TRAVEL,
            f"{other.teacher} has {other.what}: it is about {other.minutes} minutes away, and you left {left}.",
        )


@dataclass(frozen=True)
class Judgement:
    """What came of looking at a time: what refuses it, the warnings without a reason, and those that one overrules."""

    refused: list[Problem] = field(default_factory=list)
    unexplained: list[Problem] = field(default_factory=list)
    overruled: list[Problem] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    """By cause, only of what was overruled: a reason that nothing asked for is not kept."""

    @property
    def suits(self) -> bool:
        """Whether it may be booked."""
        return not self.refused and not self.unexplained


def judge(found: Iterable[Problem], *, reasons: Mapping[str, str]) -> Judgement:
    """Sort `found` by whether a written reason (by cause) overrules each."""
    found = list(found)
    why = {problem.cause.value: reasons.get(problem.cause, "").strip() for problem in found if problem.keepable}
    return Judgement(
        refused=[problem for problem in found if not problem.keepable],
        unexplained=[problem for problem in found if problem.keepable and not why[problem.cause]],
        overruled=[problem for problem in found if problem.keepable and why[problem.cause]],
        reasons={cause: reason for cause, reason in why.items() if reason},
    )


def cannot_change(*, starts_at: datetime, at: datetime) -> str:
    """Why a planned visit cannot be moved or cancelled any more, in a sentence; "" if it can: it has not begun."""
    if at < starts_at:
        return ""
    return f"The visit began on {spoken.moment(starts_at)}. Tell what became of it instead."


def cannot_keep(causes: Iterable[str]) -> str:
    """Why a visit that was flagged for `causes` cannot be kept, in a sentence; "" if it can."""
    if NEVER_KEPT.isdisjoint(causes):
        return ""
    return f"{NO_AGREEMENT} Or cancel the visit."


def cannot_tell_outcome(*, starts_at: datetime, at: datetime) -> str | None:
    """Why the outcome of a visit cannot be told yet, in a sentence; None if it can: no record of the future."""
    if at >= starts_at:
        return None
    return f"The visit begins on {spoken.moment(starts_at)}. Tell what became of it after that."
