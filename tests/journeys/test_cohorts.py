"""A cohort of five schools with four places left: four go, one waits, and a withdrawal gives it its place."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from quotas.queries import places_left
from referrals.choices import Status
from referrals.models import Referral
from tests.journeys.scenes import SchoolScene, a_send_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_errors_are,
    then_page_is,
    then_page_says,
    until,
    when_choosing,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY

TITLE = "Calm arrivals in Years 3 and 4"
HEADER = (
    "URN,School name,Postcode,Children,Priority,Contact name,Contact job title,Contact e-mail,Contact telephone,Goals,"
    "School has agreed,Agreed by,Agreed on"
)


def list_of(scene: SchoolScene) -> str:
    """The five schools as an adviser keeps them in a spreadsheet; the last is the least urgent."""
    lines = [HEADER]
    for number, school in enumerate(scene.schools, start=1):
        priority = "Low" if number == 5 else "High"
        contact = f"Contact {number},SENCO,senco{number}@school.invalid,01603 49600{number}"
        lines.append(f"{school.urn},,,{number + 2},{priority},{contact},,yes,Head teacher,21/11/2024")
    return "\n".join(lines)


def when_describing(page: Page) -> None:
    """Through the three pages of a cohort's description."""
    then_page_is(page, "The children and why now")
    when_filling(
        page,
        {
            "Why do these children need support now?": "Five schools lose an hour each morning at the door.",
            "How many children, in all its schools?": "25",
        },
    )
    when_choosing(page, "Year 3")
    when_choosing(page, "Year 4")
    when_choosing(page, "No, numbers and needs are enough")
    when_pressing(page, "Save and continue")
    then_page_is(page, "Needs and what has been tried")
    page.get_by_label("Main type of need").select_option(label="Autistic spectrum disorder (ASD)")
    page.get_by_label("INDES section that fits best").select_option(label="Social communication and interaction")
    when_filling(
        page,
        {
            "INDES level": "5",
            "What has been tried?": "Meet-and-greet and later starts, for half a term.",
            "What came of it?": "Calmer on good days.",
        },
    )
    when_pressing(page, "Save and continue")
    then_page_is(page, "Support wanted and goals")
    when_choosing(page, "Observation and recommendations")
    when_filling(page, {"First goal": "Each child has a calm arrival that any adult can run."})
    when_pressing(page, "Save and continue")


def test_four_go_one_waits_and_gets_its_place_after_a_withdrawal(page, live_site, background):
    # Given a SEND Adviser with five schools in mind, and four places
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = a_send_adviser(places_left=4)
    given_signed_in(page, live_site, scene.adviser)

    # When they start a cohort and describe it once
    when_opening(page, live_site, "/cohorts/")
    then_page_is(page, "Cohorts")
    when_following(page, "Start a cohort")
    then_page_is(page, "Start a cohort")
    when_filling(page, {"What is this cohort called?": TITLE})
    when_pressing(page, "Start this cohort")
    when_describing(page)
    then_page_is(page, TITLE)
    then_page_says(page, "Nothing has been sent, and no place is used yet.")
    address = page.url

    # And paste their list of schools, and look at its rows
    when_pressing(page, "Add schools")
    then_page_is(page, "Choose schools")
    when_following(page, "give a list of schools")
    then_page_is(page, "Give a list of schools")
    when_filling(page, {"Or paste a list": list_of(scene)})
    when_pressing(page, "Read the list")
    then_page_is(page, "Look at the rows of your list")
    then_page_says(page, "5 rows.", "Nothing is added until you press the button at the end")
    page.get_by_role("button", name=re.compile("^Add the chosen schools")).click()

    # Then the plan says what it costs, and puts the least urgent school on the waiting list
    when_opening(page, live_site, urlsplit(address).path)
    then_page_is(page, TITLE)
    when_pressing(page, "Choose who goes now")
    then_page_is(page, "Choose who goes now")
    then_page_says(page, "5 requests would use 5 mainstream places; 4 of 85 are left.")

    # When they ask for too much, then nothing is lost and they are asked again
    last = page.get_by_role("group", name=scene.schools[4].name)
    expect(last.get_by_label("Join the waiting list")).to_be_checked()
    last.get_by_label("Send now").check()
    when_pressing(page, "Save and check before sending")
    then_errors_are(page, "Choose who goes now", "4 places are free, and 5 schools are to be sent now. Choose again.")
    last.get_by_label("Join the waiting list").check()
    when_pressing(page, "Save and check before sending")

    # Then the check page says exactly what will happen, and it happens
    then_page_is(page, "Check before sending")
    then_page_says(page, "This will use 4 mainstream places. 4 of 85 are left, after this 0.", "Number 1:")
    page.get_by_role("button", name=re.compile("^Send 4, and")).click()
    then_page_is(page, "Cohort sent")
    requests = {one.establishment.name: one for one in Referral.objects.select_related("establishment")}
    assert len(requests) == 5
    then_page_says(
        page, "This used 4 mainstream places. 0 of 85 are left.", *[one.reference for one in requests.values()]
    )
    assert places_left(scene.quota) == 0
    waiting = requests[scene.schools[4].name]
    assert waiting.status == Status.WAITING

    # When one of the four is withdrawn
    when_opening(page, live_site, f"/requests/{requests[scene.schools[0].name].reference}/withdraw/")
    when_choosing(page, "Support is no longer needed")
    when_pressing(page, "Withdraw this request")

    # Then within seconds the school that waited has the place
    until(lambda: Referral.objects.get(pk=waiting.pk).status != Status.WAITING)
    when_opening(page, live_site, urlsplit(address).path)
    then_page_is(page, TITLE)
    then_page_says(page, "Got a place", "Withdrawn", "Joined the waiting list")
    when_opening(page, live_site, f"/requests/{waiting.reference}/")
    then_page_is(page, f"Request {waiting.reference}")
    then_page_says(page, "A place came free for it, and it was sent to S2S.", "Sent to S2S")
    assert places_left(scene.quota) == 0
