"""Changes that need a second person: proposed, then decided once. Whoever carries one out does so in the same write.

Callers lock what the change is about first, and the change's row after it (ENGINEERING §4).
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from s2s_portal.organisations.choices import PERMISSION_OF_CHANGE, ChangeKind, ChangeOutcome
from s2s_portal.organisations.models import ProposedChange, User
from s2s_portal.organisations.permissions import NotAllowed, check


@transaction.atomic
def propose(
    *,
    key: uuid.UUID,
    kind: ChangeKind,
    subject: str,
    version: int,
    facts: Mapping[str, Any],
    reason: str,
    by: User,
    at: datetime,
) -> tuple[ProposedChange, bool]:
    """The change that waits for a second person, and whether it is new: the same key again gives the first.

    `facts` has the shape that `kind` and `version` name. Raises `NotAllowed`.
    """
    check(by, PERMISSION_OF_CHANGE[kind])
    return ProposedChange.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "version": version,
            "facts": dict(facts),
            "reason": reason,
            "proposed_by": by,
            "proposed_at": at,
        },
    )


def locked(change: ProposedChange) -> ProposedChange:
    """The change as it is now, locked until the transaction ends. Must run inside a transaction."""
    ProposedChange.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=change.pk)
    return ProposedChange.objects.select_related("proposed_by", "decided_by").get(pk=change.pk)


def check_can_decide(by: User, change: ProposedChange) -> None:
    """Raise `NotAllowed`, with a sentence, unless `by` may approve or refuse: never whoever proposed it."""
    check(by, PERMISSION_OF_CHANGE[ChangeKind(change.kind)])
    if change.proposed_by_id == by.pk:
        raise NotAllowed("You proposed this, so a second person has to decide it. You can cancel it.")


def check_can_cancel(by: User, change: ProposedChange) -> None:
    """Raise `NotAllowed`, with a sentence, unless `by` proposed the change."""
    check(by, PERMISSION_OF_CHANGE[ChangeKind(change.kind)])
    if change.proposed_by_id != by.pk:
        raise NotAllowed(f"Only {change.proposed_by}, who proposed this, can cancel it. You can refuse it.")


def decide(*, change: ProposedChange, outcome: ChangeOutcome, note: str, by: User, at: datetime) -> ProposedChange:
    """Write what was decided about a `locked` change that waits. One that was decided before is returned unchanged.

    Raises `NotAllowed` for the wrong person: a second one approves or refuses, the proposer cancels.
    """
    (check_can_cancel if outcome == ChangeOutcome.CANCELLED else check_can_decide)(by, change)
    if change.outcome == ChangeOutcome.WAITING:
        change.outcome, change.note, change.decided_by, change.decided_at = outcome, note, by, at
        change.save(update_fields=["outcome", "note", "decided_by", "decided_at"])
    return change
