"""Times that are offered, chosen, refused and taken back."""

import pytest

from referrals.actions import assigning, choosing, withdrawing
from referrals.choices import Agreement, BookingState, OfferState, Status, WithdrawReason
from referrals.models import Booking, Offer, Referral
from referrals.queries import setting
from referrals.rules import offers as rules
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories import support
from tests.factories.calendar import LeaveFactory
from tests.factories.offers import HOUR, link_of, offered, slot, try_to_offer
from tests.factories.organisations import person
from tests.factories.referrals import sent_request
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = pytest.mark.django_db
CONTACT = Kind.TIMES_OFFERED_CONTACT


@pytest.fixture
def referral(council):
    return support.in_contact(council.early_years)


def again(referral):
    return Referral.objects.select_related("teacher", "establishment__kind").get(pk=referral.pk)


def another_of(council, teacher):
    """Another request of the same teacher, in touch."""
    by = council.people[Role.EARLY_YEARS_ADVISER]
    return support.in_contact(sent_request(council.setting, by=by, at=AT), teacher=teacher)


# --- Offering ----------------------------------------------------------------------------------------------------
def test_the_contact_is_asked_and_nobodys_time_is_taken(referral):
    offer = offered(referral)
    message = Notification.objects.get(kind=CONTACT)
    assert message.to_email == referral.contact_email
    assert [one[:9] for one in message.context["times"]] == ["Wednesday", "Thursday ", "Friday 29"]
    assert link_of(CONTACT).subject == setting.offer_subject(offer)
    assert again(referral).status == Status.IN_CONTACT
    assert not Booking.objects.exists()
    assert referral.events.latest("seq").kind == "TIMES_OFFERED"
    assert list(setting.unanswered_offers([referral.pk])) == [offer]
    assert not setting.unanswered_offers([referral.pk + 1])


def test_two_presses_make_one_offer(referral):
    offer = offered(referral)
    assert try_to_offer(referral, slot(2), key=offer.key).offer == offer
    assert (Offer.objects.count(), Notification.objects.filter(kind=CONTACT).count()) == (1, 1)


def test_a_key_of_another_request_offers_nothing(council, referral):
    offer = offered(referral)
    other = another_of(council, referral.teacher)
    assert "another request" in try_to_offer(other, slot(5), key=offer.key).refusal


def test_a_new_offer_takes_the_old_one_back(referral):
    offered(referral)
    first = link_of(CONTACT)
    second = offered(referral, slot(6))
    first.refresh_from_db()
    assert first.revoked_at == AT
    assert choosing.choose(link=first, position=1, at=AT).refusal == choosing.SETTLED
    assert Offer.objects.get(state=OfferState.OPEN) == second


def test_what_refuses_a_time(council, referral):
    support.book(another_of(council, referral.teacher), AT + 24 * HOUR)
    LeaveFactory(user=referral.teacher, starts_on=(AT + 48 * HOUR).date())
    said = try_to_offer(referral, slot(1), slot(2), slot(4)).problems
    assert set(said) == {0, 1, 2}
    assert "Bulrush Nursery" in said[0][0]
    assert "on leave" in said[1][0]
    assert "weekend" in said[2][0]
    assert not Offer.objects.exists()


def test_what_refuses_times_together(referral):
    said = try_to_offer(referral, slot(0), slot(1, hours=2), slot(1)).problems
    assert said == {0: [rules.TOO_LATE], 2: [rules.TWICE]}


def test_one_to_three_times(referral):
    for slots in ((), (slot(1), slot(2), slot(3), slot(6))):
        with pytest.raises(ValueError, match="One to three"):
            try_to_offer(referral, *slots)


def test_a_warning_wants_a_reason(council):
    mainstream = support.in_contact(council.mainstream)
    assert "Say below why" in try_to_offer(mainstream, slot(1), why="").problems[0][0]
    assert offered(mainstream, slot(1)).times.get().reasons.keys() == {"TERMS_UNKNOWN"}


def test_only_who_has_the_request_offers(council, referral):
    with pytest.raises(NotAllowed):
        try_to_offer(referral, slot(1), by=person(Role.S2S_TEACHER))
    assert "can no longer be" in try_to_offer(support.assigned(council.far, teacher=referral.teacher), slot(1)).refusal


# --- Choosing ----------------------------------------------------------------------------------------------------
def test_a_chosen_time_is_booked_in_the_teachers_name(referral):
    offer = offered(referral)
    link = link_of(CONTACT)
    made = choosing.choose(link=link, position=2, at=AT)
    assert not made.refusal
    booking = Booking.objects.get()
    assert (booking.starts_at, booking.booked_by, booking.key) == (slot(2).starts_at, referral.teacher, offer.key)
    assert again(referral).status == Status.BOOKED
    offer.refresh_from_db()
    assert (offer.state, offer.booking, offer.settled_at) == (OfferState.CHOSEN, booking, AT)
    event = referral.events.latest("seq")
    assert (event.kind, event.facts["chosen_starts_at"]) == ("TIMES_ANSWERED", booking.starts_at.isoformat())
    invited = Notification.objects.filter(kind=Kind.VISIT_BOOKED).values_list("to_email", flat=True)
    assert set(invited) == {referral.contact_email, referral.teacher.email}
    wrote = AuditEvent.objects.get(what="chose a time for a visit")
    assert (wrote.user_id, wrote.user_email) == (0, referral.contact_email)
    assert not setting.unanswered_offers([referral.pk])


def test_a_second_answer_changes_nothing(referral):
    offered(referral)
    link = link_of(CONTACT)
    choosing.choose(link=link, position=1, at=AT)
    for again in (choosing.choose(link=link, position=2, at=AT), choosing.none_suits(link=link, note="No", at=AT)):
        assert (again.refusal, again.open) == (choosing.SETTLED, False)
    assert Booking.objects.get().starts_at == slot(1).starts_at


def test_a_taken_time_is_refused_and_the_others_remain(council, referral):
    offer = offered(referral)
    support.book(another_of(council, referral.teacher), slot(1).starts_at)
    link = link_of(CONTACT)
    made = choosing.choose(link=link, position=1, at=AT)
    assert made.open
    assert "taken in the meantime" in made.refusal
    assert "Bulrush" not in made.refusal
    assert [one.is_free for one in setting.times_of(setting.offer_for(link), AT)] == [False, True, True]
    assert choosing.choose(link=link, position=2, at=AT).booking.key == offer.key


def test_what_is_not_possible_any_more(council, referral):
    offered(referral)
    link = link_of(CONTACT)
    late = choosing.choose(link=link, position=1, at=slot(1).starts_at)
    assert (late.open, "not possible any more" in late.refusal) == (True, True)
    Referral.objects.filter(pk=referral.pk).update(agreement=Agreement.WITHDRAWN)
    refused = choosing.choose(link=link, position=2, at=AT)
    assert (refused.open, "not possible any more" in refused.refusal) == (True, True)
    assert not Booking.objects.exists()


def test_while_more_information_is_awaited_nothing_is_booked(council, referral):
    offered(referral)
    support.returning.ask(referral=referral, question="Which room?", by=referral.teacher, at=AT)
    made = choosing.choose(link=link_of(CONTACT), position=1, at=AT)
    assert (made.refusal, made.open) == (choosing.NOT_NOW, True)


def test_who_is_no_longer_the_contact_chooses_nothing(referral):
    offered(referral)
    Referral.objects.filter(pk=referral.pk).update(contact_email="new@bulrush.invalid")
    assert choosing.choose(link=link_of(CONTACT), position=1, at=AT).refusal == choosing.NOT_YOURS


def test_none_suits(referral):
    offer = offered(referral)
    choosing.none_suits(link=link_of(CONTACT), note="Only mornings, please", at=AT)
    offer.refresh_from_db()
    assert (offer.state, offer.note) == (OfferState.NONE_SUITS, "Only mornings, please")
    told = Notification.objects.filter(kind=Kind.REQUEST_STATUS_TEACHER).latest("pk")
    assert "none of the offered times" in told.context["sentence"]
    assert "mornings" not in str(told.context)
    assert referral.events.latest("seq").facts["note"] == "Only mornings, please"


# --- Taking back ---------------------------------------------------------------------------------------------------
def book_otherwise(council, referral):
    support.book(referral, slot(6).starts_at)


def hand_over(council, referral):
    teacher, by = person(Role.S2S_TEACHER), council.people[Role.S2S_COORDINATOR]
    assert not assigning.reassign(referral=referral, teacher=teacher, note="", by=by, at=AT).refusal


def end(council, referral):
    by = council.people[Role.EARLY_YEARS_ADVISER]
    withdrawing.withdraw(referral=referral, reason=WithdrawReason.OTHER, note="", by=by, at=AT)


@pytest.mark.parametrize("what", [book_otherwise, hand_over, end])
def test_what_takes_an_offer_back(council, referral, what):
    offer = offered(referral)
    link = link_of(CONTACT)
    what(council, referral)
    offer.refresh_from_db()
    link.refresh_from_db()
    assert (offer.state, offer.settled_at, link.revoked_at) == (OfferState.WITHDRAWN, AT, AT)
    assert choosing.choose(link=link, position=1, at=AT).refusal == choosing.SETTLED
    assert not Booking.objects.filter(key=offer.key, state=BookingState.PLANNED).exists()
