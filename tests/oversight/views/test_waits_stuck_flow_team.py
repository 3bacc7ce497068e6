"""The pages of waits, stuck requests, flow and team load: drawn, leading to their rows, and cheap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PAGES = ["waits", "stuck", "flow", "team"]
LATER = AT + timedelta(days=17)


@pytest.fixture
def worked_on(council):
    """One of the council's requests was visited; the moment of the pages is two weeks later."""
    support.held(support.booked(council.early_years))
    return council


@pytest.mark.moment(LATER)
@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.S2S_COORDINATOR])
@pytest.mark.parametrize("slug", PAGES)
def test_page(worked_on, client_for, slug, role):
    """Each figure is a picture and a table, and every link of it opens."""
    client = client_for(worked_on.people[role])
    page = client.get(reverse("oversight:dashboard", args=[slug]))
    assert page.status_code == 200
    for drawn in page.context["figures"]:
        assert drawn["rows"], drawn["figure"].key
        assert (drawn["figure"].chart is None) == (drawn["chart"] == "")
        for line, cells in zip(drawn["figure"].lines, drawn["rows"], strict=True):
            if line.key or line.url:
                assert client.get(cells[0]["url"]).status_code == 200, cells[0]["url"]


@pytest.mark.moment(LATER)
def test_overview_has_the_answers(worked_on, client_for):
    page = client_for(worked_on.people[Role.COMMISSIONER]).get(reverse("oversight:overview"))
    sentences = {line["answer"].page: line["answer"].sentence for line in page.context["answers"]}
    assert sentences["stuck"] == (
        "3 requests are stuck: 1 with its teacher, 2 with the S2S co-ordinator; the longest for 8 working days."
    )
    assert sentences["waits"] == (
        "Half of those reached heard on the same day (standard: 5); half of the first visits "
        "came within 0.3 weeks (standard: 4); no record has been finalised yet; 3 waits are overdue."
    )


@pytest.mark.moment(LATER)
def test_the_edges_of_answers_have_a_key_and_words(worked_on, client_for):
    page = client_for(worked_on.people[Role.COMMISSIONER]).get(reverse("oversight:overview"))
    html = page.content.decode()
    assert html.count("app-answers-key__item--") == 2
    levels = [line["answer"].level for line in page.context["answers"]]
    assert {"", "low"} <= set(levels)
    assert html.count('<span class="govuk-visually-hidden">Worth a look</span>') == levels.count("low")


@pytest.mark.moment(LATER)
def test_single_requests_are_listed_one_under_another(worked_on, client_for):
    page = client_for(worked_on.people[Role.COMMISSIONER]).get(reverse("oversight:dashboard", args=["stuck"]))
    _, of_list = page.content.decode().split('class="app-chart__list"')
    assert "app-stacked" in of_list
    assert of_list.count('role="rowheader"') == 3


@pytest.mark.moment(LATER)
@pytest.mark.parametrize("slug", PAGES)
def test_as_many_statements_for_more_requests(worked_on, client_for, slug):
    client = client_for(worked_on.people[Role.COMMISSIONER])
    address = reverse("oversight:dashboard", args=[slug])

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few = statements()
    for number in range(2):
        setting = EstablishmentFactory(zone=worked_on.zone)
        sent = sent_request(setting, by=worked_on.people[Role.EARLY_YEARS_ADVISER], at=AT)
        support.held(support.booked(sent, starts_at=AT + timedelta(days=6 + number)))
    assert statements() == few <= 15
