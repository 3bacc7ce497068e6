"""What happened to the requests of a period: visits and records, comings and goings, and at which schools.

One statement each. Whatever belongs to a request is read for that request alone: what was done before it was carried
over from an earlier contract belongs to the request of that contract.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from referrals.choices import BookingState, EndState, EventKind, VisitOutcome
from referrals.models import BookingTeacher, Referral, ReferralEvent, Visit
from referrals.permissions import visible_requests
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership, User
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.rules.flow import Left, Movement
from s2s_portal.oversight.rules.working_days import london_day


class HeldVisit(NamedTuple):
    """One visit that was held, its `BookingKind`, and when its record that stands was finalised; None: it has none."""

    pk: int
    referral_id: int
    starts_at: datetime
    recorded_at: datetime | None
    kind: str = ""


def requests_of(scope: Scope) -> QuerySet[Referral]:
    """The requests that the figures are about, as a part of a statement."""
    return Referral.objects.filter(visible_requests(scope.asking), scope.of_requests).order_by()


def held_visits(scope: Scope) -> list[HeldVisit]:
    """Every held visit, the first in front, each once however many records of it were retracted. One statement."""
    held = Visit.objects.exclude(outcome=VisitOutcome.NOT_HELD).filter(referral__in=requests_of(scope))
    shown = ("pk", "referral_id", "booking__starts_at", "records__at", "records__retraction__pk", "booking__kind")
    found: dict[int, HeldVisit] = {}
    rows = held.order_by("booking__starts_at", "pk").values_list(*shown)
    for pk, referral, starts_at, recorded_at, retraction, kind in rows:
        stands = recorded_at is not None and retraction is None
        if stands or pk not in found:
            found[pk] = HeldVisit(pk, referral, starts_at, recorded_at if stands else None, kind)
    return list(found.values())


OPENS = frozenset(
    {
        *(EventKind.SUBMITTED, EventKind.PLACE_GIVEN, EventKind.REINSTATED),
        *(EventKind.CARRIED_OVER, EventKind.MOVED_BACK, EventKind.REOPENED),
    }
)
"""The events by which S2S comes to have a request."""
LEAVES: dict[str, Left] = {
    EventKind.DECLINED: Left.DECLINED,
    EventKind.WITHDRAWN: Left.WITHDRAWN,
    EventKind.TRANSFERRED: Left.MOVED,
    EventKind.CARRY_UNDONE: Left.MOVED,
}
CLOSES: dict[str, Left] = {
    EndState.COMPLETED: Left.COMPLETED,
    EndState.ENDED_EARLY: Left.ENDED_EARLY,
    EndState.NOT_STARTED: Left.NOT_STARTED,
}


def movements(scope: Scope) -> dict[int, list[Movement]]:
    """For each request, in order, the events by which it came to be open or ended, up to the moment of the figures.

    One statement.
    """
    kinds = (*OPENS, *LEAVES, EventKind.CLOSED)
    events = ReferralEvent.objects.filter(referral__in=requests_of(scope), kind__in=kinds, at__lte=scope.at)
    shown = ("referral_id", "kind", "at", KeyTextTransform("end_state", "facts"))
    found: dict[int, list[Movement]] = {}
    for referral, kind, at, end_state in events.order_by("referral", "seq").values_list(*shown):
        left = None if kind in OPENS else LEAVES.get(kind) or CLOSES[end_state]
        found.setdefault(referral, []).append(Movement(london_day(at), left))
    return found


def schools_over_time(scope: Scope) -> dict[int, list[tuple[datetime, int | None]]]:
    """For each request that was handed over: since when each provider school had it, in order. One statement.

    Whatever was written after the moment of the figures is left out.
    """
    handed_over = ReferralEvent.objects.filter(referral__in=requests_of(scope), kind=EventKind.REASSIGNED)
    kinds = (EventKind.ASSIGNED, EventKind.REASSIGNED, EventKind.CARRIED_OVER, EventKind.REINSTATED)
    events = ReferralEvent.objects.filter(referral__in=handed_over.order_by().values("referral"), kind__in=kinds)
    events = events.filter(at__lte=scope.at)
    found: dict[int, list[tuple[datetime, int | None]]] = {}
    for referral, at, school in events.order_by("referral", "seq").values_list("referral_id", "at", "provider_school"):
        found.setdefault(referral, []).append((at, school))
    return found


class Trip(NamedTuple):
    """One teacher's part in one visit of a request, planned or held."""

    booking_id: int
    teacher_id: int
    starts_at: datetime
    is_held: bool


def trips(scope: Scope, *, first: datetime, last: datetime) -> list[Trip]:
    """The visits held from `first` until the moment of the figures, and those planned from then until `last`.

    One statement.
    """
    held = Q(booking__state=BookingState.HELD, starts_at__gte=first, starts_at__lt=scope.at)
    ahead = Q(booking__state=BookingState.PLANNED, starts_at__gte=scope.at, starts_at__lt=last)
    rows = BookingTeacher.objects.filter(held | ahead, live=True, booking__referral__in=requests_of(scope))
    shown = rows.order_by("starts_at", "pk").values_list("booking_id", "teacher_id", "starts_at", "booking__state")
    return [Trip(booking, who, at, state == BookingState.HELD) for booking, who, at, state in shown]


class Teacher(NamedTuple):
    """An S2S teacher and their own school (id and name) as it is now; None and "" where none is set."""

    pk: int
    name: str
    school_id: int | None
    school: str


def teachers(ids: set[int]) -> list[Teacher]:
    """Every S2S teacher who signs in, and whoever has one of these ids, teacher still or not. One statement."""
    own = Membership.objects.filter(user=OuterRef("pk"), role=Role.S2S_TEACHER)
    found = User.objects.filter(Q(pk__in=ids) | Q(Exists(own), is_active=True)).order_by("full_name", "pk")
    shown = found.annotate(
        school_id=Subquery(own.values("home_school")[:1]), school=Subquery(own.values("home_school__name")[:1])
    )
    rows = shown.values_list("pk", "full_name", "school_id", "school")
    return [Teacher(pk, name, school_id, school or "") for pk, name, school_id, school in rows]
