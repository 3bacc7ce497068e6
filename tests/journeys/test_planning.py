"""A SEND Adviser looks for the schools that have had nothing yet, on a desk screen and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.journeys.steps import (
    given_signed_in,
    then_page_does_not_say,
    then_page_is,
    then_page_is_accessible,
    then_page_says,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY

SCHOOLS = (
    ("Staithe Primary School", "Primary", "Market Staithe", "The Heron Trust"),
    ("St Withburga’s Church of England Voluntary Controlled Junior School", "Primary", "Marram St Withburga", ""),
    ("Marram High School", "Secondary", "Marram St Withburga", "The Tern and Avocet Academies Trust"),
    ("Sedge Infant School", "Primary", "Sedge", "The Heron Trust"),
)


@pytest.fixture
def adviser(practice_date, live_site):
    """A SEND Adviser with two zones, four schools in one of them; one school has had a request."""
    practice_date(AN_ORDINARY_TUESDAY)
    zone = ZoneFactory(name="Reedham Reach")
    adviser = person(Role.SEND_ADVISER, zones=[zone, ZoneFactory(name="Saltings")])
    period_with_places()
    made = [
        EstablishmentFactory(school=True, zone=zone, name=name, phase=phase, town=town, trust=trust)
        for name, phase, town, trust in SCHOOLS
    ]
    sent_request(made[0], by=adviser)
    return adviser


def test_the_schools_that_have_had_nothing_come_first(page: Page, live_site, adviser):
    given_signed_in(page, live_site, adviser)
    when_opening(page, live_site, "/")
    when_following(page, "Planning")
    then_page_is(page, "Planning: which schools next?")
    then_page_says(page, "84 of 85 mainstream places are left.")
    expect(page.get_by_role("rowheader").last).to_contain_text("Staithe Primary School")
    then_page_is_accessible(page)
    page.get_by_label("Phase").select_option("Primary")
    page.get_by_label("Support so far").select_option("Never supported")
    when_pressing(page, "Show")
    then_page_says(page, "Sedge Infant School", "2 schools")
    then_page_does_not_say(page, "Marram High School", "Staithe Primary School")
    page.get_by_label("Search").fill("no such school")
    when_pressing(page, "Show")
    then_page_says(page, "No schools match")
    when_following(page, "Clear search and filters")
    then_page_says(page, "4 schools")


def test_on_a_phone_nothing_is_wider_than_the_screen(another_browser, live_site, adviser):
    page = another_browser(viewport={"width": 390, "height": 844})
    given_signed_in(page, live_site, adviser)
    when_opening(page, live_site, "/planning/")
    then_page_says(page, "Marram High School")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    then_page_is_accessible(page)
