"""Working days and leave: a teacher's own pages, and the co-ordinator's."""

from datetime import date

import pytest
from django.urls import reverse

from s2s_portal.jobs.queries import is_asked
from s2s_portal.organisations.choices import CHECK_BOOKINGS, Role
from s2s_portal.organisations.models import Leave, WorkingWeek
from s2s_portal.organisations.queries.calendar import working_week_of
from tests.factories.calendar import LeaveFactory, WorkingWeekFactory
from tests.factories.organisations import EstablishmentFactory, MembershipFactory, UserFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.views.test_calendar import typed
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
TODAY = AT.date()
MINE = reverse("organisations:my_leave")
TEACHERS = reverse("organisations:teacher_list")


@pytest.fixture
def teacher():
    return person(Role.S2S_TEACHER, full_name="Wren Oulton")


@pytest.fixture(params=["their own", "a co-ordinator's"])
def pages(request, teacher, client_for):
    """A browser, and the address of each page about the teacher, as the teacher and as a co-ordinator have them."""
    if request.param == "their own":
        return client_for(teacher), lambda route, *more: reverse(f"organisations:my_{route}", args=more)
    browser = client_for(person(Role.S2S_COORDINATOR))
    return browser, lambda route, *more: reverse(f"organisations:teacher_{route}", args=[teacher.pk, *more])


def test_a_working_week_is_set_from_a_day_on(pages, teacher):
    browser, url = pages
    page = text_of(browser.get(url("leave")))
    assert "Now: <strong>Monday to Friday</strong>" in page
    assert url("week") in page
    assert browser.get(url("week")).content.decode().count(" checked") == 5
    given = {"weekdays": ["1", "2", "4"]} | typed(in_force_from=TODAY)
    page = text_of(browser.post(url("week"), given, follow=True))
    assert "The working days have been saved." in page
    assert "Now: <strong>Tuesday, Wednesday and Friday</strong>" in page
    assert working_week_of(teacher.pk, TODAY) == {1, 2, 4}
    browser.post(url("week"), {"weekdays": ["0"]} | typed(in_force_from=date(2025, 1, 6)))
    assert "From 6 January 2025: Monday" in text_of(browser.get(url("leave")))
    assert is_asked(job=CHECK_BOOKINGS, subject="all")


def test_a_week_without_days_is_refused(pages):
    browser, url = pages
    page = text_of(browser.post(url("week"), typed(in_force_from=TODAY)))
    assert "Select at least one day" in page
    assert not WorkingWeek.objects.exists()


def test_leave_is_entered_shown_and_taken_back(pages, teacher):
    browser, url = pages
    assert "No leave from today on." in text_of(browser.get(url("leave")))
    given = {"note": "A course"} | typed(starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 11))
    page = text_of(browser.post(url("leave_add"), given, follow=True))
    assert "The leave has been added." in page
    assert "9 to 11 December 2024" in page
    assert "A course" in page
    leave = Leave.objects.get()
    assert leave.user == teacher
    remove = url("leave_remove", leave.pk)
    assert remove in page
    assert "9 to 11 December 2024" in text_of(browser.get(remove))
    assert "The leave has been removed." in text_of(browser.post(remove, follow=True))
    assert not Leave.objects.exists()


def test_leave_that_overlaps_is_refused_at_the_question(pages, teacher):
    browser, url = pages
    LeaveFactory(user=teacher, starts_on=date(2024, 12, 9))
    page = text_of(browser.post(url("leave_add"), {"note": "Kept"} | typed(starts_on=date(2024, 12, 9))))
    assert "9 December 2024 is entered already." in page
    assert 'value="Kept"' in page
    assert Leave.objects.count() == 1


def test_leave_that_is_over_is_not_listed(pages, teacher):
    browser, url = pages
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 25), note="Long gone")
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 26), note="On this day")
    page = text_of(browser.get(url("leave")))
    assert "On this day" in page
    assert "Long gone" not in page


def test_somebody_elses_leave_is_not_found(pages):
    browser, url = pages
    other = LeaveFactory(user=person(Role.S2S_TEACHER))
    for call in (browser.get, browser.post):
        assert call(url("leave_remove", other.pk)).status_code == 404
    assert Leave.objects.exists()


# --- The co-ordinator's list ---
@pytest.fixture
def coordinator(client_for):
    return client_for(person(Role.S2S_COORDINATOR))


def test_the_list_of_teachers_with_their_week_and_leave(coordinator, teacher):
    teacher.memberships.update(home_school=EstablishmentFactory(name="Alder Fen School"))
    WorkingWeekFactory(user=teacher, monday=False, thursday=False)
    WorkingWeekFactory(user=teacher, in_force_from=date(2025, 1, 1))
    for day in (9, 11, 13, 17):
        LeaveFactory(user=teacher, starts_on=date(2024, 12, day))
    LeaveFactory(user=teacher, starts_on=date(2024, 11, 1))
    person(Role.S2S_TEACHER, full_name="Gone Teacher", is_active=False)
    person(Role.SEND_ADVISER, full_name="Not Teacher")
    page = text_of(coordinator.get(TEACHERS))
    assert f'href="{reverse("organisations:teacher_leave", args=[teacher.pk])}"' in page
    for words in (
        "Wren Oulton",
        "Alder Fen School",
        "Tuesday, Wednesday and Friday",
        "9 December 2024; 11 December 2024; 13 December 2024; …",
    ):
        assert words in page
    for words in ("1 November", "17 December", "Gone Teacher", "Not Teacher"):
        assert words not in page


def test_no_teacher_yet(coordinator):
    assert "No S2S teacher is here yet" in text_of(coordinator.get(TEACHERS))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(coordinator, django_assert_num_queries, count):
    for _ in range(count):
        held = MembershipFactory(role=Role.S2S_TEACHER, home_school=EstablishmentFactory(name=""))
        LeaveFactory(user=held.user)
        WorkingWeekFactory(user=held.user)
    with django_assert_num_queries(8):
        coordinator.get(TEACHERS)


def test_only_teachers_have_a_page(coordinator):
    gone = person(Role.S2S_TEACHER, is_active=False)
    for pk in (UserFactory().pk, gone.pk, 999, 10**30):
        assert coordinator.get(f"/teachers/{pk}/").status_code == 404
        assert coordinator.post(f"/teachers/{pk}/week/").status_code == 404
        assert coordinator.post(f"/teachers/{pk}/leave/add/").status_code == 404
        assert coordinator.post(f"/teachers/{pk}/leave/1/remove/").status_code == 404


def test_a_note_is_for_the_teacher_and_the_coordinators_alone(coordinator, teacher, client_for):
    LeaveFactory(user=teacher, note="Private matter")
    assert "Private matter" in text_of(client_for(teacher).get(MINE))
    assert "Private matter" in text_of(coordinator.get(reverse("organisations:teacher_leave", args=[teacher.pk])))
    other = client_for(person(Role.S2S_TEACHER))
    assert "Private matter" not in text_of(other.get(MINE))
    assert other.get(reverse("organisations:teacher_leave", args=[teacher.pk])).status_code == 403


def test_a_page_takes_few_queries(client_for, teacher, django_assert_num_queries):
    browser = client_for(teacher)
    LeaveFactory(user=teacher)
    with django_assert_num_queries(8):
        browser.get(MINE)


def test_what_was_typed_outlives_the_session(client, teacher):
    given = {"note": "A course"} | typed(starts_on=date(2024, 12, 9))
    assert client.post(reverse("organisations:my_leave_add"), given).status_code == 302
    client.force_login(teacher)
    assert 'value="A course"' in text_of(client.get(reverse("organisations:my_leave_add")))
    assert not Leave.objects.exists()
