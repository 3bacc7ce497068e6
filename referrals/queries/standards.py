"""The settings of R10 as they were at a moment."""

from dataclasses import fields
from datetime import datetime

from referrals.models import ServiceStandards
from referrals.rules.standards import DEFAULTS, Standards


def standards_at(at: datetime) -> Standards:
    """The settings in force at `at` (aware); the defaults where none were set. One query."""
    row = ServiceStandards.objects.filter(in_force_from__lte=at).order_by("-in_force_from").first()
    if row is None:
        return DEFAULTS
    return Standards(**{field.name: getattr(row, field.name) for field in fields(Standards)})
