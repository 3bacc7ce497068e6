"""Journey times that a co-ordinator knows better than the estimate, such as round an estuary."""

from datetime import datetime

from django.db import transaction

from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.models import Establishment, JourneyTime, User
from s2s_portal.organisations.models.journeys import LONGEST_MINUTES
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.journeys import journey_time


class NotAJourney(ValueError):
    """No time can be kept for this; the message says why, in a sentence."""


@transaction.atomic
def set_journey_time(
    *, one: Establishment, other: Establishment, minutes: int, note: str, by: User, at: datetime
) -> JourneyTime:
    """Keep how many minutes it is between the two, in either direction, instead of the estimate.

    The same again changes nothing. Raises `NotAllowed`, and `NotAJourney` for a place and itself or for minutes that
    cannot be.
    """
    check(by, Permission.SET_JOURNEY_TIMES)
    if one.pk == other.pk:
        raise NotAJourney("Choose two different places: this is the same one twice.")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise NotAJourney(f"A journey takes from 1 to {LONGEST_MINUTES} minutes.")
    before = journey_time(one, other)
    if before and (before.minutes, before.note) == (minutes, note):
        return before
    first, second = sorted((one, other), key=lambda place: place.pk)
    row = JourneyTime(first=first, second=second, minutes=minutes, note=note, set_by=by, set_at=at)
    # One statement: if two people enter the same pair at once, the later one's minutes stay.
    JourneyTime.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["minutes", "note", "set_by", "set_at"],
    )
    _record(f"set a journey to {minutes} minutes", one, other, by)
    return JourneyTime.objects.get(first=first, second=second)


@transaction.atomic
def forget_journey_time(*, one: Establishment, other: Establishment, by: User) -> bool:
    """Go back to the estimate for the journey between the two; False if nobody had entered a time.

    Raises `NotAllowed`.
    """
    check(by, Permission.SET_JOURNEY_TIMES)
    row = journey_time(one, other)
    if row is None:
        return False
    row.delete()
    _record("went back to a journey’s estimate", one, other, by)
    return True


def _record(what: str, one: Establishment, other: Establishment, by: User) -> None:
    first, second = sorted((one.pk, other.pk))
    audit.record(kind=AuditKind.WRITE, what=what, reference=f"journey {first} to {second}", by=by)
