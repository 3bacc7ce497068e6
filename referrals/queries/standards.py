"""The settings of R10 as they were at a moment, and every set of them there was."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import QuerySet

from referrals.models import ServiceStandards
from referrals.rules.standards import DEFAULTS, Standards


@dataclass(frozen=True)
class InForce:
    """One set of settings. `row` says who set them, when and why; None: nobody has, these are the defaults."""

    standards: Standards
    row: ServiceStandards | None = None

    @property
    def number(self) -> int:
        """What tells this set from every other; 0 for the defaults."""
        return self.row.pk if self.row else 0


def standards_at(at: datetime) -> Standards:
    """The settings in force at `at` (aware); the defaults where none were set. One query."""
    row = _rows_until(at).first()
    return DEFAULTS if row is None else _of(row)


def in_force_at(at: datetime) -> InForce:
    """The same with who set them. One query."""
    row = _rows_until(at).select_related("set_by").first()
    return InForce(DEFAULTS) if row is None else InForce(_of(row), row)


def _rows_until(at: datetime) -> QuerySet[ServiceStandards]:
    return ServiceStandards.objects.filter(in_force_from__lte=at).order_by("-in_force_from")


def history() -> list[InForce]:
    """Every set there was, the newest first; the defaults, which were there before, come last. One query."""
    rows = ServiceStandards.objects.select_related("set_by").order_by("-in_force_from")
    return [*(InForce(_of(row), row) for row in rows), InForce(DEFAULTS)]


def _of(row: ServiceStandards) -> Standards:
    return Standards(**{field.name: getattr(row, field.name) for field in fields(Standards)})
