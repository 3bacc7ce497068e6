"""When people work: set by themselves or by a co-ordinator."""

from datetime import date

import pytest

from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.actions import leave
from s2s_portal.organisations.actions.calendar import WrongDates
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import AuditEvent, Leave, WorkingWeek
from s2s_portal.organisations.permissions import NotAllowed
from s2s_portal.organisations.queries.calendar import working_week_of
from tests.factories.calendar import LeaveFactory
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
TODAY = AT.date()
AWAY = {"starts_on": date(2024, 12, 9), "ends_on": date(2024, 12, 11), "note": "A course"}


@pytest.fixture
def teacher():
    return person(Role.S2S_TEACHER)


def set_week(who, by, weekdays=(1, 2, 3), since=TODAY):
    return leave.set_working_week(person=who, weekdays=weekdays, in_force_from=since, by=by, at=AT)


def test_a_teacher_sets_their_week(teacher):
    set_week(teacher, teacher)
    assert working_week_of(teacher.pk, TODAY) == {1, 2, 3}
    event = AuditEvent.objects.get()
    assert (event.what, event.reference) == ("set the working week from 26 November 2024", f"person {teacher.pk}")
    assert is_asked(job=CHECK_BOOKINGS, subject="all")


def test_a_week_from_the_same_day_takes_the_place_of_the_one_before(teacher):
    set_week(teacher, teacher)
    set_week(teacher, teacher, weekdays=(0, 4))
    set_week(teacher, teacher, weekdays=(0, 1), since=date(2025, 1, 6))
    assert working_week_of(teacher.pk, TODAY) == {0, 4}
    assert WorkingWeek.objects.count() == 2


@pytest.mark.parametrize("weekdays", [(), (5, 6)])
def test_a_week_has_a_day(teacher, weekdays):
    with pytest.raises(WrongDates, match="Choose at least one day"):
        set_week(teacher, teacher, weekdays=weekdays)


def test_a_teacher_enters_leave_and_takes_it_back(teacher):
    entered = leave.add_leave(person=teacher, **AWAY, by=teacher, at=AT)
    leave.remove_leave(leave=entered, by=teacher, at=AT)
    assert not Leave.objects.exists()
    events = AuditEvent.objects.order_by("pk")
    assert [event.what for event in events] == [
        "added leave, 9 to 11 December 2024",
        "removed leave, 9 to 11 December 2024",
    ]
    assert not any("course" in f"{event.what}{event.reason}" for event in events)
    assert JobRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ((date(2024, 12, 9), date(2024, 12, 8)), "The last day must not be before the first."),
        ((date(2024, 12, 9), date(2025, 12, 10)), "Leave is at most a year long."),
        ((date(2024, 12, 11), date(2024, 12, 12)), "9 to 11 December 2024 is entered already."),
    ],
)
def test_leave_that_cannot_be(teacher, dates, sentence):
    LeaveFactory(starts_on=dates[0])
    leave.add_leave(person=teacher, **AWAY, by=teacher, at=AT)
    with pytest.raises(WrongDates, match=sentence):
        leave.add_leave(person=teacher, starts_on=dates[0], ends_on=dates[1], note="", by=teacher, at=AT)


@pytest.mark.parametrize("role", Role)
def test_only_a_coordinator_sets_somebody_elses_days(teacher, role):
    by, entered = person(role), LeaveFactory(user=teacher)
    doings = (
        lambda: set_week(teacher, by),
        lambda: leave.add_leave(person=teacher, **AWAY | {"starts_on": date(2024, 12, 10)}, by=by, at=AT),
        lambda: leave.remove_leave(leave=entered, by=by, at=AT),
    )
    for doing in doings:
        if role == Role.S2S_COORDINATOR:
            doing()
        else:
            with pytest.raises(NotAllowed):
                doing()
    assert Leave.objects.count() == 1
    assert JobRequest.objects.count() == (3 if role == Role.S2S_COORDINATOR else 0)


@pytest.mark.parametrize("role", Role)
def test_who_has_days_of_their_own_to_set(role):
    by = person(role)
    if role in (Role.S2S_TEACHER, Role.S2S_COORDINATOR):
        set_week(by, by)
    else:
        with pytest.raises(NotAllowed):
            set_week(by, by)


def test_somebody_who_is_no_teacher_any_more_sets_nothing(teacher):
    teacher.memberships.all().delete()
    with pytest.raises(NotAllowed):
        leave.add_leave(person=teacher, **AWAY, by=teacher, at=AT)
