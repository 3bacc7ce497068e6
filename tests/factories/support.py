"""Requests further on their way, through the real actions: given to a teacher, in touch, booked, visited, closed."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from referrals.actions import assigning, booking, closing, contacting, ending, returning, visiting
from referrals.choices import (
    BookingKind,
    BookingMode,
    BookingProblem,
    BookingState,
    ContactHow,
    ContactOutcome,
    DeclineReason,
    GoalResult,
    NotStartedReason,
    Status,
    VisitOutcome,
)
from referrals.models import Booking, Referral, Visit, VisitRecord
from referrals.rules.bookings import Wanted
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNKNOWN_TERMS = {BookingProblem.TERMS_UNKNOWN: "The school says that children are in."}
"""Why a school's visit is booked where no terms are entered, as in most tests."""


def somebody(role: Role) -> User:
    """The first person there is who holds `role`, or a new one."""
    return User.objects.filter(memberships__role=role, is_active=True).order_by("pk").first() or person(role)


def assigned(referral: Referral, *, teacher: User | None = None, by: User | None = None, at: datetime = AT) -> Referral:
    """The request, given to `teacher`."""
    teacher, by = teacher or somebody(Role.S2S_TEACHER), by or somebody(Role.S2S_COORDINATOR)
    step = assigning.assign(referral=referral, teacher=teacher, reasons=[], by=by, at=at)
    assert not step.refusal, step.refusal
    return step.referral


def attempt(
    *, at: datetime = AT, outcome: ContactOutcome = ContactOutcome.REACHED, **changes: Any
) -> contacting.Attempt:
    """One line of a contact log."""
    who = "Perran Oxnead" if outcome == ContactOutcome.REACHED else ""
    told = {"key": uuid.uuid4(), "happened_at": at, "how": ContactHow.PHONE, "outcome": outcome, "who": who}
    return contacting.Attempt(**told | changes)


def in_contact(referral: Referral, *, teacher: User | None = None, at: datetime = AT) -> Referral:
    """The request, with a teacher who has reached the setting."""
    row = assigned(referral, teacher=teacher, at=at)
    return contacting.log_contact(referral=row, attempt=attempt(at=at), by=row.teacher, at=at).referral


def handed_over(referral: Referral, *, at: datetime = AT) -> User:
    """Hand a request over to a new teacher, who is returned; `referral` itself stays as it was read."""
    teacher = person(Role.S2S_TEACHER)
    by = somebody(Role.S2S_COORDINATOR)
    step = assigning.reassign(referral=referral, teacher=teacher, note="", by=by, at=at)
    assert not step.refusal
    return teacher


def wanted(starts_at: datetime, *, hours: float = 1, **changes: Any) -> Wanted:
    """A time for a visit."""
    told = {"kind": BookingKind.OBSERVATION, "mode": BookingMode.IN_PERSON}
    return Wanted(starts_at=starts_at, ends_at=starts_at + hours * HOUR, **told | changes)


def book(
    referral: Referral, starts_at: datetime, *, teachers: list[User] | None = None, at: datetime = AT, **changes: Any
) -> Booking:
    """A visit of a request that is in touch or further."""
    everyone = teachers or [referral.teacher]
    reasons = changes.pop("reasons", {})
    made = booking.book(
        referral=referral,
        key=uuid.uuid4(),
        wanted=wanted(starts_at, **changes),
        teachers=everyone,
        reasons=reasons,
        by=referral.teacher,
        at=at,
    )
    assert made.booking is not None, (made.refusal, made.judgement)
    return made.booking


def booked(
    referral: Referral, *, teacher: User | None = None, at: datetime = AT, starts_at: datetime | None = None
) -> Booking:
    """The request's first visit, an hour long, two days after `at` unless said."""
    row = in_contact(referral, teacher=teacher, at=at)
    return book(row, starts_at or at + 2 * DAY, at=at, reasons=UNKNOWN_TERMS if row.stream == "MAINSTREAM" else {})


def held(one: Booking, *, at: datetime | None = None, **told: Any) -> Visit:
    """What became of a booking: held, unless `told` says else; told when it has ended."""
    what = visiting.Told(**{"outcome": VisitOutcome.HELD} | told)
    referral = Referral.objects.select_related("teacher").get(pk=one.referral_id)
    visited = visiting.tell_outcome(booking=one, told=what, by=referral.teacher, at=at or one.ends_at)
    assert visited.visit is not None, visited.refusal
    return visited.visit


def ending_of(referral: Referral, result: GoalResult = GoalResult.MET) -> closing.Ending:
    """A summary, and the same outcome for every goal."""
    results = {goal.pk: (result, "") for goal in referral.goals.all()}
    return closing.Ending(key=uuid.uuid4(), summary="The strategies are in daily use.", results=results)


def recorded(visit: Visit, *, at: datetime | None = None) -> VisitRecord:
    """The finalised record of a held visit, with nothing in it."""
    referral = Referral.objects.select_related("teacher").get(pk=visit.referral_id)
    number = VisitRecord.objects.filter(visit__referral=referral).count() + 1
    visit.draft.delete()
    return VisitRecord.objects.create(
        visit=visit,
        edition=1,
        reference=f"{referral.reference}/{number}",
        version=1,
        content={},
        by=referral.teacher,
        at=at or visit.at,
    )


def closed(referral: Referral, *, at: datetime | None = None, result: GoalResult = GoalResult.MET) -> Referral:
    """A request whose visits were held, closed by its teacher; their records are written where none is."""
    for visit in referral.visits.filter(draft__isnull=False):
        recorded(visit)
    referral = Referral.objects.select_related("teacher").get(pk=referral.pk)
    ending = ending_of(referral, result)
    step = closing.close(referral=referral, ending=ending, by=referral.teacher, at=at or AT + 3 * DAY)
    assert not step.refusal, step.refusal
    return step.referral


def in_status(referral: Referral, status: Status, *, at: datetime = AT) -> Referral:
    """A sent request, brought to `status` by the actions that lead there. CLOSED: as not started."""
    coordinator = somebody(Role.S2S_COORDINATOR)
    if status == Status.ASSIGNED:
        assigned(referral, at=at)
    elif status == Status.RETURNED:
        returning.ask(referral=referral, question="Which mornings?", by=coordinator, at=at)
    elif status == Status.IN_CONTACT:
        in_contact(referral, at=at)
    elif status == Status.BOOKED:
        booked(referral, at=at)
    elif status == Status.SUPPORTING:
        held(booked(referral, at=at))
    elif status == Status.DECLINED:
        ending.decline(referral=referral, reason=DeclineReason.ADVICE_ENOUGH, note="", by=coordinator, at=at)
    elif status == Status.CLOSED:
        reason = NotStartedReason.NOT_WANTED
        ending.close_not_started(referral=referral, reason=reason, note="", by=coordinator, at=at)
    else:
        assert referral.status == status, f"Nothing here leads to {status}."
    return Referral.objects.get(pk=referral.pk)


def planned(referral: Referral) -> list[Booking]:
    """The visits of a request that are still planned."""
    return list(referral.bookings.filter(state=BookingState.PLANNED).order_by("starts_at"))
