"""Housekeeping that belongs to no other app."""

from datetime import timedelta

from s2s_portal.core import sessions
from s2s_portal.jobs.registry import Run, job


@job("clear_sessions", every=timedelta(seconds=sessions.CLEARED_EVERY), label="Clear sessions that have ended")
def clear_sessions(run: Run) -> str:
    """Delete the sessions that have ended: one can hold what somebody typed about a child."""
    sessions.clear_expired()
    return ""
