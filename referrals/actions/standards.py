"""R10's settings: how soon S2S means to act, how many visits, how people drive. Set anew, never changed."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from referrals.models import ServiceStandards
from referrals.queries.standards import InForce, in_force_at
from referrals.rules import standards as rules
from referrals.rules.answers import Problem
from referrals.rules.standards import Standards
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

REFERENCE = "service standards"
"""How audit rows name them."""


class WrongStandards(ValueError):
    """These settings cannot come into force; `problems` says why, by column."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class StandardsSet:
    """What is in force now; `moved`: somebody else was first, and nothing was written."""

    in_force: InForce
    moved: bool = False


@transaction.atomic
def set_standards(*, standards: Standards, reason: str, seen: int, by: User, at: datetime) -> StandardsSet:
    """Put new settings in force from `at` on; those in force already write nothing.

    `seen` is the number (`InForce.number`) of those the person saw. Raises `NotAllowed` unless the person sets up
    quotas, `WrongStandards` for settings that cannot be.
    """
    check(by, Permission.SET_UP_QUOTAS)
    wrong = rules.problems(standards)
    if wrong:
        raise WrongStandards(wrong)
    _lock()
    in_force = in_force_at(at)
    if in_force.standards == standards:
        return StandardsSet(in_force)
    if in_force.number != seen:
        return StandardsSet(in_force, moved=True)
    row = ServiceStandards.objects.create(**asdict(standards), in_force_from=at, reason=reason, set_by=by, set_at=at)
    audit.record(kind=AuditKind.WRITE, what="set the service standards", reference=REFERENCE, by=by)
    return StandardsSet(InForce(standards, row))


def _lock() -> None:
    """One after the other: whoever waits here reads the settings that the other has set."""
    list(ServiceStandards.objects.select_for_update(no_key=True).order_by("-in_force_from").only("pk")[:1])
