"""Requests that are not taken on or not started, and those that come back: what is said before, and what is done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quotas.queries import places_left
from referrals.actions import withdrawing
from referrals.choices import BookingState, DeclineReason, NotStartedReason, Status
from referrals.models import Booking, Referral
from s2s_portal.organisations.choices import Role
from tests.factories import support
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.quotas import quota_of, use_places
from tests.factories.referrals import waiting_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE
from tests.referrals.views.desk import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
DAY = timedelta(days=1)
CHILD = ("Wilf", "Tasburgh", "4 March 2021", "Few words yet")


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def as_(council, role: Role):
    """The browser of the person with this role."""
    return signed_in(council.people[role])


def page_of(referral, what: str) -> str:
    return reverse(f"referrals:referral_{what}", args=[referral.reference])


def now(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def somebody_waits(council) -> Referral:
    """Every early years place is used, and one request waits."""
    use_places(quota_of(council.period), places_left(quota_of(council.period)), by=council.people[Role.COMMISSIONER])
    setting = EstablishmentFactory(zone=council.zone)
    return waiting_request(setting, by=council.people[Role.EARLY_YEARS_ADVISER])


class TestDecline:
    def test_what_becomes_of_the_place_is_said_before(self, council):
        support.booked(council.early_years)
        page = text_of(as_(council, Role.S2S_COORDINATOR).get(page_of(council.early_years, "decline")))
        for words in (
            "48 of 50 early years places are left.",
            "its early years place is given back, and another request can use it",
            "the planned visit is cancelled: Observation, Thursday 28 November 2024, 09:30",
            "Early Years Adviser Person, who sent it, and the contact at the setting get an e-mail",
            "until the last day on which places are given the commissioner can reinstate it, if a place is free",
            "Advice was enough",
        ):
            assert words in page
        assert [name for name in CHILD if name in page] == []

    def test_who_waits_first_is_said_to_get_the_place(self, council):
        somebody_waits(council)
        page = text_of(as_(council, Role.S2S_COORDINATOR).get(page_of(council.early_years, "decline")))
        assert "its early years place is given back, and the first of the 1 who waits gets it" in page

    def test_it_is_not_taken_on_and_its_place_given_back(self, council):
        left = places_left(quota_of(council.period))
        booking = support.booked(council.early_years)
        told = {"reason": DeclineReason.ADVICE_ENOUGH, "note": "Ring us in spring."}
        answer = as_(council, Role.S2S_COORDINATOR).post(page_of(council.early_years, "decline"), told, follow=True)
        assert f"{council.early_years.reference} has not been taken on" in text_of(answer)
        assert now(council.early_years).status == Status.DECLINED
        assert places_left(quota_of(council.period)) == left + 1
        assert Booking.objects.get(pk=booking.pk).state == BookingState.CANCELLED

    def test_without_a_reason_nothing_is_done(self, council):
        page = text_of(
            as_(council, Role.S2S_COORDINATOR).post(page_of(council.early_years, "decline"), {"note": "So."})
        )
        assert "Select why this request is not taken on" in page
        assert now(council.early_years).status == Status.SUBMITTED

    @pytest.mark.moment(AT + 3 * DAY)
    def test_a_visit_that_has_begun_is_told_of_first(self, council):
        support.booked(council.early_years, at=AT)
        browser, address = as_(council, Role.S2S_COORDINATOR), page_of(council.early_years, "decline")
        sentence = "A visit began on 28 November 2024. Its teacher tells first what became of it."
        page = text_of(browser.get(address))
        assert sentence in page
        assert "<textarea" not in page
        told = {"reason": DeclineReason.ADVICE_ENOUGH, "note": "Ring us in spring."}
        page = text_of(browser.post(address, told))
        assert sentence in page
        assert "Ring us in spring." in page  # nothing that was typed is lost
        assert now(council.early_years).status == Status.BOOKED

    def test_too_late_leads_back_with_a_sentence(self, council):
        support.in_status(council.early_years, Status.SUPPORTING)
        told = {"reason": DeclineReason.ADVICE_ENOUGH, "note": ""}
        answer = as_(council, Role.S2S_COORDINATOR).post(page_of(council.early_years, "decline"), told, follow=True)
        assert "cannot be turned down now. S2S teacher Person has it." in text_of(answer)


class TestNotStarted:
    @pytest.mark.parametrize("role", [Role.S2S_COORDINATOR, Role.S2S_TEACHER])
    def test_its_teacher_or_a_coordinator_closes_it(self, council, role):
        support.assigned(council.early_years)
        browser, address = as_(council, role), page_of(council.early_years, "close_not_started")
        assert "you cannot undo it</li>" in text_of(browser.get(address))
        told = {"reason": NotStartedReason.NOT_REACHED, "note": ""}
        answer = browser.post(address, told, follow=True)
        assert "has been closed as not started, and its place has been given back." in text_of(answer)
        assert (now(council.early_years).status, now(council.early_years).place) == (Status.CLOSED, None)

    def test_another_teacher_finds_no_such_request(self, council):
        support.assigned(council.early_years)
        other = signed_in(person(Role.S2S_TEACHER))
        assert other.get(page_of(council.early_years, "close_not_started")).status_code == 404


class TestReinstate:
    def test_places_and_who_waits_are_said_before_and_no_child(self, council):
        page = text_of(as_(council, Role.COMMISSIONER).get(page_of(council.withdrawn, "reinstate")))
        for words in (
            "withdrawn on 26 November 2024 by Early Years Adviser Person",
            "48 of 50 early years places are left. Nobody waits.",
            "one early years place is used, and 47 are left",
        ):
            assert words in page
        assert [name for name in CHILD if name in page] == []

    def test_it_has_a_place_again(self, council):
        address, commissioner = page_of(council.withdrawn, "reinstate"), as_(council, Role.COMMISSIONER)
        assert "Enter why it is reinstated" in text_of(commissioner.post(address, {}))
        answer = commissioner.post(address, {"reason": "Withdrawn by mistake."}, follow=True)
        assert f"{council.withdrawn.reference} has a place again and is with S2S." in text_of(answer)
        assert now(council.withdrawn).status == Status.SUBMITTED
        again = commissioner.post(address, {"reason": "Withdrawn by mistake."}, follow=True)
        assert "cannot be reinstated now." in text_of(again)
        assert "Sent to S2S" in text_of(again)

    def test_nobody_is_overtaken(self, council):
        somebody_waits(council)
        address, commissioner = page_of(council.withdrawn, "reinstate"), as_(council, Role.COMMISSIONER)
        page = text_of(commissioner.get(address))
        assert "1 request waits for it, and nobody is overtaken." in page
        assert "It cannot be reinstated now. No place is free for it." in page
        assert "<textarea" not in page
        assert "No place is free for it." in text_of(commissioner.post(address, {"reason": "By mistake."}))
        assert now(council.withdrawn).status == Status.WITHDRAWN

    @pytest.mark.moment(FIRST_MOMENT_TOO_LATE + timedelta(days=7))
    def test_not_after_the_allocation_deadline(self, council):
        page = text_of(as_(council, Role.COMMISSIONER).get(page_of(council.withdrawn, "reinstate")))
        assert "The last day on which places are given has passed: nobody gets a place any more." in page

    def test_one_that_never_had_a_place(self, council):
        waits = somebody_waits(council)
        adviser = council.people[Role.EARLY_YEARS_ADVISER]
        withdrawing.withdraw(referral=waits, reason="OTHER", note="", by=adviser, at=AT)
        page = text_of(as_(council, Role.COMMISSIONER).get(page_of(waits, "reinstate")))
        assert "It never had a place" in page
