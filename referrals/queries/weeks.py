"""Visits in teachers' diaries, as their day, week and month show them.

No child's name is read: the database gives the first letters (DESIGN §2).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Left

from referrals.choices import About, BookingKind, BookingMode, BookingState
from referrals.models import BookingFlag, BookingTeacher
from referrals.permissions import covers_on
from referrals.queries.circumstances import place_of
from referrals.queries.progress import standing_records
from referrals.rules.teaching import initials
from s2s_portal.core import calendar


@dataclass(frozen=True)
class DiaryVisit:
    """One visit of one teacher; moments are aware. `child` is initials, or "Group".

    `place` is "Remote" where nobody drives, with no address; `telephone` is that of the request's contact.
    `covering` names the colleague for whom `teacher` looks after the request ("" for a visit of one's own).
    """

    key: UUID
    booking_id: int
    referral_id: int
    reference: str
    kind: BookingKind
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    establishment_id: int
    establishment: str
    place: str
    address: tuple[str, ...]
    contact: str
    telephone: str
    child: str
    teacher_id: int
    teacher: str
    owner_id: int | None
    is_recorded: bool
    is_doubtful: bool
    covering: str = ""

    @property
    def day(self) -> date:
        """Its London day."""
        return calendar.london_date(self.starts_at)


def visits(teachers: Collection[int], first: date, last: date) -> list[DiaryVisit]:
    """The visits of these teachers (ids) that begin on the London days from `first` to `last`, in order. One query."""
    return _read(_between(first, last).filter(teacher__in=teachers))


def visits_of(referrals: Collection[int], first: date, last: date) -> list[DiaryVisit]:
    """The visits of these requests (ids) on those days, each once, whoever goes. One query; none without requests."""
    if not referrals:
        return []
    found = _read(_between(first, last).filter(booking__referral__in=referrals))
    return list({visit.booking_id: visit for visit in reversed(found)}.values())[::-1]


def diary(teachers: Collection[int], first: date, last: date, *, today: date) -> list[DiaryVisit]:
    """`visits`, and those of requests that these teachers cover today, while the cover lasts. At most three queries."""
    own = visits(teachers, first, last)
    goes = {(visit.booking_id, visit.teacher_id) for visit in own}
    covered = [
        visit for visit in _covered(teachers, first, last, today) if (visit.booking_id, visit.teacher_id) not in goes
    ]
    return sorted([*own, *covered], key=lambda visit: (visit.starts_at, visit.booking_id))


def _covered(teachers: Collection[int], first: date, last: date, today: date) -> list[DiaryVisit]:
    """Each visit of what is covered, as one of whoever covers it."""
    found = covers_on(today).filter(teacher__in=teachers).exclude(referral__teacher=F("teacher"))
    covers = list(found.select_related("teacher", "referral__teacher").only(*_COVER))
    by_referral: dict[int, list[DiaryVisit]] = {}
    for visit in visits_of({cover.referral_id for cover in covers}, first, last):
        by_referral.setdefault(visit.referral_id, []).append(visit)
    theirs = {
        (visit.booking_id, cover.teacher_id): replace(
            visit,
            teacher_id=cover.teacher_id,
            teacher=cover.teacher.full_name,
            covering=cover.referral.teacher.full_name,
        )
        for cover in covers
        for visit in by_referral.get(cover.referral_id, ())
        if cover.starts_on <= visit.day <= cover.ends_on
    }
    return list(theirs.values())


_COVER = ("starts_on", "ends_on", "referral__teacher__full_name", "teacher__full_name")


def next_visit(teacher: int, after: date) -> DiaryVisit | None:
    """The first visit of a teacher that is planned after the London day `after`. One query."""
    rows = _rows().filter(teacher=teacher, starts_at__gte=calendar.ends_at(after), booking__state=BookingState.PLANNED)
    return next(iter(_read(rows[:1])), None)


def _between(first: date, last: date) -> QuerySet[BookingTeacher]:
    return _rows().filter(starts_at__gte=calendar.starts_at(first), starts_at__lt=calendar.ends_at(last))


def _rows() -> QuerySet[BookingTeacher]:
    """What takes teachers' time, in order, with what a list shows of it."""
    flags = BookingFlag.objects.filter(booking=OuterRef("booking"), settled_at=None)
    rows = BookingTeacher.objects.filter(live=True).select_related(
        "teacher", "booking__referral__establishment__kind", "booking__referral__provider_school__kind"
    )
    return (
        rows.only(*_READ)
        .annotate(
            first_letter=Left("booking__referral__child_first_name", 1),
            last_letter=Left("booking__referral__child_last_name", 1),
            is_recorded=Exists(standing_records().filter(visit__booking=OuterRef("booking"))),
            is_doubtful=Exists(flags),
        )
        .order_by("starts_at", "pk")
    )


_PLACE = ("name", "urn", "street", "locality", "address3", "town", "county", "postcode", "telephone", "kind__name")
_READ = (
    *("starts_at", "ends_at", "teacher__full_name"),
    *(f"booking__{name}" for name in ("key", "kind", "mode", "state")),
    *(
        f"booking__referral__{name}"
        for name in ("reference", "about", "contact_name", "contact_telephone", "teacher_id")
    ),
    *(f"booking__referral__establishment__{name}" for name in _PLACE),
    *(f"booking__referral__provider_school__{name}" for name in _PLACE),
)


def _read(rows: Iterable[BookingTeacher]) -> list[DiaryVisit]:
    return [_visit(row) for row in rows]


def _visit(row: BookingTeacher) -> DiaryVisit:
    booking, referral = row.booking, row.booking.referral
    place = place_of(booking.kind, booking.mode, referral)
    is_remote = booking.mode == BookingMode.REMOTE
    return DiaryVisit(
        key=booking.key,
        booking_id=booking.pk,
        referral_id=referral.pk,
        reference=referral.reference,
        kind=BookingKind(booking.kind),
        state=BookingState(booking.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        establishment_id=referral.establishment_id,
        establishment=referral.establishment.display_name,
        place="Remote" if is_remote else place.display_name if place else "",
        address=tuple(place.address_lines) if place else (),
        contact=referral.contact_name,
        telephone=referral.contact_telephone or referral.establishment.telephone,
        child=initials(row.first_letter, row.last_letter, is_group=referral.about == About.GROUP),
        teacher_id=row.teacher_id,
        teacher=row.teacher.full_name,
        owner_id=referral.teacher_id,
        is_recorded=row.is_recorded,
        is_doubtful=row.is_doubtful,
    )
