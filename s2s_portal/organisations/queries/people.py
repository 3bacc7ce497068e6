"""Who works with the portal, and where."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from s2s_portal.organisations.choices import OPEN_STATUSES, STREAM_OF_ROLE, Role, Stream
from s2s_portal.organisations.models import Establishment, Membership, User, Zone

SYSTEM_EMAIL = "portal@s2s.invalid"
"""The e-mail address by which the portal's own user is known; nobody can ever receive mail there."""


def subject_of(person: User) -> str:
    """How audit rows and links name a person: everything that is told of them hangs on this spelling."""
    return f"person {person.pk}"


def system_user() -> User:
    """The user that jobs and commands act as. Raises `User.DoesNotExist` before `ensure_system_user` has run."""
    return User.objects.get(email=SYSTEM_EMAIL)


def is_system(user: User) -> bool:
    """Whether `user` is the portal itself."""
    return user.email == SYSTEM_EMAIL


def people(*, text: str = "", role: str = "") -> QuerySet[User]:
    """Everyone but the portal's own user, by name, with `memberships` and their zones in two more queries.

    Each word of `text` is in their name or e-mail address; with a `role`, only those who hold it.
    """
    everyone = User.objects.exclude(email=SYSTEM_EMAIL).prefetch_related("memberships__zones")
    for word in text.split():
        everyone = everyone.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    if role:
        everyone = everyone.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), role=role)))
    return everyone.order_by("full_name", "pk")


def active_people(role: Role) -> QuerySet[User]:
    """Everyone who holds `role` and can sign in, by name: whom a message to that role reaches."""
    return User.objects.filter(is_active=True, memberships__role=role).order_by("full_name", "pk")


def holders_of(role: Role, ids: Collection[int]) -> set[int]:
    """Which of these people hold `role` and can sign in. One query."""
    held = Membership.objects.filter(role=role, user__in=ids, user__is_active=True)
    return set(held.values_list("user", flat=True))


@dataclass(frozen=True)
class ZoneRow:
    """One zone with how many open settings and schools it has, and who advises them (active people)."""

    pk: int
    name: str
    settings: int
    schools: int
    early_years_advisers: int
    send_advisers: int


def zones() -> list[ZoneRow]:
    """Every zone by name, in three queries whatever their number."""
    places = Counter[tuple[int, str]]()
    for zone_id, eligibility, count in (
        Establishment.objects.filter(status__in=OPEN_STATUSES, zone__isnull=False)
        .values_list("zone_id", "kind__eligibility")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        places[zone_id, eligibility] = count
    advisers = Counter(
        Membership.objects.filter(role__in=STREAM_OF_ROLE, user__is_active=True, zones__isnull=False).values_list(
            "zones", "role"
        )
    )
    early_years, mainstream = STREAM_OF_ROLE
    return [
        ZoneRow(
            pk=zone.pk,
            name=zone.name,
            settings=places[zone.pk, Stream.EARLY_YEARS],
            schools=places[zone.pk, Stream.MAINSTREAM],
            early_years_advisers=advisers[zone.pk, early_years],
            send_advisers=advisers[zone.pk, mainstream],
        )
        for zone in Zone.objects.order_by("name", "pk")
    ]


def zones_named(names: list[str]) -> list[Zone]:
    """The zones with these names. Raises `LookupError`, with a sentence, for a name that no zone has."""
    found = {zone.name: zone for zone in Zone.objects.filter(name__in=names)}
    unknown = [name for name in names if name not in found]
    if unknown:
        known = ", ".join(Zone.objects.order_by("name").values_list("name", flat=True)) or "none is loaded yet"
        raise LookupError(f"There is no zone named {', '.join(unknown)}. The zones: {known}.")
    return [found[name] for name in dict.fromkeys(names)]
