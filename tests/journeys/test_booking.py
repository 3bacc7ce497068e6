"""A teacher with a phone books a visit that leaves little time to travel, moves it, and cancels it."""

from datetime import date

import pytest

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import JourneyTime
from tests.factories import support
from tests.factories.calendar import ClosureFactory
from tests.journeys.steps import (
    PHONE,
    given_signed_in,
    then_errors_are,
    then_page_is,
    then_page_says,
    when_choosing,
    when_dating,
    when_filling,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY as AT


@pytest.fixture(autouse=True)
def _in_practice(practice_date):
    practice_date(AT)


@pytest.fixture
def referral(council):
    """A request in touch; two days from now its teacher has another visit, 45 minutes away."""
    teacher = council.people[Role.S2S_TEACHER]
    ends = sorted([council.setting, council.far_setting], key=lambda one: one.pk)
    JourneyTime.objects.create(first=ends[0], second=ends[1], minutes=45, set_by=teacher, set_at=AT)
    support.booked(council.far, teacher=teacher)
    ClosureFactory(establishment=council.setting, starts_on=date(2024, 11, 29))
    return support.in_contact(council.early_years)


def test_a_visit_is_booked_moved_and_cancelled_on_a_phone(page, live_site, council, referral):
    page.set_viewport_size({"width": PHONE, "height": 844})
    given_signed_in(page, live_site, council.people[Role.S2S_TEACHER])

    # Given the page says when it suits them, a time that leaves too little asks why
    when_opening(page, live_site, f"/requests/{referral.reference}/book/")
    then_page_is(page, "Book a visit")
    then_page_says(page, "Tuesdays and Thursdays before 11.", "(you have a visit: 09:30 to 10:30)", "Perran Oxnead")
    when_choosing(page, "Observation")
    when_dating(page, "Date", "28", "11", "2024")
    when_filling(page, {"Start time": "10.50"})
    when_pressing(page, "Book the visit")
    warned = "it is about 45 minutes away, and you left 20."
    told = f"S2S teacher Person has a visit to Marram Pre-school at 09:30: {warned}"
    then_errors_are(page, "Book a visit", f"{told} Say why this is all right, or choose another time.")

    # When there is a reason, it is booked
    when_filling(page, {"Too little time to travel: why is this all right?": "A colleague drives me."})
    when_pressing(page, "Book the visit")
    then_page_is(page, "Observation")
    then_page_says(page, "Thursday 28 November 2024, 10:50 to 11:50", "get an invitation by e-mail.", "Planned")

    # When it is moved to a day on which they are closed, the page says so; the next one will do
    when_pressing(page, "Move the visit")
    then_page_is(page, "Move the visit")
    when_dating(page, "Date", "29", "11", "2024")
    when_choosing(page, "The school or setting")
    when_filling(page, {"Why?": "The hall is taken."})
    when_pressing(page, "Move the visit")
    then_errors_are(page, "Move the visit", "The school or setting is closed on 29 November 2024.")
    when_dating(page, "Date", "3", "12", "2024")
    when_pressing(page, "Move the visit")
    then_page_is(page, "Observation")
    then_page_says(page, "The visit is now on Tuesday 3 December 2024, 10:50 to 11:50.", "The hall is taken.")

    # And it can be cancelled
    when_pressing(page, "Cancel the visit")
    then_page_is(page, "Cancel the visit")
    when_choosing(page, "The family")
    when_filling(page, {"Why?": "Chicken pox."})
    when_pressing(page, "Cancel the visit")
    then_page_is(page, "Observation")
    then_page_says(page, "Cancelled", "Asked for by: The family.")
