"""Messages as people see them: their own, those that failed, those about one request."""

from django.db.models import QuerySet

from s2s_portal.notifications.choices import Channel, Kind
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import can

MOST = 100
"""A count stops here: more unread messages than this are "99+" all the same."""


def mine(user: User) -> QuerySet[Notification]:
    """Everything that was told to `user`, newest first; without the daily e-mails, which tell it once more."""
    own = Notification.objects.filter(person=user).exclude(kind=Kind.DIGEST)
    return own.order_by("-queued_at", "-pk")


def one_of(user: User, pk: int) -> Notification | None:
    """One message of `user`'s; None for somebody else's."""
    return Notification.objects.filter(person=user, pk=pk).first()


def unread(user: User) -> int:
    """How many messages `user` has not marked as read, counted up to `MOST`."""
    return mine(user).filter(read_at=None).order_by()[:MOST].count()


def newest(user: User) -> int:
    """The id of the newest message to `user`; 0 if there is none."""
    return mine(user).order_by("-pk").values_list("pk", flat=True).first() or 0


def failed() -> QuerySet[Notification]:
    """What could not be delivered, newest first."""
    return Notification.objects.filter(failed_at__isnull=False).order_by("-failed_at", "-pk")


def failed_one(pk: int) -> Notification | None:
    """One message that could not be delivered."""
    return failed().filter(pk=pk).first()


def failures_for(user: User) -> int:
    """How many messages could not be delivered, counted up to `MOST`, for those who may send them again; else 0."""
    return failed().order_by()[:MOST].count() if can(user, Permission.MEND_MESSAGES) else 0


def about(reference: str, *, cohort: str = "") -> list[Notification]:
    """Every message about one request, newest first, with `digest`; those of its `cohort` that name it are among them.

    Whoever calls this has made sure that the person who asks may see the request. One query.
    """
    rows = Notification.objects.filter(reference__in=[reference, *([cohort] if cohort else [])])
    rows = rows.select_related("digest").order_by("-queued_at", "-pk")
    return [row for row in rows if row.reference == reference or _names(row, reference)]


def _names(row: Notification, reference: str) -> bool:
    parts = [row.context.get(part, []) for part in ("sent", "waiting")]
    return any(one.get("reference") == reference for part in parts for one in part)


def preference_of(user: User) -> Preference:
    """How `user` gets their messages; what holds without a choice, if none was made (not saved)."""
    found = Preference.objects.filter(person=user).first()
    return found or Preference(person=user, channel=Channel.AT_ONCE, weekly=True)
