"""The requests of a period as the dashboards measure them: who has them, where they stand, and when what happened.

One statement reads them all; its cost grows with the period, never with all there is. Nothing here is about who the
child is. Requests of other periods are never read; one that was carried over counts in the period it is in now.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Case as Only
from django.db.models import OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from referrals.choices import BookingState, EventKind
from referrals.models import Booking, Referral, ReferralEvent
from referrals.permissions import visible_requests
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.oversight.queries.scope import Scope

GIVES_A_PLACE = (EventKind.SUBMITTED, EventKind.PLACE_GIVEN, EventKind.REINSTATED, EventKind.CARRIED_OVER)
"""The events by which a request comes to hold a place: R10's first clock starts with the last of them."""


class Case(NamedTuple):
    """One request. Moments are aware; `placed_at` is None for one that never held a place.

    `contact_paused_days` are working days, `observation_paused_days` term-time days (early years: calendar days).
    `carried_at` is when it was carried over from an earlier contract; what is older happened there. `last_event_at` and
    `next_visit_at`, the first planned visit ahead, are read for those that are open with S2S. `place_id` is the line of
    the ledger that gave it its place; None: it has none, or it ended before a visit and gave the place back (R8).
    """

    pk: int
    reference: str
    stream: str
    status: str
    zone_id: int
    establishment_id: int
    provider_school_id: int | None
    teacher_id: int | None
    turn: int | None
    cohort_id: int | None
    continues_id: int | None
    primary_need_id: int | None
    submitted_at: datetime
    placed_at: datetime | None
    first_contact_at: datetime | None
    first_held_at: datetime | None
    reviewed_at: datetime | None
    returned_from: str
    returned_at: datetime | None
    contact_paused_days: int
    observation_paused_days: int
    visits_held: int
    ended_at: datetime | None
    end_state: str
    carried_at: datetime | None = None
    last_event_at: datetime | None = None
    next_visit_at: datetime | None = None
    place_id: int | None = None
    year_group: str = ""
    sen_status: str = ""

    @property
    def has_place(self) -> bool:
        """Whether it was sent to S2S and its place was not given back: it is, was or will be supported."""
        return self.place_id is not None


def cases_of(scope: Scope) -> list[Case]:
    """The requests of the period that the person may see, in the order in which they were sent. One statement."""
    planned = Booking.objects.filter(referral=OuterRef("pk"), state=BookingState.PLANNED, starts_at__gte=scope.at)
    rows = (
        _requests()
        .filter(visible_requests(scope.asking), scope.of_requests)
        .annotate(next_visit_at=_only(Q(status__in=OPEN_WITH_S2S), planned.order_by("starts_at").values("starts_at")))
    )
    return [Case._make(row) for row in rows.values_list(*Case._fields)]


@cache
def _requests() -> QuerySet[Referral]:
    """Every request with what is read alike whoever asks, in order: put together once."""
    events = ReferralEvent.objects.filter(referral=OuterRef("pk")).order_by("-seq")
    given = events.filter(kind__in=GIVES_A_PLACE)
    carried = events.filter(kind=EventKind.CARRIED_OVER)
    return Referral.objects.annotate(
        placed_at=Coalesce("clocks_from", "place__at", Subquery(given.values("at")[:1])),
        carried_at=_only(Q(continues__isnull=False), carried.values("at")),
        last_event_at=_only(Q(status__in=OPEN_WITH_S2S), events.values("at")),
    ).order_by("submitted_at", "pk")


def _only(rows: Q, found: QuerySet[Any, Any]) -> Only:
    """The first of `found` for these rows alone; the others are not looked up."""
    return Only(When(rows, then=Subquery(found[:1])))
