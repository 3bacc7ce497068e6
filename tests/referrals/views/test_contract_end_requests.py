"""What requests' own pages say of a contract's end: moved, moved back, and what their places came to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from referrals.choices import Status
from referrals.models import Referral
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.moment(LAST_DAY)]


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def request_page(browser, referral) -> str:
    return text_of(browser.get(reverse("referrals:referral_detail", args=[referral.reference])))


def test_a_request_that_was_carried_over_uses_no_place(council, client_for):
    new = ends.moved(council.far, council.period)
    page = request_page(client_for(council.far_adviser), new)
    assert "This request was carried over from the contract before and uses no" in page
    assert "uses one" not in page
    address = reverse("referrals:referral_withdraw", args=[new.reference])
    assert "no place is given back" in text_of(client_for(council.far_adviser).get(address))


@pytest.mark.parametrize("role", ["adviser", Role.COMMISSIONER])
def test_a_move_that_was_undone_leads_back_and_offers_nothing_new(council, client_for, role):
    rollover = ends.begun(council.period, ends.successor(council.period.contract))
    ends.undone(ends.ran(ends.approved(rollover)))
    new = Referral.objects.get(continues=council.far)
    reader = council.far_adviser if role == "adviser" else council.people[role]
    page = request_page(client_for(reader), new)
    old = council.far.reference
    assert f"The move to this contract was undone. Support goes on as {old}, as before." in page
    assert "Moved back: goes on as" in page
    assert reverse("referrals:referral_detail", args=[old]) in page
    assert "used no" in page
    for wrong in ("given back on", "it is a new request", "Reinstate it", "with the visits and records"):
        assert wrong not in page


def test_a_visit_that_has_been_is_no_plan_any_more(council, client_for):
    support.in_status(council.far, Status.BOOKED, at=LAST_DAY - timedelta(days=14))
    rollover = ends.begun(council.period, ends.successor(council.period.contract))
    browser = client_for(council.people[Role.COMMISSIONER])
    line = ends.line_of(rollover, council.far)
    for name, more in (("lines", ()), ("line", (line.pk,))):
        page = text_of(browser.get(reverse(f"referrals:contract_end_{name}", args=[rollover.key, *more])))
        assert "It has been, and nobody has told its outcome" in page
