"""Giving requests to teachers: assign, hand over with the planned visits. Cover has a module of its own."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from referrals.actions import history, open_offers, planned_visits, telling_support, telling_visits
from referrals.actions.steps import Step, opened, wrote
from referrals.choices import Action, BookingChanged
from referrals.documents import AssignedFacts, ReassignedFacts
from referrals.models import Booking, BookingTeacher, Referral
from referrals.queries import diaries, progress
from referrals.queries.standards import standards_at
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.jobs import actions as jobs
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import Establishment, Membership, User
from s2s_portal.organisations.queries.calendar import days


class NotATeacher(ValueError):
    """A request is given only to somebody who is an S2S teacher and signs in; the message says so."""


@transaction.atomic
def assign(
    *, referral: Referral, teacher: User, reasons: Sequence[str], note: str = "", by: User, at: datetime
) -> Step:
    """Give a request to a teacher. `reasons` are those the portal showed for them; `note` is the co-ordinator's own.

    Pressed twice for the same teacher it is the same. Raises `NotAllowed` unless `by` is a co-ordinator, `NotATeacher`.
    """
    school = home_school(teacher)
    now = opened(referral=referral, action=Action.ASSIGN, by=by, at=at)
    row, step = now.referral, now.step
    if step is None and row.teacher_id == teacher.pk and row.status in lifecycle.WITH_A_TEACHER:
        return Step(row)
    if step is None:
        return now.refused(Action.ASSIGN)
    row.status, row.teacher, row.provider_school = lifecycle.leads_to(step, returned_from=None), teacher, school
    row.save(update_fields=["status", "teacher", "provider_school"])
    due_on = _contact_due_on(row, at)
    facts = AssignedFacts(
        teacher=teacher.full_name,
        school=school.display_name if school else "",
        contact_due_on=due_on.isoformat(),
        reasons=list(reasons),
        note=note,
    )
    event = history.append(referral=row, facts=facts, by=by, at=at)
    telling_support.given_to(
        referral=row, teacher=teacher, how="assigned", seq=event.seq, by=by, at=at, contact_due_on=due_on
    )
    telling_support.with_teacher(referral=row, teacher=teacher, seq=event.seq, at=at)
    wrote("gave a request to a teacher", row, by)
    return Step(row)


def home_school(teacher: User) -> Establishment | None:
    """The teacher's own school, if it is known. Raises `NotATeacher`."""
    memberships = Membership.objects.filter(user=teacher, role=Role.S2S_TEACHER, user__is_active=True)
    membership = memberships.select_related("home_school__kind").first()
    if membership is None:
        raise NotATeacher(f"{teacher} is not an S2S teacher who signs in.")
    return membership.home_school


def _contact_due_on(referral: Referral, at: datetime) -> date:
    """By when S2S means to reach the setting (R10)."""
    clocks = progress.clocks_of([referral], standards=standards_at(at), days=days(), today=calendar.london_date(at))
    return clocks[referral.pk][0].due_on or calendar.london_date(at)


@transaction.atomic
def reassign(*, referral: Referral, teacher: User, note: str, by: User, at: datetime) -> Step:
    """Hand a request over to another teacher, with a note for them; planned visits go with it.

    One that has begun stays with whoever went: its record says who was there. A visit at a time at which the new
    teacher has another is not taken over in silence: nothing is done and the refusal names it. Raises `NotAllowed`
    unless `by` is a co-ordinator, `NotATeacher`.
    """
    school = home_school(teacher)
    now = opened(referral=referral, action=Action.REASSIGN, by=by, at=at)
    row, was = now.referral, now.referral.teacher
    if now.step is None or was is None:
        return now.refused(Action.REASSIGN)
    if was.pk == teacher.pk:
        return Step(row)
    theirs = [one for one in planned_visits.planned_of(row) if one.starts_at > at and _goes(one, was)]
    refusal = clash(theirs, teacher)
    if refusal:
        return Step(row, refusal)
    row.teacher, row.provider_school = teacher, school
    row.save(update_fields=["teacher", "provider_school"])
    open_offers.take_back(referral=row, at=at)
    for booking in theirs:
        _take_over(booking, row, was, teacher, by, at)
    if theirs:  # nobody has asked yet whether the new teacher is there then
        jobs.ask(job=CHECK_BOOKINGS, subject=str(row.pk), at=at)
    facts = ReassignedFacts(
        was=was.full_name,
        teacher=teacher.full_name,
        school=school.display_name if school else "",
        visits_moved=len(theirs),
        note=note,
    )
    event = history.append(referral=row, facts=facts, by=by, at=at)
    telling_support.given_to(
        referral=row, teacher=teacher, how="handed over", seq=event.seq, by=by, at=at, from_teacher=was
    )
    telling_support.with_teacher(referral=row, teacher=teacher, seq=event.seq, at=at)
    wrote("gave a request to another teacher", row, by)
    return Step(row)


def _goes(booking: Booking, teacher: User) -> bool:
    return any(one.teacher_id == teacher.pk and one.live for one in booking.teachers.all())


def clash(bookings: Sequence[Booking], teacher: User) -> str:
    """Lock the teacher's diary, and name a visit of theirs that overlaps one of these; "" if none does (R12)."""
    diaries.lock([teacher])
    for booking in bookings:
        if _goes(booking, teacher):
            continue
        for other in diaries.overlapping(teacher, booking.starts_at, booking.ends_at):
            return f"{teacher.full_name} has {diaries.named(other)}. Move one of the visits first."
    return ""


def _take_over(booking: Booking, referral: Referral, was: User, teacher: User, by: User, at: datetime) -> None:
    """Put `teacher` in the place of `was` on one planned visit, and tell both calendars."""
    booking.teachers.filter(teacher=was).update(live=False)
    row, is_new = BookingTeacher.objects.get_or_create(
        booking=booking, teacher=teacher, defaults={"starts_at": booking.starts_at, "ends_at": booking.ends_at}
    )
    if not is_new:
        row.starts_at, row.ends_at, row.live = booking.starts_at, booking.ends_at, True
        row.save()
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
    teachers = planned_visits.teachers_of(booking)
    taken_over = f"{teacher.full_name} took the visit over."
    planned_visits.settle_flags([booking], how=taken_over, causes=planned_visits.OF_TEACHERS, by=by, at=at)
    planned_visits.write_change(booking=booking, what=BookingChanged.TEACHERS, teachers=teachers, by=by, at=at)
    telling_visits.taken_from(booking=booking, referral=referral, teacher=was, teachers=teachers, at=at)
    telling_visits.moved(booking=booking, referral=referral, teachers=teachers, was_starts_at=booking.starts_at, at=at)
