"""The access log, and the reasons for which an auditor may look."""

from datetime import date, datetime

from django.db.models import QuerySet

from s2s_portal.core.calendar import ends_at, starts_at
from s2s_portal.core.references import tidied
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.models import AccessReason, AuditEvent, User


def live_reason_references(user: User, real_at: datetime) -> frozenset[str]:
    """References of the requests that `user` gave a reason to look at, where the reason still holds at `real_at`."""
    live = AccessReason.objects.filter(user_id=user.pk, given_at__lte=real_at, expires_at__gt=real_at)
    return frozenset(live.values_list("reference", flat=True))


def access_log(
    *,
    reference: str = "",
    email: str = "",
    kind: AuditKind | str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Audit rows, newest first, that pass every filter given. `since` and `until` are whole London days, inclusive."""
    found = AuditEvent.objects.order_by("-at", "-pk")
    if reference:
        found = found.filter(reference=tidied(reference) or reference.strip())
    if email:
        found = _of_person(found, email.strip())
    if kind:
        found = found.filter(kind=kind)
    if since is not None:
        found = found.filter(at__gte=starts_at(since))
    if until is not None:
        found = found.filter(at__lt=ends_at(until))
    return found


def _of_person(found: QuerySet[AuditEvent], email: str) -> QuerySet[AuditEvent]:
    """By the person who has this address now (whatever it was then), else by the address as it was written down."""
    ids = list(User.objects.filter(email__iexact=email).values_list("pk", flat=True))
    return found.filter(user_id__in=ids) if ids else found.filter(user_email__iexact=email)
