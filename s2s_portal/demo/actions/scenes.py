"""What went differently for some requests, so that there is something to do: mostly for the teacher among personas."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from referrals.actions import assigning, booking, covering, flagging, moving, visiting
from referrals.choices import (
    BookingKind,
    BookingMode,
    BookingState,
    NotHeldReason,
    Status,
    VisitOutcome,
    WhoAsked,
)
from referrals.models import Booking, Referral
from referrals.rules.bookings import Wanted
from s2s_portal.core.calendar import LONDON
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents import support as words
from s2s_portal.demo.documents.days import OPENS_AT, moment
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.organisations.actions import leave
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.people import system_user

YESTERDAY = moment(2024, 11, 25, 15, 20)
AWAY = (date(2024, 12, 5), date(2024, 12, 6))
"""Days on which the persona is at a course, entered after a visit was booked on the first."""
COLLEAGUE_AWAY = (date(2024, 11, 25), date(2024, 12, 6))
"""Days on which the colleague is away for whom the persona covers a request."""
VISITS = (
    (datetime(2024, 11, 26, 9, 0, tzinfo=LONDON), BookingKind.OBSERVATION, BookingMode.IN_PERSON),
    (datetime(2024, 11, 26, 10, 45, tzinfo=LONDON), BookingKind.FOLLOW_UP, BookingMode.IN_PERSON),
    (datetime(2024, 11, 26, 14, 0, tzinfo=LONDON), BookingKind.MODELLING, BookingMode.IN_PERSON),
    (datetime(2024, 11, 28, 9, 30, tzinfo=LONDON), BookingKind.TRAINING_STAFF, BookingMode.IN_PERSON),
    (datetime(2024, 12, 3, 13, 0, tzinfo=LONDON), BookingKind.REVIEW_MEETING, BookingMode.REMOTE),
    (datetime(2024, 12, 5, 9, 30, tzinfo=LONDON), BookingKind.FOLLOW_UP, BookingMode.IN_PERSON),
)
"""What the persona has planned from the morning on which the demo opens; the first visit has just begun."""


class Scenes:
    """Acted after everything else, each with its own moment."""

    def __init__(self, rng: Random, people: Mapping[str, User]) -> None:
        self._rng = rng
        self._coordinator = people[persona_email(Persona.S2S_COORDINATOR)]
        self._teacher = people[persona_email(Persona.S2S_TEACHER)]

    def act(self) -> None:
        """All of them."""
        self._hand_over()
        self._plan_the_week()
        self._new_this_morning()
        colleague = self._cover()
        self._move_and_cancel()
        self._away(self._teacher, AWAY, note=words.LEAVE_NOTE)
        self._away(colleague, COLLEAGUE_AWAY, note="")
        flagging.check(by=system_user(), at=YESTERDAY + timedelta(minutes=1))

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self._rng.getrandbits(128), version=4)

    def _away(self, person: User, days: tuple[date, date], *, note: str) -> None:
        """Leave that was entered yesterday, from the first to the last of two days."""
        leave.add_leave(
            person=person, starts_on=days[0], ends_on=days[1], note=note, by=self._coordinator, at=YESTERDAY
        )

    def _of_others(self, status: Status) -> list[Referral]:
        """Requests in this status that colleagues have, the oldest first."""
        theirs = Referral.objects.filter(status=status).exclude(teacher=self._teacher)
        return list(theirs.select_related("teacher").order_by("place__at", "pk"))

    def _hand_over(self) -> None:
        """Three requests of a colleague whose days no longer fit become the persona's."""
        for referral in [*self._of_others(Status.SUPPORTING)[-2:], *self._of_others(Status.IN_CONTACT)[:1]]:
            assigning.reassign(
                referral=referral, teacher=self._teacher, note=words.HAND_OVER, by=self._coordinator, at=YESTERDAY
            )

    def _plan_the_week(self) -> None:
        """The persona's visits of this week and the next, each of another request that may have one."""
        own = Referral.objects.filter(teacher=self._teacher, status__in=(Status.SUPPORTING, Status.IN_CONTACT))
        free = [one for one in own.order_by("-place__at", "pk") if not _planned(one)]
        for starts_at, kind, mode in VISITS:
            free.remove(next(one for one in free if self._booked(one, starts_at, kind, mode)))

    def _booked(self, referral: Referral, starts_at: datetime, kind: BookingKind, mode: BookingMode) -> bool:
        """Whether a visit at that time could be booked, and so was; the first of a request is an observation."""
        what = kind if referral.visits_held else BookingKind.OBSERVATION
        made = booking.book(
            referral=referral,
            key=self._key(),
            wanted=Wanted(kind=what, mode=mode, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)),
            teachers=[self._teacher],
            reasons={},
            by=self._teacher,
            at=YESTERDAY + timedelta(minutes=10),
        )
        return made.booking is not None

    def _new_this_morning(self) -> None:
        """One request was given to the persona just before the demo opens."""
        waiting = Referral.objects.filter(status=Status.SUBMITTED, place__isnull=False).order_by("place__at", "pk")
        at = OPENS_AT - timedelta(minutes=25)
        assigning.assign(referral=waiting[0], teacher=self._teacher, reasons=[], by=self._coordinator, at=at)

    def _cover(self) -> User:
        """A colleague is away, and the persona covers one of their requests until they are back: the colleague."""
        referral = self._of_others(Status.IN_CONTACT)[0]
        covering.cover(
            referral=referral,
            teacher=self._teacher,
            starts_on=COLLEAGUE_AWAY[0],
            ends_on=COLLEAGUE_AWAY[1],
            note="Please find a time for the first visit: they expect a colleague to ring.",
            by=self._coordinator,
            at=YESTERDAY,
        )
        return referral.teacher

    def _move_and_cancel(self) -> None:
        """Of colleagues' visits one is moved, one is cancelled, and one of the past was not held."""
        planned = Booking.objects.filter(state=BookingState.PLANNED, starts_at__gt=OPENS_AT)
        others = planned.exclude(teachers__teacher=self._teacher).select_related("referral__teacher")
        moved, cancelled, late = list(others.order_by("starts_at", "pk")[2:5])
        hour = timedelta(hours=1)
        moving.move(
            booking=moved,
            starts_at=moved.starts_at + 2 * hour,
            ends_at=moved.ends_at + 2 * hour,
            sequence=0,
            asked_by=WhoAsked.SETTING,
            note="The nativity rehearsal is in the hall until eleven.",
            reasons={},
            by=moved.referral.teacher,
            at=YESTERDAY,
        )
        moving.cancel(
            booking=cancelled,
            sequence=0,
            asked_by=WhoAsked.FAMILY,
            note="The family would like to talk first.",
            by=cancelled.referral.teacher,
            at=YESTERDAY,
        )
        self._not_held(late)

    def _not_held(self, other: Booking) -> None:
        """A visit that was booked for yesterday and found nobody."""
        referral, starts_at = other.referral, datetime(2024, 11, 25, 8, 0, tzinfo=LONDON)
        made = booking.book(
            referral=referral,
            key=self._key(),
            wanted=Wanted(
                kind=BookingKind.FOLLOW_UP,
                mode=BookingMode.REMOTE,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=45),
            ),
            teachers=[referral.teacher],
            reasons={},
            by=referral.teacher,
            at=starts_at - timedelta(days=4),
        ).booking
        assert made is not None  # noqa: S101 - the day is ours: nothing speaks against it
        told = visiting.Told(outcome=VisitOutcome.NOT_HELD, reason=NotHeldReason.SETTING_COULD_NOT)
        visiting.tell_outcome(booking=made, told=told, by=referral.teacher, at=YESTERDAY)


def _planned(referral: Referral) -> bool:
    return referral.bookings.filter(state=BookingState.PLANNED).exists()
