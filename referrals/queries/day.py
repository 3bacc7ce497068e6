"""A teacher's day: today's visits, what is overdue, whom to contact, what is covered, and the days ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from referrals.choices import BookingState
from referrals.queries.caseload import Case, open_cases
from referrals.queries.weeks import DiaryVisit, next_visit, visits, visits_of
from referrals.rules.clocks import Running
from referrals.rules.teaching import visit_step
from s2s_portal.core import calendar
from s2s_portal.core.calendar import DayKind
from s2s_portal.organisations.models import Leave
from s2s_portal.organisations.queries.calendar import days, each_day, leave_from

AHEAD = timedelta(days=7)
"""How far the page looks beyond today."""


@dataclass(frozen=True)
class TodaysVisit:
    """A visit of today, what there is to do about it ("" for nothing), and the colleague whose visit it is, if any."""

    visit: DiaryVisit
    step: str
    covering: str = ""


@dataclass(frozen=True)
class Overdue:
    """One thing that is late: a clock (R10), or, without one, a visit whose outcome nobody has told."""

    case: Case
    clock: Running | None = None


@dataclass(frozen=True)
class TeachersDay:
    """What one screen shows. `ahead` holds the days to come on which there are visits; `next` the first after today.

    `leave` is the teacher's own and `shut` what is closed for everybody, from today to the end of the days ahead.
    """

    today: date
    visits: Sequence[TodaysVisit]
    ahead: Sequence[tuple[date, Sequence[DiaryVisit]]]
    next: DiaryVisit | None
    overdue: Sequence[Overdue]
    to_contact: Sequence[Case]
    covering: Sequence[Case]
    open: int
    leave: Sequence[Leave]
    shut: Sequence[tuple[date, DayKind]]


def day_of(teacher: int, *, at: datetime) -> TeachersDay:
    """The day of a teacher (id) at `at`. Twelve queries at most, however many requests and visits there are."""
    today = calendar.london_date(at)
    cases = open_cases(teacher, at=at, untold_before=calendar.starts_at(today))
    covered = {case.referral.pk: case.covering for case in cases if case.covering}
    own = visits([teacher], today, today + AHEAD)
    found = _in_order([*own, *visits_of(covered, today, today + AHEAD)])
    coming = [visit for visit in found if visit.day > today]
    todays = [visit for visit in found if visit.day == today]
    first = coming[0] if coming else None
    return TeachersDay(
        today=today,
        visits=[_todays(visit, teacher, covered, at) for visit in todays],
        ahead=[(day, list(some)) for day, some in groupby(coming, key=lambda visit: visit.day)],
        next=first if first or todays else next_visit(teacher, today + AHEAD),
        overdue=_overdue(cases),
        to_contact=[case for case in cases if case.contact_clock and not case.contact_clock.is_overdue],
        covering=[case for case in cases if case.covering],
        open=len(cases),
        leave=[one for one in leave_from([teacher], today)[teacher] if one.starts_on <= today + AHEAD],
        shut=_shut(today),
    )


SHUT = (DayKind.BANK_HOLIDAY, DayKind.CLOSED, DayKind.STAFF_ONLY)


def _shut(today: date) -> list[tuple[date, DayKind]]:
    """The days of the screen on which the whole county is closed, or has a training day. One query."""
    county = days()
    kinds = [(day, county.kind_of(day)) for day in each_day(today, today + AHEAD)]
    return [(day, kind) for day, kind in kinds if kind in SHUT]


def _in_order(found: Iterable[DiaryVisit]) -> list[DiaryVisit]:
    """Each visit once, in order: one may go to a visit of a request that one also covers."""
    once: dict[int, DiaryVisit] = {}
    for visit in found:
        once.setdefault(visit.booking_id, visit)
    return sorted(once.values(), key=lambda visit: (visit.starts_at, visit.booking_id))


def _todays(visit: DiaryVisit, teacher: int, covered: dict[int, str], at: datetime) -> TodaysVisit:
    """Only who has the request, or covers it, tells of its visits; a colleague who comes along has nothing to do."""
    has_it = visit.owner_id == teacher or visit.referral_id in covered
    step = visit_step(BookingState(visit.state), starts_at=visit.starts_at, is_recorded=visit.is_recorded, at=at)
    return TodaysVisit(visit, step if has_it else "", covered.get(visit.referral_id, ""))


def _overdue(cases: Iterable[Case]) -> list[Overdue]:
    """What is late, the longest first: `cases` come in that order."""
    found: list[Overdue] = []
    for case in cases:
        found += [Overdue(case)] if case.untold_at is not None else []
        found += [Overdue(case, clock) for clock in case.clocks if clock.is_overdue]
    return found
