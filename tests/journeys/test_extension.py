"""A contract is extended and its cut-off moved; what no place came free for afterwards is asked for again."""

from datetime import date, datetime, timedelta

from quotas.models import Contract
from referrals.actions import waiting
from referrals.models import Referral
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request, waiting_request
from tests.journeys.scenes import an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    until,
    when_dating,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.moments import FIRST_MOMENT_TOO_LATE, LONDON

IN_JANUARY = datetime(2025, 1, 7, 10, 0, tzinfo=LONDON)
IN_FEBRUARY = datetime(2025, 2, 4, 10, 0, tzinfo=LONDON)
IN_MAY = datetime(2025, 5, 6, 10, 0, tzinfo=LONDON)


def a_request_that_lapsed(scene) -> Referral:
    """The only place is taken, and the request that waited for it has ended."""
    sent_request(scene.setting, by=scene.adviser)
    other = EstablishmentFactory(zone=scene.zone, name="Cockle Bank Pre-school", town="Market Staithe")
    lapsed = waiting_request(other, by=scene.adviser, at=AT + timedelta(minutes=1))
    waiting.lapse(quota=scene.quota, by=ensure_system_user(), at=FIRST_MOMENT_TOO_LATE.replace(day=21))
    return lapsed


def status_of(referral) -> str:
    return Referral.objects.get(pk=referral.pk).status


def test_a_contract_is_extended_and_what_lapsed_is_asked_for_again(page, live_site, another_browser, background):
    # Given a request for which no place came free, and a commissioner in January
    given_the_clock_stands_at(AT)
    scene = an_adviser(places_left=1)
    lapsed = a_request_that_lapsed(scene)
    given_the_clock_stands_at(IN_JANUARY)
    given_signed_in(page, live_site, User.objects.get(memberships__role=Role.COMMISSIONER))

    # When the contract is extended
    when_opening(page, live_site, "/contracts/")
    then_page_is(page, "Contracts")
    page.get_by_role("link", name="Extend this contract").click()
    then_page_is(page, "Extend this contract")
    when_dating(page, "What is the contract’s new last day?", "31", "7", "2025")
    when_dating(page, "Until which day may visits be held?", "31", "7", "2025")
    when_filling(page, {"Why?": "One more term."})
    when_pressing(page, "See what it would do")
    then_page_is(page, "Extend this contract?")
    then_page_says(page, "31 March 2025", "31 July 2025", "no place is added")
    when_pressing(page, "Extend the contract")
    then_page_is(page, "The contract has been extended")
    assert Contract.objects.get().ends_on == date(2025, 7, 31)

    # And the cut-off is moved, the request waits again
    when_following(page, "All contracts and their dates")
    then_page_is(page, "Contracts")
    then_page_says(page, "One more term.")
    page.get_by_role("link", name="Move the cut-off").click()
    then_page_is(page, "Move the cut-off")
    when_dating(page, "What is the new cut-off, the last day for requests?", "17", "1", "2025")
    when_dating(page, "Until which day are places given?", "24", "1", "2025")
    when_filling(page, {"Why?": "Places are left."})
    when_pressing(page, "See what it would do")
    then_page_is(page, "Move the cut-off?")
    then_page_says(page, "1 request for which no place came free waits again")
    when_pressing(page, "Move the cut-off")
    then_page_is(page, "The cut-off has been moved")
    until(lambda: status_of(lapsed) == "WAITING", seconds=30)

    # Then it lapses again, and a summer period opens
    waiting.lapse(quota=scene.quota, by=ensure_system_user(), at=IN_FEBRUARY)
    period_with_places(
        opens_on=date(2025, 4, 22),
        requests_close_on=date(2025, 6, 13),
        allocation_deadline_on=date(2025, 6, 20),
        delivery_ends_on=date(2025, 7, 31),
    )
    given_the_clock_stands_at(IN_MAY)
    desk = another_browser()
    given_signed_in(desk, live_site, scene.adviser)
    when_opening(desk, live_site, "/home/")
    then_page_is(desk, "Home")
    when_following(desk, "ask again for it")
    then_page_is(desk, "Ask again")
    then_page_does_not_say(desk, "Wilf", "Tasburgh")
    when_following(desk, lapsed.reference)
    then_page_is(desk, f"Ask again for {lapsed.reference}")
    when_pressing(desk, "Ask again")
    then_page_is(desk, "Cockle Bank Pre-school")
    then_page_says(desk, "First asked for on 26 November 2024", "please check that it still holds")

    # And the report of what is open names no child
    when_opening(page, live_site, "/hand-over/")
    then_page_is(page, "Hand-over")
