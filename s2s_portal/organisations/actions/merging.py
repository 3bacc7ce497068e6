"""A setting that was added by hand turns out to be one of a register: what hangs on it in this app follows."""

from django.db.models import Q, QuerySet

from s2s_portal.organisations.choices import EstablishmentStatus
from s2s_portal.organisations.models import Closure, ContactPerson, Establishment, JourneyTime


def locked_pair(one: Establishment, other: Establishment) -> tuple[Establishment, Establishment]:
    """Both rows as they are now, locked in the order of their keys; inside a transaction."""
    pks = (one.pk, other.pk)
    list(Establishment.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").only("pk"))
    rows = Establishment.objects.select_related("kind", "zone", "merged_into").in_bulk(pks)
    return rows[one.pk], rows[other.pk]


def follow(local: Establishment, target: Establishment) -> None:
    """Move contacts, closed days and journey times to `target`, and close `local` as merged into it. Both are locked.

    What `target` has itself stays: its contact of the same address, its closed days that begin on the same day, its
    journey to the same place. What was merged into `local` before is merged into `target` now: there are no chains.
    """
    _move_contacts(local, target)
    theirs = Closure.objects.filter(establishment=target).values("starts_on")
    Closure.objects.filter(establishment=local).exclude(starts_on__in=theirs).update(establishment=target)
    Closure.objects.filter(establishment=local).delete()
    _move_journeys(local, target)
    if target.zone_id is None:
        target.zone_id = local.zone_id
        target.save(update_fields=["zone"])
    Establishment.objects.filter(merged_into=local).update(merged_into=target)
    local.status, local.merged_into = EstablishmentStatus.CLOSED, target
    local.save(update_fields=["status", "merged_into"])


def _move_contacts(local: Establishment, target: Establishment) -> None:
    known = {
        email.lower() for email in ContactPerson.objects.filter(establishment=target).values_list("email", flat=True)
    }
    mine = list(ContactPerson.objects.filter(establishment=local).order_by("pk"))
    moved = [one.pk for one in mine if one.email.lower() not in known]
    ContactPerson.objects.filter(pk__in=moved).update(establishment=target)
    ContactPerson.objects.filter(establishment=local).delete()


def _move_journeys(local: Establishment, target: Establishment) -> None:
    """Journeys from `local` become journeys from `target`, the lower key first; a row is made anew, as its pair is."""
    known = {_ends_elsewhere(one, target) for one in _journeys(target)}
    mine = list(_journeys(local))
    JourneyTime.objects.filter(pk__in=[one.pk for one in mine]).delete()
    kept = []
    for one in mine:
        elsewhere = _ends_elsewhere(one, local)
        if elsewhere not in known and elsewhere != target.pk:
            one.pk, (one.first_id, one.second_id) = None, sorted((elsewhere, target.pk))
            one._state.adding = True
            kept.append(one)
    JourneyTime.objects.bulk_create(kept)


def _journeys(place: Establishment) -> QuerySet[JourneyTime]:
    return JourneyTime.objects.filter(Q(first=place) | Q(second=place)).order_by("pk")


def _ends_elsewhere(journey: JourneyTime, place: Establishment) -> int:
    return journey.second_id if journey.first_id == place.pk else journey.first_id
