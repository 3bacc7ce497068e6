"""Audit rows: every read and write of a child's record is attributable to a person and a moment (R18)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import AccessReason, AuditEvent, User
from s2s_portal.organisations.permissions import check

REASON_LASTS = timedelta(minutes=30)
LONGEST_LINE = 100
"""Characters that say what was done."""


def line(before: str, name: str, after: str = "") -> str:
    """What was done with something that has a name, which alone is cut if it does not all fit."""
    room = LONGEST_LINE - len(before) - len(after)
    return f"{before}{name if len(name) <= room else name[: room - 1] + '…'}{after}"


def record(*, kind: AuditKind, what: str, reference: str, by: User, reason: str = "") -> AuditEvent:
    """Append one audit row. Its moment is real time, whatever the practice date."""
    event = _event(kind, what, reference, by, reason)
    event.save(force_insert=True)
    return event


def record_all(*, kind: AuditKind, lines: Iterable[tuple[str, str]], by: User, reason: str = "") -> None:
    """Append one audit row for each (what, reference) of `lines`, in one statement."""
    AuditEvent.objects.bulk_create(_event(kind, what, reference, by, reason) for what, reference in lines)


def _event(kind: AuditKind, what: str, reference: str, by: User, reason: str = "") -> AuditEvent:
    return AuditEvent(user_id=by.pk, user_email=by.email, kind=kind, what=what, reference=reference, reason=reason)


@transaction.atomic
def give_reason(*, reference: str, reason: str, by: User, real_at: datetime) -> AccessReason:
    """Let an auditor open one case for `REASON_LASTS`, and record why.

    Raises `NotAllowed` unless the person sees the access log.
    """
    check(by, Permission.SEE_ACCESS_LOG)
    record(
        kind=AuditKind.ACCESS_REASON,
        what="reason given",
        reference=reference,
        by=by,
        reason=reason,
    )
    return AccessReason.objects.create(
        user_id=by.pk, reference=reference, reason=reason, given_at=real_at, expires_at=real_at + REASON_LASTS
    )
