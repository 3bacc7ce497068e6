"""Which requests, drafts, refusals and cohorts a person may see: DESIGN §2's "Sees" column as filters (R17)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from referrals.choices import BookingState, EventKind, Status
from referrals.models import BookingTeacher, Cohort, Cover, Referral, ReferralEvent
from s2s_portal.organisations.choices import Permission, Sees, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import can, sees, zones_by_stream

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Asking:
    """Who asks, on which London day, and the references an auditor has a live reason to open (else none).

    Without a day nobody covers anybody: whoever covers a request today sees it today.
    """

    user: User
    reasons: frozenset[str] = frozenset()
    today: date | None = None

    @cached_property
    def beside(self) -> list[int]:
        """The ids of requests of other teachers that the person sees (`also_seen`), looked up once for each page."""
        return also_seen(self)


def visible_requests(asking: Asking) -> Q:
    """The requests that the person may open or list; the one policy for lists, pages and links."""
    seen = sees(asking.user)
    if seen & {Sees.SENT_FULL, Sees.SENT_WITHOUT_CHILD}:
        return Q()
    allowed = NOBODY
    if Sees.OWN_ZONES_FULL in seen:
        allowed |= in_own_zones(asking.user)
    if Sees.UNDER_REASON in seen:
        allowed |= Q(reference__in=asking.reasons)
    if Sees.ASSIGNED_FULL in seen:
        allowed |= Q(teacher=asking.user) | Q(pk__in=asking.beside)
    return allowed


def also_seen(asking: Asking) -> list[int]:
    """The ids of requests that a teacher covers today, or is booked for a visit of beside its own teacher.

    And those of an earlier contract that go on as one of theirs: whoever carries on reads what was done before.

    Who held a visit before the request was handed over sees it no more: it was theirs, and is somebody else's now.
    Looked up first and not joined: an OR over three tables would make the database look at every request there is.
    """
    booked = BookingTeacher.objects.filter(~Q(booking__referral__teacher=asking.user), teacher=asking.user, live=True)
    booked = booked.filter(Q(booking__state=BookingState.PLANNED) | ~Exists(_handed_over_since()))
    covered = covers_on(asking.today).filter(teacher=asking.user)
    booked_ids = booked.order_by().values_list("booking__referral", flat=True)
    carried_on = Referral.objects.filter(teacher=asking.user, continues__isnull=False).exclude(status=Status.WITHDRAWN)
    earlier = carried_on.order_by().values_list("continues", flat=True)
    return list(booked_ids.union(covered.order_by().values_list("referral", flat=True), earlier))


def _handed_over_since() -> QuerySet[ReferralEvent]:
    """That the request of a row of a diary went to another teacher after that visit had begun."""
    events = ReferralEvent.objects.filter(referral=OuterRef("booking__referral"), kind=EventKind.REASSIGNED)
    return events.filter(at__gt=OuterRef("starts_at"))


def covers_on(today: date | None) -> QuerySet[Cover]:
    """The covers of the London day `today`; none without a day."""
    return Cover.objects.none() if today is None else Cover.objects.filter(starts_on__lte=today, ends_on__gte=today)


def in_own_zones(user: User) -> Q:
    """The requests of the streams and zones that an adviser files for; none for everyone else."""
    own = NOBODY
    for stream, zone_ids in zones_by_stream(user).items():
        own |= Q(stream=stream, zone_id__in=zone_ids)
    return own


def sees_child(asking: Asking, referral: Referral) -> bool:
    """Whether someone who sees this request also sees who the child is and what was written about them.

    A request that waits for a place has not been sent: who sees the case of every sent one sees where it stands.
    """
    seen = sees(asking.user)
    return (
        (Sees.SENT_FULL in seen and was_sent(referral))
        or (Sees.ASSIGNED_FULL in seen and (referral.teacher_id == asking.user.pk or referral.pk in asking.beside))
        or referral.zone_id in zones_by_stream(asking.user).get(Stream(referral.stream), set())
        or (Sees.UNDER_REASON in seen and referral.reference in asking.reasons)
    )


def visible_children(asking: Asking) -> Q:
    """Those of the visible requests whose child the person sees, too: `sees_child` as a filter, for files."""
    seen = sees(asking.user)
    allowed = NOBODY
    if Sees.SENT_FULL in seen:
        allowed |= _was_sent()
    if Sees.ASSIGNED_FULL in seen:
        allowed |= Q(teacher=asking.user) | Q(pk__in=asking.beside)
    if Sees.UNDER_REASON in seen:
        allowed |= Q(reference__in=asking.reasons)
    return allowed | in_own_zones(asking.user)


def was_sent(referral: Referral) -> bool:
    """Whether the request has ever reached S2S: one that joined the waiting list has not, unless it got a place."""
    if referral.turn is None or referral.place_id is not None:
        return True
    if referral.status in (Status.WAITING, Status.LAPSED):
        return False
    return referral.events.filter(kind=EventKind.PLACE_GIVEN).exists()


def _was_sent() -> Q:
    """`was_sent` as a filter."""
    given = ReferralEvent.objects.filter(referral=OuterRef("pk"), kind=EventKind.PLACE_GIVEN)
    return Q(turn=None) | Q(place__isnull=False) | Exists(given)


def sees_cases_of(user: User, stream: str, zone_ids: set[int | None]) -> bool:
    """Whether the person has the whole cases of `stream` in all these zones: drafts and requests that wait, too (R16).

    Only its advisers do. Who sees the case of every *sent* request has no more than anybody of those never sent.
    """
    return zone_ids <= zones_by_stream(user).get(Stream(stream), set())


def sees_sent_cases(user: User) -> bool:
    """Whether the person has the whole case of every request that was sent to S2S (R16)."""
    return Sees.SENT_FULL in sees(user)


def visible_drafts(user: User) -> Q:
    """The drafts a person may open: those of their stream and zones, whoever started them."""
    own = NOBODY
    for stream, zone_ids in zones_by_stream(user).items():
        own |= Q(stream=stream, establishment__zone_id__in=zone_ids)
    return own


def visible_decisions(user: User) -> Q:
    """The refusals a person may open: advisers those of their stream and zones, commissioners all."""
    seen = sees(user)
    if Sees.SENT_WITHOUT_CHILD in seen or Sees.SENT_FULL in seen:
        return Q()
    own = NOBODY
    for stream, zone_ids in zones_by_stream(user).items():
        own |= Q(stream=stream) & (Q(zone_id__in=zone_ids) | Q(by=user))
    return own


def visible_cohorts(user: User) -> Q:
    """The cohorts a person may open: SEND Advisers those of their zones, whoever sees every case the ones sent.

    A cohort of which every request waits has not been sent, as each of those requests has not (`was_sent`).
    """
    allowed = NOBODY
    if Sees.SENT_FULL in sees(user):
        allowed |= Exists(Referral.objects.filter(_was_sent(), cohort=OuterRef("pk")))
    own = zones_by_stream(user).get(Stream.MAINSTREAM)
    if own:
        in_own_zone = Cohort.zones.through.objects.filter(cohort=OuterRef("pk"), zone__in=own)
        allowed |= Exists(in_own_zone)
    return allowed


def can_change_cohort(user: User, cohort: Cohort) -> bool:
    """Whether the person may change or send this cohort: a SEND Adviser of one of its zones."""
    own = zones_by_stream(user).get(Stream.MAINSTREAM, set())
    return can(user, Permission.FILE_COHORTS) and any(zone.pk in own for zone in cohort.zones.all())
