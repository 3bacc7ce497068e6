"""Full is not silent: the last early years place goes, the next request waits, and gets a place by hand in the end."""

from datetime import datetime

from quotas.queries import places_left
from referrals.choices import Status
from referrals.models import Referral
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory
from tests.factories.referrals import filled_draft
from tests.journeys.scenes import an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_page_does_not_say,
    then_page_is,
    then_page_says,
    until,
    when_choosing,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY, LONDON

MONDAY_AFTER = datetime(2024, 12, 16, 9, 0, tzinfo=LONDON)


def test_the_quota_fills_one_waits_and_gets_a_released_place_after_the_cut_off(
    page, live_site, another_browser, background
):
    # Given one place, and two finished drafts
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser(places_left=1)
    other = EstablishmentFactory(zone=scene.zone, name="Cockle Bank Pre-school", town="Market Staithe")
    first, second = (filled_draft(setting, by=scene.adviser) for setting in (scene.setting, other))
    given_signed_in(page, live_site, scene.adviser)

    # When the adviser sends one of them, it takes the last place
    when_opening(page, live_site, f"/drafts/{first.key}/check/")
    when_pressing(page, "Send the request")
    then_page_is(page, "Request sent")
    then_page_says(page, "This used one early years place. 0 of 50 are left.")

    # Then the other can join the waiting list instead, and knows what that means
    when_opening(page, live_site, f"/drafts/{second.key}/check/")
    then_page_is(page, "Check your answers before sending")
    then_page_says(page, "All 50 early years places are used.")
    when_pressing(page, "Join the waiting list")
    then_page_is(page, "You are number 1 on the waiting list")
    waiting = Referral.objects.get(establishment=other)
    assert (waiting.status, waiting.turn, waiting.place) == (Status.WAITING, 1, None)
    when_opening(page, live_site, "/waiting-list/")
    then_page_is(page, "Waiting list")
    then_page_says(page, "Early years: 1 request is waiting", waiting.reference)

    # When the cut-off has passed and the first request is withdrawn
    given_the_clock_stands_at(MONDAY_AFTER)
    sent = Referral.objects.get(establishment=scene.setting)
    when_opening(page, live_site, f"/requests/{sent.reference}/withdraw/")
    when_choosing(page, "Support is no longer needed")
    when_pressing(page, "Withdraw this request")
    then_page_is(page, f"Request {sent.reference}")

    # Then nobody gets its place by itself, and the commissioner is told, and gives it
    commissioner = User.objects.get(memberships__role=Role.COMMISSIONER)
    desk = another_browser()
    given_signed_in(desk, live_site, commissioner)
    until(lambda: Notification.objects.filter(kind="PLACE_FREE", to_email=commissioner.email).exists())
    waiting.refresh_from_db()
    assert waiting.status == Status.WAITING
    when_opening(desk, live_site, "/home/")
    then_page_is(desk, "Home")
    when_opening(desk, live_site, "/waiting-list/")
    then_page_is(desk, "Waiting list")
    then_page_does_not_say(desk, "Wilf", "Tasburgh")
    when_pressing(desk, f"Give a place to {waiting.reference}, the first who waits")
    then_page_is(desk, f"Give a place to {waiting.reference}")
    when_pressing(desk, "Give the place")
    then_page_is(desk, "Waiting list")
    then_page_says(desk, f"{waiting.reference} has a place now and has been sent to S2S.", "nobody is waiting")

    # And the adviser sees who gave it, and nothing is left over
    when_opening(page, live_site, "/requests/")
    when_following(page, waiting.reference)
    then_page_is(page, f"Request {waiting.reference}")
    then_page_says(page, "Sent to S2S", "The commissioner gave it a place that came free")
    assert places_left(scene.quota) == 0
