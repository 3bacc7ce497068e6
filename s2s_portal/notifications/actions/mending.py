"""Sending again what could not be delivered."""

from django.db import transaction

from s2s_portal.notifications.models import AT_ONCE, Notification
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


@transaction.atomic
def send_again(*, pk: int, by: User) -> bool:
    """Put a message that was given up back in the outbox, under its own Message-ID, with all attempts before it.

    False if there is none such any more: somebody was quicker.
    """
    check(by, Permission.MEND_MESSAGES)
    failed = Notification.objects.filter(pk=pk, failed_at__isnull=False)
    fresh = {"failed_at": None, "attempts": 0, "next_try_at": AT_ONCE, "claimed_until": None}
    if not failed.update(**fresh, remote_id="", fate="", next_check_at=None):
        return False
    row = Notification.objects.only("reference").get(pk=pk)
    about = row.reference or f"message {pk}"
    audit.record(kind=AuditKind.WRITE, what="message sent again", reference=about, by=by)
    return True
