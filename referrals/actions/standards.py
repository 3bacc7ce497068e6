"""R10's settings: how soon S2S means to act, how many visits, how people drive. Set anew, never changed.

From now, or from the beginning of a day to come. One change at most waits for its day; until then it can be taken back.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from referrals.models import ServiceStandards, StandardsTakenBack
from referrals.queries.standards import InForce, change, newest
from referrals.rules import standards as rules
from referrals.rules.answers import Problem
from referrals.rules.standards import Standards
from s2s_portal.core import calendar, spoken
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import CannotChange, one_at_a_time
from s2s_portal.organisations.choices import LOOK_AGAIN, AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

REFERENCE = "service standards"
"""How audit rows name them."""


class WrongStandards(CannotChange):
    """These settings cannot come into force; `problems` says why, by column."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems), problems[0].field)
        self.problems = problems


@dataclass(frozen=True)
class StandardsSet:
    """What was set last, whether it waits for its day or not; `moved`: somebody else was first, nothing was written."""

    in_force: InForce
    moved: bool = False


@transaction.atomic
def set_standards(
    *, standards: Standards, reason: str, seen: int, by: User, at: datetime, from_day: date | None = None
) -> StandardsSet:
    """Put new settings in force, from the beginning of `from_day` in London; None or today: from `at` on.

    Those in force already, and those that wait for that day already, write nothing. `seen` is the number
    (`InForce.number`) of those that were set last when the person looked. Raises `NotAllowed` unless the person sets
    up quotas, `WrongStandards` for settings that cannot be, for a day that is past and while another change waits.
    """
    check(by, Permission.SET_UP_QUOTAS)
    wrong = rules.problems(standards)
    if wrong:
        raise WrongStandards(wrong)
    starts_at = _start(from_day, at)
    one_at_a_time()
    last = newest()  # set a moment ago by somebody whose request came a moment later: that is first, too
    if last.standards == standards and (not waits(last, at) or begins_at(last) == starts_at):
        return StandardsSet(last)
    if last.number != seen:
        return StandardsSet(last, moved=True)
    if waits(last, at):
        raise WrongStandards([Problem("", f"A change from {_day(last)} is already waiting. Take it back first")])
    told = {"in_force_from": starts_at, "reason": reason, "set_by": by, "set_at": at}
    row = ServiceStandards.objects.create(**asdict(standards), **told)
    audit.record(kind=AuditKind.WRITE, what="set the service standards", reference=REFERENCE, by=by)
    if starts_at == at:  # else the job finds them on their day
        jobs.ask(job=LOOK_AGAIN, subject="all", at=at)
    return StandardsSet(InForce(standards, row))


@transaction.atomic
def take_back(*, number: int, reason: str, by: User, at: datetime) -> StandardsTakenBack:
    """Take the set of that number back before its day; it stays in the history. Pressed twice it writes once.

    Raises `NotAllowed` unless the person sets up quotas, `CannotChange` for what has begun or was taken back already.
    """
    check(by, Permission.SET_UP_QUOTAS)
    one_at_a_time()
    one = change(number)
    if one is None or one.row is None:
        raise CannotChange("There is no such change")
    if one.taken_back is not None:
        if (one.taken_back.by_id, one.taken_back.reason) == (by.pk, reason):
            return one.taken_back
        raise CannotChange(f"{one.taken_back.by} has taken this change back already")
    if one.row.in_force_from <= at:
        raise CannotChange("These settings are in force already. Set other ones instead")
    audit.record(kind=AuditKind.WRITE, what="took service standards back", reference=REFERENCE, by=by)
    return StandardsTakenBack.objects.create(standards=one.row, reason=reason, by=by, at=at)


def waits(one: InForce, at: datetime) -> bool:
    """Whether a set waits at `at` for its day. One from "now" never does, though its request came a moment later."""
    begins = begins_at(one)
    return begins is not None and calendar.london_date(begins) > calendar.london_date(at)


def begins_at(one: InForce) -> datetime | None:
    """From when a set counts; None for the defaults, which always did."""
    return one.row.in_force_from if one.row else None


def _day(one: InForce) -> str:
    begins = begins_at(one)
    return spoken.day(calendar.london_date(begins)) if begins else ""


def _start(from_day: date | None, at: datetime) -> datetime:
    today = calendar.london_date(at)
    if from_day is None or from_day == today:
        return at
    if from_day < today:
        raise WrongStandards([Problem("from_day", "The day must be today or later: what is past stays as it was")])
    return calendar.starts_at(from_day)
