"""What comes: reminders that are due with the next run, or will be if nothing happens until then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quotas.queries import period_at
from referrals.choices import ReminderKind
from referrals.models import Referral
from referrals.queries import reminders as ledger_queries
from referrals.queries import reminding
from referrals.queries import reminding_rounds as round_queries
from referrals.queries.reminding import Watched
from referrals.reminders.recipients import told_of
from referrals.reminders.scanning import Morning, morning, series_of
from referrals.rules import reminder_kinds, reminders
from referrals.rules.reminder_kinds import CONTRACT_STEPS, CUT_OFF_STEPS
from referrals.rules.reminders import ONE_DAY, Due, Series, Step
from s2s_portal.core.calendar import london_date

WORKING_DAYS = 5
MOST = 200
"""Requests that the list of what comes looks at."""
TO_MANY = {
    ReminderKind.DRAFT_UNSENT: "whoever started an unsent draft",
    ReminderKind.CONTRACT_END: "teachers with open requests, co-ordinators, commissioners",
    ReminderKind.WEEKLY_DIGEST: "everyone who wants it and has something waiting",
}


@dataclass(frozen=True)
class Coming:
    """One reminder to come: when it goes, of which kind and step, about what, and to whom as things stand."""

    at: datetime
    kind: ReminderKind
    step: int
    subject: str
    to: str


@dataclass(frozen=True)
class Outlook:
    """What comes until a day, in order of time; `is_cut` if more requests are looked at until then than were read."""

    until: date
    lines: list[Coming]
    is_cut: bool


def outlook(at: datetime, *, kind: str = "") -> Outlook:
    """What comes in the next five working days, of one kind or of all. Sixteen queries for any number."""
    now = morning(at)
    until = now.days.add_working_days(london_date(at), WORKING_DAYS)
    last = reminders.moment(until, now.days)
    rows = reminding.watched(ledger_queries.watched_until(last, most=MOST), today=london_date(at))
    lines = [line for one in rows for line in _of(one, now)] + list(_to_many(now))
    wanted = [line for line in lines if line.at <= last and kind in ("", line.kind)]
    return Outlook(until, sorted(wanted, key=lambda line: (line.at, line.subject)), len(rows) == MOST)


def of_request(referral: Referral, at: datetime) -> list[Coming]:
    """Everything that comes about one request as it stands, in order of time."""
    now = morning(at)
    [one] = reminding.watched(Referral.objects.filter(pk=referral.pk), today=london_date(at))
    return sorted(_of(one, now), key=lambda line: line.at)


def next_run(now: Morning) -> datetime:
    """The first moment from now on at which reminders go."""
    today = reminders.moment(london_date(now.at), now.days)
    return today if today >= now.at else reminders.moment(london_date(now.at) + ONE_DAY, now.days)


def _of(one: Watched, now: Morning) -> Iterator[Coming]:
    subject, series = one.referral.reference, series_of(one, now)
    for due in reminders.due(series, subject=subject, written=one.written, at=now.at):
        if not due.why:
            yield _line(due, next_run(now), one, now)
    for which, step in reminders.ahead(series, now.at):
        due = Due(which, step, which.key(step, subject))
        if due.key not in one.written:
            yield _line(due, step.due_at, one, now)


def _line(due: Due, at: datetime, one: Watched, now: Morning) -> Coming:
    told = told_of(due, one, now.coordinators)
    return Coming(at, due.series.kind, due.step.number, one.referral.reference, told.names)


def _to_many(now: Morning) -> Iterator[Coming]:
    rounds = list(_rounds(now))
    written = round_queries.written_among(
        [series.key(step, subject) for series, subject in rounds for step in series.steps]
    )
    for series, subject in rounds:
        due = [one.step for one in reminders.due([series], subject=subject, written=written, at=now.at) if not one.why]
        coming: list[tuple[datetime, Step]] = [(next_run(now), step) for step in due]
        coming += [(step.due_at, step) for _, step in reminders.ahead([series], now.at)]
        for at, step in coming:
            yield Coming(at, series.kind, step.number, subject, TO_MANY[series.kind])


def _rounds(now: Morning) -> Iterator[tuple[Series, str]]:
    """The reminders that go to many: of drafts, of each contract, of this week and the next."""
    today = london_date(now.at)
    period = period_at(now.at)
    if period is not None:
        day, since = period.requests_close_on, period.opens_on
        drafts = reminder_kinds.before_day(ReminderKind.DRAFT_UNSENT, day, CUT_OFF_STEPS, since=since, days=now.days)
        yield drafts, f"period {period.pk}"
    for contract in round_queries.contracts_near(today):
        day, since = contract.ends_on, contract.starts_on
        ends = reminder_kinds.before_day(ReminderKind.CONTRACT_END, day, CONTRACT_STEPS, since=since, days=now.days)
        yield ends, f"contract {contract.pk}"
    for week in (today, today + timedelta(days=7)):
        yield reminder_kinds.week_of(week, now.days), "everyone"
