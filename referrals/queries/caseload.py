"""A teacher's requests: what to do next about each, and how its clocks stand (R10). Initials only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from referrals.choices import About, BookingState, Clock, Status
from referrals.models import Booking, Referral
from referrals.models.referrals import ENDED
from referrals.queries.progress import clocks_of
from referrals.queries.standards import standards_at
from referrals.rules.clocks import Running
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.teaching import initials, next_step
from s2s_portal.core import calendar
from s2s_portal.organisations.queries.calendar import days


@dataclass(frozen=True)
class Case:
    """One request of a teacher. `child` is initials, or "Group"; `clocks` has the most urgent in front.

    `covering` names the colleague for whom it is covered, until `until` (both unset on one's own).
    """

    referral: Referral
    child: str
    clocks: Sequence[Running] = ()
    covering: str = ""
    until: date | None = None

    @property
    def status(self) -> Status:
        """Where it stands."""
        return Status(self.referral.status)

    @property
    def untold_at(self) -> datetime | None:
        """When the first planned visit began of which nobody has told the outcome."""
        return self.referral.untold_at

    @property
    def step(self) -> str:
        """What to do next, in a few words."""
        lacks_record = any(clock.clock == Clock.RECORD for clock in self.clocks)
        return next_step(
            self.status,
            untold_at=self.untold_at,
            next_visit_at=self.referral.next_visit_at,
            lacks_record=lacks_record,
        )

    @property
    def contact_clock(self) -> Running | None:
        """The clock of R10's first contact, while it runs."""
        return next((one for one in self.clocks if one.clock == Clock.CONTACT and not one.paused), None)

    @property
    def urgency(self) -> tuple[bool, date]:
        """What the most urgent has least of: whether it only waits for others, and the day that something is due."""
        due = [clock.due_on for clock in self.clocks if clock.due_on is not None]
        due += [] if self.untold_at is None else [calendar.london_date(self.untold_at)]
        return self.status == Status.RETURNED, min(due, default=date.max)


def open_cases(teacher: int, *, at: datetime, untold_before: datetime | None = None) -> list[Case]:
    """The open requests that a teacher (id) has or covers today, the most urgent first. Seven queries at most.

    Visits that began before `untold_before` (`at` unless said) have an outcome to tell.
    """
    today, before = calendar.london_date(at), untold_before or at
    own = _shown(Referral.objects.filter(teacher=teacher), at, before).filter(status__in=OPEN_WITH_S2S)
    referrals = [*own, *_covered(teacher, today, at, before)]
    clocks = clocks_of(referrals, standards=standards_at(at), days=days(), today=today)
    cases = [_case(referral, clocks[referral.pk]) for referral in referrals]
    return sorted(cases, key=lambda case: (*case.urgency, case.referral.submitted_at, case.referral.pk))


def ended_cases(teacher: int, *, at: datetime) -> QuerySet[Referral]:
    """The requests of a teacher (id) that have ended, the newest first; `ended_case` makes cases of a page of them."""
    own = _shown(Referral.objects.filter(teacher=teacher, status__in=ENDED), at, at)
    return own.order_by("-submitted_at", "-id")


def ended_case(referral: Referral) -> Case:
    """A request of `ended_cases`: no clock runs any more."""
    return _case(referral, [])


def _covered(teacher: int, today: date, at: datetime, before: datetime) -> QuerySet[Referral]:
    """The open requests of others that a teacher covers today, each once, with whose and until when."""
    covered = Referral.objects.filter(
        covers__teacher=teacher,
        covers__starts_on__lte=today,
        covers__ends_on__gte=today,
        status__in=OPEN_WITH_S2S,
    ).exclude(teacher=teacher)
    return _shown(covered.annotate(covered_until=F("covers__ends_on"), covering=F("teacher__full_name")), at, before)


def _shown(referrals: QuerySet[Referral], at: datetime, before: datetime) -> QuerySet[Referral]:
    """With what a line shows, and the visits that there are to tell of and to come. No child's name is read."""
    planned = Booking.objects.filter(referral=OuterRef("pk"), state=BookingState.PLANNED).order_by("starts_at")
    return (
        referrals.select_related("establishment__kind", "place")
        .only(*_READ)
        .annotate(
            first_letter=Left("child_first_name", 1),
            last_letter=Left("child_last_name", 1),
            untold_at=Subquery(planned.filter(starts_at__lt=before).values("starts_at")[:1]),
            next_visit_at=Subquery(planned.filter(starts_at__gte=before).values("starts_at")[:1]),
        )
        .order_by()
    )


_READ = (
    *("reference", "stream", "status", "about", "submitted_at", "ended_at", "end_state", "teacher_id"),
    *("returned_from", "returned_at", "contact_paused_days", "observation_paused_days"),
    *("clocks_from", "first_contact_at", "first_held_at", "visits_held", "reviewed_at"),
    *("contact_name", "contact_telephone"),
    *("establishment__name", "establishment__urn", "establishment__telephone", "establishment__kind__name"),
    "place__at",
)


def _case(referral: Referral, clocks: Sequence[Running]) -> Case:
    return Case(
        referral=referral,
        child=initials(referral.first_letter, referral.last_letter, is_group=referral.about == About.GROUP),
        clocks=clocks,
        covering=getattr(referral, "covering", ""),
        until=getattr(referral, "covered_until", None),
    )
