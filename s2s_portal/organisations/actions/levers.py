"""What every change of a setting shares: one after the other, once however often it is pressed, and written down."""

import uuid
from datetime import datetime

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import AuditKind, Permission, ReferenceKind
from s2s_portal.organisations.models import ReferenceChange, User
from s2s_portal.organisations.permissions import NotAllowed, check
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL


class CannotChange(ValueError):
    """The change cannot be made; the message says why, and `field` at which question it stands ("" for none)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ChangedMeanwhile(ValueError):
    """Somebody else has changed it since the person looked; `now` is what they would see if they looked again."""

    def __init__(self, message: str, now: str) -> None:
        super().__init__(message)
        self.now = now


def one_at_a_time() -> None:
    """Settings are changed one after the other: whoever waits here reads what the other has set.

    The row of the portal's own user is what is locked, as a list may still be empty.
    """
    portal = User.objects.select_for_update(no_key=True).only("pk").filter(email=SYSTEM_EMAIL)
    if not portal:
        ensure_system_user()
        one_at_a_time()


def done_before(
    key: uuid.UUID, *, by: User, permission: Permission = Permission.CHANGE_SETTINGS
) -> ReferenceChange | None:
    """Begin a change of a list: the change that this press has made already, if any, else None.

    Raises `NotAllowed` unless `by` has the permission.
    """
    check(by, permission)
    one_at_a_time()
    return change_of(key, by=by)


def change_of(key: uuid.UUID, *, by: User, **told: str) -> ReferenceChange | None:
    """The change that this person's press of this key has made already, if any.

    `told` is what the change says of itself (`what`, `subject` …). Raises `NotAllowed` if the key stands for something
    else, as no page sends it.
    """
    done = ReferenceChange.objects.filter(key=key).first()
    if done is not None and (done.by_id != by.pk or any(getattr(done, name) != one for name, one in told.items())):
        raise NotAllowed("This page was used for something else already. Open it anew.")
    return done


def check_seen(seen: str, now: str, *, kind: ReferenceKind) -> None:
    """Raise `ChangedMeanwhile` unless what the person saw is what there is."""
    if seen != now:
        last = ReferenceChange.objects.filter(kind=kind).select_related("by").order_by("-pk").first()
        who = last.by if last else "Somebody"
        raise ChangedMeanwhile(f"{who} has changed it while you were writing. It is now: {now}", now)


def note(
    *,
    kind: ReferenceKind,
    subject: str,
    what: str,
    was: str = "",
    now: str = "",
    reason: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> ReferenceChange:
    """Write the change into the history of the lists and into the audit."""
    audit.record(kind=AuditKind.WRITE, what=f"{what}: {subject}"[:100], reference=f"settings {kind.lower()}", by=by)
    return ReferenceChange.objects.create(
        kind=kind, subject=subject, what=what, was=was, now=now, reason=reason, key=key, by=by, at=at
    )
