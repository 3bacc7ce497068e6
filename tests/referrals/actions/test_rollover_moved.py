"""What goes along when a request moves to the next contract, and comes back with it."""

from datetime import timedelta

import pytest

from referrals.actions import choosing, returning, rollover_undoing
from referrals.choices import Fate, OfferState, Status
from referrals.models import Booking, Offer, RolloverLine
from s2s_portal.notifications.choices import Kind
from s2s_portal.organisations.choices import Role
from tests.factories import contract_ends as ends
from tests.factories import support
from tests.factories.contract_ends import LAST_DAY
from tests.factories.offers import link_of, offered, slot

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EARLIER, LATER = LAST_DAY - HOUR, LAST_DAY + MINUTE
CONTACT = Kind.TIMES_OFFERED_CONTACT


def moved_back(scene, line):
    assert rollover_undoing.undo_one(line=line, by=scene.one, at=LATER).refusal == ""
    rollover_undoing.undo_line(pk=line.pk, by=scene.portal, at=LATER)


# --- Times that were offered --------------------------------------------------------------------------------------
def test_offered_times_go_along_with_their_teacher_and_can_be_chosen(scene):
    offer = offered(scene.of(Status.IN_CONTACT), slot(0, at=LAST_DAY + 3 * HOUR), at=EARLIER)
    rollover = scene.ran(ends.successor(scene.period.contract))
    new = scene.line(rollover, Status.IN_CONTACT).successor
    offer.refresh_from_db()
    assert (offer.referral, offer.state) == (new, OfferState.OPEN)
    chosen = choosing.choose(link=link_of(CONTACT), position=1, at=LATER)
    assert (chosen.refusal, chosen.referral, chosen.referral.status) == ("", new, Status.BOOKED)
    assert Booking.objects.get(key=offer.key).referral == new


def test_offered_times_come_back_with_the_request(scene):
    offer = offered(scene.of(Status.IN_CONTACT), slot(0, at=LAST_DAY + 3 * HOUR), at=EARLIER)
    rollover = scene.ran(ends.successor(scene.period.contract))
    moved_back(scene, scene.line(rollover, Status.IN_CONTACT))
    offer.refresh_from_db()
    assert offer.referral == scene.of(Status.IN_CONTACT)
    assert choosing.choose(link=link_of(CONTACT), position=1, at=LATER).refusal == ""


def test_another_provider_takes_offered_times_back_and_the_link_says_so(scene):
    offered(scene.of(Status.IN_CONTACT), slot(0, at=LAST_DAY + 3 * HOUR), at=EARLIER)
    link = link_of(CONTACT)
    scene.ran(ends.successor(scene.period.contract, same_provider=False))
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    link.refresh_from_db()
    assert link.revoked_at == LAST_DAY
    assert choosing.choose(link=link, position=1, at=LATER).refusal == choosing.SETTLED


# --- Where it was when it was returned ----------------------------------------------------------------------------
@pytest.mark.parametrize("same_provider", [True, False])
def test_what_was_returned_from_where_it_was_in_touch_comes_back_as_that(scene, same_provider):
    in_touch = scene.of(Status.IN_CONTACT)
    coordinator = support.somebody(Role.S2S_COORDINATOR)
    returning.ask(referral=in_touch, question="Which mornings?", by=coordinator, at=EARLIER)
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract, same_provider=same_provider))
    scene.decide(scene.line(rollover, Status.IN_CONTACT), Fate.MOVE)
    rollover = ends.ran(ends.approved(rollover))
    line = scene.line(rollover, Status.IN_CONTACT)
    assert (line.was_status, line.was_returned_from) == (Status.RETURNED, Status.IN_CONTACT)
    assert line.successor.returned_from == (Status.IN_CONTACT if same_provider else Status.SUBMITTED)
    moved_back(scene, line)
    back = scene.of(Status.IN_CONTACT)
    assert (back.status, back.returned_from, back.returned_at) == (Status.RETURNED, Status.IN_CONTACT, EARLIER)
    answered = returning.send_back(referral=back, answer="Tuesdays.", by=scene.adviser, at=LATER)
    assert answered.referral.status == Status.IN_CONTACT


def test_a_line_of_a_request_that_was_not_returned_has_nowhere_to_go_back_to(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    moved = RolloverLine.objects.filter(rollover=rollover, outcome=Fate.MOVE)
    assert set(moved.values_list("was_returned_from", flat=True)) == {""}
