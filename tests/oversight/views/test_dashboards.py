"""The overview and its pages: what is true of every dashboard, whatever it counts."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotas.queries import period_at, periods
from s2s_portal.organisations.choices import Permission, Role
from s2s_portal.organisations.permissions import ROLE_TABLE
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.queries.scope import counting
from s2s_portal.oversight.views.pages import PAGES
from tests.core.markup import Reader
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import LONDON
from tests.referrals.queries.test_unmet import NEXT_YEAR, Town
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
OVERVIEW = reverse("oversight:overview")
UNMET = reverse("oversight:dashboard", args=["unmet"])
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet", "Puddle Lane", "Perran")
#: Ten answers from what they share: twelve statements, and the five of every page. 15 is the budget of a page.
OVERVIEW_AT_MOST = 16  # 15 in production, where nobody asks for a practice date
SEES = [role for role in Role if Permission.SEE_DASHBOARDS in ROLE_TABLE[role][1]]
EVERY_PAGE = [pytest.param(page, id=page.dashboard.value) for page in PAGES.values()]


def pictures(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(one) for one in re.findall(r'<svg xmlns.*?class="app-svg".*?</svg>', html)]


def may(role: Role, page) -> bool:
    return page.permission in ROLE_TABLE[role][1]


@pytest.mark.parametrize("role", SEES)
def test_each_card_of_the_overview_leads_to_a_page_that_opens(council, client_for, role):
    client = client_for(council.people[role])
    html = client.get(OVERVIEW).content.decode()
    cards = re.findall(r'app-answers__question"><a class="govuk-link" href="([^"]*)"', html)
    assert bool(cards) == any(may(role, page) for page in PAGES.values())
    for url in set(cards):
        assert client.get(url).status_code == 200
    unmet = "Who was turned away, and why?" in text_of(client.get(OVERVIEW))
    assert unmet == may(role, PAGES[Dashboard.UNMET])


@pytest.mark.parametrize("page", EVERY_PAGE)
@pytest.mark.parametrize("role", SEES)
def test_every_page_is_drawn_whole_and_names_no_child(council, client_for, role, page):
    support.in_contact(council.far)
    answer = client_for(council.people[role]).get(reverse("oversight:dashboard", args=[page.dashboard.value]))
    assert answer.status_code == (200 if may(role, page) else 403)
    html = answer.content.decode()
    assert [name for name in CHILD if name in html] == []
    assert " style=" not in html
    assert len(pictures(html)) == html.count("app-chart__picture")
    reader = Reader(frozenset())
    reader.feed(html)
    ids = [attrs["id"] for _, attrs in reader.parts if isinstance(attrs, dict) and "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_long_page_begins_with_links_to_its_figures_and_wide_tables_say_that_there_is_more(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    html = client.get(reverse("oversight:dashboard", args=["waits"])).content.decode()
    links = re.findall(r'<li><a class="govuk-link" href="#(figure-[^"]*)"', html)
    assert links == re.findall(r'<h2 class="govuk-heading-m" id="(figure-[^"]*)"', html)
    assert len(links) > 4
    assert html.count("Push the table sideways for more.") == html.count('class="app-chart__table"') > 0
    short = client.get(reverse("oversight:dashboard", args=["zones"])).content.decode()
    assert "On this page" not in short


def test_the_page_says_its_period_its_moment_and_what_is_counted(client_for):
    town = Town()
    town.refused()
    words = text_of(client_for(town.commissioner).get(UNMET))
    for part in (str(town.period), "As at 26 November 2024, 09:30", "What is counted.", "It counts once", "As above."):
        assert part in words


def test_a_sentence_that_several_figures_share_is_said_once_beside_charts_of_the_tables_numbers(client_for):
    town = Town()
    for _ in range(3):
        town.refused()
    town.joined(town.far_setting)
    html = client_for(town.commissioner).get(UNMET).content.decode()
    assert html.count('app-chart__sentence">4 requests are without a place') == 1
    _reasons, zones, _needs, _weeks = pictures(html)
    said = [one.text for one in zones.iter() if one.get("class") in ("app-svg__name", "app-svg__value")]
    assert sorted(said) == ["1", "3", "Reedham Reach", "Saltings"]


def test_the_period_and_stream_are_taken_along(council, client_for):
    query = "?stream=EARLY_YEARS"
    client = client_for(council.people[Role.COMMISSIONER])
    overview = client.get(f"{OVERVIEW}{query}&forged=1").content.decode()
    assert f'href="{UNMET}{query}"' in overview
    assert "forged" not in re.sub(r"<form.*?</form>", "", overview, flags=re.DOTALL)
    assert f'href="{OVERVIEW}{query}"' in client.get(f"{UNMET}{query}").content.decode()


@pytest.mark.parametrize("slug", ["nothing", "OVERVIEW", "unmet-"])
def test_there_is_no_other_page(council, client_for, slug):
    assert client_for(council.people[Role.COMMISSIONER]).get(f"/dashboards/{slug}/").status_code == 404


@pytest.mark.parametrize("url", [OVERVIEW, UNMET])
def test_before_the_first_period_there_is_nothing_to_count(client_for, url):
    assert "No period has been set up yet" in text_of(client_for(person(Role.COMMISSIONER)).get(url))


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_opens_before_the_first_request(client_for, page):
    town = Town()
    url = reverse("oversight:dashboard", args=[page.dashboard.value])
    assert client_for(town.commissioner).get(url).status_code == (200 if may(Role.COMMISSIONER, page) else 403)


@pytest.mark.parametrize("url", [OVERVIEW, *(reverse("oversight:dashboard", args=[page.value]) for page in PAGES)])
def test_it_takes_the_same_few_queries_however_much_there_is(council, client_for, url):
    client = client_for(council.people[Role.COMMISSIONER])
    support.assigned(council.far)
    one = queries_of(client, url)
    for number in range(3):
        zone = ZoneFactory(name=f"Staithe {number}")
        adviser = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
        support.assigned(sent_request(EstablishmentFactory(zone=zone), by=adviser), teacher=person(Role.S2S_TEACHER))
    assert queries_of(client, url) == one
    assert one <= (OVERVIEW_AT_MOST if url == OVERVIEW else 15)


def queries_of(client, url: str) -> int:
    """How many statements the page takes once those who open it are known to the session."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2024, 1, 1, tzinfo=LONDON),
        AT,
        datetime(2025, 4, 6, 23, 59, tzinfo=LONDON),
        datetime(2025, 4, 7, tzinfo=LONDON),
    ],
    ids=str,
)
def test_the_period_that_counts_is_the_one_that_counts_everywhere(at):
    town = Town()
    assert counting([], at) is None
    period_with_places(by=town.commissioner, **NEXT_YEAR)
    assert counting(list(periods()), at) == period_at(at) is not None
