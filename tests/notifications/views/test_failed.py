"""What could not be delivered is shown to those who can do something about it, and goes out again when they say so."""

import pytest
from django.core import mail
from django.urls import reverse

from s2s_portal.core import clock
from s2s_portal.notifications.actions.mending import send_again
from s2s_portal.notifications.choices import Fate, Kind
from s2s_portal.notifications.delivery import MOST_ATTEMPTS, Counts, deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.choices import AuditKind, Role
from s2s_portal.organisations.models import AuditEvent
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import person
from tests.notifications.test_channels import put
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LIST, HOME = reverse("notifications:failed_list"), reverse("home")
REFUSED = "The mail server refused office@puddle.invalid: 550 no such person here"


def failed(key="one", **changes):
    """A message to a contact that was given up."""
    row = put("office@puddle.invalid", key=key, kind=Kind.REQUEST_SENT_CONTACT)
    given = {"failed_at": clock.real_now(), "attempts": 1, "last_error": REFUSED}
    Notification.objects.filter(pk=row.pk).update(**given | changes)
    row.refresh_from_db()
    return row


def again(row) -> str:
    return reverse("notifications:failed_again", args=[row.pk])


@pytest.fixture
def visitor(client_for):
    return client_for(person(Role.S2S_COORDINATOR))


def test_the_list_says_what_to_whom_and_why(visitor):
    failed()
    put("office@puddle.invalid", key="fine")
    page = text_of(visitor.get(LIST))
    for words in (
        "Request sent, to the school or setting",
        "EY-7K4M-2Q",
        "Rowan Marsh",
        "office@puddle.invalid",
        "The mail server there says that it takes no mail for this address.",
        "Once",
        "1</strong> found",
    ):
        assert words in page


def test_nothing_failed_is_said_too(visitor):
    assert "Every message has been delivered or is still being tried." in text_of(visitor.get(LIST))


@pytest.mark.parametrize("role", [Role.S2S_COORDINATOR, Role.ADMINISTRATOR])
def test_home_counts_them_for_those_who_mend_them(client_for, role):
    visitor = client_for(person(role))
    assert "could not be delivered" not in text_of(visitor.get(HOME))
    failed()
    assert "1 message could not be delivered." in text_of(visitor.get(HOME))
    failed("two")
    page = text_of(visitor.get(HOME))
    assert "2 messages could not be delivered." in page
    assert f'href="{LIST}"' in page


def test_home_tells_nobody_else(client_for):
    failed()
    assert "could not be delivered" not in text_of(client_for(person(Role.COMMISSIONER)).get(HOME))


def test_sending_again_is_asked_about_first(visitor):
    row = failed()
    page = text_of(visitor.get(again(row)))
    assert "Send this message again?" in page
    assert REFUSED in page
    row.refresh_from_db()
    assert row.failed_at is not None


def test_it_goes_out_under_its_own_id_with_all_attempts_before_it(visitor):
    row = failed(attempts=MOST_ATTEMPTS, remote_id="x", fate=Fate.PERMANENT_FAILURE)
    page = text_of(visitor.post(again(row), follow=True))
    assert "The message waits to be sent again." in page
    assert deliver_waiting() == Counts(sent=1)
    [message] = mail.outbox
    assert message.extra_headers["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert (row.attempts, row.failed_at, row.remote_id, row.fate) == (1, None, "", "")
    assert row.sent_at is not None


def test_who_sent_it_again_is_recorded(visitor):
    visitor.post(again(failed()))
    row = AuditEvent.objects.latest("pk")
    assert (row.kind, row.what, row.reference) == (AuditKind.WRITE, "message sent again", "EY-7K4M-2Q")


def test_a_message_about_no_request_is_recorded_by_its_number():
    row = failed()
    Notification.objects.update(reference="")
    assert send_again(pk=row.pk, by=person(Role.ADMINISTRATOR))
    assert AuditEvent.objects.latest("pk").reference == f"message {row.pk}"


def test_a_second_press_changes_nothing_and_says_so(visitor):
    row = failed()
    visitor.post(again(row))
    events = AuditEvent.objects.count()
    Notification.objects.update(attempts=2)
    page = text_of(visitor.post(again(row), follow=True))
    assert "it may have been sent again already" in page
    assert (Notification.objects.get().attempts, AuditEvent.objects.count()) == (2, events)
    assert visitor.get(again(row)).status_code == 404


def test_nobody_else_sends_again():
    row = failed()
    with pytest.raises(NotAllowed):
        send_again(pk=row.pk, by=person(Role.COMMISSIONER))


def test_one_and_three_take_the_same_queries(visitor, django_assert_num_queries):
    failed()
    with django_assert_num_queries(7):  # clock, session, person, roles, zones; count, rows
        visitor.get(LIST)
    failed("two")
    failed("three")
    with django_assert_num_queries(7):
        visitor.get(LIST)
