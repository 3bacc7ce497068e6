"""Covering everything that a teacher has while they are away."""

from dataclasses import dataclass, field
from datetime import date, datetime

from referrals.actions import assigning
from referrals.models import Referral
from referrals.rules import lifecycle
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


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
    again it goes on with those that are left. Raises as `assigning.cover` does.
    """
    check(by, Permission.RUN_DESK)
    covered = Covered()
    theirs = Referral.objects.filter(teacher=absent, status__in=lifecycle.WITH_A_TEACHER)
    for referral in list(theirs.order_by("pk")):
        days = {"starts_on": starts_on, "ends_on": ends_on}
        step = assigning.cover(referral=referral, teacher=teacher, note=note, by=by, at=at, **days)
        if step.refusal:
            covered.refused[referral.reference] = step.refusal
        else:
            covered.done.append(step.referral)
    return covered
