"""The main job: an Early Years Adviser sends a request for support, sees what it used, and takes it back."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from referrals.models import DraftReferral, Referral
from s2s_portal.core.references import PATTERN
from s2s_portal.notifications.models import Notification
from tests.journeys import sections
from tests.journeys.scenes import Scene, an_adviser, give_a_password
from tests.journeys.steps import (
    given_signed_in,
    then_errors_are,
    then_focused,
    then_heading_is,
    then_page_does_not_say,
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

SEARCH = "Name, URN, postcode or town"
TASKS = {
    "Your conversation with the setting": sections.answer_conversation,
    "The child or group": sections.answer_child,
    "Needs": sections.answer_needs,
    "What has been tried": sections.answer_tried,
    "Support wanted and goals": sections.answer_support,
    "Parental agreement": sections.answer_agreement,
    "Contact and availability": sections.answer_contact,
}

MISSING = {
    "Enter what came of it": sections.answer_tried,
    "Select at least one kind of support": sections.answer_support,
    "Select whether a parent or carer has agreed": sections.answer_agreement,
    "Enter the name of the person S2S should contact": sections.answer_contact,
}


@pytest.fixture
def scene(practice_date) -> Scene:
    practice_date(AN_ORDINARY_TUESDAY)
    return an_adviser(places_left=6)


def then_sections_are(page: Page, **states: str) -> None:
    """The task list shows these states; a section is named by the first word of its title."""
    for word, state in states.items():
        expect(page.get_by_role("listitem").filter(has=page.get_by_role("link", name=word))).to_contain_text(state)


def then_places_left_are(page: Page, site, left: int) -> None:
    """The adviser's home page counts this many places."""
    when_opening(page, site, "/home/")
    then_page_says(page, f"{left} of 50 early years places are left.")


def then_page_is_without_scripts(page: Page, glass: Page, heading: str) -> None:
    """As `then_page_is`; axe is a script itself, so it looks at the same document in `glass`, which gets no others."""
    then_heading_is(page, heading)
    html = page.content()
    glass.unroute_all()
    glass.route("**/*.js", lambda route: route.abort())
    glass.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    glass.goto(page.url)
    then_page_is(glass, heading)
    assert glass.locator("body.js-enabled").count() == 0


@pytest.mark.smoke
def test_a_request_is_written_sent_found_and_withdrawn(page, live_site, scene):
    # Given an adviser who signs in by password, and 6 places
    password = give_a_password(scene.adviser)
    when_opening(page, live_site, "/")
    then_page_is(page, "School to School (S2S) support")
    page.locator("main").get_by_role("button", name="Sign in").click()
    then_page_is(page, "Sign in")
    when_filling(page, {"E-mail address": "nobody@council.invalid", "Password": "wrong"})
    when_pressing(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    when_filling(page, {"E-mail address": scene.adviser.email, "Password": password})
    when_pressing(page, "Sign in")
    then_page_is(page, "Home")
    then_page_says(page, "6 of 50 early years places are left.", "17 days and 14 hours left")

    # When they find the setting by a few letters of its name
    page.get_by_role("button", name="Start a request").click()
    then_page_is(page, "Which school or setting is it for?")
    page.get_by_role("combobox", name=SEARCH).press_sequentially("bulrush nu")
    page.get_by_role("option", name="Bulrush Nursery, Market Staithe").click()
    when_pressing(page, "Search")
    then_page_says(page, "Your choice", "Bulrush Nursery")
    then_page_is(page, "Which school or setting is it for?")
    when_pressing(page, "Start a request for Bulrush Nursery")

    # Then there is a draft with its sections
    then_page_is(page, "Bulrush Nursery")
    then_page_says(page, "1 of 8 sections are done.", "6 of 50 early years places are left.")
    then_sections_are(page, School="Done", conversation="Not started", Needs="Not started", Contact="Not started")

    # When they press on without an answer, they are told what is missing, and led to it
    when_following(page, "Your conversation with the setting")
    then_page_is(page, "Your conversation with the setting")
    sections.save_and_continue(page)
    then_errors_are(
        page,
        "Your conversation with the setting",
        "Enter the date of your conversation",
        "Enter who you spoke to",
        "Enter what was agreed",
    )
    when_following(page, "Enter who you spoke to")
    then_focused(page.get_by_label("Who did you speak to?"))
    when_following(page, "Enter the date of your conversation")
    then_focused(page.get_by_role("group", name="When did you speak").get_by_label("Day"))

    # And an answer that cannot be right is kept, and marked
    sections.answer_conversation(page)
    when_dating(page, "When did you speak", "20", "12", "2024")
    when_pressing(page, "Save and come back later")
    then_page_is(page, "Bulrush Nursery")
    then_sections_are(page, conversation="Needs attention")
    then_page_says(page, "The date of your conversation must be today or in the past")
    when_following(page, "Your conversation with the setting")
    when_dating(page, "When did you speak", "20", "11", "2024")
    sections.save_and_continue(page)

    # And when they stop half-way in the next section, it says so
    then_page_is(page, "The child or group")
    when_choosing(page, "One child")
    page.get_by_label("Child’s first name").fill(sections.CHILD[0])
    when_pressing(page, "Save and come back later")
    then_page_is(page, "Bulrush Nursery")
    then_page_says(page, "2 of 8 sections are done.", "“The child or group” is saved.")
    then_sections_are(page, conversation="Done", child="In progress", Needs="Not started")

    # When they go on to the end
    when_pressing(page, "Go on with the next section")
    for title in list(TASKS)[1:]:
        then_heading_is(page, title)
        TASKS[title](page)
        then_page_is(page, title)  # with the questions that follow from an answer in sight
        sections.save_and_continue(page)

    # Then they can check everything before it is sent
    then_page_is(page, "Check your answers before sending")
    then_page_says(page, *sections.CHILD[:2], "Visual timetables for six weeks.", "perran@bulrush.invalid")
    then_page_says(page, "This will use one early years place. 6 of 50 are left now.")
    assert not any(name in page.title() for name in sections.CHILD)

    # When they send it, then it has used one place and has a reference
    when_pressing(page, "Send the request")
    then_page_is(page, "Request sent")
    then_page_says(page, "This used one early years place. 5 of 50 are left.", "What happens next")
    reference = re.search(PATTERN, page.locator("main").inner_text()).group()
    assert reference.startswith("EY-")
    then_page_does_not_say(page, *sections.CHILD)
    then_places_left_are(page, live_site, 5)
    assert DraftReferral.objects.count() == 0

    # And it can be found, with its history
    when_following(page, "All my requests")
    then_page_is(page, "My requests")
    then_page_does_not_say(page, *sections.CHILD)
    row = page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Bulrush Nursery")
    expect(row).to_contain_text("Sent to S2S")
    when_following(page, reference)
    then_page_is(page, f"Request {reference}")
    then_page_says(page, "Odette", "This request uses one early years place.")
    then_page_says(page, "Sent to S2S. This used one early years place. 5 of 50 are left.")
    assert page.title().startswith(reference)

    # When they withdraw it
    when_following(page, "Withdraw this request")
    then_page_is(page, "Withdraw this request")
    when_pressing(page, "Withdraw this request")
    then_errors_are(page, "Withdraw this request", "Select why this request is being withdrawn")
    when_choosing(page, "The child has moved or left")
    page.get_by_label("Anything to add").fill("Gone to live by the Waveney.")
    when_pressing(page, "Withdraw this request")

    # Then its place has been given back
    then_page_is(page, f"Request {reference}")
    then_page_says(page, "Withdrawn: the child has moved or left. Its place was given back. 6 of 50", "the Waveney")
    expect(page.get_by_role("link", name="Withdraw this request")).to_have_count(0)
    then_places_left_are(page, live_site, 6)

    # And every message about it is without the child
    written = [json.dumps(row.context) for row in Notification.objects.order_by("pk")]
    assert len(written) == 4  # to the adviser and the contact, twice
    assert not [text for text in written if any(name in text for name in (*sections.CHILD, "2021-03-04", "Waveney"))]


def test_a_request_is_begun_at_one_computer_and_finished_at_another(page, live_site, scene, another_browser):
    # Given an adviser who began at their desk
    given_signed_in(page, live_site, scene.adviser)
    when_opening(page, live_site, "/requests/new/?q=bulrush")
    then_page_is(page, "Which school or setting is it for?")
    then_page_says(page, "2 schools and settings for “bulrush”")
    when_pressing(page, "Start a request for Bulrush Nursery")
    then_page_says(page, "1 of 8 sections are done.")
    when_following(page, "Your conversation with the setting")
    for title in list(TASKS)[:3]:
        then_heading_is(page, title)
        TASKS[title](page)
        sections.save_and_continue(page)
    page.get_by_label("What has been tried?").fill("Visual timetables.")
    when_pressing(page, "Save and come back later")
    then_page_says(page, "“What has been tried” is saved.")

    # When they go on with a telephone
    phone = another_browser(viewport={"width": 390, "height": 844})
    given_signed_in(phone, live_site, scene.adviser)
    when_opening(phone, live_site, "/home/")
    phone.get_by_role("button", name="Menu").click()
    phone.get_by_role("navigation", name="Menu").get_by_role("link", name="Drafts").click()
    then_page_is(phone, "Drafts")
    then_page_says(phone, "4 of 8", "Today")
    when_following(phone, "Bulrush Nursery")
    then_page_says(phone, "4 of 8 sections are done.")
    then_sections_are(phone, Needs="Done", tried="In progress", Support="Not started")
    when_following(phone, "See all answers and what is still missing")
    then_page_is(phone, "Check your answers")
    then_page_says(phone, "Still needed before you can send it")
    # Then everything is there, and what is missing can be added from here
    for number, (missing, answer) in enumerate(MISSING.items()):
        when_following(phone, missing)
        if not number:
            expect(phone.get_by_label("What has been tried?")).to_have_value("Visual timetables.")
        answer(phone)
        sections.save_and_continue(phone)
        expect(phone).to_have_title(re.compile("^Check your answers"))
    then_page_is(phone, "Check your answers before sending")
    when_pressing(phone, "Send the request")
    then_page_is(phone, "Request sent")
    assert Referral.objects.get().submitted_by == scene.adviser

    # And the desk, which still shows the draft, is told
    page.reload()
    then_page_is(page, "Request sent")


def test_without_scripts_a_request_is_begun_and_a_section_saved(live_site, scene, another_browser):
    # Given a browser that runs no scripts, and one that does, for axe to look at the same pages in
    page, glass = another_browser(java_script_enabled=False), another_browser()
    given_signed_in(page, live_site, scene.adviser)
    when_opening(page, live_site, "/requests/new/")
    then_page_is_without_scripts(page, glass, "Which school or setting is it for?")
    then_page_says(page, "Saturday 14 December 2024, 00:00")  # the moment itself, where nothing can count down

    # When they search and choose, an empty search first
    when_pressing(page, "Search")
    then_page_says(page, "Enter a name, URN, postcode or town")
    page.get_by_role("searchbox", name=SEARCH).fill("bulrush")
    when_pressing(page, "Search")
    then_page_is_without_scripts(page, glass, "Which school or setting is it for?")
    then_page_says(page, "2 schools and settings for “bulrush”", "Great Thurlbourne")
    when_pressing(page, "Start a request for Bulrush Nursery")
    then_page_is_without_scripts(page, glass, "Bulrush Nursery")

    # Then a section works as it does with scripts, its errors included
    when_following(page, "The child or group")
    when_choosing(page, "A group of children")
    page.get_by_label("How many children?").fill("twelve or so")
    sections.save_and_continue(page)
    expect(page).to_have_title("Error: The child or group – School to School support")
    then_page_is_without_scripts(page, glass, "The child or group")
    then_page_says(page, "How many children must be a number, like 12", "Enter what the children have in common")
    expect(page.get_by_label("How many children?")).to_have_value("twelve or so")
    page.get_by_label("How many children?").fill("12")
    page.get_by_label("What do they have in common?").fill("Going outside is hard for all of them.")
    sections.save_and_continue(page)
    then_page_is_without_scripts(page, glass, "Needs")
    assert DraftReferral.objects.get().group_size == 12
