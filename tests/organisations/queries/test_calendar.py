"""The rows of the calendar as values: days of the county and of schools, and when people are away."""

from datetime import date

import pytest

from s2s_portal.core.calendar import DayKind
from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Away, ClosureKind, Role
from s2s_portal.organisations.queries import calendar
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, LeaveFactory, TermFactory, WorkingWeekFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = date(2024, 12, 2), date(2024, 12, 3), date(2024, 12, 4)
THURSDAY, FRIDAY = date(2024, 12, 5), date(2024, 12, 6)


@pytest.fixture
def term():
    return TermFactory(starts_on=date(2024, 11, 4), ends_on=date(2024, 12, 20))


def test_the_countys_days_are_its_own_closures(term):
    BankHolidayFactory(day=TUESDAY)
    ClosureFactory(starts_on=WEDNESDAY)
    ClosureFactory(starts_on=THURSDAY, kind=ClosureKind.STAFF_ONLY)
    ClosureFactory(establishment=EstablishmentFactory(), starts_on=MONDAY, ends_on=FRIDAY)
    days = calendar.days()
    kinds = [days.kind_of(day) for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)]
    assert kinds == [DayKind.TERM, DayKind.BANK_HOLIDAY, DayKind.CLOSED, DayKind.STAFF_ONLY, DayKind.TERM]


def test_a_schools_days_are_the_countys_and_its_own(term):
    school, other = EstablishmentFactory(), EstablishmentFactory()
    ClosureFactory(starts_on=MONDAY)
    ClosureFactory(establishment=school, starts_on=TUESDAY, ends_on=WEDNESDAY)
    ClosureFactory(establishment=other, starts_on=THURSDAY, kind=ClosureKind.STAFF_ONLY)
    assert calendar.days_for(school.pk).closures == {MONDAY, TUESDAY, WEDNESDAY}
    assert calendar.days_for(school.pk).is_term_day(THURSDAY)
    found = calendar.days_of([school.pk, other.pk])
    assert found.keys() == {None, school.pk, other.pk}
    assert found[other.pk].closures == found[None].closures == {MONDAY}
    assert found[other.pk].staff_only == {THURSDAY}


@pytest.mark.parametrize("count", [1, 3])
def test_days_of_any_number_of_schools_take_one_query(term, django_assert_num_queries, count):
    schools = [ClosureFactory(establishment=EstablishmentFactory()).establishment_id for _ in range(count)]
    with django_assert_num_queries(1):
        calendar.days_of(schools)
    with django_assert_num_queries(1):
        calendar.days()


def test_more_schools_than_a_query_can_name(term):
    school = EstablishmentFactory()
    ClosureFactory(establishment=school, starts_on=MONDAY)
    ClosureFactory(establishment=EstablishmentFactory(), starts_on=TUESDAY)
    wanted = [school.pk, *range(10**6, 10**6 + calendar.MOST_NAMED)]
    found = calendar.days_of(wanted)
    assert found.keys() == {None, *wanted}
    assert found[school.pk].closures == {MONDAY}
    assert found[10**6].closures == frozenset()


def test_weeks_are_those_of_monday_to_friday_until_somebody_says_otherwise():
    teacher = person(Role.S2S_TEACHER)
    assert calendar.working_week_of(teacher.pk, MONDAY) == {0, 1, 2, 3, 4}
    WorkingWeekFactory(user=teacher, in_force_from=WEDNESDAY, monday=False, friday=False)
    WorkingWeekFactory(user=teacher, in_force_from=date(2025, 1, 1), monday=False, tuesday=False)
    assert calendar.working_week_of(teacher.pk, TUESDAY) == {0, 1, 2, 3, 4}
    assert calendar.working_week_of(teacher.pk, WEDNESDAY) == {1, 2, 3}
    assert calendar.working_week_of(teacher.pk, date(2024, 12, 31)) == {1, 2, 3}
    assert calendar.working_week_of(teacher.pk, date(2025, 1, 1)) == {2, 3, 4}


def test_who_is_away_when_and_why():
    part_time, on_leave, here = (person(Role.S2S_TEACHER) for _ in range(3))
    WorkingWeekFactory(user=part_time, in_force_from=WEDNESDAY, monday=False, friday=False)
    LeaveFactory(user=on_leave, starts_on=date(2024, 11, 29), ends_on=MONDAY)
    LeaveFactory(user=on_leave, starts_on=FRIDAY, ends_on=date(2024, 12, 31))
    LeaveFactory(user=on_leave, starts_on=date(2025, 1, 6))
    LeaveFactory(starts_on=MONDAY)
    away = calendar.away_on([part_time.pk, on_leave.pk, here.pk], MONDAY, date(2024, 12, 9))
    weekend = (date(2024, 12, 7), date(2024, 12, 8))
    assert away == {
        part_time.pk: dict.fromkeys([FRIDAY, date(2024, 12, 9)], Away.DOES_NOT_WORK),
        on_leave.pk: dict.fromkeys([MONDAY, FRIDAY, *weekend, date(2024, 12, 9)], Away.ON_LEAVE),
        here.pk: {},
    }


def test_leave_comes_before_a_day_not_worked():
    teacher = person(Role.S2S_TEACHER)
    WorkingWeekFactory(user=teacher, in_force_from=MONDAY, monday=False)
    LeaveFactory(user=teacher, starts_on=MONDAY)
    assert calendar.away_on([teacher.pk], MONDAY, MONDAY) == {teacher.pk: {MONDAY: Away.ON_LEAVE}}


@pytest.mark.parametrize("count", [1, 3])
def test_who_is_away_takes_two_queries(django_assert_num_queries, count):
    teachers = [LeaveFactory().user_id for _ in range(count)]
    with django_assert_num_queries(2):
        calendar.away_on(teachers, MONDAY, FRIDAY)


@pytest.mark.parametrize(
    ("today", "sentences"),
    [
        (AT.date(), ["Dates for 2026 to 2027 are not entered."]),
        (date(2027, 1, 4), ["Dates for 2026 to 2027 are not entered.", "Dates for 2027 to 2028 are not entered."]),
        (date(2024, 8, 31), ["Dates for 2023 to 2024 are not entered.", "Dates for 2026 to 2027 are not entered."]),
    ],
)
def test_years_that_nobody_entered_are_named(today, sentences):
    load_norfolk_calendar(by=person(Role.ADMINISTRATOR), at=AT)
    assert [year.sentence for year in calendar.missing_years(calendar.days(), today)] == sentences


def test_a_year_of_which_some_is_entered_is_named(term):
    found = calendar.missing_years(calendar.days(), AT.date())
    assert [year.sentence for year in found] == [
        "Some dates for 2024 to 2025 are not entered.",
        "Dates for 2025 to 2026 are not entered.",
    ]
