"""Tables to take away: as many rows as the page has, the same words hidden, and a line in the audit for each file."""

import re

import pytest
from django.urls import reverse

from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.oversight.views.pages import PAGES
from tests.factories import support
from tests.factories.organisations import person
from tests.factories.referrals import sent_request
from tests.oversight.exports.reading import below, body_of, csv_rows, xlsx_cells
from tests.oversight.views.test_dashboards import CHILD, EVERY_PAGE, SEES, may
from tests.referrals.queries.test_unmet import Town
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LINK = re.compile(r'href="(/dashboards/[^"]+\.(?:csv|xlsx)[^"]*)"')
DRILL = re.compile(r'href="(/dashboards/[^/"]+/[^/"]+/[^/"?#]+/[^"]*)"')


def files_of(client, url: str) -> list[str]:
    """The addresses of the files that a page leads to."""
    return LINK.findall(client.get(url).content.decode())


def cells(client, url: str) -> list[list]:
    """The rows of a file."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"]
    return csv_rows(body_of(answer)) if ".csv" in url else xlsx_cells(body_of(answer))


def told(rows: list[list]) -> dict[object, object]:
    """What a file says above its table."""
    blank = next(place for place, row in enumerate(rows) if not any(row))
    return {row[0]: row[1] for row in rows[:blank]}


@pytest.mark.parametrize("page", EVERY_PAGE)
@pytest.mark.parametrize("role", SEES)
def test_every_figure_is_taken_away_in_both_formats_with_as_many_rows_as_it_shows(council, client_for, role, page):
    support.in_contact(council.far)
    client = client_for(council.people[role])
    url = reverse("oversight:dashboard", args=[page.dashboard.value])
    if not may(role, page):
        assert client.get(f"{url}anything.csv").status_code == 403
        return
    links = files_of(client, url)
    assert len(links) == 2 * len(re.findall('class="app-chart__(?:table|list)"', client.get(url).content.decode()))
    for link in links:
        rows = cells(client, link)
        facts = told(rows)
        assert {"Table", "What is counted", "Period", "Stream", "As at", "Rows", "Made by", "Made at"} <= set(facts)
        assert facts["As at"] == "26 November 2024, 09:30"
        top = next(place for place, row in enumerate(rows) if not any(row))
        assert len(rows) == top + 2 + int(facts["Rows"])
        assert [name for name in CHILD if name in str(rows)] == []


@pytest.mark.parametrize("role", SEES)
def test_the_requests_behind_a_line_are_taken_away_without_their_children(council, client_for, role):
    support.assigned(council.far)
    client = client_for(council.people[role])
    taken = 0
    for page in PAGES.values():
        if not may(role, page):
            continue
        html = client.get(reverse("oversight:dashboard", args=[page.dashboard.value])).content.decode()
        for drill in DRILL.findall(html)[:3]:
            count = int(re.search(r"(\d+) requests?, as at", text_of(client.get(drill)))[1])
            links = files_of(client, drill)
            assert len(links) == (2 if count else 0)
            for link in links:
                rows = cells(client, link)
                assert int(told(rows)["Rows"]) == len(below(rows, "Reference")) == count
                assert [name for name in CHILD if name in str(rows)] == []
                taken += count
    assert taken


def test_what_is_hidden_on_the_page_is_hidden_in_its_file(client_for):
    town = Town()
    town.refused()
    client = client_for(town.commissioner)
    url = reverse("oversight:dashboard", args=["unmet"])
    shown = "fewer than 6" in text_of(client.get(url))
    assert shown
    for link in files_of(client, url):
        if "/need" in link:
            assert "fewer than 6" in str(cells(client, link))


def test_a_file_is_narrowed_as_its_page_was(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    links = files_of(client, reverse("oversight:dashboard", args=["waits"]) + "?stream=MAINSTREAM")
    assert links
    assert all(link.endswith("?stream=MAINSTREAM") for link in links)
    assert {told(cells(client, link))["Stream"] for link in links} == {"Mainstream"}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_file_leaves_one_line_in_the_audit(council, client_for, ending):
    by = council.people[Role.COMMISSIONER]
    url = reverse("oversight:figure_file", args=["unmet", "zone", ending]) + "?stream=EARLY_YEARS"
    client = client_for(by)
    before = AuditEvent.objects.count()
    rows = cells(client, url)
    line = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert (line.user_id, line.kind, line.reference) == (by.pk, AuditKind.READ, "dashboard unmet/zone")
    assert line.what == f"downloaded unmet/zone as {ending}, rows: {told(rows)['Rows']}"
    assert line.reason == f"Filter: {council.period}, early years, as at 26 November 2024, 09:30"


@pytest.mark.parametrize("path", ["unmet/zone.pdf", "unmet/nothing.csv", "nothing/zones.csv", "unmet/zone/none.doc"])
def test_there_is_no_other_file(council, client_for, path):
    before = AuditEvent.objects.count()
    assert client_for(council.people[Role.COMMISSIONER]).get(f"/dashboards/{path}").status_code == 404
    assert AuditEvent.objects.count() == before


def test_before_the_first_period_there_is_nothing_to_take(client_for):
    assert client_for(person(Role.COMMISSIONER)).get("/dashboards/waits/contact.csv").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_the_same_queries(council, client_for, django_assert_num_queries, count):
    for _ in range(count):
        support.assigned(sent_request(council.setting, by=council.people[Role.EARLY_YEARS_ADVISER]))
    client = client_for(council.people[Role.COMMISSIONER])
    html = client.get(reverse("oversight:dashboard", args=["team"])).content.decode()
    link = files_of(client, DRILL.findall(html)[0])[0]
    with django_assert_num_queries(16):
        assert len(below(cells(client, link), "Reference")) == count


def test_a_list_and_its_files_say_how_long_each_waited(council, client_for):
    support.in_contact(council.far)
    client = client_for(council.people[Role.COMMISSIONER])
    address = reverse("oversight:requests", args=["waits", "contact-zone", "all"])
    heads = re.findall(r'role="columnheader"[^>]*>([^<]+)<', text_of(client.get(address)))
    assert heads[4:] == ["Waited (working days)", "Due", "Against the standard"]
    for link in files_of(client, address):
        rows = cells(client, link)
        head = next(row for row in rows if row and row[0] == "Reference")
        assert head[-3:] == heads[4:]
        said = {row[0]: row[-1] for row in below(rows, "Reference")}
        assert [said[one.reference] for one in (council.far, council.mainstream)] == ["In time", "Not due yet"]
