"""The requests of a case list, with who the children are: read in parts, however many there are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quotas.models import Period
from referrals.choices import BookingState, VisitOutcome
from referrals.models import Booking, CohortChild, Referral, ReferralEvent, Visit
from referrals.permissions import Asking, visible_children, visible_requests
from referrals.queries.progress import standing_records
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.models import Zone
from s2s_portal.oversight.choices import OPEN
from s2s_portal.oversight.queries.cases import GIVES_A_PLACE

READ = (
    *("reference", "submission_key", "stream", "status", "turn", "submitted_at", "first_asked_at", "ended_at"),
    *("child_first_name", "child_last_name", "date_of_birth", "about", "group_size", "year_group", "sen_status"),
    *("agreement", "contact_name", "contact_email", "contact_telephone", "visits_held", "end_state"),
    *("first_contact_at", "first_held_at", "reviewed_at", "primary_need__label", "secondary_need__label"),
    *("establishment__name", "establishment__urn", "establishment__kind__name", "zone__name", "cohort__year_groups"),
    *("provider_school__name", "provider_school__urn", "provider_school__kind__name"),
    *("teacher__full_name", "submitted_by__full_name"),
)
"""The columns of the list. What was written about a child never leaves the database for it."""


@dataclass(frozen=True)
class Narrowing:
    """Which requests a list has. None and "": all of them; `status` may be `OPEN`."""

    period: Period | None = None
    stream: str = ""
    status: str = ""
    zone: Zone | None = None

    @property
    def filter(self) -> Q:
        """The same as a filter of requests."""
        found = Q(period=self.period) if self.period else Q()
        found &= Q(stream=self.stream) if self.stream else Q()
        found &= Q(zone=self.zone) if self.zone else Q()
        if self.status == OPEN:
            return found & Q(status__in=OPEN_WITH_S2S)
        return found & Q(status=self.status) if self.status else found


class Listed(NamedTuple):
    """A request of a list before it is read."""

    pk: int
    reference: str


def found(asking: Asking, narrowing: Narrowing) -> QuerySet[Referral]:
    """The requests whose child the person sees, the newest first."""
    seen = Referral.objects.filter(visible_requests(asking), visible_children(asking))
    return seen.filter(narrowing.filter).order_by("-submitted_at", "-pk")


def listed(asking: Asking, narrowing: Narrowing) -> list[Listed]:
    """The requests that a list will have: their references stand in the audit before anything is read. One query."""
    return [Listed._make(row) for row in found(asking, narrowing).values_list("pk", "reference")]


def by_parts(asking: Asking, chosen: Sequence[Listed], at: datetime, *, at_a_time: int = 500) -> Iterator[Any]:
    """The requests with all that a line shows, of which `at_a_time` are in memory. Two queries for each part."""
    for first in range(0, len(chosen), at_a_time):
        part = chosen[first : first + at_a_time]
        yield from _read(asking, [one.pk for one in part], at)


def _read(asking: Asking, pks: list[int], at: datetime) -> Iterator[Any]:
    seen = Referral.objects.filter(visible_requests(asking), visible_children(asking))
    related = {read.rpartition("__")[0] for read in READ if "__" in read}
    rows: dict[int, Any] = seen.select_related(*sorted(related)).only(*READ).annotate(**_annotations(at)).in_bulk(pks)
    children = _named_children([one.submission_key for one in rows.values() if one.cohort_id is not None])
    for pk in pks:
        if pk in rows:
            one = rows[pk]
            one.named_children = children[one.submission_key]
            yield one


def _annotations(at: datetime) -> dict[str, Any]:
    """What the list says of a request that stands in other tables; retracted records do not count."""
    given = ReferralEvent.objects.filter(referral=OuterRef("pk"), kind__in=GIVES_A_PLACE).order_by("-seq")
    planned = Booking.objects.filter(referral=OuterRef("pk"), state=BookingState.PLANNED, starts_at__gte=at)
    held = Visit.objects.filter(referral=OuterRef("pk")).exclude(outcome=VisitOutcome.NOT_HELD)
    records = standing_records().filter(visit__referral=OuterRef("pk")).order_by().values("visit__referral")
    return {
        "placed_at": Coalesce("clocks_from", "place__at", Subquery(given.values("at")[:1])),
        "next_visit_at": Subquery(planned.order_by("starts_at").values("starts_at")[:1]),
        "last_visit_at": Subquery(held.order_by("-booking__starts_at").values("booking__starts_at")[:1]),
        "last_record_at": Subquery(records.annotate(last=Max("at")).values("last")),
        "records": Coalesce(
            Subquery(records.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0
        ),
    }


def _named_children(keys: list[UUID]) -> dict[UUID, list[CohortChild]]:
    """The children whom cohorts' requests name, by the request's submission key. No query without such requests."""
    found: dict[UUID, list[CohortChild]] = defaultdict(list)
    if keys:
        rows = CohortChild.objects.filter(school__key__in=keys).select_related("school")
        for child in rows.order_by("last_name", "first_name", "pk"):
            found[child.school.key].append(child)
    return found
