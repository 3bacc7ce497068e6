"""Queueing: one row for each key, in the caller's transaction, with nothing in it that a kind does not say."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents import WrongContext
from s2s_portal.notifications.models import Notification
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import CONTEXTS

pytestmark = pytest.mark.django_db


def put(kind=Kind.REQUEST_SENT_ADVISER, **changes):
    given = {
        "kind": kind,
        "key": "request-sent:EY-7K4M-2Q:adviser",
        "to_email": "rowan.marsh@council.invalid",
        "to_name": "Rowan Marsh",
        "context": CONTEXTS[kind],
        "at": AN_ORDINARY_TUESDAY,
    }
    queue(**given | changes)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_queued(kind):
    put(kind)
    row = Notification.objects.get()
    assert str(row) == "request-sent:EY-7K4M-2Q:adviser"
    assert (row.kind, row.queued_at, row.sent_at, row.attempts) == (kind, AN_ORDINARY_TUESDAY, None, 0)
    assert row.context.items() >= CONTEXTS[kind].items()


def test_queueing_sends_nothing():
    put()
    assert mail.outbox == []


def test_a_repeated_key_changes_nothing():
    put()
    before = Notification.objects.values().get()
    put(to_email="somebody.else@council.invalid", context=CONTEXTS[Kind.REQUEST_SENT_ADVISER] | {"places_left": 1})
    assert Notification.objects.values().get() == before


def test_the_transaction_goes_on_after_a_repeated_key():
    put()
    with transaction.atomic():
        put()
        put(key="request-sent:EY-7K4M-2Q:contact")
    assert Notification.objects.count() == 2


def test_a_rolled_back_change_leaves_no_message():
    class ChangedItsMind(Exception):
        pass

    def change():
        with transaction.atomic():
            put()
            assert Notification.objects.count() == 1
            raise ChangedItsMind

    pytest.raises(ChangedItsMind, change)
    assert Notification.objects.count() == 0


def test_two_queries_whatever_the_database(django_assert_num_queries):
    with django_assert_num_queries(2):  # whose messages these are, and the messages
        put()


def test_a_key_that_no_kind_says_is_refused():
    context = CONTEXTS[Kind.REQUEST_SENT_ADVISER] | {"child_name": "Wren"}
    with pytest.raises(WrongContext, match="does not say child_name"):
        put(context=context)


def test_a_missing_key_is_refused():
    context = {key: value for key, value in CONTEXTS[Kind.REQUEST_SENT_ADVISER].items() if key != "places_left"}
    with pytest.raises(WrongContext, match="places_left"):
        put(context=context)


@pytest.mark.parametrize("text", ["yesterday", "2024-11-26T09:30:00", 5])
def test_a_moment_that_is_not_one_is_refused(text):
    with pytest.raises(WrongContext):
        put(context=CONTEXTS[Kind.REQUEST_SENT_ADVISER] | {"sent_at": text})


def test_a_message_to_nobody_is_refused():
    with pytest.raises(ValueError, match="no e-mail address"):
        put(to_email="")


def test_message_id_comes_from_the_key_alone():
    put()
    put(key="request-sent:EY-7K4M-2Q:contact")
    first, second = Notification.objects.order_by("pk")
    assert first.message_id != second.message_id
    Notification.objects.all().delete()
    put(to_email="somebody.else@council.invalid")
    assert Notification.objects.get().message_id == first.message_id


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "GREETING"},
        {"to_email": ""},
        {"sent_at": AN_ORDINARY_TUESDAY, "failed_at": AN_ORDINARY_TUESDAY},
    ],
)
def test_the_table_refuses_nonsense(changes):
    put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.update(**changes)
