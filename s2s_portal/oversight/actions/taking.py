"""Downloading who children are: who did, why, and of which requests, stands in the audit before a row is read (R18)."""

from collections.abc import Sequence

from django.db import transaction

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check

REFERENCE = "case list"
"""What the access log calls a file; each request in it has a line under its own reference, too."""
AT_A_TIME = 1_000


@transaction.atomic
def take_case_list(*, references: Sequence[str], ending: str, narrowed: str, reason: str, by: User) -> None:
    """Record that `by` downloads the requests with these `references`: a line for each of them, and one for the file.

    `narrowed` is the filter in words. Raises `NotAllowed` unless the person may.
    """
    check(by, Permission.EXPORT_CHILDREN)
    what = f"downloaded in a case list, as {ending}"
    for first in range(0, len(references), AT_A_TIME):
        lines = [(what, reference) for reference in references[first : first + AT_A_TIME]]
        audit.record_all(kind=AuditKind.READ, lines=lines, by=by, reason=reason)
    audit.record(
        kind=AuditKind.READ,
        what=f"downloaded a case list with who the children are, as {ending}, rows: {len(references)}",
        reference=REFERENCE,
        by=by,
        reason=f"{reason} (Filter: {narrowed})"[:500],
    )
