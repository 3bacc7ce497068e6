"""A teacher's day on a phone, and a co-ordinator who prints it for everybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import person
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    when_following,
    when_opening,
)
from tests.moments import AN_ORDINARY_TUESDAY as AT

TEN = AT.replace(hour=10, minute=0)


@pytest.fixture(autouse=True)
def _in_practice(practice_date):
    practice_date(AT)


@pytest.fixture
def at_work(council):
    """The council with a visit today, one next Thursday of a colleague, and a request that is newly given."""
    load_norfolk_calendar(by=council.people[Role.ADMINISTRATOR], at=AT)
    teacher, colleague = council.people[Role.S2S_TEACHER], person(Role.S2S_TEACHER, full_name="Edda Rushmere")
    support.booked(council.early_years, teacher=teacher, starts_at=TEN)
    support.booked(council.far, teacher=colleague, starts_at=TEN + timedelta(days=2))
    support.assigned(council.mainstream, teacher=teacher)
    return council


def test_a_teacher_reads_the_day_on_a_phone(page, live_site, at_work):
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_signed_in(page, live_site, at_work.people[Role.S2S_TEACHER])
    when_opening(page, live_site, "/day/")
    then_page_is(page, "My day")
    then_page_says(page, "10:00 to 11:00", "Bulrush Nursery", "W. T.", "In 5 working days", "Nothing is overdue.")
    then_page_does_not_say(page, "Wilf")
    expect(page.get_by_role("link", name="01603 496001").first).to_have_attribute("href", "tel:01603496001")

    # The caseload, and the calendar as a list of days
    when_following(page, "My caseload (2 open)")
    then_page_is(page, "My caseload")
    then_page_says(page, "Reach the school or setting", "Staithe Primary School")
    when_opening(page, live_site, "/visits/")
    then_page_is(page, "Week of 25 November 2024")
    then_page_says(page, "Tuesday", "Bulrush Nursery")
    expect(page.get_by_role("cell")).to_have_count(5)
    when_following(page, "Month")
    then_page_is(page, "November 2024")


def test_a_coordinator_prints_the_day_of_everybody(page, live_site, at_work):
    given_signed_in(page, live_site, at_work.people[Role.S2S_COORDINATOR])
    when_opening(page, live_site, "/visits/")
    then_page_is(page, "Week of 25 November 2024")
    then_page_says(page, "Bulrush Nursery", "Marram Pre-school", "Edda Rushmere")
    expect(page.get_by_role("columnheader")).to_have_text(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"])
    page.get_by_label("Teacher").select_option(label="Edda Rushmere")
    page.get_by_role("button", name="Show").click()
    then_page_is(page, "Week of 25 November 2024")
    then_page_does_not_say(page, "Bulrush Nursery")

    when_following(page, "Day sheet to print")
    then_page_is(page, "Day sheet: Tuesday 26 November 2024")
    then_page_says(page, "No visits on this day.", "Printed at 26 November 2024")
    when_opening(page, live_site, "/day/sheet/?on=2024-11-28")
    then_page_is(page, "Day sheet: Thursday 28 November 2024")
    then_page_says(page, "Edda Rushmere", "Marram Pre-school", "W. T.")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Tomorrow")).to_be_hidden()
    expect(page.get_by_role("button", name="Show")).to_be_hidden()
    expect(page.get_by_role("cell", name="01603 496001")).to_be_visible()
