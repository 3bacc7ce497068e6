"""One's own messages: read in the portal, marked as read on purpose, and coming as one chose."""

import pytest
from django.urls import reverse

from s2s_portal.notifications.actions import choosing, digests
from s2s_portal.notifications.choices import Channel, Kind
from s2s_portal.notifications.models import Notification, Preference
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.notifications.test_channels import chosen, put
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LIST, READ, CHOICE, HOME = (
    *(reverse(f"notifications:{name}") for name in ("message_list", "messages_read", "message_choice")),
    reverse("home"),
)


@pytest.fixture
def who():
    return person(Role.EARLY_YEARS_ADVISER)


@pytest.fixture
def visitor(who, client_for):
    return client_for(who)


def test_the_newest_comes_first_and_opens_as_text(who, visitor):
    first = put(who.email)
    second = put(who.email, key="two", kind=Kind.INFORMATION_ASKED)
    page = text_of(visitor.get(LIST))
    addresses = [reverse("notifications:message_detail", args=[row.pk]) for row in (second, first)]
    assert page.index(addresses[0]) < page.index(addresses[1])
    assert "You have not marked 2 of them as read." in page
    page = text_of(visitor.get(addresses[0]))
    assert "More information needed: request EY-7K4M-2Q" in page
    assert "Please read the question on the portal and answer it there." in page
    assert "<title>Message" in page  # and not its subject, which names a school


def test_who_comes_back_from_signing_in_is_led_to_the_messages(who, visitor):
    """The address asks for a press of a button; it used to be a page that says 405."""
    put(who.email)
    page = text_of(visitor.get(READ, follow=True))
    assert "Nothing has been marked as read. Press the button again." in page
    assert "You have not marked 1 of them as read." in page


def test_somebody_elses_message_does_not_open_and_is_not_listed(visitor):
    row = put(person(Role.EARLY_YEARS_ADVISER).email)
    assert visitor.get(reverse("notifications:message_detail", args=[row.pk])).status_code == 404
    assert "No messages yet" in text_of(visitor.get(LIST))


def test_a_contacts_message_is_nobodys(visitor):
    row = put("office@puddle.invalid", kind=Kind.REQUEST_SENT_CONTACT)
    assert visitor.get(reverse("notifications:message_detail", args=[row.pk])).status_code == 404


def test_the_daily_e_mail_itself_is_not_told_twice(client_for):
    who = chosen(Channel.DIGEST)
    put(who.email)
    assert digests.sum_up(at=AT) == 1
    page = text_of(client_for(who).get(LIST))
    assert page.count("/messages/") > 0
    assert "messages for you in the S2S portal" not in page


def test_looking_marks_nothing_and_the_button_marks_what_was_seen(who, visitor):
    seen = put(who.email)
    visitor.get(LIST)
    visitor.get(reverse("notifications:message_detail", args=[seen.pk]))
    assert Notification.objects.get().read_at is None
    newest = visitor.get(LIST).context["newest"]
    later = put(who.email, key="later")
    assert visitor.post(READ, {"newest": newest}).url == LIST
    assert [row.read_at for row in (Notification.objects.get(pk=seen.pk), Notification.objects.get(pk=later.pk))] == [
        AT,
        None,
    ]
    visitor.post(READ, {"newest": later.pk})
    page = text_of(visitor.get(LIST))
    assert "You have marked all of them as read." in page
    assert "Mark all as read" not in page


def test_an_open_message_can_be_marked_alone_by_its_person_only(who, visitor, client_for):
    first, second = put(who.email), put(who.email, key="two")
    address = reverse("notifications:message_detail", args=[first.pk])
    assert "Mark as read, and back to your messages" in text_of(visitor.get(address))
    client_for(person(Role.SEND_ADVISER)).post(READ, {"one": first.pk})
    assert not Notification.objects.exclude(read_at=None).exists()
    assert visitor.post(READ, {"one": first.pk}).headers["Location"] == LIST
    assert [row.pk for row in Notification.objects.exclude(read_at=None)] == [first.pk]
    assert "Mark as read" not in text_of(visitor.get(address))
    second.refresh_from_db()
    assert second.read_at is None


@pytest.mark.parametrize("newest", ["", "x", "-1", "٣", "9" * 30])
def test_what_no_page_sends_marks_nothing(who, visitor, newest):
    put(who.email)
    assert visitor.post(READ, {"newest": newest}).status_code == 302
    assert Notification.objects.get().read_at is None


def test_marking_touches_nobody_elses(who, visitor):
    theirs = put(person(Role.EARLY_YEARS_ADVISER).email)
    visitor.post(READ, {"newest": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_home_says_how_many_are_unread(who, visitor):
    assert "not marked as read" not in text_of(visitor.get(HOME))
    put(who.email)
    assert "1 message not marked as read" in text_of(visitor.get(HOME))
    put(who.email, key="two")
    assert "2 messages not marked as read" in text_of(visitor.get(HOME))


def test_a_choice_is_kept_and_shown(who, visitor):
    page = text_of(visitor.get(CHOICE))
    assert "Messages about visits always come by e-mail at once" in page
    answer = visitor.post(CHOICE, {"channel": "DIGEST"}, follow=True)
    assert "Your choice is kept." in text_of(answer)
    row = Preference.objects.get()
    assert (row.person, row.channel, row.weekly, row.changed_at) == (who, Channel.DIGEST, False, AT)
    initial = visitor.get(CHOICE).context["form"].initial
    assert initial == {"channel": Channel.DIGEST, "weekly": False}


def test_no_choice_is_at_once_with_mondays_summary(visitor):
    assert visitor.get(CHOICE).context["form"].initial == {"channel": Channel.AT_ONCE, "weekly": True}


@pytest.mark.parametrize("channel", ["", "PIGEON"])
def test_what_is_no_choice_is_asked_again(visitor, channel):
    page = visitor.post(CHOICE, {"channel": channel})
    assert page.status_code == 200
    assert "Error:" in text_of(page)
    assert not Preference.objects.exists()


@pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.DIGEST])
def test_whoever_gets_no_e_mail_has_it_here(client_for, channel):
    who = person(Role.COMMISSIONER)
    choosing.choose(channel=channel, weekly=False, by=who, at=AT)
    put(who.email, kind=Kind.QUOTA_THRESHOLD)
    assert "At least 80% of the early years places" in text_of(client_for(who).get(LIST))


def test_one_and_three_messages_take_the_same_queries(who, visitor, django_assert_num_queries):
    put(who.email)
    with django_assert_num_queries(9):  # clock, session, person, roles, zones; count, rows, unread, newest
        visitor.get(LIST)
    put(who.email, key="two")
    put(who.email, key="three")
    with django_assert_num_queries(9):
        visitor.get(LIST)
