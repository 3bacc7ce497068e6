"""The page of a request that waits or got no place, and taking it off the list (R7)."""

from datetime import timedelta

import pytest
import time_machine

from quotas import queries as quota_queries
from quotas.actions import places
from referrals.actions import waiting, withdrawing
from referrals.choices import Status
from referrals.models import Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import ZoneFactory, person
from tests.factories.quotas import use_places
from tests.factories.referrals import waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import desk, listed, signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")
WHY = {"reason": "SUPPORT_ELSEWHERE", "note": "Wilf has a helper."}
DEADLINE_PASSED = FIRST_MOMENT_TOO_LATE.replace(day=21)


@pytest.fixture
def here():
    adviser = desk(early_years=1)
    use_places(adviser.quota, 1, by=adviser.user)
    return adviser


@pytest.fixture
def queue(here):
    return [waiting_request(here.setting, by=here.user, at=AT + timedelta(minutes=minute)) for minute in (1, 2)]


def page_of(referral) -> str:
    return f"/requests/{referral.reference}/"


def withdrawal_of(referral) -> str:
    return f"/requests/{referral.reference}/withdraw/"


def gets_a_place(here) -> None:
    places.grant(quota=here.quota, places=1, reason="One more", by=person(Role.COMMISSIONER), at=AT)
    waiting.fill(quota=here.quota, by=ensure_system_user(), at=AT + timedelta(minutes=5))


class TestPage:
    def test_of_one_that_waits(self, here, queue, django_assert_num_queries):
        with django_assert_num_queries(11):
            page = text_of(here.get(page_of(queue[1])))
        for words in (
            "Waiting – no place yet",
            "Number 2 of 2 on the <a",
            "since 26 November 2024, 09:32",
            "This request waits for one early years place. It holds none.",
            "Joined the waiting list",
            "Until the end of 13 December 2024 a place that comes free goes to the first who waits.",
            "Leave the waiting list",
            "No early years place was free. 1 was ahead of it on the waiting list.",
            "None: fully funded",
            "Tasburgh",
        ):
            assert words in page
        assert "Withdraw this request" not in page
        assert "Got a place" not in page

    def test_of_one_that_got_its_place(self, here, queue):
        gets_a_place(here)
        page = text_of(here.get(page_of(queue[0])))
        for words in (
            "Sent to S2S",
            "This request uses one early years place.",
            "Joined the waiting list",
            "Got a place",
            "26 November 2024, 09:35",
            "A place came free for it, and it was sent to S2S.",
            "Withdraw this request",
        ):
            assert words in page
        assert "Number 1" not in page

    def test_of_one_that_no_place_came_free_for(self, here, queue):
        contract = here.period.contract
        contract.successor_name = "Specialist Outreach"
        contract.save()
        waiting.lapse(quota=here.quota, by=ensure_system_user(), at=DEADLINE_PASSED)
        with time_machine.travel(DEADLINE_PASSED, tick=False):
            browser = signed_in(here.user)
            page = text_of(browser.get(page_of(queue[0])))
            late = text_of(browser.get(withdrawal_of(queue[0])))
        for words in (
            "No place came free",
            "This request never held one of the early years places.",
            "Places were given until 20 December 2024, and none came free for this request.",
            "could not be given, and offered to Specialist Outreach with its original dates.",
        ):
            assert words in page
        assert "Leave the waiting list" not in page
        assert "No place came free for it, and it holds none." in late
        assert "<form" not in late.split("<main")[1]

    def test_a_commissioner_sees_where_it_stands_and_no_child(self, here, queue):
        page = text_of(signed_in(person(Role.COMMISSIONER)).get(page_of(queue[0])))
        assert "Number 1 of 2" in page
        assert "is not shown to your role" in page
        assert [name for name in CHILD if name in page] == []

    def test_s2s_sees_the_child_only_once_there_is_a_place(self, here, queue):
        coordinator = signed_in(person(Role.S2S_COORDINATOR))
        page = text_of(coordinator.get(page_of(queue[0])))
        assert "is shown to S2S once the request has a place" in page
        assert [name for name in CHILD if name in page] == []
        gets_a_place(here)
        assert "Tasburgh" in text_of(coordinator.get(page_of(queue[0])))
        first = Referral.objects.get(pk=queue[0].pk)
        withdrawing.withdraw(referral=first, reason="OTHER", note="", by=here.user, at=AT)
        assert "Tasburgh" in text_of(coordinator.get(page_of(queue[0])))
        withdrawing.withdraw(referral=queue[1], reason="OTHER", note="Wilf moved", by=here.user, at=AT)
        page = text_of(coordinator.get(page_of(queue[1])))
        assert "Left the waiting list" in page
        assert [name for name in CHILD if name in page] == []

    def test_another_zone_finds_none(self, queue):
        stranger = signed_in(person(Role.EARLY_YEARS_ADVISER, zones=[ZoneFactory()]))
        assert stranger.get(page_of(queue[0])).status_code == 404
        assert stranger.get(withdrawal_of(queue[0])).status_code == 404
        assert stranger.post(withdrawal_of(queue[0]), WHY).status_code == 404


class TestList:
    def test_it_is_tagged_and_dated_as_what_it_is(self, here, queue):
        page = text_of(here.get("/requests/"))
        assert page.count("Waiting – no place yet</strong>") == 2
        assert page.count("joined the waiting list") == 2

    @pytest.mark.parametrize(("status", "found"), [("WAITING", 2), ("LAPSED", 0), ("SUBMITTED", 0)])
    def test_it_is_filtered_by_its_status(self, here, queue, status, found):
        assert len(listed(here.get("/requests/", status=status))) == found
        waiting.lapse(quota=here.quota, by=ensure_system_user(), at=DEADLINE_PASSED)
        assert len(listed(here.get("/requests/", status="LAPSED"))) == 2


class TestLeave:
    def test_it_says_first_what_happens(self, here, queue):
        page = text_of(here.get(withdrawal_of(queue[0])))
        for words in (
            "Leave the waiting list",
            "It holds no place.",
            "those behind it move up by one",
            "Why is this request leaving the waiting list?",
            "behind everyone who waits",
        ):
            assert words in page
        assert "given back" not in page

    def test_a_press_takes_it_off_and_says_so(self, here, queue):
        answer = here.post(withdrawal_of(queue[0]), follow=True, leaving="yes", **WHY)
        page = text_of(answer)
        assert answer.redirect_chain == [(page_of(queue[0]), 302)]
        for words in (
            f"{queue[0].reference} has left the waiting list.",
            "Left the waiting list for early years places: support has been found elsewhere. It held no place.",
            "This request never held one of the early years places.",
            "“Wilf has a helper.”",
        ):
            assert words in page
        assert "Number 1 of 1" in text_of(here.get(page_of(queue[1])))

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({}, "Select why this request is leaving the waiting list"),
            ({"reason": "BORED"}, "Select why this request is leaving the waiting list, using one of the answers"),
        ],
    )
    def test_a_wrong_press_is_refused(self, here, queue, sent, sentence):
        assert sentence in text_of(here.post(withdrawal_of(queue[0]), leaving="yes", **sent))
        assert Referral.objects.get(pk=queue[0].pk).status == Status.WAITING

    def test_a_place_that_came_meanwhile_is_not_given_up_unasked(self, here, queue):
        gets_a_place(here)
        page = text_of(here.post(withdrawal_of(queue[0]), follow=True, leaving="yes", **WHY))
        assert f"{queue[0].reference} had just got a place and has been sent to S2S. It still has its place." in page
        assert quota_queries.places_left(here.quota) == 0
        page = text_of(here.post(withdrawal_of(queue[0]), follow=True, **WHY))
        assert f"{queue[0].reference} has been withdrawn, and its place given back." in page

    def test_pressed_twice_it_is_explained(self, here, queue):
        here.post(withdrawal_of(queue[0]), leaving="yes", **WHY)
        page = text_of(here.post(withdrawal_of(queue[0]), leaving="yes", **WHY))
        assert "This request cannot be withdrawn" in page
        assert "by Sorrel Khan, and it never held a place." in page

    def test_a_commissioner_may_not(self, queue):
        commissioner = signed_in(person(Role.COMMISSIONER))
        assert commissioner.post(withdrawal_of(queue[0]), WHY).status_code == 403
