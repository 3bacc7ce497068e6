"""What somebody has in hand: named before their roles change or they are deactivated, so that nothing is orphaned."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from referrals.choices import BookingState
from referrals.models import BookingTeacher, Cohort, DraftReferral, Referral
from referrals.models.referrals import NOT_ENDED
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class InHand:
    """Counts of what is with a person now."""

    as_teacher: int
    visits: int  # planned, and still to come
    begun: int  # planned, and begun: nobody has told how they went
    drafts: int
    cohorts: int
    sent: int

    @property
    def sentences(self) -> list[str]:
        """What is with them, and what becomes of it without them; none for nothing."""
        lines = (
            (self.as_teacher, "open request", "with them as S2S teacher until a co-ordinator gives {them} to somebody"),
            (self.visits, "planned visit", "in their diary until {they_are} given to another teacher or cancelled"),
            (self.begun, "visit", "past {their} time, and nobody has told how {they} went"),
            (self.drafts, "draft", "not sent; other advisers of the zone see {them} and can go on with {them}"),
            (
                self.cohorts,
                "cohort",
                "not sent yet, or not for every school; other advisers of the zones see {them} and can go on with "
                "{them}",
            ),
            (self.sent, "open request", "sent by them; other advisers of the zone see {them}"),
        )
        return [_sentence(number, what, where) for number, what, where in lines if number]


def _sentence(number: int, what: str, where: str) -> str:
    one = number == 1
    words = {"them": "it" if one else "them", "they_are": "it is" if one else "they are"}
    words |= {"they": "it" if one else "they", "their": "its" if one else "their"}
    return f"{number} {what}{'' if one else 's'} {'is' if one else 'are'} {where.format(**words)}."


def in_hand(person: User, at: datetime) -> InHand:
    """What is with `person` at `at`. Five statements."""
    visits = _visits(BookingTeacher.objects.filter(teacher=person), at)
    return InHand(
        as_teacher=Referral.objects.filter(teacher=person, status__in=NOT_ENDED).count(),
        visits=visits["planned"],
        begun=visits["begun"],
        drafts=DraftReferral.objects.filter(started_by=person).count(),
        cohorts=Cohort.objects.filter(started_by=person, schools__sent_edition=None).distinct().count(),
        sent=Referral.objects.filter(submitted_by=person, status__in=NOT_ENDED).count(),
    )


@dataclass(frozen=True)
class LeftAlone:
    """Open requests that are with a person as their teacher, and visits to which nobody else goes or has gone."""

    requests: int
    visits: int  # planned, and still to come
    begun: int  # planned, and begun: they may have been held, so nobody should cancel them

    @property
    def in_words(self) -> str:
        """How many of each, for a sentence: "2 open requests and 1 planned visit"; "" for nothing."""
        counts = (
            (self.requests, "open request", "open requests"),
            (self.visits, "planned visit", "planned visits"),
            (self.begun, "visit that was to be held", "visits that were to be held"),
        )
        named = [f"{number} {one if number == 1 else more}" for number, one, more in counts if number]
        return " and ".join([*([", ".join(named[:-1])] if named[1:] else []), *named[-1:]])


def left_alone(person: User, at: datetime) -> LeftAlone:
    """What nobody does any more when `person` has left at `at`. Two statements."""
    going = BookingTeacher.objects.filter(live=True, booking__state=BookingState.PLANNED)
    others = going.filter(
        booking=OuterRef("booking"), teacher__is_active=True, teacher__memberships__role=Role.S2S_TEACHER
    ).exclude(teacher=person)
    visits = _visits(BookingTeacher.objects.filter(~Exists(others), teacher=person), at)
    return LeftAlone(
        requests=Referral.objects.filter(teacher=person, status__in=NOT_ENDED).count(),
        visits=visits["planned"],
        begun=visits["begun"],
    )


def _visits(going: QuerySet[BookingTeacher], at: datetime) -> dict[str, int]:
    """How many of these are planned and to come, and how many have begun and nobody has told how they went."""
    open_ones = going.filter(live=True, booking__state=BookingState.PLANNED)
    to_come = Q(booking__starts_at__gte=at)
    return open_ones.aggregate(planned=Count("pk", filter=to_come), begun=Count("pk", filter=~to_come))
