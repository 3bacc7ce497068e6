"""What a database holds of the demo, and where the demo's people find what they need."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from quotas.models import Contract
from referrals.models import Cohort, CohortSchool, DraftReferral, IndesSection, NeedType, Referral
from s2s_portal.core.models import RehearsalClock
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents.cases import Codes
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.organisations.choices import OPEN_STATUSES, Eligibility, Stream
from s2s_portal.organisations.models import Establishment, User, Zone
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL

OLDEST_TO_START = 11
"""Schools that begin later (sixth forms, technical colleges) have none of the children the story tells of."""


def is_loaded() -> bool:
    """Whether the whole demo is here: everybody, and the practice date, which is written last."""
    return RehearsalClock.objects.exists() and len(persona_users()) == len(Persona)


def what_is_here() -> list[str]:
    """What the database holds already, in words such as "3 people"; empty for a database that nobody has used."""
    counts = {
        "people": User.objects.exclude(email=SYSTEM_EMAIL).count(),
        "schools and settings": Establishment.objects.count(),
        "zones": Zone.objects.count(),
        "contracts": Contract.objects.count(),
        "requests": Referral.objects.count(),
        "cohorts": Cohort.objects.count(),
        "drafts": DraftReferral.objects.count(),
        "practice dates": RehearsalClock.objects.count(),
    }
    return [f"{what}: {count}" for what, count in counts.items() if count]


def persona_users() -> dict[Persona, User]:
    """The active user behind each persona; those that are not here are left out. One query."""
    persona_of = {persona_email(persona): persona for persona in Persona}
    users = User.objects.filter(email__in=persona_of, is_active=True).order_by("pk")
    found = {persona_of[user.email]: user for user in users}
    return {persona: found[persona] for persona in Persona if persona in found}


def zones_named(names: list[str]) -> list[Zone]:
    """The zones of these names, in their order."""
    found = {zone.name: zone for zone in Zone.objects.filter(name__in=names)}
    return [found[name] for name in names]


def zones_of(ids: Collection[int]) -> list[Zone]:
    """The zones with these ids, in an order that never changes."""
    return list(Zone.objects.filter(pk__in=ids).order_by("pk"))


def cohort_called(reference: str) -> Cohort:
    """The cohort with this reference, as it is now."""
    return Cohort.objects.get(reference=reference)


def keys_of(cohort: Cohort) -> list[UUID]:
    """The keys of the cohort's schools, in their order."""
    return list(CohortSchool.objects.filter(cohort=cohort).order_by("position").values_list("key", flat=True))


def establishments_for(stream: Stream) -> QuerySet[Establishment]:
    """Those that may have requests of `stream` and have a zone, in an order that never changes."""
    mine = Establishment.objects.filter(status__in=OPEN_STATUSES, kind__eligibility=stream, zone__isnull=False)
    if stream == Stream.MAINSTREAM:
        mine = mine.filter(low_age__lte=OLDEST_TO_START)
    return mine.select_related("kind", "zone").order_by("source", "urn")


def provider_schools() -> list[Establishment]:
    """The special schools that provide S2S, in an order that never changes."""
    providers = Establishment.objects.filter(kind__eligibility=Eligibility.PROVIDER)
    return list(providers.select_related("kind").order_by("source", "urn"))


def codes() -> Codes:
    """The code lists as the story's texts name them."""
    return Codes(
        needs=dict(NeedType.objects.values_list("code", "pk")),
        indes=dict(IndesSection.objects.values_list("number", "pk")),
    )
