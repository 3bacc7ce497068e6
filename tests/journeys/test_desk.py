"""A co-ordinator's morning: requests are given to teachers, handed over, covered, not taken on, and one comes back."""

from datetime import date

import pytest
from playwright.sync_api import expect

from s2s_portal.organisations.actions.norfolk import load_norfolk_calendar
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership
from tests.factories import support
from tests.factories.calendar import LeaveFactory
from tests.factories.organisations import EstablishmentFactory, person
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY as AT


@pytest.fixture(autouse=True)
def _in_practice(practice_date):
    practice_date(AT)


@pytest.fixture
def morning(council):
    """Seven teachers, one of them on leave in December and with a visit before."""
    load_norfolk_calendar(by=council.people[Role.ADMINISTRATOR], at=AT)
    type(council.setting).objects.filter(pk=council.setting.pk).update(easting=600_000, northing=300_000)
    for number, name in enumerate(("Edda Rushmere", "Ivo Cawston", "Maud Hickling", "Ned Salhouse", "Una Strumpshaw")):
        school = EstablishmentFactory(school=True, name=f"School {number}", easting=590_000 - number, northing=300_000)
        teacher = person(Role.S2S_TEACHER, full_name=name)
        Membership.objects.filter(user=teacher).update(home_school=school)
    person(Role.S2S_TEACHER, full_name="Zillah Brundall")
    away = council.people[Role.S2S_TEACHER]
    LeaveFactory(user=away, starts_on=date(2024, 12, 9), ends_on=date(2024, 12, 13))
    support.booked(council.far, teacher=away)
    return council


def test_a_coordinator_gives_requests_to_teachers_on_a_phone(page, live_site, morning):
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_signed_in(page, live_site, morning.people[Role.S2S_COORDINATOR])
    when_opening(page, live_site, "/home/")
    when_following(page, "Not yet given to a teacher")
    then_page_is(page, "Desk")
    then_page_says(page, "Bulrush Nursery", "Reach the school or setting by 3 December 2024: 5 working days left.")
    then_page_does_not_say(page, "Wilf")

    when_following(page, f"Give {morning.early_years.reference} to a teacher")
    then_page_is(page, "Give this request to a teacher")
    then_page_says(page, "13 km from School 0, about 25 minutes")
    expect(page.get_by_label("Zillah Brundall")).to_be_hidden()
    page.get_by_text("All teachers").click()
    expect(page.get_by_label("Zillah Brundall")).to_be_visible()
    page.get_by_text("Does a journey take longer?").click()
    page.get_by_role("link", name="Enter the minutes from School 0").click()
    then_page_is(page, "How long does the journey take?")
    when_filling(page, {"Minutes by car, one way": "70"})
    when_pressing(page, "Save")
    then_page_is(page, "Give this request to a teacher")
    then_page_says(page, "13 km from School 0, 70 minutes")
    page.get_by_label("Ivo Cawston").check()
    when_pressing(page, "Give the request to this teacher")
    then_page_is(page, "Desk")
    then_page_says(page, f"{morning.early_years.reference} is with Ivo Cawston now.")

    when_opening(page, live_site, f"/requests/{morning.mainstream.reference}/decline/")
    then_page_is(page, "Do not take this request on")
    page.get_by_label("Advice was enough").check()
    when_pressing(page, "Do not take this request on")
    then_page_says(page, "has not been taken on, and its place has been given back.")


def test_a_coordinator_hands_over_and_arranges_cover(page, live_site, morning):
    given_signed_in(page, live_site, morning.people[Role.S2S_COORDINATOR])
    when_opening(page, live_site, f"/requests/{morning.far.reference}/cover/")
    then_page_is(page, "Arrange cover for this request")
    expect(page.get_by_role("group", name="First day of the cover").get_by_label("Day")).to_have_value("9")
    when_following(page, "Cover everything that S2S teacher Person has")
    then_page_is(page, "Arrange cover for all their requests")
    page.get_by_label("Una Strumpshaw").check()
    when_pressing(page, "Arrange the cover")
    then_page_is(page, "S2S teacher Person")
    then_page_says(page, "Una Strumpshaw covers 1 request: 9 to 13 December 2024.")
    page.get_by_label("Autistic spectrum disorder").check()
    when_pressing(page, "Save")
    then_page_is(page, "S2S teacher Person")
    when_opening(page, live_site, "/desk/teachers/")
    then_page_is(page, "Teachers: open requests and specialisms")
    then_page_says(page, "Autistic spectrum disorder")

    when_opening(page, live_site, f"/requests/{morning.far.reference}/reassign/")
    then_page_is(page, "Hand this request over")
    then_page_says(page, "1 planned visit goes with it")
    page.get_by_label("Una Strumpshaw").check()
    when_pressing(page, "Hand the request over")
    then_page_is(page, "Hand this request over")
    then_page_says(page, "Enter a hand-over note")
    when_filling(page, {"Hand-over note": "Ask for the manager."})
    when_pressing(page, "Hand the request over")
    then_page_says(page, f"{morning.far.reference} is with Una Strumpshaw now.")


def test_a_commissioner_brings_a_request_back(page, live_site, morning):
    given_signed_in(page, live_site, morning.people[Role.COMMISSIONER])
    when_opening(page, live_site, f"/requests/{morning.withdrawn.reference}/reinstate/")
    then_page_is(page, "Reinstate this request")
    then_page_says(page, "Nobody waits.")
    when_filling(page, {"Why is it reinstated?": "It was withdrawn by mistake."})
    when_pressing(page, "Reinstate this request")
    then_page_says(page, "has a place again and is with S2S.")
