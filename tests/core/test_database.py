"""Busy is not broken."""

import pytest
from django.db import OperationalError, ProgrammingError

from s2s_portal.core.database import is_busy


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (OperationalError("database is locked"), True),
        (OperationalError("canceling statement due to lock timeout\nCONTEXT: …"), True),
        (OperationalError("deadlock detected"), True),
        (OperationalError("could not connect to server"), False),
        (OperationalError("no such table: x"), False),
        (ProgrammingError("database is locked"), False),
        (ValueError("database is locked"), False),
        (None, False),
    ],
)
def test_is_busy(error, busy):
    assert is_busy(error) is busy
