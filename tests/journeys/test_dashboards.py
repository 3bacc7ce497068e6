"""A commissioner reads the ten answers of the demo, moves places with a second person, and time goes on."""

import pytest
from playwright.sync_api import Page, expect

from quotas.models import Period
from referrals.permissions import Asking
from s2s_portal.core import clock
from s2s_portal.demo.actions.seeding import seed
from s2s_portal.demo.choices import Persona
from s2s_portal.demo.documents.people import persona_email
from s2s_portal.jobs.models import JobRequest
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.views.figure_rows import told_once
from s2s_portal.oversight.views.pages import PAGES
from tests.demo.recount import EARLY, MAIN, Recount
from tests.demo.ten_answers import TEN_ANSWERS
from tests.factories.referrals import filled_draft
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_page_is,
    then_page_says,
    until,
    when_choosing,
    when_dating,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY

FIGURES = """() => [...document.querySelectorAll("section[aria-labelledby^=figure-]")].map(one => [
    one.getAttribute("aria-labelledby"),
    one.querySelectorAll("svg.app-svg").length,
    one.querySelectorAll("tbody tr").length,
])"""


@pytest.fixture
def demo_site(live_site, request):
    """The running site with the whole demo, on the morning it opens, and its background process."""
    seed(tell=lambda line: None)
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    request.getfixturevalue("background")
    until(nothing_is_left_to_do, seconds=60)
    return live_site


def nothing_is_left_to_do() -> bool:
    """Whether the background process has done what the demo's story asked for."""
    return not JobRequest.objects.filter(done_at=None).exists()


def somebody(persona: Persona) -> User:
    """The person behind a persona."""
    return User.objects.get(email=persona_email(persona))


def autumn() -> Period:
    """The period that the demo is in."""
    return Period.objects.get(opens_on__year=2024, requests_close_on__month=12)


def then_answers_are(page: Page, answers) -> None:
    """The overview has exactly these questions, figures and sentences."""
    cards = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading"))
    expect(cards.get_by_role("heading")).to_have_text([question for question, _, _ in answers])
    for card, (_, figure, sentence) in zip(cards.all(), answers, strict=True):
        expect(card.get_by_role("paragraph")).to_have_text([figure, sentence])


def then_the_answer_is(page: Page, question: str, *texts: str) -> None:
    """The overview's card with this question says these texts."""
    card = page.get_by_role("main").get_by_role("listitem").filter(has=page.get_by_role("heading", name=question))
    for text in texts:
        expect(card).to_contain_text(text)


def then_every_chart_has_its_table(page: Page, dashboard, readings: Readings) -> None:
    """Each figure is here with its chart and a table with a row for each of its lines; no chart is anywhere else."""
    figures = told_once(PAGES[dashboard].figures(readings))
    expected = [[f"figure-{one.key}", int(bool(one.chart and one.lines)), len(one.lines)] for one in figures]
    assert page.evaluate(FIGURES) == expected
    charts = sum(chart for _, chart, _ in expected)
    expect(page.locator("svg.app-svg")).to_have_count(charts)
    expect(page.get_by_role("main").get_by_role("table")).to_have_count(sum(bool(rows) for _, _, rows in expected))


def when_moving_on(page: Page, site, day: tuple[str, str, str]) -> None:
    """The administrator moves the practice date to noon of a day."""
    when_opening(page, site, "/practice-date/")
    when_dating(page, "New practice date", *day)
    when_filling(page, {"Time of day": "12:00"})
    when_pressing(page, "Move the practice date")
    then_page_says(page, "The practice date is now")


def run_out(stream: str) -> str:
    """Between which days the last place goes, counted from the lines of the ledger."""
    _, _, first, last = Recount(autumn(), clock.now()).pace(stream)
    return f"run out between {first:%-d}{'' if first.month == last.month else f'{first: %B}'} and {last:%-d %B %Y}"


def test_the_ten_answers_and_what_time_and_two_commissioners_change(page, demo_site, another_browser):
    # Given a commissioner on the day the demo opens, who finds the answers in the menu
    helen = somebody(Persona.COMMISSIONER)
    given_signed_in(page, demo_site, helen)
    when_opening(page, demo_site, "/home/")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Dashboards").click()
    then_page_is(page, "Dashboards")
    then_answers_are(page, TEN_ANSWERS)

    # And behind them the pages, on which every chart has its table
    readings = Readings(Scope(Asking(helen), autumn(), AN_ORDINARY_TUESDAY))
    for dashboard in PAGES:
        page.get_by_role("navigation", name="Dashboards").get_by_role("link", name=dashboard.label, exact=True).click()
        then_page_is(page, dashboard.label)
        then_every_chart_has_its_table(page, dashboard, readings)

    # When they propose to move two unused places to the stream that runs out first
    when_opening(page, demo_site, "/quotas/early-years/")
    when_pressing(page, "Move places")
    then_page_is(page, "Move early years places to mainstream")
    when_filling(page, {"How many unused places?": "2", "Why?": "Mainstream runs out first."})
    when_pressing(page, "See what it would do")
    then_page_is(page, "Propose to move 2 places from early years to mainstream?")
    when_pressing(page, "Propose this move")
    then_page_is(page, "Move 2 places from early years to mainstream")
    then_page_says(page, "You proposed this, so you cannot approve it yourself")
    proposal = page.url.removeprefix(demo_site.url)
    when_opening(page, demo_site, "/dashboards/")
    then_answers_are(page, TEN_ANSWERS)

    # And a second commissioner approves it
    other = another_browser()
    given_signed_in(other, demo_site, somebody(Persona.SECOND_COMMISSIONER))
    when_opening(other, demo_site, proposal)
    when_choosing(other, "Approve: the places move now")
    when_pressing(other, "Record this decision")
    then_page_says(other, "The places have been moved.")

    # Then what is bought is another number, and the places run out on other days; nothing else has changed
    when_opening(page, demo_site, "/dashboards/")
    (_, was_out), *others = [(question, sentence) for question, _, sentence in TEN_ANSWERS[1:]]
    assert "run out between 2 and 9 December 2024" in was_out
    then_the_answer_is(page, "How many of the 48 and the 87 are used?", "44 of 48, 79 of 87")
    then_the_answer_is(
        page,
        "At what pace",
        "Early years: 29 November to 4 December 2024",
        "4 of 48 early years places are left; at 0.7 to 1.2 a working day they run out between 29 November and 4 "
        "December 2024",
        "8 of 87 mainstream places are left; at 1.3 to 1.6 a working day they run out between 2 and 5 December 2024",
    )
    for question, sentence in others:
        then_the_answer_is(page, question, sentence)
    for stream in (EARLY, MAIN):
        then_the_answer_is(page, "At what pace", run_out(stream))

    # When the practice date moves on by two days on which nobody sends anything, then the places last longer
    administrator = another_browser()
    given_signed_in(administrator, demo_site, somebody(Persona.ADMINISTRATOR))
    when_moving_on(administrator, demo_site, ("28", "11", "2024"))
    when_opening(page, demo_site, "/dashboards/")
    then_page_is(page, "Dashboards")
    then_page_says(page, "As at 28 November 2024, 12:0")
    then_the_answer_is(
        page,
        "At what pace",
        "at 0.7 to 1.1 a working day they run out between 3 and 6 December 2024",
        "at 1.0 to 1.6 a working day they run out between 4 and 10 December 2024",
    )
    for stream in (EARLY, MAIN):
        then_the_answer_is(page, "At what pace", run_out(stream))
    then_the_answer_is(page, "Who was turned away, and why?", "Nobody")

    # When requests have closed and an adviser sends one, then it is refused, and counted
    adviser = another_browser()
    amara = somebody(Persona.EARLY_YEARS_ADVISER)
    zone = amara.memberships.get().zones.order_by("name").first()
    settings = Establishment.objects.filter(zone=zone, kind__eligibility=Stream.EARLY_YEARS).exclude(name="")
    draft = filled_draft(settings.order_by("name")[0], by=amara)
    when_opening(administrator, demo_site, "/practice-date/")
    when_pressing(administrator, "14 December 2024, 00:00")
    then_page_says(administrator, "The practice date is now Saturday 14 December 2024, 00:00.")
    given_signed_in(adviser, demo_site, amara)
    when_opening(adviser, demo_site, f"/drafts/{draft.key}/check/")
    when_pressing(adviser, "Send the request")
    then_page_is(adviser, "This request was not accepted: the cut-off has passed")
    when_opening(page, demo_site, "/dashboards/")
    then_the_answer_is(
        page,
        "Who was turned away, and why?",
        "1 without a place",
        "1 request is without a place: 1 was refused and has not been sent since (requests had closed).",
    )
    then_the_answer_is(
        page,
        "At what pace",
        "4 of 48 early years places are left: requests closed on 13 December 2024 before they ran out.",
        "8 of 87 mainstream places are left: requests closed on 13 December 2024 before they ran out.",
    )
    when_following(page, "Who was turned away, and why?")
    then_page_is(page, "Unmet demand")
    reason = page.get_by_role("row").filter(has_text="Refused: requests had closed").get_by_role("cell")
    expect(reason).to_have_text(["1"], use_inner_text=True)
    counts = page.get_by_role("row").filter(has_text=zone.name).get_by_role("cell")
    expect(counts).to_have_text(["1", "0", "0", "1"], use_inner_text=True)

    # And the quota is still what it was at any moment
    when_opening(page, demo_site, "/quotas/early-years/")
    then_page_says(page, "50 − 2 − 46 + 2 = 4 left")
    for time, words, was in (
        ("09:29", "26 November 2024, 09:29", "50 − 46 + 2 = 6 left"),
        ("", "the end of 26 November 2024", "50 − 2 − 46 + 2 = 4 left"),
    ):
        when_dating(page, "Day", "26", "11", "2024")
        when_filling(page, {"Time": time})
        when_pressing(page, "Show")
        then_page_is(page, f"Early years quota as at {words}")
        then_page_says(page, was)
