"""What the lines of the ledger did to the places of a period, day by day, until a moment."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import DateField, F, FilteredRelation, Q, Sum
from django.db.models.functions import TruncDate

from quotas.choices import EntryKind
from quotas.models import Quota
from s2s_portal.core.calendar import LONDON
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.rules.pace import DayOfPlaces

COLUMN_OF_KIND = {
    EntryKind.GRANTED: "granted",
    EntryKind.ADJUSTED: "adjusted",
    EntryKind.DRAWN: "drawn",
    EntryKind.RELEASED: "released",
}
"""What a kind of line counts as, each as its own column of a day. A line that carries a request over is no place."""
NEGATIVE = frozenset({EntryKind.DRAWN})
"""Kinds whose lines take places away: a day has them as a count."""


@dataclass
class Ledger:
    """One stream's quota of the period by London day, without days on which nothing was written."""

    stream: str
    days: dict[date, DayOfPlaces] = field(default_factory=dict)


def ledgers_of(scope: Scope) -> list[Ledger]:
    """The quotas of the period that the scope asks for, early years first, as they stood at its moment.

    One statement, whose cost grows with the lines of these quotas. A quota without lines by then has no days.
    """
    written = FilteredRelation("entries", condition=Q(entries__at__lte=scope.at))
    rows = (
        Quota.objects.filter(scope.narrowed)
        .annotate(
            line=written,
            kind=F("line__kind"),
            day=TruncDate("line__at", tzinfo=LONDON, output_field=DateField()),
        )
        .order_by("stream", "day")
        .values_list("stream", "day", "kind")
        .annotate(places=Sum("line__places"))
    )
    found: dict[str, Ledger] = {}
    for stream, day, kind, places in rows:
        ledger = found.setdefault(stream, Ledger(stream))
        column = COLUMN_OF_KIND.get(kind)
        if column:
            one = DayOfPlaces(**{column: -places if kind in NEGATIVE else places})
            ledger.days[day] = ledger.days.get(day, DayOfPlaces()) + one
    return list(found.values())
