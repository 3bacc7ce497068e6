"""Asking for background work."""

from datetime import datetime

from s2s_portal.jobs.models import JobRequest


def ask(*, job: str, subject: str, at: datetime) -> None:
    """Have the job of that name look at `subject` soon (seconds), or at everything if `subject` is empty.

    One row in the caller's transaction: rolled back with it, and found by the next tick once it is committed.
    """
    JobRequest.objects.create(job=job, subject=subject, asked_at=at)
