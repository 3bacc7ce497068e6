"""The nightly comparison of ledger and requests, written down and, if they differ, told."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from referrals.models import ReconciliationRun
from referrals.queries import reconciling
from s2s_portal.core.calendar import london_date
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.people import active_people, is_system


def reconcile(*, by: User, at: datetime) -> ReconciliationRun:
    """Compare, and write down what came of it as that of the moment `at`; the same moment again changes nothing.

    Nothing is locked, as people work meanwhile: a difference counts if it is there twice. Call it outside a
    transaction. Raises `NotAllowed` unless `by` is the portal itself.
    """
    if not is_system(by):
        raise NotAllowed("Only the portal itself compares the ledger with the requests.")
    written = ReconciliationRun.objects.filter(at=at).first()
    if written is not None:
        return written
    found = reconciling.differences()
    if found:
        found &= reconciling.differences()
    return _write(found, reconciling.compared(), at)


@transaction.atomic
def _write(found: set[reconciling.Difference], compared: reconciling.Compared, at: datetime) -> ReconciliationRun:
    named = [asdict(one) for one in sorted(found)]
    fresh = ReconciliationRun(at=at, count=len(found), differences=named, **asdict(compared))
    ReconciliationRun.objects.bulk_create([fresh], ignore_conflicts=True)  # another process may have been as far
    run = ReconciliationRun.objects.get(at=at)
    if run.count:
        _tell(run)
    return run


def _tell(run: ReconciliationRun) -> None:
    """Tell administrators and commissioners, once for each night."""
    people = {one.pk: one for role in (Role.ADMINISTRATOR, Role.COMMISSIONER) for one in active_people(role)}
    context = {
        "checked_at": run.at.isoformat(),
        "differences": run.count,
        "address": reverse("referrals:reconciliation"),
    }
    queue_all(
        message(
            kind=Kind.LEDGER_DIFFERS,
            key=f"ledger-differs:{london_date(run.at).isoformat()}:{one.pk}",
            to_email=one.email,
            to_name=one.full_name,
            context=context,
            at=run.at,
            person=one,
        )
        for one in people.values()
    )
