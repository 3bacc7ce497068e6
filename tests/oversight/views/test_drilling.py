"""The page of the requests behind a line of a figure: as many as it counts, for those who may see them, no child."""

import re

import pytest
from django.urls import reverse

from referrals.choices import Status
from s2s_portal.organisations.choices import Permission, Role
from s2s_portal.organisations.models import Membership
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line
from s2s_portal.oversight.views.pages import PAGES, Page
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import sent_request
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at", "by_status")]
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet", "Puddle Lane", "Perran")
SEES = [Role.COMMISSIONER, Role.S2S_COORDINATOR]


def address(line: str = "SUBMITTED", figure: str = "status", slug: str = "team") -> str:
    return reverse("oversight:requests", args=[slug, figure, line])


def cases_with(readings, figure, status):
    """The requests of a status; those of returned ones are nobody's."""
    if figure != "status" or status == Status.RETURNED:
        return None
    return [case for case in readings.cases if case.status == status]


def figures(readings):
    """How many requests have each status."""
    lines = [
        Line((status.label, len([case for case in readings.cases if case.status == status])), key=status.value)
        for status in Status
    ]
    counted = {"sentence": "So many.", "definition": "Every request of the period, once."}
    columns = (Column("Status"), Column("Requests", Unit.COUNT))
    return [Figure(key="status", caption="By status", **counted, columns=columns, lines=tuple(lines))]


@pytest.fixture
def by_status(monkeypatch):
    """A dashboard of requests by status, in the place of the team's."""
    page = Page(
        Dashboard.TEAM,
        "Where do they stand?",
        answers=lambda readings: [Answer("Where do they stand?", "4", "Four requests.", Dashboard.TEAM)],
        figures=figures,
        requests=cases_with,
    )
    monkeypatch.setitem(PAGES, Dashboard.TEAM, page)
    return page


def references(page) -> list[str]:
    """The requests of the page, in its order."""
    return re.findall(r'href="/requests/([A-Z0-9-]+)/"', page.content.decode())


@pytest.mark.parametrize("role", SEES)
def test_a_line_leads_to_exactly_its_requests(council, client_for, role):
    client = client_for(council.people[role])
    links = re.findall(r'href="([^"]*/team/status/[^"]*)"', client.get("/dashboards/team/").content.decode())
    assert address() in links
    page = client.get(address())
    assert references(page) == [one.reference for one in (council.early_years, council.mainstream, council.far)]
    words = text_of(page)
    assert "3 requests, as at 26 November 2024, 09:30." in words
    assert f"By status: {Status.SUBMITTED.label}" in words
    assert "What is counted. Every request of the period, once." in re.sub("<[^>]*>", "", words)
    assert [name for name in CHILD if name in words] == []


def test_a_line_of_the_list_says_where_the_request_is_from_and_who_has_it(council, client_for):
    teacher = person(Role.S2S_TEACHER)
    Membership.objects.filter(user=teacher).update(home_school=EstablishmentFactory(school=True, name="Heron School"))
    support.assigned(council.far, teacher=teacher)
    page = client_for(council.people[Role.COMMISSIONER]).get(address("ASSIGNED"))
    [row] = re.findall(r'<tr class="govuk-table__row" role="row">\s*<th scope="row".*?</tr>', text_of(page), re.DOTALL)
    for part in ("Marram Pre-school", "Saltings", "Early years", Status.ASSIGNED.label, "26 November 2024"):
        assert part in row
    assert "Heron School" in row
    assert "1 request, as at" in text_of(page)


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES])
def test_nobody_else_opens_it(council, client_for, role):
    assert client_for(council.people[role]).get(address()).status_code == 403


def test_a_page_that_asks_for_more_asks_it_here_too(council, client_for, monkeypatch, by_status):
    asked = Page(by_status.dashboard, "", by_status.answers, by_status.figures, cases_with, Permission.SEE_QUOTAS)
    monkeypatch.setitem(PAGES, Dashboard.TEAM, asked)
    assert client_for(council.people[Role.COMMISSIONER]).get(address()).status_code == 200
    assert client_for(council.people[Role.S2S_COORDINATOR]).get(address()).status_code == 403


@pytest.mark.parametrize(
    "unknown",
    [
        {"slug": "teams"},
        {"figure": "zone"},
        {"line": "submitted"},
        {"line": "RETURNED"},
        {"slug": "unmet", "figure": "zone"},
    ],
    ids=str,
)
def test_what_is_unknown_or_hidden_is_not_found(council, client_for, unknown):
    assert client_for(council.people[Role.COMMISSIONER]).get(address(**unknown)).status_code == 404


def test_before_the_first_period_there_is_nothing_behind_anything(client_for):
    assert client_for(person(Role.COMMISSIONER)).get(address()).status_code == 404


def test_a_line_that_counts_none_says_so(council, client_for):
    words = text_of(client_for(council.people[Role.COMMISSIONER]).get(address("BOOKED")))
    assert "0 requests, as at" in words
    assert "This line counts none" in words
    assert "CSV" not in words


def test_it_is_narrowed_as_the_figure_was_and_leads_back_to_it(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    query = {"stream": "MAINSTREAM", "other": "x"}
    assert f'href="{address()}?stream=MAINSTREAM"' in client.get("/dashboards/team/", query).content.decode()
    page = client.get(address(), query)
    assert references(page) == [council.mainstream.reference]
    assert "mainstream only" in text_of(page)
    assert 'href="/dashboards/team/?stream=MAINSTREAM#figure-status"' in page.content.decode()


@pytest.mark.parametrize(("number", "rows"), [("1", 25), ("2", 4), ("9", 4), ("x\x00", 25)])
def test_long_lists_are_leafed_through(council, client_for, number, rows):
    for _ in range(26):
        sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER])
    page = client_for(council.people[Role.COMMISSIONER]).get(address(), {"page": number, "stream": ""})
    assert len(references(page)) == rows
    assert "29 requests, as at" in text_of(page)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(council, client_for, django_assert_num_queries, count):
    for _ in range(count):
        support.assigned(sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER]))
    client = client_for(council.people[Role.COMMISSIONER])
    with django_assert_num_queries(9):
        assert len(references(client.get(address("ASSIGNED")))) == count
