"""What the calendar's tables say about themselves, and what the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError

from tests.factories.calendar import BankHolidayFactory, ClosureFactory, LeaveFactory, TermFactory, WorkingWeekFactory
from tests.factories.organisations import EstablishmentFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKWARDS = {"starts_on": date(2024, 12, 9), "ends_on": date(2024, 12, 8)}
NEVER = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), False)


def test_what_rows_call_themselves():
    assert str(TermFactory()) == "Autumn 2024, second half"
    assert str(BankHolidayFactory()) == "Christmas Day, 25 December 2024"
    assert str(ClosureFactory()) == "Closed from 9 December 2024"
    week, leave = WorkingWeekFactory(), LeaveFactory()
    assert str(week) == f"{week.user_id} from 26 November 2024"
    assert str(leave) == f"{leave.user_id} from 9 December 2024"


@pytest.mark.parametrize(
    ("factory", "given", "name"),
    [
        (TermFactory, BACKWARDS, "organisations_term_dates_in_order"),
        (ClosureFactory, BACKWARDS, "organisations_closure_dates_in_order"),
        (LeaveFactory, BACKWARDS, "organisations_leave_dates_in_order"),
        (ClosureFactory, {"kind": "SNOWED_IN"}, "organisations_closure_kind_known"),
        (WorkingWeekFactory, NEVER, "organisations_workingweek_some_day"),
    ],
)
def test_what_cannot_be_is_no_row(factory, given, name):
    with pytest.raises(IntegrityError, match=name):
        factory(**given)


@pytest.mark.parametrize("factory", [TermFactory, BankHolidayFactory, ClosureFactory])
def test_nothing_of_the_county_begins_twice_on_a_day(factory):
    factory()
    with pytest.raises(IntegrityError):
        factory()


@pytest.mark.parametrize("factory", [WorkingWeekFactory, LeaveFactory])
def test_nothing_of_a_person_begins_twice_on_a_day(factory):
    user = UserFactory()
    factory(user=user)
    factory()
    with pytest.raises(IntegrityError):
        factory(user=user)


def test_a_place_and_the_county_may_be_closed_on_the_same_day_and_a_place_once():
    school = EstablishmentFactory()
    ClosureFactory()
    ClosureFactory(establishment=school)
    ClosureFactory(establishment=EstablishmentFactory())
    with pytest.raises(IntegrityError):
        ClosureFactory(establishment=school)
