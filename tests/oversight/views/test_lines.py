"""Every line that leads to requests leads to as many as its figure counts, on every page that has such lines."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from quotas.actions import levers
from quotas.queries import standing_in
from s2s_portal.organisations.choices import Role, Stream
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.views.pages import PAGES, no_requests
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory
from tests.factories.quotas import quota_of
from tests.factories.referrals import waiting_request
from tests.oversight.queries.autumn import EARLIER, NOW, Autumn
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.moment(NOW)]
LEAD = [page for page in PAGES.values() if page.requests is not no_requests]
#: The column that counts the requests of a line, by what it is called: the first of these that a figure has.
COUNTING = (
    "Requests",
    "Open requests",
    "Closed requests",
    "Requests that ask for it",
    "Both",
    "All",
    "Open at its end",
)
#: Of these figures R16 keeps the requests from a commissioner.
HIDDEN = {"need", "year", "sen"}
NO_LINES = {"stream", "longest", "beside", "days", "confidence"}
SEES = [Role.COMMISSIONER, Role.S2S_COORDINATOR]
#: Who is turned away is nobody's but a commissioner's page, and a refusal is no request that could be listed.
UNMET, COUNTED_ONLY = PAGES[Dashboard.UNMET], {"zone", "need", "week"}


@pytest.fixture(scope="module")
def scene_of_the_module(django_db_setup, django_db_blocker) -> Iterator[Autumn]:
    """The autumn, with a request closed and two that wait."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = Autumn()
        support.closed(found.quick, at=NOW - timedelta(hours=1))
        left = standing_in(stream=Stream.EARLY_YEARS, period=found.period).balance.left
        quota = quota_of(found.period)
        levers.adjust(quota=quota, places=-left, reason="Fewer.", by=found.commissioner, at=NOW - timedelta(days=6))
        for zone in (found.zone, found.far_zone):
            joined_at = NOW - timedelta(days=5)
            waiting_request(EstablishmentFactory(zone=zone), by=found.adviser, at=joined_at, **EARLIER)
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def scene(scene_of_the_module, db) -> Autumn:
    return scene_of_the_module


@pytest.mark.parametrize(
    ("role", "page"),
    [
        pytest.param(role, page, id=f"{role}-{page.dashboard.value}")
        for role in SEES
        for page in LEAD
        if page is not UNMET or role == Role.COMMISSIONER
    ],
)
def test_every_line_leads_to_as_many_requests_as_it_counts(scene, client_for, role, page):
    client = client_for({Role.COMMISSIONER: scene.commissioner, Role.S2S_COORDINATOR: scene.coordinator}[role])
    answer = client.get(reverse("oversight:dashboard", args=[page.dashboard.value]))
    counted = dict(counts_of(answer.context["figures"]))
    html = answer.content.decode()
    assert sorted(counted) == sorted(set(re.findall(r'href="(/dashboards/[^/"]+/[^/"]+/[^/"?#]+/)"', html)))
    assert any(counted.values())
    for url, count in counted.items():
        [found] = re.findall(r"([\d,]+) requests?, as at", text_of(client.get(url)))
        assert int(found) == count, url


def counts_of(figures) -> Iterator[tuple[str, int]]:
    """Where each line leads, and how many requests it says there are."""
    for drawn in figures:
        labels = [column.label for column in drawn["figure"].columns]
        column = next((labels.index(label) for label in COUNTING if label in labels), None)
        for line, cells in zip(drawn["figure"].lines, drawn["rows"], strict=True):
            if line.key:
                yield cells[0]["url"], line.values[column]


@pytest.mark.parametrize("role", SEES)
def test_every_figure_has_such_lines_but_those_of_which_nobody_learns_more(scene, client_for, role):
    client = client_for({Role.COMMISSIONER: scene.commissioner, Role.S2S_COORDINATOR: scene.coordinator}[role])
    without = set().union(*(without_lines(client, page) for page in LEAD if page is not UNMET))
    assert without == NO_LINES | (HIDDEN if role == Role.COMMISSIONER else set())
    assert {page.dashboard for page in PAGES.values() if page not in LEAD} == {Dashboard.QUOTAS}


def test_of_who_was_turned_away_the_reasons_lead_to_requests(scene, client_for):
    assert without_lines(client_for(scene.commissioner), UNMET) == COUNTED_ONLY


def without_lines(client, page) -> set[str]:
    """The figures of a page of which no line leads anywhere."""
    figures = client.get(reverse("oversight:dashboard", args=[page.dashboard.value])).context["figures"]
    return {drawn["figure"].key for drawn in figures if not dict(counts_of([drawn]))}
