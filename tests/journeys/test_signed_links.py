"""A school or setting answers by the link of a message, on a phone and without an account."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from referrals.models import Booking, BookingFlag, RecordConfirmation
from s2s_portal.notifications.choices import Kind
from tests.factories import records as made
from tests.factories import support
from tests.factories.offers import address, link_of, offered, slot
from tests.fixtures import founded
from tests.journeys import steps
from tests.moments import AN_ORDINARY_TUESDAY as AT

PHONE = {"width": 390, "height": 844}
CHILD = ("Wilf", "Tasburgh")


@pytest.fixture
def council(transactional_db):
    steps.given_the_clock_stands_at(AT)
    return founded()


def test_a_contact_confirms_a_record(page, live_site, council):
    booking = support.booked(council.early_years, at=AT - timedelta(days=1), starts_at=AT - timedelta(hours=2))
    record = made.recorded(made.fresh(support.held(booking, at=AT)))
    link = link_of(Kind.RECORD_READY_CONTACT)
    page.set_viewport_size(PHONE)
    steps.when_opening(page, live_site, address(link))
    steps.then_page_is(page, "Record of our visit on 26 November 2024")
    assert str(link.key) in page.url
    steps.then_page_says(page, made.WORDS["seen"], "W.\u00a0T.")
    steps.then_page_does_not_say(page, *CHILD)
    steps.when_pressing(page, "Send your answer")
    steps.then_errors_are(page, "Record of our visit on 26 November 2024", "Select whether the record is right")
    steps.when_choosing(page, "Add our view")
    steps.when_filling(page, {"Your view, if you add one": "We see it in the same way, and it rained."})
    steps.when_pressing(page, "Send your answer")
    steps.then_page_is(page, "Thank you, your answer has arrived")
    assert RecordConfirmation.objects.get().record == record
    steps.when_opening(page, live_site, address(link))
    steps.then_heading_is(page, "Thank you, your answer has arrived")


def test_a_contact_chooses_a_time_and_later_asks_for_another(page, live_site, council):
    referral = support.in_contact(council.early_years)
    offered(referral)
    page.set_viewport_size(PHONE)
    steps.when_opening(page, live_site, address(link_of(Kind.TIMES_OFFERED_CONTACT)))
    steps.then_page_is(page, "Choose a time for a visit")
    steps.then_page_does_not_say(page, *CHILD)
    steps.when_choosing(page, "Thursday 28 November 2024, 09:30 to 10:30")
    steps.when_pressing(page, "Send your answer")
    steps.then_page_is(page, "Thank you, your answer has arrived")
    steps.then_page_says(page, "You chose Thursday 28 November 2024")
    assert Booking.objects.get().starts_at == slot(2).starts_at
    steps.when_opening(page, live_site, address(link_of(Kind.VISIT_BOOKED)))
    steps.then_page_is(page, "Visit by School to School support")
    with page.expect_download() as download:
        steps.when_following(page, "Put it into your calendar (.ics)")
    assert download.value.suggested_filename == "visit.ics"
    steps.when_choosing(page, "Ask for another time")
    steps.when_filling(page, {"Why, and when would it suit you?": "The hall is used; any other morning."})
    steps.when_pressing(page, "Send")
    expect(page.get_by_text("S2S has been told that you ask for another time")).to_be_visible()
    steps.then_page_is_accessible(page)
    assert BookingFlag.objects.get().settled_at is None


def test_a_link_that_no_longer_works_says_whom_to_ask(page, live_site, council):
    referral = support.in_contact(council.early_years)
    offered(referral)
    link = link_of(Kind.TIMES_OFFERED_CONTACT)
    support.book(referral, slot(6).starts_at)
    page.set_viewport_size(PHONE)
    page.goto(live_site.url + address(link))
    steps.then_page_is(page, "This link no longer works")
    steps.then_page_says(page, referral.teacher.email)


def test_a_teacher_offers_times(page, live_site, council):
    referral = support.in_contact(council.early_years)
    page.set_viewport_size(PHONE)
    steps.given_signed_in(page, live_site, referral.teacher)
    steps.when_opening(page, live_site, f"/requests/{referral.reference}/book/")
    steps.when_following(page, "Offer them up to three times to choose from")
    steps.then_page_is(page, "Offer times for a visit")
    steps.when_choosing(page, "Observation")
    steps.when_dating(page, "Time 1: date", "3", "12", "2024")
    steps.when_filling(page, {"Time 1: start time": "10am"})
    steps.when_pressing(page, "Offer these times")
    expect(page.get_by_text("is asked by e-mail to choose a time")).to_be_visible()
