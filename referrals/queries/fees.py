"""R13's table of fees, as settings show it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from quotas.models import FeeRule


@dataclass(frozen=True)
class FeeRow:
    """One row of the table of fees; `ends_on` is the last day on which it counts, None while no other follows."""

    rule: FeeRule
    ends_on: date | None


def fees() -> list[FeeRow]:
    """The table of fees, by stream and the latest first, with who set each row. One query.

    Of two rows from one day the later counts, and only it is here.
    """
    found: dict[tuple[str, date], FeeRule] = {}
    for row in FeeRule.objects.select_related("set_by").order_by("stream", "-starts_on", "-pk"):
        found.setdefault((row.stream, row.starts_on), row)
    next_start: dict[str, date] = {}
    table = []
    for row in found.values():
        follows = next_start.get(row.stream)
        table.append(FeeRow(row, follows - timedelta(days=1) if follows else None))
        next_start[row.stream] = row.starts_on
    return table


def in_force(table: list[FeeRow], day: date) -> dict[str, FeeRow]:
    """The row that counts on `day`, by stream, of the table as `fees` gives it."""
    begun = [row for row in reversed(table) if row.rule.starts_on <= day]
    return {row.rule.stream: row for row in begun}


def fee_rows() -> QuerySet[FeeRule]:
    """Every row of the table of fees as it was set, the newest first, with who set it."""
    return FeeRule.objects.select_related("set_by").order_by("-pk")
