"""Signed links: made with the message that brings them, used once, taken back; who looked by one is recorded."""

import uuid
from datetime import datetime

from s2s_portal.organisations.choices import AuditKind, LinkPurpose
from s2s_portal.organisations.models import AuditEvent, SignedLink
from s2s_portal.organisations.queries.links import email_hash

LASTS_DAYS = {
    LinkPurpose.READ_RECORD: 120,
    LinkPurpose.CHOOSE_TIME: 60,
    LinkPurpose.SEE_VISIT: 180,
    LinkPurpose.CHOOSE_PASSWORD: 7,
}
"""For how many real days a link opens its page."""
NO_ACCOUNT = 0
"""The `user_id` of audit rows about people without an account; their e-mail address says who it was."""


def issue(*, purpose: LinkPurpose, subject: str, email: str) -> SignedLink:
    """Make a link for the contact with this e-mail address. `subject` is what it opens: "record EY-7K4M-2Q/1"."""
    return SignedLink.objects.create(
        key=uuid.uuid4(),
        purpose=purpose,
        email_hash=email_hash(email),
        subject=subject,
        lasts_days=LASTS_DAYS[purpose],
    )


def use(link: SignedLink, *, at: datetime) -> bool:
    """Use a link up; False if it was used or taken back before. One UPDATE decides between two presses.

    Every other link that opens the same for the same purpose is used with it: reminders bring their own.
    """
    fresh = SignedLink.objects.filter(used_at=None, revoked_at=None)
    if not fresh.filter(pk=link.pk).update(used_at=at):
        return False
    fresh.filter(purpose=link.purpose, subject=link.subject).update(used_at=at)
    return True


def revoke(*, purpose: LinkPurpose, subject: str, at: datetime) -> int:
    """Take back every link that opens `subject` for this purpose and was not used; how many there were."""
    open_links = SignedLink.objects.filter(purpose=purpose, subject=subject, used_at=None, revoked_at=None)
    return open_links.update(revoked_at=at)


def record_access(*, kind: AuditKind, what: str, reference: str, email: str) -> AuditEvent:
    """Append the audit row of a contact who looked or changed something by a link (R18)."""
    return AuditEvent.objects.create(
        user_id=NO_ACCOUNT, user_email=email, kind=kind, what=what, reference=reference, reason="By a signed link"
    )
