"""What a school's or setting's contact sees by a signed link: one record, one offer, one visit of their own request.

Nobody signs in here, so nothing is narrowed by who asks: the link says what it opens and to whose address it went.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from referrals.choices import About, OfferState, Status
from referrals.documents.records import RecordContent, content_of
from referrals.models import Addendum, Booking, Offer, OfferedTime, Referral, VisitRecord
from referrals.queries import diaries
from referrals.queries.progress import standing_records
from referrals.rules.teaching import initials
from s2s_portal.core import spoken
from s2s_portal.core.calendar import LONDON
from s2s_portal.organisations.choices import LinkPurpose
from s2s_portal.organisations.models import SignedLink
from s2s_portal.organisations.queries.links import email_hash

_OF_A_REQUEST = ("establishment__kind", "teacher", "submitted_by")


# --- What a link opens -------------------------------------------------------------------------------------------
def record_subject(record: VisitRecord) -> str:
    """What a link to a record says it opens."""
    return f"record {record.reference}"


def offer_subject(offer: Offer) -> str:
    """What a link to an offer of times says it opens."""
    return f"offer {offer.key}"


def visit_subject(booking: Booking) -> str:
    """What a link to a planned visit says it opens."""
    return f"visit {booking.key}"


def record_for(link: SignedLink) -> VisitRecord | None:
    """The record that a link opens, with its addenda (as `added`); None if it was retracted or never was."""
    added = Addendum.objects.select_related("by").order_by("at", "pk")
    related = ["visit__booking", "confirmation", *(f"visit__referral__{name}" for name in _OF_A_REQUEST)]
    found = standing_records().select_related(*related).prefetch_related(Prefetch("addenda", added, to_attr="added"))
    return found.filter(reference=link.subject.removeprefix("record ")).first()


def offer_for(link: SignedLink) -> Offer | None:
    """The offer that a link opens, with its times in order."""
    times = Prefetch("times", OfferedTime.objects.order_by("position"))
    related = ["booking", *(f"referral__{name}" for name in _OF_A_REQUEST)]
    found = Offer.objects.select_related("teacher", *related).prefetch_related(times)
    return found.filter(key=_key_in(link, "offer ")).first()


def visit_for(link: SignedLink) -> Booking | None:
    """The planned visit that a link opens."""
    related = [*(f"referral__{name}" for name in _OF_A_REQUEST), "referral__provider_school__kind"]
    return Booking.objects.select_related(*related).filter(key=_key_in(link, "visit ")).first()


def _key_in(link: SignedLink, before: str) -> uuid.UUID:
    return uuid.UUID(link.subject.removeprefix(before))


def request_of(link: SignedLink) -> Referral | None:
    """The request that a link is about, whatever became of the link."""
    if link.purpose == LinkPurpose.READ_RECORD:
        found = Referral.objects.filter(visits__records__reference=link.subject.removeprefix("record "))
    elif link.purpose == LinkPurpose.CHOOSE_TIME:
        found = Referral.objects.filter(offers__key=_key_in(link, "offer "))
    else:
        found = Referral.objects.filter(bookings__key=_key_in(link, "visit "))
    return found.select_related(*_OF_A_REQUEST).first()


def request_behind(link: SignedLink) -> Referral:
    """As `request_of`, for a link that has opened its page. Raises `Referral.DoesNotExist`."""
    found = request_of(link)
    if found is None:
        raise Referral.DoesNotExist(f"{link} opens nothing.")
    return found


def is_contact(link: SignedLink, referral: Referral) -> bool:
    """Whether the link went to who is the request's contact now: a former one sees nothing more."""
    return link.email_hash == email_hash(newest(referral).contact_email)


_GOES_ON = """
    WITH RECURSIVE goes_on (id, status) AS (
        SELECT id, status FROM referrals_referral WHERE id = %s
        UNION ALL
        SELECT later.id, later.status FROM referrals_referral AS later
        JOIN goes_on ON later.continues_id = goes_on.id AND goes_on.status = %s
    )
    SELECT id, contact_name, contact_email FROM referrals_referral
    WHERE id = (SELECT MAX(id) FROM goes_on)
"""
"""Contract after contract. A move that was undone counts for nothing: it was made before the one that stands."""


def newest(referral: Referral) -> Referral:
    """The request as which this one goes on today, where contracts ended (R15): there its contact is corrected.

    The same object where it was not moved; else one query, of its contact alone, however often it was.
    """
    if referral.status != Status.TRANSFERRED:
        return referral
    return Referral.objects.raw(_GOES_ON, [referral.pk, Status.TRANSFERRED.value])[0]


# --- What is shown -----------------------------------------------------------------------------------------------
def initials_of(referral: Referral) -> str:
    """How the child is named behind a link: "W. T."; "Group" for a group. Never a name or a date of birth."""
    first, last = referral.child_first_name[:1], referral.child_last_name[:1]
    return initials(first, last, is_group=referral.about == About.GROUP)


def stretch(starts_at: datetime, ends_at: datetime) -> str:
    """A time as people say it: "Tuesday 3 December 2024, 10:00 to 11:30"."""
    return f"{spoken.moment_with_weekday(starts_at)} to {ends_at.astimezone(LONDON):%H:%M}"


@dataclass(frozen=True)
class OpenTime:
    """One of an offer's times in words; `is_free` unless it has passed or the teacher has another visit then."""

    position: int
    text: str
    is_free: bool


def times_of(offer: Offer, at: datetime) -> list[OpenTime]:
    """The times of an offer of `offer_for`, in order. One query; booking judges them by more than the diary."""
    times = list(offer.times.all())
    first, last = min(one.starts_at for one in times), max(one.ends_at for one in times)
    taken = [(row.starts_at, row.ends_at) for row in diaries.taken([offer.teacher], first, last)]
    return [
        OpenTime(
            one.position,
            stretch(one.starts_at, one.ends_at),
            one.starts_at > at and not any(begins < one.ends_at and one.starts_at < ends for begins, ends in taken),
        )
        for one in times
    ]


def content_for(record: VisitRecord) -> RecordContent:
    """What a record says, without the words of earlier ones that were retracted since."""
    content = content_of(record.version, record.content)
    if not content.results:
        return content
    gone = VisitRecord.objects.filter(visit__referral=record.visit.referral_id, retraction__isnull=False)
    return content.without(frozenset(gone.values_list("reference", flat=True)))


# --- What is still unanswered ------------------------------------------------------------------------------------
def unconfirmed_records(referrals: Collection[int]) -> QuerySet[VisitRecord]:
    """The standing records of these requests that the contact has not answered; each waits since its `at`."""
    rows = standing_records().filter(visit__referral__in=list(referrals), confirmation__isnull=True)
    return rows.select_related("visit__booking").order_by("at", "pk")


def unanswered_offers(referrals: Collection[int]) -> QuerySet[Offer]:
    """The open offers of these requests, at most one of each; it waits since its `offered_at`."""
    rows = Offer.objects.filter(referral__in=list(referrals), state=OfferState.OPEN)
    return rows.select_related("teacher").order_by("offered_at", "pk")
