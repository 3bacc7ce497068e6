"""Planned visits as pages and jobs read them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from referrals.choices import BookingProblem, BookingState, WhoAsked
from referrals.documents.invitations import visit_facts
from referrals.models import Booking, BookingChange, BookingFlag, BookingTeacher, Referral
from referrals.permissions import Asking
from referrals.queries import diaries, requests
from s2s_portal.core import calendar, spoken
from s2s_portal.core.calendar import DayKind
from s2s_portal.core.ics import calendar_file
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import checked, invitation
from s2s_portal.notifications.documents import spoken as spoken_context
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.calendar import away_on, days_for
from s2s_portal.organisations.queries.people import active_people

DAYS_SHOWN = 6
WEEKS_LOOKED_AT = 6


# --- One visit ---------------------------------------------------------------------------------------------------
def find(asking: Asking, key: uuid.UUID) -> Booking | None:
    """The visit with this key, with its request, if the person may see that: one policy for both (R17)."""
    booking = Booking.objects.select_related("referral").filter(key=key).first()
    referral = requests.find(asking, booking.referral.reference) if booking else None
    if booking is None or referral is None:
        return None
    booking.referral = referral
    return booking


def when(booking: Booking) -> str:
    """Its time as people say it: "Tuesday 3 December 2024, 10:00 to 11:30"."""
    return _stretch(booking.starts_at, booking.ends_at)


def _stretch(starts_at: datetime, ends_at: datetime) -> str:
    return f"{spoken.moment_with_weekday(starts_at)} to {spoken.clock_time(ends_at)}"


def teachers_of(booking: Booking) -> list[User]:
    """Who goes; of a visit that does not take place, who would have gone. By name."""
    rows = BookingTeacher.objects.filter(booking=booking).select_related("teacher").order_by("teacher__full_name", "pk")
    going = [row.teacher for row in rows if row.live]
    return going or [row.teacher for row in rows]


@dataclass(frozen=True)
class ChangeLine:
    """One line of a visit's history; the names are those of the timeline component."""

    at: datetime
    by: str
    title: str
    text: str


def changes_of(booking: Booking, *, with_notes: bool) -> list[ChangeLine]:
    """A visit's history, newest first; `with_notes` for those who see the whole case."""
    changes = BookingChange.objects.filter(booking=booking).select_related("by").order_by("-seq")
    return [ChangeLine(one.at, str(one.by), one.get_what_display(), _in_words(one, with_notes)) for one in changes]


def _in_words(change: BookingChange, with_notes: bool) -> str:
    asked = f" Asked for by: {WhoAsked(change.asked_by).label}." if change.asked_by else ""
    note = f"\n“{change.note}”" if change.note and with_notes else ""
    return f"{_stretch(change.starts_at, change.ends_at)}, with {change.teachers}.{asked}{note}"


def flags_of(booking: Booking) -> list[BookingFlag]:
    """What made a visit doubtful: what is open first, then what was settled, the newest first."""
    flags = BookingFlag.objects.filter(booking=booking).select_related("settled_by").order_by("-raised_at", "-pk")
    return sorted(flags, key=lambda flag: flag.settled_at is not None)


def reasons_of(booking: Booking) -> list[tuple[str, str]]:
    """Why it was booked although the portal warned: what it warned of, and the reason."""
    return [(BookingProblem(cause).label, why) for cause, why in booking.reasons.items()]


def calendar_file_of(booking: Booking) -> bytes:
    """The calendar file as the last message about the visit brought it: the same entry, not one more. UTF-8."""
    changed_at = BookingChange.objects.filter(booking=booking).order_by("-seq").values_list("at", flat=True)[0]
    teachers = teachers_of(booking)
    kind = Kind.VISIT_CANCELLED if booking.state == BookingState.CANCELLED else Kind.VISIT_BOOKED
    facts = visit_facts(booking=booking, referral=booking.referral, teachers=teachers, at=changed_at)
    entry = invitation(kind, spoken_context(checked(kind, facts)), base_url=settings.BASE_URL)
    return calendar_file(entry)


# --- Visits of a request -----------------------------------------------------------------------------------------
def colleagues() -> list[User]:
    """Every S2S teacher who can go to a visit, by name."""
    return list(active_people(Role.S2S_TEACHER))


@dataclass(frozen=True)
class FreeDay:
    """A day on which a visit could be, and what the teacher has on it already ("" for nothing)."""

    day: date
    text: str
    taken: str


def free_days(referral: Referral, teacher: User, today: date) -> list[FreeDay]:
    """The next days on which the setting is open and the teacher works, schools' own term days first of all.

    Six at most, within six weeks and the contract's run-off. Six queries.
    """
    last = min(today + timedelta(weeks=WEEKS_LOOKED_AT), referral.period.contract.run_off_ends_on)
    calendar_of_place, away = days_for(referral.establishment_id), away_on([teacher.pk], today, last)[teacher.pk]
    open_kinds = {DayKind.TERM}
    if referral.stream == Stream.EARLY_YEARS or not calendar_of_place.knows_terms(today):
        open_kinds |= {DayKind.HOLIDAY, DayKind.TERMS_NOT_ENTERED}
    span = (today + timedelta(days=number) for number in range((last - today).days + 1))
    days = [day for day in span if calendar_of_place.kind_of(day) in open_kinds and day not in away][:DAYS_SHOWN]
    if not days:
        return []
    taken: dict[date, list[str]] = {}
    for row in diaries.taken([teacher], calendar.starts_at(days[0]), calendar.ends_at(days[-1])):
        taken.setdefault(calendar.london_date(row.starts_at), []).append(spoken.hours(row.starts_at, row.ends_at))
    return [FreeDay(day, f"{day:%A} {spoken.day(day)}", ", ".join(taken.get(day, []))) for day in days]


# --- For jobs ----------------------------------------------------------------------------------------------------
def planned_ids(*, at: datetime, after: int, among: Collection[int] | None) -> QuerySet[Booking, int]:
    """The ids above `after` of planned visits that have not begun, in order; `among` these only, unless None."""
    planned = Booking.objects.filter(state=BookingState.PLANNED, starts_at__gt=at, ends_at__gt=at, pk__gt=after)
    if among is not None:
        planned = planned.filter(pk__in=list(among))
    return planned.order_by("pk").values_list("pk", flat=True)


def ids_of_requests(referrals: Collection[int]) -> list[int]:
    """The ids of the planned visits of the requests with these ids. One query."""
    planned = Booking.objects.filter(referral__in=referrals, state=BookingState.PLANNED)
    return list(planned.values_list("pk", flat=True))


def to_check(ids: Collection[int], at: datetime) -> list[Booking]:
    """Those of these visits that are still planned and have not begun, with what they are looked at again by."""
    planned = Booking.objects.filter(pk__in=list(ids), state=BookingState.PLANNED, starts_at__gt=at)
    related = ("referral__establishment__kind", "referral__provider_school__kind", "referral__period__contract")
    return list(planned.select_related(*related).prefetch_related("teachers__teacher").order_by("pk"))
