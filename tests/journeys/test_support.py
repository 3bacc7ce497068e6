"""S2S at work, on a phone all along: from a new request to a closed one, more information, a record that was wrong."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import vobject
from django.conf import settings
from playwright.sync_api import Page, expect

from referrals.choices import EndState, Status
from referrals.models import Booking, Referral, VisitRecord
from s2s_portal.core.ics import calendar_file
from s2s_portal.notifications.documents import invitation, spoken
from s2s_portal.notifications.models import Notification
from tests.core import pdf_text
from tests.factories import records as made
from tests.factories import support
from tests.journeys.scenes import SupportScene, a_new_request
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    given_the_clock_stands_at,
    then_errors_are,
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
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON

THE_VISIT = datetime(2024, 11, 28, 10, 50, tzinfo=LONDON)
THE_REVIEW = datetime(2025, 1, 7, 10, 0, tzinfo=LONDON)
HOUR = timedelta(hours=1)
SEEN = "He watches the others at the water tray, and joins in when somebody hands him a cup."


@pytest.fixture
def scene(page, transactional_db) -> SupportScene:
    """A new request, and the one phone that everybody here uses in turn."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_the_clock_stands_at(AT)
    return a_new_request()


def logged(page: Page, outcome: str, *, whom: str = "") -> None:
    """Log a phone call on the page of a request."""
    when_pressing(page, "Log a contact")
    then_page_is(page, "Log a contact")
    when_choosing(page, "Phone")
    when_choosing(page, outcome)
    if whom:
        when_choosing(page, whom)
    when_pressing(page, "Save")


def told_as_held(page: Page) -> None:
    """Tell, on the page of a request, that its visit was held."""
    when_pressing(page, "Tell what became of the visit")
    then_page_is(page, "What became of the visit?")
    why_not = page.get_by_role("group", name="If it was not held: why?")
    when_choosing(page, "Not held")
    expect(why_not).to_be_visible()
    when_choosing(page, "Held")
    expect(why_not).to_be_hidden()
    when_pressing(page, "Save what became of it")
    then_page_is(page, "Record of visit")


def finalised(page: Page) -> VisitRecord:
    """Check and finalise the record that is being written."""
    when_pressing(page, "Check and finalise")
    then_page_is(page, "Check the record before you finalise it")
    when_pressing(page, "Finalise the record")
    record = VisitRecord.objects.latest("pk")
    then_page_is(page, f"Record of visit {record.reference}")
    return record


def test_a_request_from_its_assignment_to_its_closure(page, live_site, scene):
    request, at_page = scene.request, f"/requests/{scene.request.reference}/"

    # Given a co-ordinator on the way to work, who gives the request to the teacher whom the desk suggests
    given_signed_in(page, live_site, scene.coordinator)
    when_opening(page, live_site, "/home/")
    then_page_is(page, "Home")
    when_following(page, "Not yet given to a teacher")
    then_page_is(page, "Desk")
    when_following(page, f"Give {request.reference} to a teacher")
    then_page_is(page, "Give this request to a teacher")
    expect(page.get_by_role("radio").first).to_have_accessible_name("Edda Rushmere")
    reasons = "13 km from Alder Carr School, about 25 minutes. 1 open request, the most of anyone."
    expect(page.get_by_role("radio").first).to_have_accessible_description(reasons)
    when_choosing(page, "Edda Rushmere")
    when_pressing(page, "Give the request to this teacher")
    then_page_is(page, "Desk")
    then_page_says(page, f"{request.reference} is with Edda Rushmere now.")

    # When the teacher calls from the day's page, nobody answers; the second call reaches them
    given_signed_in(page, live_site, scene.teacher)
    when_opening(page, live_site, "/day/")
    then_page_is(page, "My day")
    then_page_says(page, "Bulrush Nursery", "Contact by 3 December 2024")
    when_following(page, request.reference)
    then_page_is(page, f"Request {request.reference}")
    logged(page, "No answer")
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "With a teacher", "Phone: no answer")
    logged(page, "Reached", whom="Perran Oxnead")
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "S2S in touch", "Hold the first visit by 24 December 2024")

    # When they book a time that another visit leaves little room for, they say why it is all right
    when_pressing(page, "Book a visit")
    then_page_is(page, "Book a visit")
    when_choosing(page, "Observation")
    when_dating(page, "Date", "28", "11", "2024")
    when_filling(page, {"Start time": "10:50"})
    when_pressing(page, "Book the visit")
    tight = "Edda Rushmere has a visit to Marram Pre-school at 09:30: it is about 40 minutes away, and you left 20."
    then_errors_are(page, "Book a visit", f"{tight} Say why this is all right, or choose another time.")
    when_filling(page, {"Too little time to travel: why is this all right?": "That visit ends at ten."})
    when_pressing(page, "Book the visit")
    then_page_is(page, "Observation")
    then_page_says(page, "Thursday 28 November 2024, 10:50 to 11:50", "get an invitation by e-mail.")

    # Then the contact's calendar gets it, at the right time and without the child
    booking = Booking.objects.get(referral=request)
    sent = Notification.objects.get(kind="VISIT_BOOKED", to_email="perran@setting.invalid", key__contains=booking.key)
    file = calendar_file(
        invitation(sent.kind, spoken(sent.context), base_url=settings.BASE_URL, to=(sent.to_name, sent.to_email))
    )
    [event] = vobject.readOne(file.decode()).vevent_list
    assert (event.dtstart.value, event.dtend.value) == (THE_VISIT, THE_VISIT + HOUR)
    assert f"{event.dtstart.value:%H:%M} to {event.dtend.value:%H:%M}" == "10:50 to 11:50"  # on London's clocks
    assert not [name for name in (b"Wilf", b"Tasburgh") if name in file]

    # When the visit was held, its record is saved while it is written, and finalised
    given_the_clock_stands_at(THE_VISIT + HOUR + timedelta(minutes=5))
    when_opening(page, live_site, "/day/")
    then_page_is(page, "My day")
    then_page_says(page, "10:50 to 11:50", "Bulrush Nursery")
    when_opening(page, live_site, at_page)
    then_page_is(page, f"Request {request.reference}")
    told_as_held(page)
    when_filling(page, {"What was seen": SEEN})
    expect(page.get_by_text("Saved at 11:55")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="What was seen")).to_have_value(SEEN)
    action = page.get_by_role("group", name="Action 1")
    action.get_by_label("What").fill("Use the picture timetable")
    action.get_by_label("Who").fill("Perran Oxnead")
    when_dating(action, "By when", "13", "12", "2024")
    when_filling(page, {"Next step": "Staff try it for two weeks."})
    when_pressing(page, "Check and finalise")
    then_page_is(page, "Check the record")
    when_following(page, "Write something under “Needs now”")
    when_filling(page, {"Needs now": "Time to answer, and a way to ask for a turn."})
    record = finalised(page)
    then_page_says(page, SEEN, "Use the picture timetable", "Perran Oxnead", "13 December 2024")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PDF").click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"%PDF")
    assert SEEN in " ".join(pdf_text.content(pdf_text.opened(data)))

    # When the review is held, what was agreed before comes with it
    when_opening(page, live_site, at_page)
    then_page_is(page, f"Request {request.reference}")
    when_pressing(page, "Book a visit")
    when_choosing(page, "Review meeting")
    when_dating(page, "Date", "7", "1", "2025")
    when_filling(page, {"Start time": "10am"})
    when_pressing(page, "Book the visit")
    then_page_is(page, "Review meeting")
    given_the_clock_stands_at(THE_REVIEW + HOUR)
    when_opening(page, live_site, at_page)
    told_as_held(page)
    agreed = page.get_by_role("group", name="Agreed: Use the picture timetable")
    expect(agreed).to_contain_text("Perran Oxnead, by 13 December 2024. Agreed on 28 November 2024.")
    when_choosing(agreed, "Partly done")
    agreed.get_by_label("If not all of it is done: why?").fill("It hangs too high for him.")
    when_filling(page, {"What was seen": "He asks for the cup.", "Needs now": "To ask other children, too."})
    when_filling(page, {"Next step": "Staff hang it at his height."})
    second = finalised(page)
    assert second.reference == record.reference.replace("/1", "/2")
    then_page_says(page, "Partly done", "It hangs too high for him.", "Staff hang it at his height.")

    # Then it can be closed, with an outcome for the goal
    when_opening(page, live_site, at_page)
    then_page_is(page, f"Request {request.reference}")
    when_following(page, "Close this request")
    then_page_is(page, "Close this request")
    when_pressing(page, "Continue")
    then_errors_are(
        page,
        "Close this request",
        "Enter what S2S did, and where things stand now",
        "Select what became of goal 1",
    )
    when_filling(page, {"What S2S did, and where things stand now": "Staff use pictures beside their words."})
    when_choosing(page, "Partly met")
    when_pressing(page, "Continue")
    then_page_is(page, "Check before you close this request")
    then_page_says(page, "It closes as completed.", "Staff use pictures beside their words.", "Partly met")
    when_pressing(page, "Close this request")
    then_page_is(page, f"Request {request.reference}")
    request.refresh_from_db()
    assert (request.status, request.end_state, request.visits_held) == (Status.CLOSED, EndState.COMPLETED, 2)

    # And the adviser sees how it went
    given_signed_in(page, live_site, scene.adviser)
    when_opening(page, live_site, "/requests/")
    when_following(page, request.reference)
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "Closed", "Completed", "Staff use pictures beside their words.", "Partly met")
    then_page_says(page, "Given to a teacher", "Visit booked", "Visit held", "Record of visit finalised")


def test_a_request_goes_back_for_more_information_and_the_clock_stands(page, live_site, scene):
    request, at_page = scene.request, f"/requests/{scene.request.reference}/"

    # Given a co-ordinator who sees until when S2S has time, and asks
    given_signed_in(page, live_site, scene.coordinator)
    when_opening(page, live_site, at_page)
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "Reach the school or setting by 3 December 2024: 5 working days left.")
    when_following(page, "Ask for more information")
    then_page_is(page, "Ask for more information")
    when_pressing(page, "Ask and pause the clock")
    then_errors_are(page, "Ask for more information", "Enter what S2S needs to know")
    when_filling(page, {"What does S2S need to know?": "On which mornings does he come?"})
    when_pressing(page, "Ask and pause the clock")
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "More information needed", "paused since 26 November 2024", "Paused")

    # When three working days pass, the clock still stands, and nothing is overdue
    given_the_clock_stands_at(AT + timedelta(days=3))
    when_opening(page, live_site, at_page)
    then_page_says(page, "paused since 26 November 2024")
    then_page_does_not_say(page, "working days left", "Overdue")

    # When the adviser reads the question at home, corrects a detail and answers
    given_signed_in(page, live_site, scene.adviser)
    when_opening(page, live_site, "/home/")
    then_page_is(page, "Home")
    when_following(page, request.reference)
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "On which mornings does he come?")
    when_pressing(page, "Answer S2S’s question")
    then_page_is(page, "Answer S2S’s question")
    then_page_says(page, "On which mornings does he come?")
    when_following(page, "correct the details")
    then_page_is(page, "Correct the details")
    when_following(page, "Correct Contact and availability")
    then_page_is(page, "Correct: Contact and availability")
    when_filling(page, {"When can they be reached": "Mondays and Wednesdays before 11."})
    when_pressing(page, "Correct")
    then_errors_are(page, "Correct: Contact and availability", "Enter why this is corrected")
    when_filling(page, {"Why is this corrected?": "He changed his mornings."})
    when_pressing(page, "Correct")
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "Mondays and Wednesdays before 11.")
    when_pressing(page, "Answer S2S’s question")
    when_filling(page, {"Your answer": "On Mondays and Wednesdays, from 9."})
    when_pressing(page, "Send back to S2S")

    # Then S2S has as many days as before, and the request keeps its place and its date
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "Sent to S2S", "Reach the school or setting by 6 December 2024: 5 working days left.")
    given_signed_in(page, live_site, scene.coordinator)
    when_opening(page, live_site, at_page)
    then_page_is(page, f"Request {request.reference}")
    then_page_says(page, "Reach the school or setting by 6 December 2024: 5 working days left.")
    then_page_says(page, "On Mondays and Wednesdays, from 9.")
    now = Referral.objects.get(pk=request.pk)
    assert (now.status, now.place_id, now.submitted_at) == (Status.SUBMITTED, request.place_id, request.submitted_at)


def test_a_record_about_the_wrong_child_is_retracted(page, live_site, scene):
    # Given a finalised record that its writer finds to be about another child
    at_page = f"/requests/{scene.request.reference}/"
    given_the_clock_stands_at(THE_VISIT + 2 * HOUR)
    in_touch = support.in_contact(scene.request, teacher=scene.teacher)
    visit = support.held(support.book(in_touch, THE_VISIT + HOUR, at=AT), at=THE_VISIT + 2 * HOUR)
    record = made.recorded(visit, seen=SEEN)
    given_signed_in(page, live_site, scene.teacher)
    when_opening(page, live_site, at_page)
    page.get_by_role("link", name="Read the record").click()
    then_page_is(page, f"Record of visit {record.reference}")
    then_page_says(page, SEEN)

    # When they retract it, they type which one they mean
    when_following(page, "Retract this record")
    then_page_is(page, "Retract this record")
    when_filling(
        page,
        {
            "How was it found out": "The manager said so.",
            "Who may have seen it": "Nobody but me.",
            f"Type {record.reference} to confirm": record.reference[:-1] + "9",
        },
    )
    when_pressing(page, "Retract this record")
    then_errors_are(page, "Retract this record", f"Type the record’s reference: {record.reference}")
    when_filling(page, {f"Type {record.reference} to confirm": record.reference.lower()})
    when_pressing(page, "Retract this record")
    then_page_is(page, f"Request {record.visit.referral.reference}")
    then_page_says(page, f"Record {record.reference} is retracted, and a new one is begun.")

    # Then they cannot open it any more, and an empty one waits for them
    assert page.goto(f"{live_site.url}{at_page}records/1/").status == 404
    assert page.goto(f"{live_site.url}{at_page}records/1/record.pdf").status == 404
    when_opening(page, live_site, at_page)
    then_page_does_not_say(page, SEEN)
    when_pressing(page, "Write the record of the visit")
    then_page_is(page, "Record of visit")
    then_page_says(page, "This takes the place of a record that was retracted.")
    expect(page.get_by_role("textbox", name="What was seen")).to_have_value("")

    # And an auditor sees it, with a reason
    given_signed_in(page, live_site, scene.auditor)
    assert page.goto(f"{live_site.url}{at_page}records/1/").status == 404
    when_opening(page, live_site, "/access-log/look/")
    when_filling(
        page, {"Reference of the request": scene.request.reference, "Why you need to see it": "A retracted record."}
    )
    when_pressing(page, "Record the reason and open the request")
    then_page_is(page, f"Request {scene.request.reference}")
    when_opening(page, live_site, f"{at_page}records/1/")
    then_page_is(page, f"Record of visit {record.reference}")
    then_page_says(page, "This record was retracted: it was about the wrong child.", SEEN, "The manager said so.")
