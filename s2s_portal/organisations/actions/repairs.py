"""Repairs for which no other page has a button: asked for with a reason, done by the job that does it anyway."""

from datetime import datetime

from django.db import transaction

from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.queries import is_asked
from s2s_portal.jobs.registry import jobs
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import check


class NotOnRequest(ValueError):
    """The job runs by its timetable alone; the message says so."""


def can_run_again(job: str) -> bool:
    """Whether the job of this name does anything when asked."""
    return any(one.name == job and one.on_request for one in jobs())


@transaction.atomic
def run_again(*, job: str, subject: str, reason: str, by: User, at: datetime, real: datetime) -> bool:
    """Have a background job look at `subject` (everything, if it is empty) again; False if it is about to, at `real`.

    What waits after a failure does so no longer: the job takes all that wait for the same together. Raises `NotAllowed`
    unless `by` mends what went wrong, `NotOnRequest` for a job that only its timetable runs.
    """
    check(by, Permission.REPAIR)
    if not can_run_again(job):
        raise NotOnRequest(f"The job {job} runs by its timetable alone: it cannot be asked for.")
    if is_asked(job=job, subject=subject, due_at=real):
        return False
    ask(job=job, subject=subject, at=at)
    reference = f"job {job} {subject}".strip()[:60]
    audit.record(kind=AuditKind.WRITE, what="had a job run again", reference=reference, by=by, reason=reason)
    return True
