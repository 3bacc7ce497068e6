"""What the page's few scripts and styles promise: the server's time, the keyboard alone, a telephone, paper."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.factories.referrals import sent_request
from tests.journeys.scenes import Scene, an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_focused,
    then_heading_is,
    then_page_is_accessible,
    then_page_says,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY, LAST_SECOND

SEARCH = "Name, URN, postcode or town"
HEADING = "Which school or setting is it for?"


@pytest.fixture
def scene(live_site, page) -> Scene:
    """An adviser who is signed in, on an ordinary Tuesday that does not pass."""
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser()
    given_signed_in(page, live_site, scene.adviser)
    return scene


def search_box(page: Page):
    """Where the school or setting is typed, once the script has made a list of suggestions of it."""
    return page.get_by_role("combobox", name=SEARCH)


def test_the_countdown_goes_by_the_servers_time_and_not_by_the_computers(page, live_site, scene):
    # Given a computer whose clock is years ahead
    page.clock.install(time=datetime(2031, 1, 1, 12, 0, tzinfo=UTC))

    # When the page is opened, it counts in the server's time; and goes on counting
    when_opening(page, live_site, "/home/")
    then_page_says(page, "17 days and 14 hours left")
    page.clock.fast_forward("01:00:00")
    then_page_says(page, "17 days and 13 hours left")

    # When the cut-off passes while the page is open, it says so
    given_the_clock_stands_at(LAST_SECOND)
    when_opening(page, live_site, "/home/")
    then_page_says(page, "1 minute left")
    page.clock.fast_forward("02:00")
    then_page_says(page, "Friday 13 December 2024: the cut-off has passed")


def test_a_setting_is_found_by_the_keyboard_alone(page, live_site, scene):
    # Given the search, reached by Tab
    when_opening(page, live_site, "/requests/new/")
    box = search_box(page)
    box.focus()

    # When something is typed, there are suggestions that axe finds nothing on
    page.keyboard.type("bulrush")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    then_page_is_accessible(page)

    # When the second is picked with the arrows and the form is sent with Enter
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    picked = options.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(box).to_have_value(picked)
    expect(options).to_have_count(0)
    page.keyboard.press("Enter")

    # Then it is the only one offered
    then_page_says(page, "Your choice", picked.split(",")[0])
    expect(page.get_by_role("button", name="Start a request for")).to_have_count(1)

    # When the text is changed afterwards, what was picked is forgotten
    search_box(page).fill("bulrush")
    page.keyboard.press("Escape")
    when_pressing(page, "Search")
    then_page_says(page, "2 schools and settings for “bulrush”")


def test_nothing_found_is_said_and_so_is_a_setting_of_another_zone(page, live_site, scene):
    when_opening(page, live_site, "/requests/new/")
    search_box(page).press_sequentially("no such place")
    expect(page.get_by_text("Nothing found").first).to_be_visible()
    when_pressing(page, "Search")
    then_heading_is(page, HEADING)
    then_page_says(page, "Nothing you can choose for “no such place”", "try the URN or the postcode")
    then_page_is_accessible(page)


def test_the_skip_link_is_first_and_leads_past_the_menu(page, live_site, scene):
    when_opening(page, live_site, "/home/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    then_focused(link)
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    then_focused(page.get_by_role("main"))
    page.keyboard.press("Tab")
    then_focused(page.get_by_role("main").get_by_role("button", name="Start a request"))


def test_on_paper_there_is_the_request_and_not_the_ways_to_elsewhere(page, live_site, scene):
    # Given a request's page
    request = sent_request(scene.setting, by=scene.adviser)
    when_opening(page, live_site, f"/requests/{request.reference}/")
    expect(page.get_by_role("navigation", name="Menu")).to_be_visible()

    # When it is printed
    page.emulate_media(media="print")

    # Then what it says is there, and the menu, buttons and the way back are not
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Requests", exact=True)).to_have_count(0)
    expect(page.get_by_role("region", name="Practice date")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Request {request.reference}")).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
