"""Inviting people: one message with a link that is made when it is sent, whatever is pressed twice."""

import re
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from s2s_portal.notifications.actions import inviting
from s2s_portal.notifications.choices import Channel, Kind
from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.actions.access import Held
from s2s_portal.organisations.choices import LinkState, Role
from s2s_portal.organisations.models import SignedLink, User
from s2s_portal.organisations.permissions import NotAllowed, roles_of
from s2s_portal.organisations.queries.links import meant_by
from tests.factories.organisations import PASSWORD, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
KEY = uuid.UUID(int=1)


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, full_name="Ada Ministrator", email="ada@council.invalid")


def invite(by, key=KEY, **changes):
    given = {"email": "Jo@council.invalid", "full_name": "Jo Reeve", "held": [Held(Role.AUDITOR)]} | changes
    return inviting.invite(key=key, **given, by=by, at=AT)


def test_a_person_is_added_and_gets_a_message_with_their_link(administrator):
    zone = ZoneFactory()
    made = invite(administrator, held=[Held(Role.SEND_ADVISER, [zone])])
    assert made.is_new
    assert roles_of(made.person) == {Role.SEND_ADVISER}
    row = Notification.objects.get()
    assert (row.kind, row.to_email, row.person) == (Kind.PERSON_INVITED, "jo@council.invalid", made.person)
    assert row.context["is_new"]
    assert row.context["roles"] == ["SEND Adviser"]
    deliver_waiting()
    [sent] = mail.outbox
    token = re.search(r"/link/([^/\s]+)/", sent.body)[1]
    assert token not in str(row.context)
    assert meant_by(token).subject == f"person {made.person.pk}"


def test_pressed_twice_is_once(administrator):
    assert invite(administrator).is_new
    assert invite(administrator).is_new
    assert Notification.objects.count() == SignedLink.objects.count() == 1


def test_of_somebody_who_is_here_nothing_changes(administrator):
    jo = person(Role.COMMISSIONER, email="jo@council.invalid", full_name="Joanna")
    made = invite(administrator)
    assert (made.person, made.is_new) == (jo, False)
    assert roles_of(User.objects.get(pk=jo.pk)) == {Role.COMMISSIONER}
    assert not Notification.objects.exists()


def test_a_bad_address_adds_nobody(administrator):
    with pytest.raises(ValidationError):
        invite(administrator, email="jo")
    assert not Notification.objects.exists()


def test_only_administrators():
    jo, by = person(), person(Role.COMMISSIONER)
    with pytest.raises(NotAllowed):
        invite(by)
    with pytest.raises(NotAllowed):
        inviting.send_link(key=KEY, person=jo, by=by, at=AT)
    assert not User.objects.filter(email="jo@council.invalid").exists()


def test_a_new_password_goes_by_email_whatever_they_chose(administrator):
    jo = person(Role.AUDITOR)
    Preference.objects.create(person=jo, channel=Channel.PORTAL, changed_at=AT)
    assert inviting.send_link(key=KEY, person=jo, by=administrator, at=AT)
    assert not inviting.send_link(key=KEY, person=jo, by=administrator, at=AT)
    row = Notification.objects.get()
    assert (row.channel, row.context["is_new"]) == (Channel.AT_ONCE, False)
    deliver_waiting()
    assert mail.outbox[0].subject == "Choose a new password for the School to School (S2S) portal"
    assert User.objects.get(pk=jo.pk).check_password(PASSWORD)


def test_sent_again_only_the_newest_link_works(administrator):
    made = invite(administrator)
    assert inviting.send_link(key=uuid.UUID(int=2), person=made.person, by=administrator, at=AT)
    assert [link.state(AT) for link in SignedLink.objects.order_by("pk")] == [LinkState.REVOKED, LinkState.LIVE]
    assert Notification.objects.filter(context__is_new=True).count() == 2
