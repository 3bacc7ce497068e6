"""The calendar as people use it: an administrator at a desk, a co-ordinator, and a teacher with a phone."""

import pytest
from playwright.sync_api import expect

from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    then_errors_are,
    then_page_is,
    then_page_says,
    when_choosing,
    when_dating,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY


@pytest.fixture(autouse=True)
def _in_practice(practice_date):
    practice_date(AN_ORDINARY_TUESDAY)


def test_the_administrator_closes_every_school_for_snow(page, live_site, council):
    # Given Norfolk's own dates
    administrator = council.people[Role.ADMINISTRATOR]
    load_norfolk_calendar(by=administrator, at=AN_ORDINARY_TUESDAY)
    given_signed_in(page, live_site, administrator)
    when_opening(page, live_site, "/calendar/")
    then_page_is(page, "School calendar")
    then_page_says(page, "Two independent Norfolk sources agree", "Dates for 2026 to 2027 are not entered.")

    # When a date is mistyped, the page says so and keeps the rest
    page.get_by_role("button", name="Add closed or training days").click()
    then_page_is(page, "Add a closure of the whole county")
    when_choosing(page, "Closed")
    when_dating(page, "First day", "31", "2", "2025")
    when_filling(page, {"Note": "Snow", "Why?": "The weather warning"})
    when_pressing(page, "See what it would do")
    then_errors_are(page, "Add a closure of the whole county", "First day must be a real date")

    # When it is mended, the calendar has the day
    when_dating(page, "First day", "8", "1", "2025")
    when_pressing(page, "See what it would do")
    then_page_is(page, "Check before it is saved")
    then_page_says(page, "Closed: 8 January 2025 (Snow)", "No visit that is planned and no deadline is affected.")
    when_pressing(page, "Save")
    then_page_is(page, "School calendar")
    then_page_says(page, "8 January 2025", "Snow", "The weather warning")

    # And it can be taken back
    when_following(page, "8 January 2025")
    then_page_is(page, "Change this closure of the whole county")
    when_following(page, "Remove it")
    then_page_is(page, "Remove this closure of the whole county?")
    when_filling(page, {"Why?": "It thawed"})
    when_pressing(page, "See what it would do")
    then_page_is(page, "Check before it is saved")
    when_pressing(page, "Remove")
    then_page_is(page, "School calendar")
    then_page_says(page, "It thawed", "Removed closure")
    expect(page.get_by_role("link", name="8 January 2025")).to_have_count(0)


def test_the_coordinator_enters_a_schools_training_day(page, live_site, council):
    given_signed_in(page, live_site, council.people[Role.S2S_COORDINATOR])
    when_opening(page, live_site, "/school-closures/")
    when_filling(page, {"Find a school or setting": "staithe"})
    when_pressing(page, "Search")
    then_page_is(page, "School closures")
    when_following(page, council.school.display_name)
    then_page_is(page, "Closed days")
    page.get_by_role("button", name="Add closed days").click()
    then_page_is(page, "Add closed days")
    page.get_by_role("radio", name="Training day: staff only").check()
    when_dating(page, "First day", "9", "12", "2024")
    when_dating(page, "Last day", "10", "12", "2024")
    when_filling(page, {"Why?": "Phonics"})
    when_pressing(page, "See what it would do")
    then_page_is(page, "Check before it is saved")
    when_pressing(page, "Save")
    then_page_is(page, "Closed days")
    then_page_says(page, "9 to 10 December 2024", "Training day: staff only")
    page.locator("main").get_by_role("link", name="School closures").click()
    then_page_is(page, "School closures")
    then_page_says(page, council.school.display_name, "9 to 10 December 2024")


def test_a_teacher_says_on_a_phone_when_they_work_and_the_coordinator_sees_it(
    page, live_site, council, another_browser
):
    # Given a teacher with a phone
    teacher = council.people[Role.S2S_TEACHER]
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_signed_in(page, live_site, teacher)
    when_opening(page, live_site, "/my-leave/")
    then_page_is(page, "My working days and leave")

    # When they take Friday out and enter leave
    page.get_by_role("button", name="Change working days").click()
    then_page_is(page, "Working days")
    page.get_by_label("Friday", exact=True).uncheck()
    when_pressing(page, "Save")
    then_page_is(page, "My working days and leave")
    then_page_says(page, "Monday, Tuesday, Wednesday and Thursday")
    page.get_by_role("button", name="Add leave").click()
    then_page_is(page, "Add leave")
    when_dating(page, "First day away", "9", "12", "2024")
    when_pressing(page, "Save")
    then_page_is(page, "My working days and leave")

    # Then the co-ordinator sees both
    desk = another_browser()
    given_signed_in(desk, live_site, council.people[Role.S2S_COORDINATOR])
    when_opening(desk, live_site, "/teachers/")
    then_page_is(desk, "Teachers")
    then_page_says(desk, "Monday, Tuesday, Wednesday and Thursday", "9 December 2024")
    when_following(desk, teacher.full_name)
    then_page_is(desk, "Working days and leave")

    # And the teacher can take the leave back
    when_following(page, "Remove 9 December 2024")
    then_page_is(page, "Remove this leave?")
    when_pressing(page, "Remove")
    then_page_is(page, "My working days and leave")
    then_page_says(page, "No leave from today on.")
