"""A setting is not listed: its adviser adds it and sends the request, an administrator finds it in the register."""

from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, person
from tests.factories.referrals import filled_draft
from tests.journeys.scenes import an_adviser
from tests.journeys.steps import (
    given_signed_in,
    given_the_clock_stands_at,
    then_page_is,
    then_page_says,
    when_filling,
    when_following,
    when_opening,
    when_pressing,
)
from tests.moments import AN_ORDINARY_TUESDAY


def test_a_setting_is_added_by_hand_used_at_once_and_merged(page, live_site, another_browser):
    # Given a finished draft that is for another setting than was meant
    given_the_clock_stands_at(AN_ORDINARY_TUESDAY)
    scene = an_adviser()
    draft = filled_draft(scene.setting, by=scene.adviser)
    given_signed_in(page, live_site, scene.adviser)

    # When its adviser does not find the right one, and adds it
    when_opening(page, live_site, f"/drafts/{draft.key}/setting/?q=Zebra+Nursery")
    then_page_is(page, "School or setting")
    when_following(page, "The school or setting is not listed")
    then_page_is(page, "The school or setting is not listed")
    page.get_by_label("What kind is it?").select_option(label=scene.setting.kind.name)
    when_filling(page, {"Building and street": "2 Reed Lane", "Town or city": "Staithe", "Postcode": "nr29 9zz"})
    when_pressing(page, "Continue")
    then_page_is(page, "Is it one of these?")
    then_page_says(page, scene.setting.name, "Zebra Nursery", f"Most of its neighbours are in {scene.zone}")
    when_pressing(page, "Add it and go on")

    # Then the request can be sent for it at once
    then_page_is(page, "Zebra Nursery")
    when_opening(page, live_site, f"/drafts/{draft.key}/check/")
    when_pressing(page, "Send the request")
    then_page_is(page, "Request sent")

    # When an administrator finds it in the register, and merges the two
    target = EstablishmentFactory(zone=scene.zone, name="Zebra Day Nursery", urn="EY999001")
    office = another_browser()
    given_signed_in(office, live_site, person(Role.ADMINISTRATOR))
    when_opening(office, live_site, "/registers/")
    when_following(office, "1 setting added by hand")
    then_page_is(office, "Settings added by hand")
    when_following(office, "Merge Zebra Nursery")
    then_page_is(office, "Which one is it?")
    when_following(office, "Zebra Day Nursery")
    then_page_is(office, "Merge these two?")
    office.get_by_label("Why?").fill("The same door.")
    when_pressing(office, "See what follows")
    then_page_is(office, "Merge these two? It cannot be undone")
    then_page_says(office, "1 request (1 with S2S now)")
    when_pressing(office, "Merge them")
    then_page_says(office, "Zebra Nursery has been merged into Zebra Day Nursery (URN EY999001).")

    # Then the request is for the register's setting, and says what it was for
    sent = Referral.objects.get(establishment=target)
    when_opening(page, live_site, f"/requests/{sent.reference}/")
    then_page_is(page, f"Request {sent.reference}")
    then_page_says(page, "Zebra Day Nursery", "School or setting corrected")
