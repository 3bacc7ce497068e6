"""The pages of quotas, of who waits and of the contract's end: for whom, from how many reads, and their links."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
OURS = {
    "quotas": [Role.COMMISSIONER],
    "waiting": [Role.COMMISSIONER, Role.S2S_COORDINATOR],
    "contract-end": [Role.COMMISSIONER, Role.S2S_COORDINATOR],
}


def address(slug):
    return reverse("oversight:dashboard", args=[slug])


@pytest.mark.parametrize("slug", OURS)
def test_dashboard_for_whom(council, client_for, slug):
    allowed = [role for role in Role if client_for(council.people[role]).get(address(slug)).status_code == 200]
    assert allowed == [role for role in Role if role in OURS[slug]]


def test_quotas_says_the_sum_and_leads_to_each_ledger(council, client_for):
    client = client_for(council.people[Role.COMMISSIONER])
    response = client.get(address("quotas"))
    page = text_of(response)
    assert "2 of 50 early years places and 1 of 85 mainstream places are used" in page
    assert "Early years: 50 − 3 + 1 = 48 left." in page
    past = f"/quotas/early-years/?period={council.period.pk}&amp;on_day=24&amp;on_month=11&amp;on_year=2024"
    assert past in response.content.decode()
    assert "as at the end of 24 November 2024" in text_of(client.get(past.replace("&amp;", "&")))


def test_overview_has_their_answers_in_order(council, client_for):
    page = text_of(client_for(council.people[Role.COMMISSIONER]).get(reverse("oversight:overview")))
    questions = [
        "How many of the 50 and the 85 are used?",
        "At what pace, and when will they run out against 13 December?",
        "Who is waiting?",
        "Who was turned away, and why?",
        "What is due to happen at the contract’s end?",
    ]
    assert sorted(questions, key=page.index) == questions


@pytest.mark.parametrize("slug", OURS)
def test_dashboard_reads_as_often_for_one_request_as_for_four(council, client_for, slug):
    client = client_for(council.people[Role.COMMISSIONER])
    reads = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as read:
            assert client.get(address(slug)).status_code == 200
        reads.append(len(read))
        for _ in range(3):
            setting = EstablishmentFactory(zone=council.zone)
            sent_request(setting, by=council.people[Role.EARLY_YEARS_ADVISER], at=AT)
    assert reads[0] == reads[1] <= 12
