"""What somebody has typed is never lost: not to a colleague, not to an ended session, not to what it says."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from referrals.models import DraftReferral, Referral
from tests.factories.referrals import filled_draft, start_draft
from tests.journeys.scenes import Scene, an_adviser, give_a_password
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_errors_are,
    then_focused,
    then_heading_is,
    then_page_is,
    then_page_says,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY

TRIED = "What has been tried"
LONGEST = 4_000
NULL_BYTE = "What has been tried must not include characters that cannot be shown"
TOO_LONG = "What has been tried must be 4000 characters or fewer"

#: Every one of these is text, and nothing else. Bidirectional marks, combining marks, formulas, markup, templates.
PASTED = {
    "emoji and combining marks": "👩🏽‍🏫 says 😀 e\u0301 Zażółć",
    "right to left": "\u202eשלום\u202c مرحبا ‏1234",
    "script tags": "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "markup of the page": "</textarea></form><h1>Taken</h1>",
    "template syntax": "{{ settings.SECRET_KEY }} {% debug %} ${7*7}",
    "formula": '=HYPERLINK("http://example.invalid";"x") +1 -1 @SUM(A1)',
    "quotes and entities": 'O\'Brien said "no" &amp; left; 100 % -- DROP TABLE',
}


@pytest.fixture
def scene(live_site) -> Scene:
    """An adviser on an ordinary Tuesday at half past nine, which it stays."""
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    return an_adviser()


def when_opening_the_section(page: Page, site, draft: DraftReferral) -> None:
    """Open the section "What has been tried"."""
    when_opening(page, site, f"/drafts/{draft.key}/tried/")
    then_heading_is(page, TRIED)


def when_tried(page: Page, tried: str, outcome: str = "Calmer at lunch.") -> None:
    """Answer that section's two questions."""
    page.get_by_label("What has been tried?").fill(tried)
    page.get_by_label("What came of it?").fill(outcome)


def then_kept(page: Page, tried: str) -> None:
    """The first question still holds exactly this."""
    assert page.get_by_label("What has been tried?").input_value() == tried


def test_two_people_in_one_section(page, live_site, scene, another_browser):
    # Given two advisers of one zone who have the same section open
    draft = start_draft(scene.setting, by=scene.adviser)
    other = another_browser()
    given_signed_in(page, live_site, scene.adviser)
    given_signed_in(other, live_site, scene.colleague())
    for each in (page, other):
        when_opening_the_section(each, live_site, draft)

    # When both save, the colleague first
    when_tried(other, "A quiet corner with cushions.")
    when_pressing(other, "Save and continue")
    then_heading_is(other, "Support wanted and goals")
    when_tried(page, "A visual timetable.")
    when_pressing(page, "Save and continue")

    # Then the second sees both versions, and nothing has been overwritten
    sentence = "Ida Mautby saved this section at 09:30 while you were writing"
    then_errors_are(page, TRIED, sentence)
    then_page_says(page, "Ida Mautby saved:", "A quiet corner with cushions.")
    then_kept(page, "A visual timetable.")
    draft.refresh_from_db()
    assert draft.strategies_tried == "A quiet corner with cushions."
    when_following(page, sentence)
    expect(page.locator(":focus")).to_contain_text("A quiet corner with cushions.")

    # When they press again, theirs is saved
    when_pressing(page, "Save and continue")
    then_heading_is(page, "Support wanted and goals")
    draft.refresh_from_db()
    assert draft.strategies_tried == "A visual timetable."


def test_a_session_that_ended_while_typing(page, live_site, scene):
    # Given an adviser whose session ends while they write
    draft = start_draft(scene.setting, by=scene.adviser)
    password = give_a_password(scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    when_opening_the_section(page, live_site, draft)
    when_tried(page, "Four weeks of a visual timetable.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    # When they press the button, they are asked to sign in
    when_pressing(page, "Save and continue")
    then_page_is(page, "Sign in")
    then_page_says(page, "What you typed is kept: sign in to go on with it.")
    when_filling(page, {"E-mail address": scene.adviser.email, "Password": password})
    when_pressing(page, "Sign in")

    # Then they are back, with all of it, and nothing was saved behind their back
    then_page_is(page, TRIED)
    then_page_says(page, "You were signed out. What you typed is below")
    then_kept(page, "Four weeks of a visual timetable.")
    draft.refresh_from_db()
    assert draft.strategies_tried == ""

    # When they press again, it is saved
    when_pressing(page, "Save and continue")
    then_heading_is(page, "Support wanted and goals")
    draft.refresh_from_db()
    assert draft.strategies_tried == "Four weeks of a visual timetable."


def test_a_double_click_the_back_button_and_sending_again_make_one_request(page, live_site, scene, another_browser):
    # Given a finished draft, open in two windows
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    second = another_browser(java_script_enabled=False)
    given_signed_in(second, live_site, scene.adviser)
    for each in (page, second):
        when_opening(each, live_site, f"/drafts/{draft.key}/check/")

    # When the button is double-clicked where no script holds the second click back
    second.get_by_role("button", name="Send the request").dblclick()
    then_heading_is(second, "Request sent")
    sent = Referral.objects.get()
    then_page_says(second, sent.reference, "5 of 50 are left.")

    # And double-clicked in the other window, and once more after going back, and reloaded
    page.get_by_role("button", name="Send the request").dblclick()
    then_heading_is(page, "Request sent")
    page.go_back()
    button = page.get_by_role("button", name="Send the request")
    if button.count():  # a browser shows the page it remembers, or asks the server, which knows better
        button.click()
    then_heading_is(page, "Request sent")
    then_page_says(page, sent.reference)
    second.reload()
    then_heading_is(second, "Request sent")

    # Then there is still one request, and it has used one place
    assert Referral.objects.get() == sent
    assert scene.quota.entries.order_by("-seq")[0].left_after == 5


def test_a_section_of_a_draft_that_a_colleague_has_sent_gives_its_text_back(page, live_site, scene, another_browser):
    # Given one adviser who still writes, and a colleague who sends
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    when_opening_the_section(page, live_site, draft)
    other = another_browser()
    given_signed_in(other, live_site, scene.colleague())
    when_opening(other, live_site, f"/drafts/{draft.key}/check/")
    when_pressing(other, "Send the request")
    then_heading_is(other, "Request sent")

    # When the first one saves, then the text is there to copy
    when_tried(page, "Something that came too late.")
    when_pressing(page, "Save and continue")
    then_page_is(page, "This draft has been sent")
    then_page_says(page, Referral.objects.get().reference, "Something that came too late.")


def test_whatever_is_pasted_is_saved_as_it_is(page, live_site, scene):
    # Given a section that anything may be pasted into
    draft = start_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    pasted = "\n".join(PASTED.values())

    # When all of it is pasted and saved
    when_opening_the_section(page, live_site, draft)
    when_tried(page, pasted)
    when_pressing(page, "Save and continue")
    then_heading_is(page, "Support wanted and goals")

    # Then it is there, character by character, and the pages that show it are still themselves
    draft.refresh_from_db()
    assert draft.strategies_tried == pasted
    when_opening_the_section(page, live_site, draft)
    then_kept(page, pasted)
    when_opening(page, live_site, f"/drafts/{draft.key}/check/")
    then_page_is(page, "Check your answers")
    then_page_says(page, *(line for name, line in PASTED.items() if name != "right to left"))
    expect(page).to_have_title("Check your answers – School to School support")


def test_what_cannot_be_saved_comes_back_with_a_sentence(page, live_site, scene):
    # Given a section with two questions
    draft = start_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    when_opening_the_section(page, live_site, draft)

    # When a null byte is pasted
    when_tried(page, "before\x00after")
    when_pressing(page, "Save and continue")
    then_errors_are(page, TRIED, NULL_BYTE)
    assert page.get_by_label("What has been tried?").input_value().startswith("before")

    # When it is too long, the count says so before, and the sentence after
    long = "ä" * (LONGEST + 12)
    when_tried(page, long)
    expect(page.get_by_text("You have 12 characters too many").first).to_be_attached()
    when_pressing(page, "Save and continue")
    then_errors_are(page, TRIED, TOO_LONG)
    then_kept(page, long)
    when_following(page, TOO_LONG)
    then_focused(page.get_by_label("What has been tried?"))

    # When it is 2 MB, all of it comes back
    huge = "Two megabytes of notes. " * (2 * 1024 * 1024 // 24)
    when_tried(page, huge)
    when_pressing(page, "Save and continue")
    then_heading_is(page, TRIED)
    expect(page).to_have_title(f"Error: {TRIED} – School to School support")
    then_kept(page, huge)
    draft.refresh_from_db()
    assert draft.strategies_tried == ""
