"""Working days and term time of the county and of each school or setting, and when teachers are away.

Rules take them as values: `core.calendar.Days`, and the days on which somebody is away.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from s2s_portal.core.calendar import SATURDAY, Days, academic_year
from s2s_portal.organisations.choices import Away, ClosureKind, Role
from s2s_portal.organisations.models import (
    BankHoliday,
    Closure,
    Establishment,
    Leave,
    Membership,
    Term,
    User,
    WorkingWeek,
)
from s2s_portal.organisations.queries.people import active_people

MONDAY_TO_FRIDAY = frozenset(range(SATURDAY))
MOST_NAMED = 500
"""Schools and settings that a query names one by one: SQLite takes 999 parameters."""


# --- Days --------------------------------------------------------------------------------------------------------
def days() -> Days:
    """The county's working days and term time. One query."""
    return days_of([])[None]


def days_for(establishment_id: int) -> Days:
    """The working days and term time of one school or setting: the county's, less its own closures. One query."""
    return days_of([establishment_id])[establishment_id]


def days_of(establishment_ids: Collection[int]) -> dict[int | None, Days]:
    """As `days_for` for many schools and settings by id, and the county's under None. One query for any number."""
    terms: list[tuple[date, date]] = []
    holidays: set[date] = set()
    closures: dict[int | None, list[Stretch]] = {}
    rows = _rows_of(set(establishment_ids)) if establishment_ids else _county_rows().all()
    for place, what, first, last in rows:
        if what == _TERM:
            terms.append((first, last))
        elif what == _BANK_HOLIDAY:
            holidays.add(first)
        else:
            closures.setdefault(place, []).append(Stretch(what, first, last))
    known = tuple(sorted(terms)), frozenset(holidays)
    countywide = closures.pop(None, [])
    county = _days(*known, countywide)
    # Places without closures of their own share one value, and what it works out.
    found: dict[int | None, Days] = dict.fromkeys([None, *establishment_ids], county)
    return found | {place: _days(*known, countywide + own) for place, own in closures.items() if place in found}


_TERM, _BANK_HOLIDAY = "TERM", "BANK_HOLIDAY"


@dataclass(frozen=True)
class Stretch:
    """Days of one kind (a `ClosureKind`), first and last included: as much of a closure as days are made from."""

    kind: str
    starts_on: date
    ends_on: date


def _rows_of(establishment_ids: set[int]) -> QuerySet[Closure, tuple[int | None, str, date, date]]:
    """Closures, terms and bank holidays in one statement, as a page has few: place, what, first and last day."""
    nowhere = Cast(Value(None), BigIntegerField())
    shut = _closures_of(establishment_ids).order_by()
    closures = shut.values_list("establishment_id", "kind", "starts_on", "ends_on")
    terms = Term.objects.order_by().values_list(nowhere, Value(_TERM), "starts_on", "ends_on")
    holidays = BankHoliday.objects.order_by().values_list(nowhere, Value(_BANK_HOLIDAY), "day", "day")
    return closures.union(terms, holidays, all=True)


@cache
def _county_rows() -> QuerySet[Closure, tuple[int | None, str, date, date]]:
    """The same where no place is asked for: always the same statement, so it is put together once."""
    return _rows_of(set())


def _closures_of(establishment_ids: set[int]) -> QuerySet[Closure]:
    """The county's closures and those of these places; of every place if there are too many to name."""
    if len(establishment_ids) > MOST_NAMED:
        return Closure.objects.all()
    return Closure.objects.filter(Q(establishment=None) | Q(establishment__in=establishment_ids))


def _days(
    terms: tuple[tuple[date, date], ...], holidays: frozenset[date], closures: Iterable[Closure | Stretch]
) -> Days:
    shut: dict[str, set[date]] = {kind: set() for kind in ClosureKind}
    for one in closures:
        shut[one.kind].update(each_day(one.starts_on, one.ends_on))
    return Days(
        bank_holidays=holidays,
        terms=terms,
        closures=frozenset(shut[ClosureKind.CLOSED]),
        staff_only=frozenset(shut[ClosureKind.STAFF_ONLY]),
    )


def each_day(first: date, last: date) -> Iterator[date]:
    """Each day from `first` to `last`, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


# --- Away --------------------------------------------------------------------------------------------------------
def away_on(user_ids: Collection[int], first: date, last: date) -> dict[int, dict[date, Away]]:
    """For each person the days from `first` to `last` (both included) on which they cannot be booked, and why.

    Leave, and weekdays on which they do not work. Weekends are nobody's: `Days` knows them. Two queries.
    """
    away: dict[int, dict[date, Away]] = {}
    weeks = _weeks_of(user_ids, last)
    for person in user_ids:
        own = weeks.get(person, [])
        weekdays = (day for day in each_day(first, last) if day.weekday() < SATURDAY)
        away[person] = {day: Away.DOES_NOT_WORK for day in weekdays if day.weekday() not in _worked(own, day)}
    for leave in Leave.objects.filter(user__in=user_ids, starts_on__lte=last, ends_on__gte=first):
        begins, ends = max(leave.starts_on, first), min(leave.ends_on, last)
        away[leave.user_id] |= dict.fromkeys(each_day(begins, ends), Away.ON_LEAVE)
    return away


def working_week_of(user_id: int, day: date) -> frozenset[int]:
    """The weekdays on which somebody works in the week of `day`; Monday is 0. Monday to Friday if nothing is set."""
    return _worked(_weeks_of([user_id], day).get(user_id, []), day)


def weeks_set_for(user_id: int) -> list[WorkingWeek]:
    """The working weeks that were ever set for somebody, the latest first."""
    return list(WorkingWeek.objects.filter(user=user_id).order_by("-in_force_from"))


def leave_from(user_ids: Collection[int], day: date) -> dict[int, list[Leave]]:
    """For each person the leave that ends on `day` or later, in order. One query."""
    found: dict[int, list[Leave]] = {person: [] for person in user_ids}
    for leave in Leave.objects.filter(user__in=user_ids, ends_on__gte=day).order_by("starts_on"):
        found[leave.user_id].append(leave)
    return found


def find_leave(user_id: int, pk: int) -> Leave | None:
    """Somebody's leave by its primary key; None if it is not theirs."""
    return Leave.objects.filter(user=user_id, pk=pk).first()


def _weeks_of(user_ids: Collection[int], last: date) -> dict[int, list[WorkingWeek]]:
    """The working weeks of each person that are in force by `last`, the latest first."""
    weeks: dict[int, list[WorkingWeek]] = {}
    for week in WorkingWeek.objects.filter(user__in=user_ids, in_force_from__lte=last).order_by("-in_force_from"):
        weeks.setdefault(week.user_id, []).append(week)
    return weeks


def _worked(weeks: Sequence[WorkingWeek], day: date) -> frozenset[int]:
    """The weekdays worked at `day`, given a person's weeks with the latest first."""
    return next((week.weekdays for week in weeks if week.in_force_from <= day), MONDAY_TO_FRIDAY)


@dataclass(frozen=True)
class TeacherDays:
    """One S2S teacher, their own school's name ("" if none is set), the weekdays they work and their leave to come."""

    person: User
    home_school: str
    weekdays: frozenset[int]
    leave: list[Leave]


def teachers(day: date) -> list[TeacherDays]:
    """Every active S2S teacher by name, as they work on `day`. Three queries."""
    held = Membership.objects.filter(role=Role.S2S_TEACHER, user__is_active=True)
    memberships = list(held.select_related("user", "home_school__kind").order_by("user__full_name", "user"))
    ids = [membership.user_id for membership in memberships]
    weeks, leave = _weeks_of(ids, day), leave_from(ids, day)
    return [
        TeacherDays(
            person=one.user,
            home_school=str(one.home_school or ""),
            weekdays=_worked(weeks.get(one.user_id, []), day),
            leave=leave[one.user_id],
        )
        for one in memberships
    ]


def find_teacher(pk: int) -> User | None:
    """The active S2S teacher with this primary key."""
    return active_people(Role.S2S_TEACHER).filter(pk=pk).first()


# --- The calendar's pages ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class WholeCalendar:
    """The county's calendar as people read it, in order: terms, bank holidays, and its own closed and training days."""

    terms: list[Term]
    bank_holidays: list[BankHoliday]
    closures: list[Closure]

    @property
    def days(self) -> Days:
        """The same as rules take it."""
        stretches = tuple((term.starts_on, term.ends_on) for term in self.terms)
        return _days(stretches, frozenset(holiday.day for holiday in self.bank_holidays), self.closures)

    @property
    def first_day(self) -> date:
        """The last day of whatever ends first; the last of all days if there is nothing."""
        ends = [row.ends_on for row in [*self.terms, *self.closures]] + [holiday.day for holiday in self.bank_holidays]
        return min(ends, default=date.max)

    def since(self, day: date) -> "WholeCalendar":
        """Only what ends on `day` or later."""
        return WholeCalendar(
            terms=[term for term in self.terms if term.ends_on >= day],
            bank_holidays=[holiday for holiday in self.bank_holidays if holiday.day >= day],
            closures=[closure for closure in self.closures if closure.ends_on >= day],
        )


def whole_calendar() -> WholeCalendar:
    """All that is entered for the whole county. Three queries."""
    return WholeCalendar(
        terms=list(Term.objects.order_by("starts_on")),
        bank_holidays=list(BankHoliday.objects.order_by("day")),
        closures=list(Closure.objects.filter(establishment=None).order_by("starts_on")),
    )


def closures_of(establishment: Establishment) -> list[Closure]:
    """The closures and training days of one school or setting, without the county's, in order."""
    return list(Closure.objects.filter(establishment=establishment).order_by("starts_on"))


def school_closures(day: date) -> QuerySet[Closure]:
    """Closures and training days of schools and settings that end on `day` or later, in order."""
    coming = Closure.objects.filter(establishment__isnull=False, ends_on__gte=day)
    return coming.select_related("establishment__kind", "establishment__zone").order_by("starts_on", "pk")


def find_term(pk: int) -> Term | None:
    """The stretch of term with this primary key."""
    return Term.objects.filter(pk=pk).first()


def find_bank_holiday(pk: int) -> BankHoliday | None:
    """The bank holiday with this primary key."""
    return BankHoliday.objects.filter(pk=pk).first()


def find_closure(pk: int, establishment: Establishment | None) -> Closure | None:
    """The closure with this primary key, if it is this school's or setting's; of the whole county if None."""
    return Closure.objects.select_related("establishment__kind").filter(pk=pk, establishment=establishment).first()


@dataclass(frozen=True)
class MissingYear:
    """An academic year, by the year in which it begins, whose term dates are not all entered."""

    year: int
    is_partly_there: bool

    @property
    def sentence(self) -> str:
        """What pages say: "Dates for 2026 to 2027 are not entered."."""
        return (
            f"{'Some dates' if self.is_partly_there else 'Dates'} for {self.year} to {self.year + 1} are not entered."
        )


def missing_years(calendar: Days, today: date) -> list[MissingYear]:
    """Of this academic year, the next, all that are begun and the one after them: those not wholly entered."""
    begun = {academic_year(first) for first, _ in calendar.terms}
    years = range(min(begun | {academic_year(today)}), max(begun | {academic_year(today)}) + 2)
    return [MissingYear(year, year in begun) for year in years if not calendar.knows_year(year)]
