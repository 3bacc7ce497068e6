"""Whose a message is and which way it goes: as its person chose, and at once to whoever does not use the portal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from s2s_portal.notifications.actions import choosing, message, queue, queue_all
from s2s_portal.notifications.choices import ALWAYS_BY_EMAIL, Channel, Kind
from s2s_portal.notifications.delivery import Counts, deliver_waiting
from s2s_portal.notifications.documents import reference_of
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.notifications.queries.digests import who_wants_weekly
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.notifications.examples import CONTEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def put(to, *, key="one", kind=Kind.REQUEST_SENT_ADVISER, at=AT, **changes):
    """Queue a message to this address; returns its row."""
    queue(kind=kind, key=key, to_email=to, to_name="Rowan Marsh", context=CONTEXTS[kind], at=at, **changes)
    return Notification.objects.get(key=key)


def chosen(channel, *, weekly=True, **of):
    """Somebody who has made this choice."""
    who = person(Role.EARLY_YEARS_ADVISER, **of)
    choosing.choose(channel=channel, weekly=weekly, by=who, at=AT)
    return who


@pytest.mark.parametrize("channel", Channel)
def test_a_message_goes_the_way_its_person_chose_whoever_writes_the_address(channel):
    who = chosen(channel, email="rowan.marsh@council.invalid")
    by_address = put("Rowan.Marsh@COUNCIL.invalid")
    by_name = put("another@council.invalid", key="two", person=who)
    for row in (by_address, by_name):
        assert (row.person, row.channel) == (who, channel)


def test_whoever_has_not_chosen_gets_everything_at_once():
    who = person(Role.S2S_TEACHER)
    assert (put(who.email).person, put(who.email).channel) == (who, Channel.AT_ONCE)


def test_a_contact_belongs_to_nobody_and_gets_everything_at_once():
    chosen(Channel.DIGEST)
    row = put("office@puddle.invalid", kind=Kind.REQUEST_SENT_CONTACT)
    assert (row.person, row.channel) == (None, Channel.AT_ONCE)


@pytest.mark.parametrize("channel", [Channel.DIGEST, Channel.PORTAL])
def test_the_table_lets_no_contact_wait_for_an_e_mail_that_is_never_written(channel):
    put("office@puddle.invalid", kind=Kind.REQUEST_SENT_CONTACT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.update(channel=channel)


def test_somebody_who_has_left_is_a_contact_like_others():
    who = chosen(Channel.PORTAL)
    who.is_active = False
    who.save()
    row = put(who.email)
    assert (row.person, row.channel) == (None, Channel.AT_ONCE)


@pytest.mark.parametrize("kind", sorted(ALWAYS_BY_EMAIL))
def test_what_is_of_no_use_later_goes_at_once_all_the_same(kind):
    who = chosen(Channel.PORTAL)
    row = put(who.email, kind=kind)
    assert (row.person, row.channel) == (who, Channel.AT_ONCE)


def test_each_of_many_messages_goes_its_own_way_in_two_statements(django_assert_num_queries):
    people = [chosen(channel) for channel in Channel]
    kind = Kind.REQUEST_SENT_ADVISER
    rows = [
        message(kind=kind, key=who.email, to_email=who.email, to_name="", context=CONTEXTS[kind], at=AT)
        for who in people
    ]
    with django_assert_num_queries(2):
        queue_all(rows)
    assert list(Notification.objects.order_by("pk").values_list("channel", flat=True)) == list(Channel)
    with django_assert_num_queries(0):
        queue_all([])


def test_only_what_goes_at_once_is_sent_by_itself(server):
    for channel in Channel:
        put(chosen(channel).email, key=channel)
    assert deliver_waiting() == Counts(sent=1)
    assert Notification.objects.get(sent_at__isnull=False).channel == Channel.AT_ONCE


@pytest.mark.parametrize("channel", [Channel.AT_ONCE, Channel.PORTAL])
def test_what_waited_for_a_daily_e_mail_that_is_wanted_no_more_goes_the_new_way(channel):
    who, other = chosen(Channel.DIGEST), chosen(Channel.DIGEST)
    put(who.email)
    theirs = put(other.email, key="two")
    choosing.choose(channel=channel, weekly=True, by=who, at=AT)
    assert Notification.objects.get(key="one").channel == channel
    theirs.refresh_from_db()
    assert theirs.channel == Channel.DIGEST


def test_a_choice_can_be_changed_and_there_is_one_of_each_person():
    who = chosen(Channel.DIGEST)
    choosing.choose(channel=Channel.PORTAL, weekly=False, by=who, at=AT + timedelta(days=1))
    row = Preference.objects.get()
    assert (row.person, row.channel, row.weekly) == (who, Channel.PORTAL, False)
    assert row.changed_at == AT + timedelta(days=1)


def test_somebody_who_has_left_chooses_nothing_and_reads_nothing():
    who = person(Role.EARLY_YEARS_ADVISER, is_active=False)
    with pytest.raises(NotAllowed):
        choosing.choose(channel=Channel.PORTAL, weekly=True, by=who, at=AT)
    with pytest.raises(NotAllowed):
        choosing.mark_read(newest=1, by=who, at=AT)


def test_everyone_gets_mondays_summary_who_has_not_said_no():
    ensure_system_user()
    wants, never_asked = chosen(Channel.PORTAL), person(Role.COMMISSIONER)
    chosen(Channel.AT_ONCE, weekly=False)
    person(Role.COMMISSIONER, is_active=False)
    assert list(who_wants_weekly()) == [wants, never_asked]


@pytest.mark.parametrize(
    ("context", "reference"),
    [
        ({"reference": "EY-7K4M-2Q"}, "EY-7K4M-2Q"),
        ({"cohort_reference": "CO-5T8W-2K"}, "CO-5T8W-2K"),
        ({"places_left": 3}, ""),
    ],
)
def test_a_message_knows_what_it_is_about(context, reference):
    assert reference_of(context) == reference


def test_the_row_keeps_what_it_is_about():
    assert put("rowan@council.invalid").reference == "EY-7K4M-2Q"
    assert put("rowan@council.invalid", key="two", kind=Kind.QUOTA_THRESHOLD).reference == ""
