"""Signed links used by many at once: one answer, one visit, and who comes second reads why."""

from functools import partial

import pytest

from referrals.actions import choosing, confirming
from referrals.models import Booking, BookingTeacher, Offer, RecordConfirmation, ReferralEvent
from referrals.queries import setting
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import SignedLink
from tests.factories import records as made
from tests.factories import support
from tests.factories.offers import link_of, offered, slot
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.races.processes import at_once

pytestmark = [pytest.mark.race, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
CONTACT = Kind.TIMES_OFFERED_CONTACT


@pytest.fixture
def requests(transactional_db):
    """Two requests in touch, both with one teacher."""
    zone = ZoneFactory(name="Reedham Reach")
    adviser, teacher = person(Role.EARLY_YEARS_ADVISER, zones=[zone]), person(Role.S2S_TEACHER)
    person(Role.S2S_COORDINATOR)
    ensure_system_user()
    period_with_places(early_years=10)
    return [
        support.in_contact(sent_request(EstablishmentFactory(zone=zone), by=adviser), teacher=teacher) for _ in range(2)
    ]


def refusal_of(act, **told) -> str:
    """What a click brings: "" or why nothing was done."""
    return act(at=AT, **told).refusal


def test_of_many_clicks_on_one_offer_one_books(requests):
    offered(requests[0])
    link = link_of(CONTACT)
    clicks = [partial(refusal_of, choosing.choose, link=link, position=number % 3 + 1) for number in range(9)]
    clicks.append(partial(refusal_of, choosing.none_suits, link=link, note="Never"))
    said = at_once(clicks)
    assert sorted(said) == ["", *[choosing.SETTLED] * 9]
    assert ReferralEvent.objects.filter(kind="TIMES_ANSWERED").count() == 1
    booked = Booking.objects.count()
    assert (booked, Offer.objects.get().state) in ((1, "CHOSEN"), (0, "NONE_SUITS"))
    assert Notification.objects.filter(kind=Kind.VISIT_BOOKED).count() == 2 * booked


def test_two_settings_choose_the_same_hour_of_one_teacher(requests):
    links = []
    for referral in requests:
        offered(referral, slot(1), slot(2 if not links else 3))
        links.append(link_of(CONTACT))
    said = at_once([partial(refusal_of, choosing.choose, link=link, position=1) for link in links])
    assert sorted(said) == ["", "This time has been taken in the meantime. Choose another one, or say that none suits."]
    assert BookingTeacher.objects.get().starts_at == slot(1).starts_at
    late = links[said.index(max(said))]
    assert [one.is_free for one in setting.times_of(setting.offer_for(late), AT)] == [False, True]
    assert choosing.choose(link=late, position=2, at=AT).booking is not None


def test_of_many_answers_to_a_record_one_counts(requests):
    visit = support.held(support.book(requests[0], slot(1).starts_at))
    made.recorded(made.fresh(visit))
    link = link_of(Kind.RECORD_READY_CONTACT)
    answers = [partial(refusal_of, confirming.answer, link=link, view="Ours" * (number % 2)) for number in range(10)]
    assert sorted(at_once(answers)) == ["", *[confirming.ANSWERED] * 9]
    assert RecordConfirmation.objects.count() == 1
    assert ReferralEvent.objects.filter(kind="RECORD_ANSWERED").count() == 1
    assert SignedLink.objects.get(pk=link.pk).used_at == AT


def test_answering_while_the_record_is_retracted(requests):
    visit = support.held(support.book(requests[0], slot(1).starts_at))
    record = made.recorded(made.fresh(visit))
    link = link_of(Kind.RECORD_READY_CONTACT)
    answer = partial(refusal_of, confirming.answer, link=link, view="")
    said, _ = at_once([answer, partial(_retract, record)])
    assert (said, RecordConfirmation.objects.count()) in (("", 1), (confirming.GONE, 0))
    link.refresh_from_db()
    assert (link.used_at is None) != (link.revoked_at is None)


def _retract(record) -> str:
    return made.retracted(record).refusal
