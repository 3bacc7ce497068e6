"""Booking visits: judged under the lock of the teachers' diaries, told with a calendar file (R10–R12)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from referrals.actions import history, open_offers, planned_visits, telling_visits
from referrals.actions.steps import USED_ELSEWHERE, Step, opened, wrote
from referrals.choices import Action, BookingChanged
from referrals.documents import BookedFacts
from referrals.models import Booking, BookingTeacher, Referral
from referrals.queries import diaries
from referrals.queries.circumstances import circumstances_of
from referrals.queries.standards import standards_at
from referrals.rules import bookings as rules
from referrals.rules import lifecycle
from referrals.rules.bookings import Judgement, Wanted
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Booked(Step):
    """What came of booking or moving a visit: the booking, or what speaks against the time."""

    booking: Booking | None = None
    judgement: Judgement = field(default_factory=Judgement)


@transaction.atomic
def book(
    *,
    referral: Referral,
    key: uuid.UUID,
    wanted: Wanted,
    teachers: Sequence[User],
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
) -> Booked:
    """Book a visit for one or more teachers; the same `key` again is the same visit.

    `reasons` overrule warnings, by `BookingProblem`, and those that did are kept; what refuses the time and the
    warnings without a reason are in the result's `judgement`, and nothing was booked. Raises `NotAllowed` unless `by`
    has the request, `ValueError` without teachers.
    """
    if not teachers:
        raise ValueError("A visit has at least one teacher.")
    now = opened(referral=referral, action=Action.BOOK, by=by, at=at)
    row = now.referral
    known = Booking.objects.filter(key=key).first()
    if known is not None:
        return _booked_already(row, known)
    if now.step is None:
        return Booked(row, refusal=now.refused(Action.BOOK).refusal)
    teachers = diaries.lock(teachers)
    judgement = _judged(row, wanted, teachers, reasons, at)
    if not judgement.suits:
        return Booked(row, judgement=judgement)
    booking = _made(row, key, wanted, teachers, judgement.reasons, by, at)
    open_offers.take_back(referral=row, at=at, besides=key)
    row.status = lifecycle.leads_to(now.step, returned_from=None)
    row.save(update_fields=["status"])
    history.append(referral=row, facts=_facts(booking, teachers), by=by, at=at)
    if wanted.starts_at > at:
        telling_visits.booked(booking=booking, referral=row, teachers=teachers, at=at)
    wrote("booked a visit", row, by)
    return Booked(row, booking=booking)


def _booked_already(referral: Referral, known: Booking) -> Booked:
    """The answer to a second press; a key that made a visit of another request makes none of this one."""
    if known.referral_id != referral.pk:
        return Booked(referral, refusal=USED_ELSEWHERE)
    return Booked(referral, booking=known)


def _facts(booking: Booking, teachers: Sequence[User]) -> BookedFacts:
    return BookedFacts(
        booking=str(booking.key),
        kind=booking.kind,
        mode=booking.mode,
        starts_at=booking.starts_at.isoformat(),
        ends_at=booking.ends_at.isoformat(),
        teachers=[teacher.full_name for teacher in teachers],
        reasons=booking.reasons,
    )


def _judged(
    referral: Referral, wanted: Wanted, teachers: Sequence[User], reasons: Mapping[str, str], at: datetime
) -> Judgement:
    given = circumstances_of(referral, wanted, teachers, standards=standards_at(at))
    return rules.judge(rules.problems(wanted, given, at=at), reasons=reasons)


def _made(
    referral: Referral,
    key: uuid.UUID,
    wanted: Wanted,
    teachers: Sequence[User],
    reasons: Mapping[str, str],
    by: User,
    at: datetime,
) -> Booking:
    booking = Booking.objects.create(
        key=key,
        referral=referral,
        kind=wanted.kind,
        mode=wanted.mode,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        reasons=dict(reasons),
        booked_by=by,
        booked_at=at,
    )
    BookingTeacher.objects.bulk_create(
        BookingTeacher(booking=booking, teacher=teacher, starts_at=wanted.starts_at, ends_at=wanted.ends_at)
        for teacher in teachers
    )
    planned_visits.write_change(booking=booking, what=BookingChanged.BOOKED, teachers=teachers, by=by, at=at)
    return booking
