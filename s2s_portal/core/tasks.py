"""Housekeeping, for installations with Celery workers; elsewhere `manage.py run_jobs` does it."""

from celery import shared_task

from s2s_portal.core import sessions


@shared_task(name="core.clear_expired_sessions")  # type: ignore[untyped-decorator]
def clear_expired_sessions() -> None:
    """Delete the sessions that have ended."""
    sessions.clear_expired()
