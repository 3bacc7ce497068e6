"""Another e-mail address: both are told, what waits follows, and who never signed in is invited anew."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from referrals.actions import telling_setting, withdrawing
from referrals.models import Referral
from s2s_portal.core import clock
from s2s_portal.notifications.actions import inviting, mending, queue, readdressing
from s2s_portal.notifications.choices import Channel, Fate, Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.actions.invitations import make_link
from s2s_portal.organisations.choices import LinkState, Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.invitations import person_of
from s2s_portal.organisations.queries.links import meant_by
from tests.factories import support
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.notifications.examples import CONTEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
OLD, NEW = "jo@council.invalid", "jo.reeve@council.invalid"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, full_name="Ada Ministrator", email="ada@council.invalid")


def change(one, by, email=NEW, seen=OLD):
    return readdressing.change_email(person=one, email=email, seen=seen, reason="So.", by=by, at=AT)


def test_both_addresses_are_told_once_and_the_old_one_not_the_new(administrator):
    jo = person(Role.AUDITOR, full_name="Jo Reeve", email=OLD, last_login=AT)
    Preference.objects.create(person=jo, channel=Channel.PORTAL, changed_at=AT)
    assert change(jo, administrator)
    assert not change(jo, administrator)
    rows = {one.to_email: one for one in Notification.objects.all()}
    assert {address: (one.kind, one.person, one.channel) for address, one in rows.items()} == {
        NEW: (Kind.ADDRESS_CHANGED, jo, Channel.AT_ONCE),
        OLD: (Kind.ADDRESS_CHANGED, None, Channel.AT_ONCE),
    }
    assert deliver_waiting().sent == 2
    texts = {re.search(r"[^<\s]+@[^>\s]+", sent.to[0])[0]: sent.body for sent in mail.outbox}
    assert f"It is {NEW} now" in texts[NEW]
    assert "With this one you can no longer sign in" in texts[OLD]
    assert NEW not in texts[OLD]


def test_who_never_signed_in_is_invited_at_the_new_address_and_the_old_link_opens_nothing(administrator):
    jo = person(Role.AUDITOR, full_name="Jo Reeve", email=OLD, last_login=None)
    old = make_link(person=jo, by=administrator, at=AT)
    assert change(jo, administrator)
    row = Notification.objects.get()
    assert (row.kind, row.to_email, row.context["is_new"]) == (Kind.PERSON_INVITED, NEW, True)
    old.refresh_from_db()
    assert old.state(AT) == LinkState.REVOKED
    deliver_waiting()
    token = re.search(r"/link/([^/\s]+)/", mail.outbox[0].body)[1]
    assert person_of(meant_by(token)) == User.objects.get(pk=jo.pk)


def test_what_waits_or_failed_follows_and_what_was_sent_stays(administrator):
    jo = person(Role.AUDITOR, email=OLD, last_login=AT)
    for key in ("sent", "failed", "waits", "somebody else’s"):
        to = {"to_email": OLD, "person": jo} if "else" not in key else {"to_email": "al@council.invalid"}
        queue(kind=Kind.WORK_LEFT, key=key, to_name="", context=CONTEXTS[Kind.WORK_LEFT], at=AT, **to)
    Notification.objects.filter(key="sent").update(sent_at=AT)
    Notification.objects.filter(key="failed").update(failed_at=AT)
    change(jo, administrator)
    where = dict(Notification.objects.filter(kind=Kind.WORK_LEFT).values_list("key", "to_email"))
    assert where == {"sent": OLD, "failed": NEW, "waits": NEW, "somebody else’s": "al@council.invalid"}


@pytest.fixture
def invited(administrator):
    held = [access.Held(Role.COMMISSIONER)]
    jo = inviting.invite(key=uuid4(), email=OLD, full_name="Jo Reeve", held=held, by=administrator, at=AT).person
    return Notification.objects.filter(person=jo, kind=Kind.PERSON_INVITED)


@pytest.mark.parametrize("given_up", [False, True])
def test_an_invitation_that_was_not_sent_reaches_nobody_at_the_wrong_address(administrator, invited, given_up):
    if given_up:
        invited.update(failed_at=AT, last_error="550 No such mailbox")
    old = invited.get()
    change(old.person, administrator)
    assert deliver_waiting().sent == 1
    assert [one.to for one in mail.outbox] == [[NEW]]
    assert not mending.send_again(pk=old.pk, by=administrator)


@pytest.mark.parametrize(("claimed_for", "stays"), [(timedelta(minutes=1), True), (-timedelta(minutes=1), False)])
def test_one_that_is_being_sent_right_now_is_left_to_its_worker(administrator, invited, claimed_for, stays):
    invited.update(claimed_until=clock.real_now() + claimed_for)
    change(invited.get().person, administrator)
    assert sorted(invited.values_list("to_email", flat=True)) == sorted([NEW, OLD] if stays else [NEW])


def test_one_that_notify_took_is_not_asked_about_so_that_it_is_never_sent_again(administrator, invited):
    invited.update(sent_at=AT, remote_id="1", fate=Fate.SENDING, next_check_at=AT)
    change(invited.get().person, administrator)
    assert invited.get(to_email=OLD).next_check_at is None


def test_what_the_contact_of_a_setting_is_sent_stays_with_the_address(shared_council, administrator):
    """The portal files it under whoever signs in with the same address; the links in it open a record of a child."""
    jo = person(Role.S2S_TEACHER, full_name="Jo Wrong", email=OLD, last_login=AT)
    for one in (shared_council.early_years, shared_council.far):
        Referral.objects.filter(pk=one.pk).update(contact_email=OLD, contact_name="Perran Oxnead")
        one.refresh_from_db()
    booking = support.booked(shared_council.early_years, teacher=jo)
    record = support.recorded(support.held(booking))
    telling_setting.record_ready(record=record, referral=booking.referral, at=AT)
    withdrawing.withdraw(referral=shared_council.far, reason="OTHER", note="", by=shared_council.far_adviser, at=AT)
    Notification.objects.filter(kind=Kind.RECORD_READY_CONTACT).update(failed_at=AT)
    assert change(jo, administrator)
    rows = Notification.objects.filter(person=jo).values_list("kind", "to_name", "to_email")
    where = {(kind, name): address for kind, name, address in rows if kind != Kind.ADDRESS_CHANGED}
    assert where[Kind.RECORD_READY_CONTACT, "Perran Oxnead"] == OLD
    assert where[Kind.VISIT_BOOKED, "Jo Wrong"] == NEW
    assert where[Kind.VISIT_BOOKED, "Perran Oxnead"] == OLD
    assert where[Kind.REQUEST_WITHDRAWN_CONTACT, "Perran Oxnead"] == OLD
    assert {(name, address) for (_, name), address in where.items()} == {("Jo Wrong", NEW), ("Perran Oxnead", OLD)}


@pytest.mark.parametrize(
    ("kind", "key", "changes", "goes_along"),
    [
        (Kind.REQUEST_STATUS_CONTACT, "extended:1:EY-7K4M-2Q:REQUEST_STATUS_CONTACT", {}, False),
        (Kind.VISIT_CANCELLED, "visit-cancelled:1:1:contact", {"link_id": 0}, False),
        (Kind.REMIND_NOT_CHOSEN, "remind:1", {}, False),
        (Kind.REMIND_NOT_CONFIRMED, "remind:1:contact", {"link_id": 0}, False),
        (Kind.REMIND_NOT_CONFIRMED, "remind:1:2", {"link_id": 0}, True),
    ],
)
def test_the_kind_the_key_and_the_link_say_whose_it_is(administrator, kind, key, changes, goes_along):
    jo = person(Role.S2S_TEACHER, email=OLD, last_login=AT)
    queue(kind=kind, key=key, to_email=OLD, to_name="", context=CONTEXTS[kind] | changes, at=AT)
    change(jo, administrator)
    assert Notification.objects.get(key=key).to_email == (NEW if goes_along else OLD)
