"""The record of a visit in a browser: saved as one types, whatever happens, and both texts where two people write."""

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import expect

from referrals.models import RecordAnswer, VisitRecord
from s2s_portal.organisations.choices import Role
from tests.factories import records as made
from tests.factories import support
from tests.fixtures import founded
from tests.journeys import steps
from tests.moments import AN_ORDINARY_TUESDAY as AT

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def council(transactional_db):
    steps.given_the_clock_stands_at(AT)
    return founded()


@pytest.fixture
def booking(council):
    """A visit that is going on."""
    return support.booked(council.early_years, at=AT - timedelta(days=1), starts_at=AT - timedelta(minutes=30))


@pytest.fixture
def teacher(council):
    return council.people[Role.S2S_TEACHER]


def saved(name: str) -> str:
    """What is saved of an answer, "" for nothing."""
    return "".join(RecordAnswer.objects.filter(name=name).values_list("value", flat=True))


def record_of(booking) -> str:
    return f"/visits/{booking.key}/record/"


def test_from_the_outcome_to_the_finalised_record_on_a_phone(page, live_site, booking, teacher):
    page.set_viewport_size(PHONE)
    steps.given_signed_in(page, live_site, teacher)
    steps.when_opening(page, live_site, f"/visits/{booking.key}/outcome/")
    steps.then_page_is(page, "What became of the visit?")
    steps.when_choosing(page, "Held")
    steps.when_pressing(page, "Save what became of it")
    steps.then_page_is(page, "Record of visit")
    steps.when_filling(page, {"What was seen": "Sand and water", "Needs now": "Time to answer"})
    expect(page.get_by_text("Saved at 09:30")).to_be_visible()
    steps.until(lambda: saved("needs_now") == "Time to answer")
    page.get_by_role("textbox", name="Next step").fill("A timetable")
    page.reload()  # before a second has passed: what was typed is sent on leaving
    steps.until(lambda: saved("next_step") == "A timetable")
    steps.when_pressing(page, "Check and finalise")
    steps.then_page_is(page, "Check the record before you finalise it")
    steps.when_pressing(page, "Finalise the record")
    record = VisitRecord.objects.get()
    steps.then_page_is(page, f"Record of visit {record.reference}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as PDF").click()
    assert download.value.suggested_filename == f"record-{record.reference.replace('/', '-')}-v1.pdf"


@pytest.mark.parametrize(("choice", "kept"), [("Keep yours", "Mine"), ("Keep theirs", "Theirs")])
def test_two_windows_show_both_texts_and_lose_none(page, live_site, booking, teacher, another_browser, choice, kept):
    support.held(booking, at=AT)
    other = another_browser()
    for one in (page, other):
        steps.given_signed_in(one, live_site, teacher)
        steps.when_opening(one, live_site, record_of(booking))
    other.get_by_role("textbox", name="Next step").fill("Theirs")
    expect(other.get_by_text("Saved at 09:30")).to_be_visible()
    page.get_by_role("textbox", name="Next step").fill("Mine")
    panel = page.get_by_role("group", name="You changed “Next step” at 09:30 in another window while you were writing")
    expect(panel).to_contain_text("Theirs: Theirs")
    expect(panel).to_contain_text("Yours: Mine")
    steps.then_page_is_accessible(page)
    assert saved("next_step") == "Theirs"
    panel.get_by_role("button", name=choice).click()
    expect(panel).to_have_count(0)
    steps.until(lambda: saved("next_step") == kept)
    expect(page.get_by_role("textbox", name="Next step")).to_have_value(kept)


def test_a_session_that_ended_costs_no_text(page, live_site, booking, teacher):
    support.held(booking, at=AT)
    steps.given_signed_in(page, live_site, teacher)
    steps.when_opening(page, live_site, record_of(booking))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    box = page.get_by_role("textbox", name="What was seen")
    box.fill("Not lost")
    expect(page.get_by_text("you have been signed out. Your text is still here.")).to_be_visible()
    expect(box).to_have_value("Not lost")
    steps.given_signed_in(page, live_site, teacher)  # in another tab
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # signing in changes the token, too
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    steps.until(lambda: saved("seen") == "Not lost")
    expect(page.get_by_text("Saved at 09:30")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "you may not write in this record now. Your text is still here"),
        (413, "more than the portal takes at once. Your text is still here"),
        (429, "there is no connection. Your text is still here"),
        (None, "there is no connection. Your text is still here"),
    ],
)
def test_what_cannot_be_saved_stays_and_is_sent_again(page, live_site, booking, teacher, status, sentence):
    support.held(booking, at=AT)
    steps.given_signed_in(page, live_site, teacher)
    steps.when_opening(page, live_site, record_of(booking))
    way = "**/record/save/"
    page.route(way, lambda route: route.fulfill(status=status) if status else route.abort())
    box = page.get_by_role("textbox", name="What was seen")
    box.fill("Not lost")
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(box).to_have_value("Not lost")
    assert saved("seen") == ""
    page.unroute(way)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    steps.until(lambda: saved("seen") == "Not lost")


def test_without_scripts_the_button_saves(live_site, booking, teacher, another_browser):
    visit = support.held(booking, at=AT)
    page = another_browser(java_script_enabled=False, viewport=PHONE)
    steps.given_signed_in(page, live_site, teacher)
    steps.when_opening(page, live_site, record_of(booking))
    steps.when_filling(page, {"What was seen": "Sand and water", "Next step": "Mine"})
    made.type_in(made.fresh(visit), {"next_step": "Theirs"}, at=AT)
    steps.when_pressing(page, "Save")
    assert (saved("seen"), saved("next_step")) == ("Sand and water", "Theirs")
    expect(page.get_by_role("textbox", name="Next step")).to_have_value("Mine")
    page.get_by_label("Keep yours, which stands above").check()
    steps.when_pressing(page, "Save")
    assert saved("next_step") == "Mine"
