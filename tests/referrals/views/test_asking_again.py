"""What no place came free for is offered on, on screen: home, drafts, the list, the request's page, the draft."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from quotas.choices import Referrers
from quotas.models import Contract
from referrals.actions import requests, waiting
from referrals.models import DraftReferral, Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import commissioner, period_with_places, quota_of
from tests.factories.referrals import sent_request, waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON
from tests.referrals.views.desk import text_of

IN_MAY = datetime(2025, 5, 6, 10, 0, tzinfo=LONDON)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.moment(IN_MAY)]
HOME, DRAFTS, LIST = reverse("home"), reverse("referrals:draft_list"), reverse("referrals:ask_again_list")
NOT_YET = pytest.mark.moment(datetime(2025, 4, 8, 10, 0, tzinfo=LONDON))


@pytest.fixture
def zone():
    return ZoneFactory(name="Reedham Reach")


@pytest.fixture
def adviser(zone):
    return person(Role.EARLY_YEARS_ADVISER, zones=[zone])


@pytest.fixture
def by():
    return commissioner()


@pytest.fixture
def gone(adviser, zone, by) -> list[Referral]:
    """Two requests for which no place came free."""
    period = period_with_places(early_years=1, by=by)
    sent_request(EstablishmentFactory(zone=zone), by=adviser)
    some = [
        waiting_request(EstablishmentFactory(zone=zone), by=adviser, at=AT + timedelta(minutes=minutes))
        for minutes in (1, 2)
    ]
    waiting.lapse(quota=quota_of(period), by=ensure_system_user(), at=FIRST_MOMENT_TOO_LATE.replace(day=21))
    return some


@pytest.fixture
def summer(by):
    return period_with_places(
        by=by,
        opens_on=date(2025, 4, 22),
        requests_close_on=date(2025, 6, 13),
        allocation_deadline_on=date(2025, 6, 20),
        delivery_ends_on=date(2025, 7, 31),
    )


@pytest.fixture
def viewer(adviser, client_for):
    return client_for(adviser)


def page_of(one: Referral) -> str:
    return reverse("referrals:referral_detail", args=[one.reference])


def again(one: Referral) -> str:
    return reverse("referrals:ask_again", args=[one.reference])


def test_from_home_to_a_request_that_keeps_its_date(viewer, adviser, gone, summer):
    home = text_of(viewer.get(HOME))
    assert "No place came free for 2 requests of your zones." in home
    assert f'href="{LIST}"' in home
    rows = text_of(viewer.get(LIST))
    assert f'href="{again(gone[0])}"' in rows
    assert "26 November 2024" in rows
    asked = text_of(viewer.get(again(gone[0])))
    assert "It was first asked for on <strong>26 November 2024</strong>" in asked
    draft = text_of(viewer.post(again(gone[0]), follow=True))
    assert "First asked for on 26 November 2024" in draft
    assert "Filled in from the earlier request: please check that it still holds" in draft
    row = DraftReferral.objects.get()
    new = requests.submit(key=row.key, by=adviser, at=IN_MAY).referral
    page = text_of(viewer.get(page_of(new)))
    assert "First asked for" in page
    assert "26 November 2024, 09:31" in page
    assert f'href="{page_of(gone[0])}"' in page
    old = text_of(viewer.get(page_of(gone[0])))
    assert f'href="{page_of(new)}"' in old
    assert f'href="{again(gone[0])}"' not in old
    assert "This request cannot be asked for again." in text_of(viewer.get(again(gone[0])))
    assert "cannot be asked for again now" in text_of(viewer.post(again(gone[0]), follow=True))


def test_the_requests_page_has_the_button_and_then_the_draft(viewer, gone, summer):
    assert f'href="{again(gone[1])}"' in text_of(viewer.get(page_of(gone[1])))
    first = viewer.post(again(gone[1])).url
    assert viewer.post(again(gone[1])).url == first
    assert viewer.get(again(gone[1])).url == first
    assert f'href="{first}"' in text_of(viewer.get(page_of(gone[1])))
    assert gone[1].reference not in text_of(viewer.get(LIST))


@NOT_YET
def test_before_a_later_period_opens_it_is_only_said(viewer, gone, summer):
    assert "No place came free for" not in text_of(viewer.get(HOME))
    assert "No period takes requests now" in text_of(viewer.get(LIST))
    page = text_of(viewer.get(page_of(gone[0])))
    assert "as soon as a later period takes requests" in page
    assert f'href="{again(gone[0])}"' not in page


def test_a_contract_that_does_not_take_it_says_so(viewer, gone, summer):
    Contract.objects.filter(pk=summer.contract_id).update(referrers=Referrers.SEND_ADVISERS)
    for page in (page_of(gone[0]), again(gone[0])):
        assert "only SEND Advisers file requests" in text_of(viewer.get(page))
    assert "Speak to the SEND Adviser" in text_of(viewer.get(page_of(gone[0])))


def test_with_nothing_to_ask_for_the_list_says_so(viewer, summer):
    assert "Nothing to ask for again" in text_of(viewer.get(LIST))
    assert "No place came free for" not in text_of(viewer.get(HOME))


def test_others_are_not_offered_it(gone, summer, client_for):
    coordinator = client_for(person(Role.S2S_COORDINATOR))
    assert f'href="{again(gone[0])}"' not in text_of(coordinator.get(page_of(gone[0])))
    assert coordinator.get(again(gone[0])).status_code == 403
    stranger = client_for(person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory(name="Saltings")]))
    assert stranger.get(again(gone[0])).status_code == 404
    assert "Nothing to ask for again" in text_of(stranger.get(LIST))


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (AT, "A draft sent now is an early years request of “Two terms” (School to School support from September"),
        (FIRST_MOMENT_TOO_LATE, "School support from September 2024) closed at the end of 13 December 2024."),
        (datetime(2024, 8, 20, tzinfo=LONDON), "School support from September 2024) open on 2 September 2024"),
    ],
    ids=["open", "closed", "not yet"],
)
def test_the_drafts_say_under_which_period_they_would_be_sent(adviser, client_for, by, when, words):
    period_with_places(by=by)
    with time_machine.travel(when, tick=False):
        page = text_of(client_for(adviser).get(DRAFTS))
    assert words in page
    assert "mainstream request" not in page


def test_the_list_asks_the_same_for_one_and_for_two(viewer, adviser, gone, summer, django_assert_max_num_queries):
    with django_assert_max_num_queries(15) as two:
        viewer.get(LIST)
    viewer.post(again(gone[0]))
    with django_assert_max_num_queries(15) as one:
        viewer.get(LIST)
    assert len(one) == len(two)
