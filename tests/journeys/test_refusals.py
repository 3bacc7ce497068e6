"""A refusal explains itself: the six facts of R6, on the page, stored, told, and the draft kept."""

import json
import re

from django.db import transaction
from playwright.sync_api import Page, expect

from quotas.actions import places
from referrals.choices import Status
from referrals.models import Decision, DraftReferral, Referral
from s2s_portal.notifications.models import Notification
from tests.factories.referrals import answers_for, filled_draft
from tests.journeys.scenes import Scene, an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY, FIRST_MOMENT_TOO_LATE, LAST_SECOND

FULL = "This request was not accepted: all places are used"
TOO_LATE = "This request was not accepted: the cut-off has passed"
OF_THE_CHILD = ("child_first_name", "child_last_name", "need_description", "strategies_tried", "goal_1")


def then_the_facts_are(page: Page, facts: dict[str, list[str]]) -> None:
    """The page has exactly these facts, by title and in order; each says all of its words."""
    expect(page.get_by_role("term")).to_have_text(list(facts))
    answers = page.get_by_role("definition")
    for number, words in enumerate(facts.values()):
        for some in words:
            expect(answers.nth(number)).to_contain_text(some)


def somebody_else_takes_a_place(scene: Scene) -> None:
    with transaction.atomic():
        locked = places.locked(scene.quota)
        places.draw(locked=locked, reference="ZZ-9999", by=scene.adviser, at=AN_ORDINARY_TUESDAY)


def then_it_was_told_without_the_child() -> None:
    """One message waits for the adviser; neither it nor the stored decision says who the child is."""
    decision, message = Decision.objects.get(), Notification.objects.get()
    assert message.to_email == decision.by.email
    assert message.context["refusal_reference"] == decision.reference
    written = json.dumps([message.context, decision.facts])
    answers = answers_for(decision.stream)
    assert not [name for name in OF_THE_CHILD if answers[name] in written]
    assert "2021-03-04" not in written


def test_when_every_place_is_used_the_six_facts_say_so_and_the_draft_stays(page, live_site):
    # Given one place left, and a finished draft
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser(places_left=1)
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)

    # When the last place goes while the adviser looks at it, and they press the button
    when_opening(page, live_site, f"/drafts/{draft.key}/check/")
    then_page_is(page, "Check your answers before sending")
    then_page_says(page, "This will use one early years place. 1 of 50 is left now.")
    somebody_else_takes_a_place(scene)
    when_pressing(page, "Send the request")

    # Then nothing is lost and everything is said
    then_page_is(page, FULL)
    then_page_says(page, "No place was used, and the draft is kept.")
    then_the_facts_are(
        page,
        {
            "The rule": ["Every request uses one early years place, and all places are used."],
            "The count at that moment": ["At 09:30:00 on 26 November 2024, 50 of 50 early years places were used."],
            "Who set it, and when": [
                "Merle Ketteringham set the number of places to 50 on 12 August 2024.",
                "Merle Ketteringham set the cut-off to 13 December 2024 on 12 August 2024.",
            ],
            "The next date": ["Requests and the waiting list close at the end of 13 December 2024."],
            "The waiting list": ["Open: nobody was waiting, so you could join as number 1.", "Your draft is kept"],
            "What else can help now, and whom to ask": [
                "csearlyyearsadviceline@norfolk.gov.uk",
                "Speech and language support",
            ],
        },
    )
    then_page_does_not_say(page, "Wilf", "Tasburgh")
    then_it_was_told_without_the_child()
    assert not Referral.objects.exists()

    # And the draft can be reached, and the refusal read again
    address = page.url
    when_following(page, "Go to the draft for Bulrush Nursery")
    then_page_is(page, "Bulrush Nursery")
    then_page_says(page, "8 of 8 sections are done.")
    assert page.goto(address).status == 200
    then_page_says(page, "09:30:00 on 26 November 2024")

    # And from it one press joins the waiting list
    when_pressing(page, "Join the waiting list as number 1")
    then_page_is(page, "You are number 1 on the waiting list")
    assert Referral.objects.get().status == Status.WAITING


def test_the_last_second_is_in_time_and_the_next_is_not(page, live_site):
    # Given two finished drafts and the last second of the cut-off day
    given_the_clock_stands_at(LAST_SECOND)
    scene = an_adviser(places_left=2)
    in_time, too_late = (filled_draft(scene.setting, by=scene.adviser) for _ in range(2))
    given_signed_in(page, live_site, scene.adviser)

    # When one is sent, then it is accepted
    when_opening(page, live_site, f"/drafts/{in_time.key}/check/")
    then_page_says(page, "1 minute left")
    when_pressing(page, "Send the request")
    then_page_is(page, "Request sent")
    then_page_says(page, "1 of 50 is left.", "Friday 13 December 2024 at 23:59")

    # When the other is opened in time and sent a second later
    when_opening(page, live_site, f"/drafts/{too_late.key}/check/")
    Notification.objects.all().delete()
    given_the_clock_stands_at(FIRST_MOMENT_TOO_LATE)
    when_pressing(page, "Send the request")

    # Then it is refused, although a place is left
    then_page_is(page, TOO_LATE)
    then_the_facts_are(
        page,
        {
            "The rule": ["Requests were taken up to and including 13 December 2024. That day has ended."],
            "The count at that moment": ["At 00:00:00 on 14 December 2024, 49 of 50 early years places were used."],
            "Who set it, and when": [
                "Merle Ketteringham set the number of places to 50",
                "Merle Ketteringham set the cut-off to 13 December 2024 on 12 August 2024.",
            ],
            "The next date": ["This contract ends on 31 March 2025.", "No later date has been set yet."],
            "The waiting list": ["Closed: it closed with the cut-off on 13 December 2024.", "Your draft is kept."],
            "What else can help now, and whom to ask": ["csearlyyearsadviceline@norfolk.gov.uk"],
        },
    )
    then_it_was_told_without_the_child()
    assert DraftReferral.objects.get().key == too_late.key

    # And every page that counts places says that it is over
    when_following(page, "Go to the draft for Bulrush Nursery")
    then_page_says(page, "Requests closed at the end of Friday 13 December 2024.")
    when_following(page, "Home")
    then_page_is(page, "Home")
    then_page_says(page, "Requests closed at the end of Friday 13 December 2024. None can be sent now.")


def test_two_presses_are_one_refusal_and_it_can_be_printed(page, live_site):
    # Given the check of a draft in two tabs, and then a refusal
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser(places_left=1)
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)
    other_tab = page.context.new_page()
    for tab in (page, other_tab):
        when_opening(tab, live_site, f"/drafts/{draft.key}/check/")
    somebody_else_takes_a_place(scene)
    when_pressing(other_tab, "Send the request")
    then_page_says(other_tab, "No place was used")
    reference = re.search(r"Refusal (\S+)", other_tab.locator("main").inner_text()).group(1)

    # When the adviser presses again
    when_pressing(page, "Send the request")

    # Then it is the same one
    then_page_says(page, f"Refusal {reference}")
    assert Decision.objects.count() == 1

    # And on paper there is the refusal without the ways to elsewhere
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("term").first).to_be_visible()
