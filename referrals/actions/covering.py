"""Covering: another teacher looks after a request, or after everything that somebody has, while they are away."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from referrals.actions import history, planned_visits, telling_support
from referrals.actions.assigning import clash, home_school
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action
from referrals.documents import CoveredFacts
from referrals.models import Booking, Cover, Referral
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


@transaction.atomic
def cover(
    *, referral: Referral, teacher: User, starts_on: date, ends_on: date, note: str = "", by: User, at: datetime
) -> Step:
    """Let another teacher look after a request from `starts_on` to `ends_on` (London days, both included).

    Its visits of those days are theirs to go to: at a time at which they have another, nothing is done, and the refusal
    names it (R12).
    Said again with another last day or note, those stand and the teacher is told; with the same, nothing happens.
    Raises `NotAllowed` unless `by` is a co-ordinator, `assigning.NotATeacher`, `ValueError` if the days are the wrong
    way round.
    """
    if ends_on < starts_on:
        raise ValueError("Cover ends on its first day or later.")
    home_school(teacher)
    now = opened(referral=referral, action=Action.COVER, by=by, at=at)
    row = now.referral
    if now.step is None:
        return now.refused(Action.COVER)
    if row.teacher_id == teacher.pk:
        return Step(row, f"{teacher.full_name} has this request already.")
    if ends_on < calendar.london_date(at):
        return Step(row, "Those days have passed.")
    those, told = {"referral": row, "teacher": teacher, "starts_on": starts_on}, {"ends_on": ends_on, "note": note}
    if Cover.objects.filter(**those, **told).exists():
        return Step(row)
    if refusal := clash(_visits_of_those_days(row, starts_on, ends_on, at), teacher):
        return Step(row, refusal)
    Cover.objects.update_or_create(**those, defaults=told | {"by": by, "at": at})
    facts = CoveredFacts(
        teacher=teacher.full_name, starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(), note=note
    )
    seq, days = history.append(referral=row, facts=facts, by=by, at=at).seq, (starts_on, ends_on)
    telling_support.given_to(
        referral=row, teacher=teacher, how="cover", seq=seq, by=by, at=at, from_teacher=row.teacher, cover=days
    )
    wrote("let another teacher cover a request", row, by)
    return Step(row)


def _visits_of_those_days(referral: Referral, starts_on: date, ends_on: date, at: datetime) -> list[Booking]:
    """What is planned for these days and has not begun."""
    planned = [one for one in planned_visits.planned_of(referral) if one.starts_at > at]
    return [one for one in planned if starts_on <= calendar.london_date(one.starts_at) <= ends_on]


@dataclass
class Covered:
    """What became of the requests of a teacher: those that are covered now, and a sentence for each that is not."""

    done: list[Referral] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def cover_all(
    *, absent: User, teacher: User, starts_on: date, ends_on: date, note: str = "", by: User, at: datetime
) -> Covered:
    """Let `teacher` look after every request that `absent` has, from `starts_on` to `ends_on` (both included).

    Each request is a transaction of its own: one that cannot be covered keeps none of the others from it, and pressed
    again it goes on with those that are left. Raises as `cover` does.
    """
    check(by, Permission.RUN_DESK)
    covered = Covered()
    theirs = Referral.objects.filter(teacher=absent, status__in=lifecycle.WITH_A_TEACHER)
    for referral in list(theirs.order_by("pk")):
        days = {"starts_on": starts_on, "ends_on": ends_on}
        step = cover(referral=referral, teacher=teacher, note=note, by=by, at=at, **days)
        if step.refusal:
            covered.refused[referral.reference] = step.refusal
        else:
            covered.done.append(step.referral)
    return covered
