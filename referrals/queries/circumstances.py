"""What a time for a visit is judged by: calendars, leave, diaries, journeys, caps (rules.bookings)."""

from collections.abc import Collection, Sequence
from datetime import date

from referrals.choices import About, Agreement, BookingKind, BookingMode, BookingState
from referrals.models import Booking, BookingTeacher, Referral
from referrals.queries import diaries
from referrals.rules.bookings import Circumstances, Neighbour, Wanted
from referrals.rules.standards import DEFAULTS, Standards
from s2s_portal.core import calendar, spoken
from s2s_portal.organisations.choices import Away, EstablishmentStatus, Role, Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.queries.calendar import away_on, days_of
from s2s_portal.organisations.queries.journeys import journeys
from s2s_portal.organisations.queries.people import holders_of

COUNTED = (BookingState.PLANNED, BookingState.HELD)
"""Visits that count towards the caps."""


def circumstances_of(
    referral: Referral,
    wanted: Wanted,
    teachers: Collection[User],
    *,
    standards: Standards,
    besides: Booking | None = None,
) -> Circumstances:
    """What the time `wanted` of a visit by `teachers` is judged by; `besides` is the booking itself when it moves."""
    others = referral.bookings.filter(state__in=COUNTED).exclude(pk=besides.pk if besides else None)
    host = _host(wanted.kind, wanted.mode, referral)
    places = days_of({referral.establishment_id, *([host.pk] if host else ())})
    return Circumstances(
        stream=Stream(referral.stream),
        days=places[referral.establishment_id],
        run_off_ends_on=referral.period.contract.run_off_ends_on,
        standards=standards,
        about=About(referral.about),
        agreement=Agreement(referral.agreement),
        visits=others.count(),
        closes_on=closes_on(referral.establishment),
        host=host.display_name if host else "",
        host_days=places[host.pk] if host else None,
        away=tuple(_away(teachers, wanted)),
        left=tuple(_left(teachers)),
        neighbours=tuple(_neighbours(referral, wanted, teachers, standards, besides)),
    )


def standing_circumstances(bookings: Collection[Booking]) -> dict[int, Circumstances]:
    """What planned visits are looked at again by, by their ids: `rules.standing_problems` needs no more of it.

    The bookings have their request with its establishment, teacher's school and contract, and their teachers. Six
    queries for any number.
    """
    hosts = {one.pk: _host(one.kind, one.mode, one.referral) for one in bookings}
    places = days_of(
        {one.referral.establishment_id for one in bookings} | {host.pk for host in hosts.values() if host is not None}
    )
    goes = {one.pk: [row.teacher for row in one.teachers.all() if row.live] for one in bookings}
    ids = {teacher.pk for teachers in goes.values() for teacher in teachers}
    dates = {one.pk: calendar.london_date(one.starts_at) for one in bookings}
    away = away_on(ids, min(dates.values()), max(dates.values())) if dates else {}
    still = holders_of(Role.S2S_TEACHER, ids)
    return {
        one.pk: Circumstances(
            stream=Stream(one.referral.stream),
            days=places[one.referral.establishment_id],
            run_off_ends_on=one.referral.period.contract.run_off_ends_on,
            standards=DEFAULTS,
            about=About(one.referral.about),
            agreement=Agreement(one.referral.agreement),
            closes_on=closes_on(one.referral.establishment),
            host=host.display_name if (host := hosts[one.pk]) else "",
            host_days=places[host.pk] if host else None,
            away=tuple(
                away_sentence(teacher, away[teacher.pk][dates[one.pk]], dates[one.pk])
                for teacher in goes[one.pk]
                if dates[one.pk] in away[teacher.pk]
            ),
            left=tuple(left_sentence(teacher) for teacher in goes[one.pk] if teacher.pk not in still),
        )
        for one in bookings
    }


def closes_on(place: Establishment) -> date | None:
    """The last day of a school or setting that closes for good; the first of all days where the register says none."""
    if place.status in (EstablishmentStatus.CLOSED, EstablishmentStatus.CLOSING) and place.closed_on:
        return place.closed_on
    return date.min if place.status == EstablishmentStatus.CLOSED else None


def _away(teachers: Collection[User], wanted: Wanted) -> list[str]:
    """A sentence for each teacher who cannot come on that day."""
    day = wanted.day
    away = away_on([teacher.pk for teacher in teachers], day, day)
    return [away_sentence(teacher, away[teacher.pk][day], day) for teacher in teachers if day in away[teacher.pk]]


def away_sentence(teacher: User, why: Away, day: date) -> str:
    """Why a teacher cannot come on a day."""
    if why == Away.ON_LEAVE:
        return f"{teacher.full_name} is on leave on {spoken.day(day)}."
    return f"{teacher.full_name} does not work on {day:%A}s."


def left_sentence(teacher: User) -> str:
    """That somebody is no teacher of S2S any more."""
    return f"{teacher.full_name} is no longer an S2S teacher."


def _left(teachers: Collection[User]) -> list[str]:
    """A sentence for each who is no S2S teacher any more."""
    still = holders_of(Role.S2S_TEACHER, [teacher.pk for teacher in teachers])
    return [left_sentence(teacher) for teacher in teachers if teacher.pk not in still]


def _neighbours(
    referral: Referral, wanted: Wanted, teachers: Collection[User], standards: Standards, besides: Booking | None
) -> list[Neighbour]:
    """The other visits of these teachers on that day, with the way from each."""
    if wanted.ends_at <= wanted.starts_at:
        return []
    first, last = calendar.starts_at(wanted.day), calendar.ends_at(calendar.london_date(wanted.ends_at))
    rows = [row for row in diaries.taken(teachers, first, last) if besides is None or row.booking_id != besides.pk]
    minutes = _minutes(rows, referral, wanted, standards)
    return [
        Neighbour(
            teacher=row.teacher.full_name,
            what=_what(row),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            minutes=minutes.get(row.pk),
        )
        for row in rows
    ]


def _what(row: BookingTeacher) -> str:
    where = row.booking.referral.establishment.display_name
    return f"a visit to {where} at {spoken.clock_time(row.starts_at)}"


def _minutes(
    rows: Sequence[BookingTeacher], referral: Referral, wanted: Wanted, standards: Standards
) -> dict[int, int | None]:
    """How long the way from each visit is, by its row; only between two for which somebody drives."""
    here = place_of(wanted.kind, wanted.mode, referral)
    places = {row.pk: place_of(row.booking.kind, row.booking.mode, row.booking.referral) for row in rows}
    pairs = [(here, there) for there in places.values() if here is not None and there is not None]
    found = journeys(pairs, factor=standards.road_percent / 100, kmh=standards.km_per_hour) if pairs else {}
    return {pk: found[here.pk, there.pk].minutes for pk, there in places.items() if here and there}


def _host(kind: str, mode: str, referral: Referral) -> Establishment | None:
    """The special school that a visit goes to, if it is no visit to the request's own school or setting."""
    place = place_of(kind, mode, referral)
    return place if place is not None and place.pk != referral.establishment_id else None


def place_of(kind: str, mode: str, referral: Referral) -> Establishment | None:
    """Where a visit is: at the school or setting, at the teacher's own school, or nowhere that one drives to."""
    if mode == BookingMode.REMOTE:
        return None
    return referral.provider_school if kind == BookingKind.REVERSE_VISIT else referral.establishment
