"""Which requests and drafts a person may see, and what they may do: DESIGN §2's "Sees" column as filters (R17)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from referrals.choices import Action, EventKind, Status
from referrals.models import Cohort, Referral, ReferralEvent
from referrals.rules import lifecycle
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Permission, Role, Sees, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import NotAllowed, can, check, roles_of, sees, zones_by_stream

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Asking:
    """Who asks, and the references an auditor has a live recorded reason to open (none for everyone else)."""

    user: User
    reasons: frozenset[str] = frozenset()


def visible_requests(asking: Asking) -> Q:
    """The requests that the person may open or list; the one policy for lists, pages and links."""
    seen = sees(asking.user)
    if seen & {Sees.SENT_FULL, Sees.SENT_WITHOUT_CHILD}:
        return Q()
    allowed = NOBODY
    if Sees.OWN_ZONES_FULL in seen:
        allowed |= _own_zones(asking.user)
    if Sees.UNDER_REASON in seen:
        allowed |= Q(reference__in=asking.reasons)
    # Sees.ASSIGNED_FULL adds nothing until a co-ordinator can assign a request to a teacher.
    return allowed


def _own_zones(user: User) -> Q:
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
        or referral.zone_id in zones_by_stream(asking.user).get(Stream(referral.stream), set())
        or (Sees.UNDER_REASON in seen and referral.reference in asking.reasons)
    )


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


def files_for(user: User, stream: str) -> bool:
    """Whether the person files requests of `stream`: early years advisers early years ones, SEND Advisers the rest."""
    return any(STREAM_OF_ROLE.get(role) == stream for role in roles_of(user))


def check_can_file(user: User, stream: str) -> None:
    """Raise `NotAllowed` unless the person files requests of `stream` (R1)."""
    check(user, Permission.FILE_REQUESTS)
    if not files_for(user, stream):
        whose = Role.EARLY_YEARS_ADVISER if stream == Stream.EARLY_YEARS else Role.SEND_ADVISER
        raise NotAllowed(f"Only a person with the role {whose.label} files {Stream(stream).label} requests.")


def can_withdraw(user: User, referral: Referral) -> bool:
    """Whether the person may withdraw this request now: its stream's adviser in its zone, before a held visit (R8)."""
    try:
        check_can_withdraw(user, referral)
    except NotAllowed:
        return False
    return lifecycle.after(Status(referral.status), Action.WITHDRAW) is not None


def check_can_withdraw(user: User, referral: Referral) -> None:
    """Raise `NotAllowed`, with a sentence, unless the person files for the request's stream and zone (R8)."""
    check(user, Permission.FILE_REQUESTS)
    if referral.zone_id not in zones_by_stream(user).get(Stream(referral.stream), set()):
        raise NotAllowed("Only an adviser of this request’s zone may withdraw it.")
