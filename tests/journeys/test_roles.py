"""Seven kinds of people: where each begins, and that nothing they are offered leads nowhere."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from s2s_portal.organisations.choices import Role
from tests.journeys.steps import (
    given_signed_in,
    then_errors_are,
    then_page_does_not_say,
    then_page_is,
    then_page_is_accessible,
    then_page_says,
    when_dating,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY
from tests.test_navigation import MENUS

MOST_PAGES = 600
CHILD = ("Wilf", "Tasburgh", "Few words yet")


@pytest.fixture(autouse=True)
def _in_practice(practice_date):
    practice_date(AN_ORDINARY_TUESDAY)


def links_of(page: Page, where: str = "nav a[href], main a[href]") -> list[str]:
    """The addresses, on this site, that the menu and the page itself lead to."""
    found = page.locator(where).evaluate_all("links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    return [link for link in dict.fromkeys(found) if urlsplit(link).netloc == here and link != page.url]


def crawl(page: Page, start: str) -> dict[str, int]:
    """Every address of this site that can be reached by links from `start`, with the status it answered."""
    statuses: dict[str, int] = {}
    to_do = [start]
    while to_do:
        url = to_do.pop()
        if url in statuses:
            continue
        answer = page.context.request.get(url)
        statuses[url] = answer.status
        assert len(statuses) <= MOST_PAGES, "the site has become larger, or its links go round for ever"
        if "html" in answer.headers.get("content-type", ""):
            # What a list is filtered and sorted by is no page of its own.
            links = re.findall(r'<a [^>]*href="([^"#?]+)', answer.text())
            to_do += [urljoin(url, link) for link in links if link.startswith("/") and "/static/" not in link]
    return statuses


@pytest.mark.parametrize("role", MENUS)
def test_everybody_lands_at_home_and_nothing_leads_nowhere(page, live_site, council, role):
    # Given somebody of this role, when they come to their home page
    given_signed_in(page, live_site, council.people[role])
    when_opening(page, live_site, "/home/")
    then_page_is(page, "Home")

    # Then the menu offers what the role may do
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link")).to_have_text(MENUS[role])

    # And each of its links, of those right below it and of the page's own opens a page that axe finds nothing on
    links = links_of(page)
    for link in links:
        answer = page.goto(link)
        assert answer.status == 200, link
        expect(page.locator("h1")).to_have_count(1)
        then_page_is_accessible(page)
        links += [url for url in links_of(page, "nav[aria-label='In this section'] a[href]") if url not in links]

    # And so does every page further on, as far as links go
    statuses = crawl(page, live_site.url + "/home/")
    assert {url: status for url, status in statuses.items() if status != 200} == {}
    assert len(statuses) > len(MENUS[role])


def test_somebody_without_a_part_in_it_sees_no_trace_of_a_request(page, live_site, council):
    given_signed_in(page, live_site, council.people[Role.S2S_TEACHER])
    answer = page.goto(f"{live_site.url}/requests/{council.early_years.reference}/")
    assert answer.status == 404
    then_page_is(page, "Page not found")
    then_page_does_not_say(page, council.early_years.reference, council.setting.name, *CHILD)


def test_the_commissioner_reads_a_request_without_the_child(page, live_site, council):
    given_signed_in(page, live_site, council.people[Role.COMMISSIONER])
    when_opening(page, live_site, "/requests/")
    when_following(page, council.early_years.reference)
    then_page_is(page, f"Request {council.early_years.reference}")
    then_page_says(page, "Bulrush Nursery", "is not shown to your role")
    then_page_does_not_say(page, *CHILD)


def test_an_auditor_gives_a_reason_and_then_sees_the_case(page, live_site, council):
    # Given an auditor to whom the request does not exist
    reference = council.early_years.reference
    given_signed_in(page, live_site, council.people[Role.AUDITOR])
    assert page.goto(f"{live_site.url}/requests/{reference}/").status == 404

    # When they ask to see it without a reason, they are told
    when_opening(page, live_site, "/access-log/look/")
    then_page_is(page, "Look at a request")
    when_filling(page, {"Reference of the request": reference})
    when_pressing(page, "Record the reason and open the request")
    then_errors_are(page, "Look at a request", "Enter why you need to see it")

    # When they give one, they see the whole case
    page.get_by_label("Why you need to see it").fill("A parent has asked what we hold about their child.")
    when_pressing(page, "Record the reason and open the request")
    then_page_is(page, f"Request {reference}")
    then_page_says(page, *CHILD)

    # And that they looked, and why, is in the log
    when_opening(page, live_site, "/access-log/")
    then_page_is(page, "Access log")
    rows = page.get_by_role("row").filter(has_text=reference)
    expect(rows.filter(has_text="A parent has asked")).to_have_count(1)
    expect(rows.filter(has_text="request page")).to_have_count(1)


def test_the_administrator_moves_the_practice_date_and_every_page_says_so(page, live_site, council, another_browser):
    # Given an administrator, and an adviser who is at work
    adviser = another_browser()
    given_signed_in(adviser, live_site, council.people[Role.EARLY_YEARS_ADVISER])
    given_signed_in(page, live_site, council.people[Role.ADMINISTRATOR])
    when_opening(page, live_site, "/practice-date/")
    then_page_is(page, "Practice date")
    expect(banner(page)).to_contain_text("Tuesday 26 November 2024, 09:3")

    # When the date is moved back, it is refused
    when_dating(page, "New practice date", "1", "November", "2024")
    when_pressing(page, "Move the practice date")
    then_errors_are(
        page,
        "Practice date",
        re.compile("New practice date must be after .* because the practice date moves forward only"),
    )

    # When it is moved forward with one click
    when_pressing(page, "13 December 2024, 23:58")
    then_page_says(page, "The practice date is now Friday 13 December 2024, 23:58.")

    # Then every page says so, to everyone, and lives by it
    moved = re.compile("Practice date: Friday 13 December 2024, 23:5[89].")
    expect(banner(page)).to_contain_text(moved)
    request_page = f"/requests/{council.early_years.reference}/"
    for path in ("/", "/home/", "/requests/", "/drafts/", "/requests/new/", request_page):
        when_opening(adviser, live_site, path)
        expect(banner(adviser)).to_contain_text(moved)
    when_opening(adviser, live_site, "/home/")
    expect(adviser.locator("main")).to_contain_text(re.compile("[12] minutes? left"))

    # And only the administrator can change it
    expect(banner(page).get_by_role("link", name="Change the practice date")).to_be_visible()
    expect(banner(adviser).get_by_role("link")).to_have_count(0)
    assert adviser.goto(live_site.url + "/practice-date/").status == 403
    then_page_is_accessible(adviser)


def banner(page: Page):
    """The notice above every page that says which date it is here."""
    return page.get_by_role("region", name="Practice date")
