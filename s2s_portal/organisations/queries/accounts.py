"""One person's account, and what it can be given: zones, and schools that provide S2S."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from s2s_portal.organisations.choices import OPEN_STATUSES, Eligibility
from s2s_portal.organisations.models import AuditEvent, Establishment, Membership, User, Zone
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL, subject_of


def person_with(pk: int) -> User | None:
    """The person with this id, with memberships, zones and home schools; None for the portal's own user."""
    found = User.objects.exclude(email=SYSTEM_EMAIL).prefetch_related(
        "memberships__zones", "memberships__home_school__kind"
    )
    return found.filter(pk=pk).first()


def held_in_words(memberships: Iterable[Membership]) -> str:
    """What somebody holds, so that two people can tell whether they saw the same: "SEND Adviser (Broad, Marsh)"."""
    return "; ".join(sorted(_in_words(one) for one in memberships))


def _in_words(one: Membership) -> str:
    school = [f"own school {one.home_school}"] if one.home_school else []
    where = [*sorted(zone.name for zone in one.zones.all()), *school]
    return f"{one.get_role_display()} ({', '.join(where)})" if where else one.get_role_display()


def all_zones() -> list[Zone]:
    """Every zone by name."""
    return list(Zone.objects.order_by("name", "pk"))


def provider_schools() -> list[Establishment]:
    """The open schools that provide S2S, by name: where a teacher may work."""
    found = Establishment.objects.filter(status__in=OPEN_STATUSES, kind__eligibility=Eligibility.PROVIDER)
    return list(found.select_related("kind").order_by("name", "pk"))


def history_of(person: User) -> QuerySet[AuditEvent]:
    """What was done to this person's account, the newest first; `by_name` is the name of whoever did it."""
    name = User.objects.filter(pk=OuterRef("user_id")).values("full_name")
    rows = AuditEvent.objects.filter(reference=subject_of(person)).annotate(by_name=Subquery(name))
    return rows.order_by("-at", "-pk")
