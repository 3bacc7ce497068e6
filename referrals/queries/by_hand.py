"""Is it one of these? What somebody may have meant who wants to add a setting; and what follows when one is merged."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from referrals.choices import BookingState
from referrals.models import Booking, CohortSchool, Decision, DraftReferral, Referral
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.matching import alike
from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Source, Stream
from s2s_portal.organisations.models import ContactPerson, Establishment
from s2s_portal.organisations.queries.by_hand import maybe_meant

MOST_NEAR = 6
"""More than this nobody reads before adding another."""


def near(*, name: str, postcode: str, stream: str | None, besides: Establishment | None = None) -> list[Establishment]:
    """At most six open establishments that may be the one called `name` at `postcode`, the likeliest first.

    Those with a like name, and of the same stream those at the same address; one with a like name but another stream
    too, because the person has to know. One query.
    """
    typed = folded(name)
    found = []
    for one in maybe_meant(name=name, postcode=postcode):
        is_alike, is_there = alike(typed, one.name_folded), bool(postcode) and one.postcode == postcode
        if one != besides and (is_alike or (is_there and one.kind.stream == stream)):
            found.append((not (is_alike and is_there), not is_alike, one.kind.stream != stream, one))
    return [one for *_, one in sorted(found, key=lambda each: each[:-1])][:MOST_NEAR]


@dataclass(frozen=True)
class Following:
    """How much hangs on a setting: counts, no child. `open_requests` and `visits` are part of the requests'."""

    requests: int = 0
    open_requests: int = 0
    waiting: int = 0
    visits: int = 0
    drafts: int = 0
    cohorts: int = 0
    contacts: int = 0
    refusals: int = 0


def following(setting: Establishment) -> Following:
    """What would follow if `setting` were merged. Six queries."""
    sent = Referral.objects.filter(establishment=setting).aggregate(
        requests=Count("pk"),
        open_requests=Count("pk", filter=Q(status__in=OPEN_WITH_S2S)),
        waiting=Count("pk", filter=Q(status="WAITING")),
    )
    return Following(
        visits=Booking.objects.filter(referral__establishment=setting, state=BookingState.PLANNED).count(),
        drafts=DraftReferral.objects.filter(establishment=setting).count(),
        cohorts=CohortSchool.objects.filter(establishment=setting).count(),
        contacts=ContactPerson.objects.filter(establishment=setting).count(),
        refusals=Decision.objects.filter(establishment=setting).count(),
        **sent,
    )


def requests_of(settings: list[Establishment]) -> dict[int, int]:
    """How many requests each has, by primary key; none for those without. One query."""
    rows = Referral.objects.filter(establishment__in=settings).order_by().values_list("establishment")
    return dict(rows.annotate(count=Count("pk")))


@dataclass(frozen=True)
class Unsent:
    """What is being written for a setting: drafts, and schools of cohorts that have no request yet.

    `other_` of either: those of them whose stream is not the one that was asked about.
    """

    drafts: int
    other_drafts: int
    schools: int
    other_schools: int


def unsent_of(setting: Establishment, stream: str | None) -> Unsent:
    """How much is being written for `setting`, and how much of it is not of `stream`. Two queries."""
    drafts = list(DraftReferral.objects.filter(establishment=setting).values_list("stream", flat=True))
    schools = CohortSchool.objects.filter(establishment=setting, sent_edition=None).count()
    return Unsent(
        drafts=len(drafts),
        other_drafts=sum(1 for one in drafts if one != stream),
        schools=schools,
        other_schools=0 if stream == Stream.MAINSTREAM else schools,
    )


def targets(found: QuerySet[Establishment], setting: Establishment) -> list[Establishment]:
    """Of what a search found, those that `setting` can be merged into: open, of its stream, and not itself."""
    same = found.filter(kind__eligibility=setting.kind.eligibility, merged_into=None).exclude(pk=setting.pk)
    return [one for one in same[: 4 * MOST_NEAR] if one.is_open]


def can_be_merged(setting: Establishment) -> bool:
    """Whether it was added by hand and has not been merged yet."""
    return setting.source == Source.LOCAL and setting.merged_into_id is None
