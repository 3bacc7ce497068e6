"""What R10's clocks of requests are reckoned from, and how they stand."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, Min, OuterRef, QuerySet

from referrals.choices import Status, VisitOutcome
from referrals.models import Referral, Visit, VisitRecord
from referrals.rules.clocks import Progress, Running, running
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days, london_date
from s2s_portal.organisations.choices import Stream


def standing_records() -> QuerySet[VisitRecord]:
    """Finalised records that were not retracted."""
    return VisitRecord.objects.filter(retraction__isnull=True)


def unrecorded_visits() -> QuerySet[Visit]:
    """Visits that were held and have no record that stands."""
    recorded = Exists(standing_records().filter(visit=OuterRef("pk")))
    return Visit.objects.exclude(outcome=VisitOutcome.NOT_HELD).filter(~recorded)


def first_unrecorded(referrals: Sequence[Referral]) -> dict[int, datetime]:
    """For each request that has one: when its first visit without a record began. One query, none without visits."""
    visited = [referral.pk for referral in referrals if referral.visits_held]
    if not visited:
        return {}
    found = unrecorded_visits().filter(referral__in=visited).order_by().values_list("referral")
    return dict(found.annotate(first=Min("booking__starts_at")))


#: What `progress_of` reads of a request, for whoever reads thousands and none of their texts.
PROGRESS_FIELDS = (
    "stream",
    "status",
    "clocks_from",
    "returned_from",
    "returned_at",
    "contact_paused_days",
    "observation_paused_days",
    "first_contact_at",
    "first_held_at",
    "reviewed_at",
    "place__at",
)


def progress_of(referral: Referral, *, unrecorded_at: datetime | None) -> Progress | None:
    """What the clocks of `referral` are reckoned from; None for one that holds no place. Its place is read with it."""
    if referral.place is None:
        return None
    return Progress(
        stream=Stream(referral.stream),
        status=Status(referral.status),
        placed_on=london_date(referral.clocks_from or referral.place.at),
        returned_from=Status(referral.returned_from) if referral.returned_from else None,
        returned_on=_day(referral.returned_at),
        contact_paused_days=referral.contact_paused_days,
        observation_paused_days=referral.observation_paused_days,
        first_contact_on=_day(referral.first_contact_at),
        first_held_on=_day(referral.first_held_at),
        unrecorded_on=_day(unrecorded_at),
        reviewed_on=_day(referral.reviewed_at),
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else london_date(at)


def clocks_of(
    referrals: Sequence[Referral], *, standards: Standards, days: Days, today: date
) -> dict[int, list[Running]]:
    """The clocks that run for each request, the most urgent first; their places are read with them. One query."""
    unrecorded = first_unrecorded(referrals)
    found = {}
    for referral in referrals:
        progress = progress_of(referral, unrecorded_at=unrecorded.get(referral.pk))
        found[referral.pk] = [] if progress is None else running(progress, standards=standards, days=days, today=today)
    return found
