"""How a person gets their messages, and which of them they have read."""

from datetime import datetime

from django.db import transaction

from s2s_portal.notifications.choices import Channel
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


@transaction.atomic
def choose(*, channel: Channel, weekly: bool, by: User, at: datetime) -> None:
    """Have a person's messages go this way from now on, and whether they want the weekly summary.

    What waits for a daily e-mail that will not be wanted any more goes the new way too: nothing stays behind.
    """
    check(by, Permission.USE_PORTAL)
    chosen = {"channel": channel, "weekly": weekly, "changed_at": at}
    Preference.objects.update_or_create(person=by, defaults=chosen)
    if channel != Channel.DIGEST:
        waiting = Notification.objects.filter(person=by, channel=Channel.DIGEST, digest=None)
        waiting.update(channel=channel)


def mark_read(*, newest: int, by: User, at: datetime) -> int:
    """Mark a person's messages as read, up to the one with the id `newest`, the last that they saw; how many."""
    check(by, Permission.USE_PORTAL)
    return Notification.objects.filter(person=by, pk__lte=newest, read_at=None).update(read_at=at)


def mark_one_read(*, pk: int, by: User, at: datetime) -> int:
    """Mark one message to `by` as read; how many that were: 0 for another's, and the second time."""
    check(by, Permission.USE_PORTAL)
    return Notification.objects.filter(person=by, pk=pk, read_at=None).update(read_at=at)
