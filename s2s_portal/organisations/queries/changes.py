"""Changes that need a second person: those that wait, those decided, one by its key."""

import uuid

from django.db.models import QuerySet

from s2s_portal.organisations.choices import ChangeKind, ChangeOutcome
from s2s_portal.organisations.models import ProposedChange


def _changes(kind: ChangeKind) -> QuerySet[ProposedChange]:
    return ProposedChange.objects.filter(kind=kind).select_related("proposed_by", "decided_by")


def waiting(kind: ChangeKind) -> QuerySet[ProposedChange]:
    """Changes of `kind` that wait for a second person, the oldest first, with who proposed each."""
    return _changes(kind).filter(outcome=ChangeOutcome.WAITING).order_by("proposed_at", "pk")


def decided(kind: ChangeKind) -> QuerySet[ProposedChange]:
    """Changes of `kind` that were approved, refused or cancelled, the latest first, with who proposed and decided."""
    return _changes(kind).exclude(outcome=ChangeOutcome.WAITING).order_by("-decided_at", "-pk")


def find(kind: ChangeKind, key: uuid.UUID) -> ProposedChange | None:
    """The change of `kind` with this key, with who proposed and decided it; None if there is none."""
    return _changes(kind).filter(key=key).first()
