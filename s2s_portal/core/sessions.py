"""Sessions that have ended."""

from importlib import import_module

from django.conf import settings

CLEARED_EVERY = 60 * 60
"""Seconds: text kept for an hour (core.kept_text) is gone from the database at most this long after it."""


def clear_expired() -> None:
    """Delete every expired session, with whatever it held; one statement, safe to repeat."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
