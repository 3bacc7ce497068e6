"""What every action on a sent request begins with: its row locked, the person checked, the state judged."""

from dataclasses import dataclass
from datetime import datetime

from referrals.choices import Action, Status
from referrals.models import Referral
from referrals.permissions import check_may
from referrals.rules import lifecycle
from referrals.rules.lifecycle import Transition
from s2s_portal.core import calendar
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import User

USED_ELSEWHERE = "This page was used for another request or record. Open it again."
"""What somebody is told whose page sends the key of a row that belongs to another request or record."""
NOT_YOURS = "Somebody else is the contact for this request now. The link no longer works for you."
"""What a former contact is told by a signed link."""


@dataclass(frozen=True)
class Step:
    """What came of an action: the request as it is now and, if nothing was done, a sentence why (ENGINEERING §2)."""

    referral: Referral
    refusal: str = ""


@dataclass(frozen=True)
class Opened:
    """A request whose row is locked until the transaction ends, and the transition; None: it may not happen now."""

    referral: Referral
    step: Transition | None

    def refused(self, action: Action) -> Step:
        """The answer to somebody who came too late."""
        stands = self.referral.get_status_display()
        return Step(self.referral, f"This request can no longer be {action.label}. It stands at: {stands}.")


def locked(referral: Referral) -> Referral:
    """The request's row as it is now, locked, with what actions read. Must run inside a transaction."""
    # The bare row first: a query that joins while it waits for the lock sees the new row beside the old joined ones.
    list(Referral.objects.select_for_update(no_key=True).filter(pk=referral.pk).only("pk"))
    related = ("establishment__kind", "place", "submitted_by", "period__contract", "teacher", "provider_school__kind")
    return Referral.objects.select_related(*related).get(pk=referral.pk)


def opened(*, referral: Referral, action: Action, by: User, at: datetime) -> Opened:
    """Lock the request and judge `action` on it. Raises `NotAllowed` unless `by` may take it."""
    return judged(locked(referral), action=action, by=by, at=at)


def judged(row: Referral, *, action: Action, by: User, at: datetime) -> Opened:
    """As `opened`, of a row that is locked already."""
    check_may(by, row, action, today=calendar.london_date(at))
    return Opened(row, lifecycle.after(Status(row.status), action))


def wrote(what: str, referral: Referral, by: User) -> None:
    """The audit row of a change (R18)."""
    audit.record(kind=AuditKind.WRITE, what=what, reference=referral.reference, by=by)
