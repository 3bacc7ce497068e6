"""What a change of terms, bank holidays or closed days does to visits that are planned and to deadlines that run."""

from dataclasses import dataclass
from datetime import date, datetime

from referrals.choices import BookingState
from referrals.models import Booking, Referral
from referrals.queries.progress import clocks_of
from referrals.queries.standards import standards_at
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.core.calendar import DayKind, london_date
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.queries.calendar import days, days_of

NOBODY_THERE = (DayKind.WEEKEND, DayKind.BANK_HOLIDAY, DayKind.CLOSED, DayKind.STAFF_ONLY)
Due = tuple[int, str, date | None]


@dataclass(frozen=True)
class Stands:
    """Visits to come by id whose day does not do for a visit with children, and each deadline that runs."""

    visits: frozenset[int]
    due: frozenset[Due]


def look(at: datetime) -> Stands:
    """How visits to come and deadlines stand at `at`. Six queries, whatever their number."""
    planned = Booking.objects.filter(state=BookingState.PLANNED, starts_at__gte=at)
    visits = list(planned.values_list("pk", "starts_at", "referral__establishment", "referral__stream"))
    calendars = days_of({place for _, _, place, _ in visits})
    wrong = {
        pk
        for pk, starts_at, place, stream in visits
        if not _does(calendars[place].kind_of(london_date(starts_at)), stream)
    }
    return Stands(frozenset(wrong), frozenset(_due(at)))


def _does(kind: DayKind, stream: str) -> bool:
    # Early years settings may be open all year: only their schools' pupils are away in the holidays.
    return kind not in NOBODY_THERE if stream == Stream.EARLY_YEARS else kind == DayKind.TERM


def _due(at: datetime) -> list[Due]:
    rows = list(Referral.objects.filter(status__in=OPEN_WITH_S2S).select_related("place"))
    found = clocks_of(rows, standards=standards_at(at), days=days(), today=london_date(at))
    return [(pk, one.clock.name, one.due_on) for pk, clocks in found.items() for one in clocks]


def told(before: Stands, after: Stands) -> list[str]:
    """What is otherwise afterwards, in sentences."""
    worse, better = len(after.visits - before.visits), len(before.visits - after.visits)
    moved = len(after.due - before.due)
    said = []
    if worse:
        said.append(f"{_visits(worse)} on a day that would no longer do: whoever planned it is asked to look at it.")
    if better:
        said.append(f"{_visits(better)} on a day that does not do now, and would.")
    if moved:
        said.append(f"{moved:,} {'deadline moves' if moved == 1 else 'deadlines move'} to another day.")
    return said or ["No visit that is planned and no deadline is affected."]


def _visits(number: int) -> str:
    return f"{number:,} planned {'visit is' if number == 1 else 'visits are'}"
