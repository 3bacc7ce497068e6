"""What a database says when it is busy rather than broken. Pure."""

from django.db import OperationalError

BUSY = ("database is locked", "lock timeout", "deadlock detected", "could not obtain lock")
"""Parts of SQLite's and PostgreSQL's messages for someone who waited too long behind another's lock."""


def is_busy(error: BaseException | None) -> bool:
    """Whether `error` means that the same request would probably succeed in a moment."""
    return isinstance(error, OperationalError) and any(words in str(error).lower() for words in BUSY)
