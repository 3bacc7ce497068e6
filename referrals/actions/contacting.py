"""The contact log (R10): each attempt to reach the school or setting; the first that succeeds puts S2S in touch."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referrals.actions import history
from referrals.actions.steps import USED_ELSEWHERE, Step, opened, wrote
from referrals.choices import Action, ContactOutcome, Status
from referrals.documents import ContactedFacts
from referrals.models import ContactAttempt, Referral
from referrals.rules import clocks, lifecycle
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.calendar import days


@dataclass(frozen=True)
class Attempt:
    """One attempt as it was told: `how` a `ContactHow`, `outcome` a `ContactOutcome`; `happened_at` is aware."""

    key: uuid.UUID
    happened_at: datetime
    how: str
    outcome: str
    who: str = ""
    note: str = ""


@transaction.atomic
def log_contact(*, referral: Referral, attempt: Attempt, by: User, at: datetime) -> Step:
    """Write an attempt into the log; the same key again writes nothing. The first that reached somebody counts.

    Raises `NotAllowed` unless `by` has the request, `ValueError` for an attempt of the future.
    """
    if attempt.happened_at > at:
        raise ValueError("A contact of the future cannot be logged.")
    now = opened(referral=referral, action=Action.LOG_CONTACT, by=by, at=at)
    row = now.referral
    known = ContactAttempt.objects.filter(key=attempt.key).first()
    if known is not None:
        return Step(row, "" if known.referral_id == row.pk else USED_ELSEWHERE)
    if now.step is None:
        return now.refused(Action.LOG_CONTACT)
    line = ContactAttempt.objects.create(referral=row, **vars(attempt), by=by, at=at)
    first = line.outcome == ContactOutcome.REACHED and row.first_contact_at is None
    if first:
        _reached(row, line)
    facts = ContactedFacts(
        how=line.how, outcome=line.outcome, happened_at=line.happened_at.isoformat(), first=first, note=line.note
    )
    history.append(referral=row, facts=facts, by=by, at=at)
    wrote("logged a contact", row, by)
    return Step(row)


def _reached(referral: Referral, line: ContactAttempt) -> None:
    """Put S2S in touch: the clock of first contact stops at the moment it happened.

    Whom nobody has reached stands at ASSIGNED, or will again once the adviser has answered.
    """
    referral.first_contact_at = line.happened_at
    in_touch = lifecycle.leads_to(lifecycle.TRANSITIONS[Status.ASSIGNED, Action.REACH], returned_from=None)
    if referral.status == Status.RETURNED:
        since, until = london_date(referral.returned_at), london_date(line.happened_at)
        stands, stream = Status(referral.returned_from), Stream(referral.stream)
        # Until then the clock of first contact stood still (R10); from now on that of the first visit does.
        stood_still = clocks.pause(stands, stream, since=since, until=until, days=days())
        referral.contact_paused_days += stood_still.contact_days
        referral.returned_from = in_touch
    else:
        referral.status = in_touch
    referral.save(update_fields=["status", "returned_from", "contact_paused_days", "first_contact_at"])
