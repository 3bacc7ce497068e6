"""Advisers of several requests are asked at once what is still wanted when the contract ends."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from referrals.actions import telling_rollover
from referrals.actions.rollover_deciding import locked
from referrals.choices import Fate, FateReason, LineState, RolloverStage
from referrals.models import Rollover
from referrals.queries.advisers import advisers
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


@dataclass(frozen=True)
class Asked:
    """For how many requests somebody was asked, and for how many nobody is left who could be."""

    asked: int = 0
    nobody: int = 0


@transaction.atomic
def ask_group(*, rollover: Rollover, reason: FateReason, by: User, at: datetime) -> Asked:
    """Ask the adviser of every undecided request with this reason, or those of its zone if they have left.

    Who was asked today is not asked again, so that the second press asks nobody. Raises `NotAllowed`.
    """
    check(by, Permission.END_CONTRACTS)
    row = locked(rollover)
    if row.stage not in (RolloverStage.DECIDING, RolloverStage.DONE):
        return Asked()
    not_today = Q(asked_at=None) | Q(asked_at__lt=calendar.starts_at(calendar.london_date(at)))
    waiting = row.lines.filter(not_today, reason=reason, fate=Fate.ASK, state=LineState.PENDING)
    lines = list(waiting.select_related("referral__establishment__kind", "referral__submitted_by").order_by("pk"))
    known = advisers()
    asked = [line.pk for line in lines if telling_rollover.asked(line=line, rollover=row, advisers=known, at=at)]
    row.lines.filter(pk__in=asked).update(asked_at=at)
    return Asked(asked=len(asked), nobody=len(lines) - len(asked))
