"""Of what a request reminds whom when: one function for each kind (DESIGN §7). Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from referrals.choices import Clock, ReminderKind, Status
from referrals.rules import clocks
from referrals.rules.clocks import BEFORE_CONTACT, BEFORE_THE_VISIT, Progress
from referrals.rules.reminders import ONE_DAY, Series, Step, moment
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days, ends_at, london_date, monday_of, starts_at

NOT_ASSIGNED_STEP = 2
CONTACT_STEPS = {3: -2, 5: 0, 8: 3}
"""Each reminder of first contact, by its working day where R10 gives five: so many working days after the due day."""
INFORMATION_STEPS = (3, 5, 10)
MAY_DECLINE_STEP = INFORMATION_STEPS[-1]
VISIT_STEPS = (5, 1)
"""Working days before a visit."""
RECORD_STEPS = {8: -2, 10: 0, 15: 5}
"""The same for a record, where R10 gives ten working days."""
CHOICE_STEP = 5
CONFIRMATION_STEP = 10
CUT_OFF_STEPS = (20, 5, 1)
"""Working days before requests close."""
CONTRACT_STEPS = (40, 20, 10, 5)
"""Working days before the contract ends."""
BY_THE_CLOCK = (ReminderKind.NOT_ASSIGNED, ReminderKind.FIRST_CONTACT, ReminderKind.NOT_OFFERED)
"""Kinds that stand still while more information is awaited."""


class Span(NamedTuple):
    """A stretch in which something is true: what tells it from the others, since when, until when and why it ended."""

    occasion: str
    since: datetime
    until: datetime | None = None
    why: str = ""
    on: date | None = None
    """The day its reminders are counted from, where that is not the day of `since`."""
    is_planned: bool = False
    """Whether `until` may lie ahead, as the beginning of a visit does."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the reminders of one request are reckoned from. Moments are aware.

    `placed_at` is None for one that never had a place. `asked` are the times at which more information was awaited,
    `offers` those for which the school or setting was asked to choose a time, `records` visits that were held until
    their record stood, `unconfirmed` records until the school or setting said that they agree.
    """

    progress: Progress | None
    placed_at: datetime | None = None
    assigned_at: datetime | None = None
    first_contact_at: datetime | None = None
    offered_at: datetime | None = None
    first_held_at: datetime | None = None
    reviewed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    clocks_stopped_at: datetime | None = None
    """Since when R10's clock had stood still when the request ended, if it did."""
    carried_at: datetime | None = None
    """When it was carried over from an earlier contract: what was due before belongs to the request that it was."""
    asked: tuple[Span, ...] = ()
    visits: tuple[Span, ...] = ()
    """Each time that was agreed, from its booking until it was moved, cancelled or had begun."""
    untold: tuple[Span, ...] = ()
    """Visits, from their end until somebody said how they went."""
    records: tuple[Span, ...] = ()
    offers: tuple[Span, ...] = ()
    unconfirmed: tuple[Span, ...] = ()


def series_of(now: Situation, *, standards: Standards, days: Days) -> list[Series]:
    """Every series of reminders of a request, over or not."""
    found = [one for kind in KINDS for one in kind(now, standards, days)]
    return [_ended(_since_carried(one, now), now) for one in found]


def _since_carried(series: Series, now: Situation) -> Series:
    """The series without what was due before the request was carried over: each reminder goes once (R15)."""
    if now.carried_at is None:
        return series
    steps = [replace(step, since=max(step.since, now.carried_at)) for step in series.steps]
    return replace(series, steps=tuple(steps))


def _ended(series: Series, now: Situation) -> Series:
    """The series, over at the latest when the request ended, or when the clock that it goes by had stopped."""
    ended_at = (now.clocks_stopped_at or now.ended_at) if series.kind in BY_THE_CLOCK else now.ended_at
    if ended_at is None or (series.until is not None and series.until <= ended_at):
        return series
    return replace(series, until=ended_at, why=now.ended_why, is_planned=False)


def not_assigned(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """No teacher has it: after two working days."""
    if now.progress is None or now.placed_at is None:
        return
    day = _placed_and(NOT_ASSIGNED_STEP, now.progress, days)
    step = Step(NOT_ASSIGNED_STEP, moment(day, days), now.placed_at)
    why = "it has been given to a teacher"
    yield Series(
        ReminderKind.NOT_ASSIGNED,
        _occasion(now.placed_at),
        (step,),
        now.assigned_at,
        why,
        is_paused=_stands_still(now.progress, BEFORE_CONTACT),
    )


def first_contact(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """The teacher before and on R10's day for first contact; three working days later the co-ordinator too."""
    if now.progress is None or now.placed_at is None:
        return
    last = max(CONTACT_STEPS)
    steps = []
    for number, after in CONTACT_STEPS.items():
        since = now.placed_at if number == last else now.assigned_at
        if since is not None:
            working_days = max(1, standards.contact_working_days + after)
            steps.append(Step(number, moment(_placed_and(working_days, now.progress, days), days), since))
    why = "S2S has reached the school or setting"
    yield Series(
        ReminderKind.FIRST_CONTACT,
        _occasion(now.placed_at),
        tuple(steps),
        now.first_contact_at,
        why,
        is_paused=_stands_still(now.progress, BEFORE_CONTACT),
    )


def information(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """The adviser, three, five and ten working days after being asked; then S2S may decline."""
    for span in now.asked:
        yield _counted(ReminderKind.INFORMATION, span, {n: n for n in INFORMATION_STEPS}, days)


def not_offered(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """S2S is in touch, and half of R10's time for the first visit has gone without a time for it."""
    if now.progress is None or now.first_contact_at is None:
        return
    day = half_way(now.progress, standards, days)
    if day is None:
        return
    step = Step(1, moment(day, days), now.first_contact_at)
    why = "a visit has been offered or booked"
    until = now.offered_at or now.first_held_at
    paused = _stands_still(now.progress, BEFORE_THE_VISIT)
    yield Series(ReminderKind.NOT_OFFERED, _occasion(now.first_contact_at), (step,), until, why, is_paused=paused)


def not_chosen(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """The school or setting was asked to choose a time five working days ago."""
    for span in now.offers:
        yield _counted(ReminderKind.NOT_CHOSEN, span, {CHOICE_STEP: CHOICE_STEP}, days)


def visit_ahead(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """Five working days before a visit, and one."""
    for span in now.visits:
        day = span.on or london_date(span.since)
        steps = [Step(n, moment(days.add_working_days(day, -n), days), span.since) for n in VISIT_STEPS]
        yield Series(ReminderKind.VISIT_AHEAD, span.occasion, tuple(steps), span.until, span.why, span.is_planned)


def outcome_missing(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """A visit ended a working day ago and nobody has said how it went."""
    for span in now.untold:
        yield _counted(ReminderKind.OUTCOME_MISSING, span, {1: 1}, days)


def record_overdue(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """A visit was held and its record is nearly due, due, or long overdue (R10)."""
    due_after = {n: max(1, standards.record_working_days + after) for n, after in RECORD_STEPS.items()}
    for span in now.records:
        yield _counted(ReminderKind.RECORD_OVERDUE, span, due_after, days)


def review(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """The day by which the support is to be reviewed (R10)."""
    if now.progress is None or now.first_held_at is None:
        return
    day = clocks.review_due(now.progress, standards=standards, days=days)
    if day is None:
        return
    step = Step(1, moment(day, days), now.first_held_at)
    why = "the review has been held"
    yield Series(ReminderKind.REVIEW_DUE, _occasion(now.first_held_at), (step,), now.reviewed_at, why)


def not_confirmed(now: Situation, standards: Standards, days: Days) -> Iterator[Series]:
    """The school or setting has had a record for ten working days and has not said that they agree."""
    for span in now.unconfirmed:
        yield _counted(ReminderKind.NOT_CONFIRMED, span, {CONFIRMATION_STEP: CONFIRMATION_STEP}, days)


KINDS = (
    *(not_assigned, first_contact, information, not_offered, not_chosen),
    *(visit_ahead, outcome_missing, record_overdue, review, not_confirmed),
)


def half_way(progress: Progress, standards: Standards, days: Days) -> date | None:
    """The day on which half of R10's time for the first visit has gone, in whole weeks; None without term dates."""
    half = replace(standards, observation_weeks=standards.observation_weeks // 2)
    in_touch = progress._replace(status=Status.IN_CONTACT, returned_from=None, returned_on=None)
    running = clocks.running(in_touch, standards=half, days=days, today=progress.placed_on)
    return next(one.due_on for one in running if one.clock == Clock.OBSERVATION)


def before_day(kind: ReminderKind, day: date, steps: Sequence[int], *, since: date, days: Days) -> Series:
    """Reminders so many working days before a day that concerns everybody, such as the cut-off; over after that day.

    None of them was due before `since`, on which what ends on that day began.
    """
    begun = starts_at(since)
    found = tuple(Step(n, moment(days.add_working_days(day, -n), days), begun) for n in steps)
    return Series(kind, day.isoformat(), found, ends_at(day), "the day had passed", is_planned=True)


def week_of(today: date, days: Days) -> Series:
    """The summary of the week of `today`: on its Monday, or its first working day."""
    monday = monday_of(today)
    step = Step(1, moment(monday, days), starts_at(monday))
    until = starts_at(monday + 7 * ONE_DAY)
    return Series(
        ReminderKind.WEEKLY_DIGEST, monday.isoformat(), (step,), until, "the week had passed", is_planned=True
    )


def _counted(kind: ReminderKind, span: Span, working_days: dict[int, int], days: Days) -> Series:
    """A series that is counted in working days from the beginning of a stretch: after how many comes each number."""
    first = span.on or london_date(span.since)
    steps = [
        Step(n, moment(days.add_working_days(first, after), days), span.since) for n, after in working_days.items()
    ]
    return Series(kind, span.occasion, tuple(steps), span.until, span.why)


def _placed_and(working_days: int, progress: Progress, days: Days) -> date:
    """So many working days after the place was drawn, not counting those on which the clock stood still."""
    return days.add_working_days(progress.placed_on, working_days + progress.contact_paused_days)


def _stands_still(progress: Progress, among: Collection[Status]) -> bool:
    return progress.status == Status.RETURNED and progress.returned_from in among


def _occasion(since: datetime) -> str:
    return london_date(since).isoformat()
