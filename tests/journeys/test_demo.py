"""The demo as a visitor meets it: choose who to be, look round, finish the draft that waits, and read what it used."""

import pytest
from playwright.sync_api import expect

from referrals.choices import Section
from s2s_portal.demo.actions.seeding import seed
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents.people import PERSONA_NAMES
from tests.journeys import sections
from tests.journeys.steps import (
    then_heading_is,
    then_page_is,
    then_page_says,
    when_following,
    when_opening,
    when_pressing,
)


@pytest.fixture
def demo_site(live_site):
    """The running site with the whole demo."""
    seed(tell=lambda line: None)
    return live_site


def test_a_visitor_is_everybody_in_turn_and_sends_a_request(page, demo_site):
    # Given a visitor who was told the address
    when_opening(page, demo_site, "/")
    then_page_is(page, "School to School (S2S) support")
    then_page_says(page, "6 of 50 early years places are left.", "6 of 85 mainstream places are left.")
    when_following(page, "See it as someone else")
    then_page_is(page, "Who would you like to be?")

    # When they become each person in turn, then each has a home page of their own
    homes = {}
    for persona in Persona:
        when_pressing(page, f"Sign in as {PERSONA_NAMES[persona]}")
        then_page_is(page, "Home")
        expect(page.get_by_role("banner")).to_contain_text(PERSONA_NAMES[persona])
        homes[persona] = page.locator("main").inner_text()
        when_following(page, "See it as someone else")
        then_heading_is(page, "Who would you like to be?")
    assert "44 of 50 used (46 drawn, 2 given back)" in homes[Persona.COMMISSIONER]
    assert "6 of 50 early years places are left." in homes[Persona.EARLY_YEARS_ADVISER]
    assert len(set(homes.values())) == len(Persona)

    # And the long lists are as clean as the short ones
    when_pressing(page, f"Sign in as {PERSONA_NAMES[Persona.S2S_COORDINATOR]}")
    when_following(page, "All requests")
    then_page_is(page, "All requests")
    when_opening(page, demo_site, "/demo/")
    when_pressing(page, f"Sign in as {PERSONA_NAMES[Persona.ADMINISTRATOR]}")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Schools and settings").click()
    then_page_is(page, "Schools and settings")

    # When they finish, as the Early Years Adviser, the draft that lacks one section
    when_opening(page, demo_site, "/demo/")
    when_pressing(page, f"Sign in as {PERSONA_NAMES[Persona.EARLY_YEARS_ADVISER]}")
    when_following(page, "All drafts")
    then_page_is(page, "Drafts")
    page.get_by_role("row").filter(has_text="7 of 8").get_by_role("link").click()
    when_pressing(page, "Go on with the next section")
    then_heading_is(page, Section.AGREEMENT.label)
    sections.answer_agreement(page)
    sections.save_and_continue(page)
    then_page_says(page, "Contact and availability")
    when_pressing(page, "Save and continue")
    then_page_is(page, "Check your answers before sending")
    when_pressing(page, "Send the request")

    # Then it has used a place, and everybody can see that
    then_page_is(page, "Request sent")
    then_page_says(page, "This used one early years place. 5 of 50 are left.")
    when_opening(page, demo_site, "/")
    then_page_says(page, "5 of 50 early years places are left.")
