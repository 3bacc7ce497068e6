"""Issuing a report: it gets the next number of its period and stays as it is."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from quotas.models import Period
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Sees
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed, check, sees
from s2s_portal.oversight.models import IssuedReport

SEES_MORE = (
    "Your other roles let you see more than a commissioner does, and everybody who reads the report would see it."
)


def issue(*, period: Period, made: Callable[[int], bytes], key: uuid.UUID, by: User, at: datetime) -> IssuedReport:
    """Keep the PDF that `made` gives for the report's number; what was issued with this `key` before is given back.

    Raises `NotAllowed` unless `by` is a commissioner, and sees no more than one: R16 is theirs in what is kept. Nothing
    is locked while the PDF is made, for requests are sent meanwhile: if another report was issued, it is made again.
    """
    check(by, Permission.ISSUE_REPORTS)
    if sees(by) - {Sees.NOTHING} != {Sees.SENT_WITHOUT_CHILD}:
        raise NotAllowed(SEES_MORE)
    row = _issued_with(key)
    while row is None:
        number = _next_of(period)
        row = _kept(period=period, number=number, content=made(number), key=key, by=by, at=at)
    return row


def _issued_with(key: uuid.UUID) -> IssuedReport | None:
    return IssuedReport.objects.defer("content").filter(key=key).first()


def _next_of(period: Period) -> int:
    last = IssuedReport.objects.filter(period=period).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def _kept(
    *, period: Period, number: int, content: bytes, key: uuid.UUID, by: User, at: datetime
) -> IssuedReport | None:
    """The report as it is kept, or the one with this key; None if the number is taken by now."""
    list(Period.objects.select_for_update(no_key=True, of=("self",)).filter(pk=period.pk).only("pk"))
    known = _issued_with(key)
    if known is not None or number != _next_of(period):
        return known
    told = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "content": content}
    row = IssuedReport.objects.create(period=period, number=number, key=key, at=at, by=by, **told)
    audit.record(kind=AuditKind.WRITE, what="issued a report", reference=f"report {row.pk}", by=by)
    return row
