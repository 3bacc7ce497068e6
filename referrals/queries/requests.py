"""Requests: lists, one request with its history, and refusals."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from referrals import documents
from referrals.choices import EventKind, Status
from referrals.documents.changes import changes_in_words
from referrals.models import Decision, Referral, ReferralEvent
from referrals.permissions import Asking, visible_decisions, visible_requests
from s2s_portal.core import references
from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Sees, Stream
from s2s_portal.organisations.models import User, Zone
from s2s_portal.organisations.permissions import sees, zones_by_stream


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed by; blank means everything the person may see."""

    mine: bool = False
    status: str = ""
    stream: str = ""
    zone_id: int | None = None
    period_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class HistoryLine:
    """One event in plain words; the names are those of the timeline component."""

    at: datetime
    by: str
    title: str
    text: str


def move_was_undone(referral: Referral) -> bool:
    """Whether a request that was carried over was moved back. At most one query, for those that may have been."""
    if referral.clocks_from is None or referral.status != Status.WITHDRAWN:
        return False
    return referral.events.filter(kind=EventKind.CARRY_UNDONE).exists()


def visible_to(asking: Asking) -> QuerySet[Referral]:
    """The requests the person may see, newest first."""
    return Referral.objects.filter(visible_requests(asking)).order_by("-submitted_at", "-id")


def listed(asking: Asking, filters: Filters) -> QuerySet[Referral]:
    """A page's list: the person's requests narrowed by `filters`, with what each line shows."""
    return (
        visible_to(asking)
        .filter(_narrowed(asking.user, filters))
        .select_related("establishment__kind", "zone", "submitted_by")
        .only(*LISTED)
    )


LISTED = (
    "reference",
    "stream",
    "status",
    "turn",
    "submitted_at",
    "establishment__name",
    "establishment__urn",
    "establishment__kind__name",
    "zone__name",
    "submitted_by__full_name",
)
"""The columns a list shows. Who the child is never leaves the database for a list."""


def _narrowed(user: User, filters: Filters) -> Q:
    narrowed = Q(submitted_by=user) if filters.mine else Q()
    reference = references.tidied(filters.text)
    if reference:  # names one request, whatever its period, zone and status
        return narrowed & Q(reference=reference)
    if filters.status:
        narrowed &= Q(status=filters.status)
    if filters.stream:
        narrowed &= Q(stream=filters.stream)
    if filters.zone_id:
        narrowed &= Q(zone_id=filters.zone_id)
    if filters.period_id:
        narrowed &= Q(period_id=filters.period_id)
    return narrowed & _named(filters.text) if filters.text.strip() else narrowed


def _named(text: str) -> Q:
    """Establishments whose name has each of the first eight words; none for a text without words."""
    words = folded(text).split()[:8]
    found = Q()
    for word in words:
        found &= Q(establishment__name_folded__contains=word)
    return found if words else Q(pk__in=[])


def find(asking: Asking, reference: str) -> Referral | None:
    """The request with this reference, if the person may see it, with what its page shows."""
    return shown_to(asking).filter(reference=reference).first()


def shown_to(asking: Asking) -> QuerySet[Referral]:
    """The requests the person may see, each with the rows that pages of one request show beside it."""
    return visible_to(asking).select_related(
        "establishment__kind",
        "zone",
        "period__contract",
        "submitted_by",
        "primary_need",
        "secondary_need",
        "indes_section",
        "place",
        "teacher",
        "provider_school__kind",
    )


def sent_from(asking: Asking, key: uuid.UUID) -> Referral | None:
    """The request that the draft with this key became, if the person may see it."""
    return visible_to(asking).filter(submission_key=key).first()


def history_of(referral: Referral, *, with_notes: bool) -> list[HistoryLine]:
    """The request's events, newest first, in plain sentences; `with_notes` for those who see the whole case."""
    events = ReferralEvent.objects.filter(referral=referral).select_related("by").order_by("-seq")
    return [
        HistoryLine(
            at=event.at,
            by=str(event.by),
            title=event.get_kind_display(),
            text=_in_words(event, referral.get_stream_display(), with_notes=with_notes),
        )
        for event in events
    ]


def _in_words(event: ReferralEvent, stream_label: str, *, with_notes: bool) -> str:
    sentence = documents.event_sentence(event.kind, event.version, event.facts, stream_label=stream_label)
    if not with_notes:
        return sentence
    note = event.facts.get("note", "")
    lines = [sentence, *changes_in_words(event.facts), f"“{note}”" if note else ""]
    return "\n".join(line for line in lines if line)


def facts_at_the_beginning(referral: Referral) -> documents.SubmittedFacts | documents.JoinedFacts:
    """What was true when the request was accepted or joined the waiting list: the confirmation page's numbers."""
    event = referral.events.order_by("seq")[0]
    return documents.EVENT_FACTS[event.kind, event.version](**event.facts)


def find_decision(user: User, reference: str) -> Decision | None:
    """The refusal with this reference, if the person may see it."""
    return (
        Decision.objects.filter(visible_decisions(user))
        .select_related("establishment__kind", "by", "period")
        .filter(reference=reference)
        .first()
    )


def zones_to_choose(user: User) -> QuerySet[Zone]:
    """The zones whose requests the person may see, by name: an adviser's own, or all of them."""
    zones = Zone.objects.order_by("name", "pk")
    if sees(user) & {Sees.SENT_FULL, Sees.SENT_WITHOUT_CHILD}:
        return zones
    return zones.filter(pk__in=set().union(*zones_by_stream(user).values()))


def streams_to_choose(user: User) -> list[Stream]:
    """The streams whose requests the person may see."""
    if sees(user) & {Sees.SENT_FULL, Sees.SENT_WITHOUT_CHILD}:
        return list(Stream)
    return [stream for stream in Stream if stream in zones_by_stream(user)]
