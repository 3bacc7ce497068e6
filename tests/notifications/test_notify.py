"""GOV.UK Notify as the way out, its real client against a stand-in: nothing lost, nothing twice, loud when wrong."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from s2s_portal.core import clock
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.actions.mending import send_again
from s2s_portal.notifications.choices import Fate, Kind
from s2s_portal.notifications.delivery import (
    FIRST_CHECK,
    LAST_CHECK,
    LATER_CHECKS,
    MOST_ATTEMPTS,
    PAUSES,
    Counts,
    Heard,
    deliver_waiting,
    hear_of_sent,
)
from s2s_portal.notifications.models import Notification
from s2s_portal.notifications.tasks import MailServerUnreachable, deliver, hear
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import CONTEXTS
from tests.notifications.notify_server import TEMPLATE
from tests.notifications.test_delivery import put

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


def row_of(name="rowan"):
    return Notification.objects.get(to_email=f"{name}@council.invalid")


def silent(notify, settings):
    """From now on it takes a message and does not say so, for longer than anybody listens."""
    settings.EMAIL_TIMEOUT = 2  # long enough for what it does answer, on a busy machine too
    notify.after_taking = lambda: time.sleep(3)


def talking_again(notify, settings):
    """As before."""
    settings.EMAIL_TIMEOUT = 20
    notify.after_taking = lambda: None


def sent_at_real(notify, *names):
    """Messages that Notify took at `REAL`, each as the stand-in tells of it."""
    put(*names)
    with time_machine.travel(REAL, tick=False):
        assert deliver_waiting() == Counts(sent=len(names))
    return notify.taken


def test_messages_go_out_as_the_one_template_under_their_message_id(notify, settings):
    settings.NOTIFY_REPLY_TO_ID = "5e0c7b0a-7c3a-4c5b-9c46-0b8a9b7a1d20"
    [row] = put("rowan")
    assert deliver_waiting() == Counts(sent=1)
    [email] = notify.taken
    assert (email["email_address"], email["template_id"]) == ("rowan@council.invalid", TEMPLATE)
    assert (email["reference"], email["email_reply_to_id"]) == (row.message_id, settings.NOTIFY_REPLY_TO_ID)
    said = email["personalisation"]
    assert said["subject"].endswith("Puddle Lane Pre-school & Nursery")
    assert said["body"].startswith("Dear Rowan,\n\n")
    row.refresh_from_db()
    assert (row.remote_id, row.fate, row.attempts) == (email["id"], Fate.CREATED, 1)
    assert row.next_check_at - row.sent_at == FIRST_CHECK
    assert "notifications?reference" not in "".join(notify.asked)


def test_the_template_is_looked_at_once_a_round(notify):
    put("rowan", "wren", "teal")
    assert deliver_waiting() == Counts(sent=3)
    assert [asked for asked in notify.asked if "template" in asked] == [f"GET /v2/template/{TEMPLATE}"]


def test_a_visit_is_told_in_words_where_no_calendar_file_can_come(notify):
    kind = Kind.VISIT_BOOKED
    queue(
        kind=kind,
        key="visit",
        to_email="office@puddle.invalid",
        to_name="",
        context=CONTEXTS[kind],
        at=AN_ORDINARY_TUESDAY,
    )
    assert deliver_waiting() == Counts(sent=1)
    body = notify.taken[0]["personalisation"]["body"]
    assert "When: Tuesday 3 December 2024, 09:30 to 11:00\nWhere: Puddle Lane, Reepness NR1 2DH\n" in body
    assert "This message brings no calendar file: please put the time into your calendar yourself." in body
    assert "attached" not in body


def test_what_notify_calls_wrong_has_failed_at_once_and_stops_nobody_else(notify):
    put("rowan", "wren", "teal")
    notify.refuse = lambda email: (
        (400, "email_address Not a valid email address") if "wren" in email["email_address"] else None
    )
    assert deliver_waiting() == Counts(sent=2, failed=1)
    row = row_of("wren")
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.last_error == "GOV.UK Notify refused the message: email_address Not a valid email address"


def test_an_error_of_notifys_is_tried_again_after_asking_whether_it_has_the_message(notify):
    put("rowan", "wren")
    notify.refuse = lambda email: (500, "Internal server error") if "wren" in email["email_address"] else None
    with time_machine.travel(REAL, tick=False) as travel:
        assert deliver_waiting() == Counts(sent=1, put_off=1)
        row = row_of("wren")
        assert (row.attempts, row.next_try_at) == (1, REAL + PAUSES[0])
        assert "500" in row.last_error
        notify.refuse = lambda email: None
        travel.shift(PAUSES[0])
        assert deliver_waiting() == Counts(sent=1)
    assert [one["reference"] for one in notify.taken].count(row.message_id) == 1
    assert any("reference" in asked for asked in notify.asked)


def test_a_message_that_notify_took_before_our_worker_was_lost_is_not_sent_twice(notify):
    """The lease runs out between Notify's yes and our commit: what SMTP would send again, Notify is asked about."""
    [row] = put("rowan")
    assert deliver_waiting() == Counts(sent=1)
    Notification.objects.update(sent_at=None, remote_id="", claimed_until=clock.real_now())  # as if it had died
    assert deliver_waiting() == Counts(sent=1)
    row.refresh_from_db()
    assert (len(notify.taken), row.remote_id, row.repeats, row.attempts) == (1, notify.taken[0]["id"], 1, 2)


def test_what_a_person_sends_again_is_asked_about_first(notify, settings):
    """Given up after errors, though Notify had taken it: "Send again" begins the attempts anew, not the message."""
    [row] = put("rowan")
    silent(notify, settings)
    Notification.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert deliver_waiting() == Counts(failed=1)
    talking_again(notify, settings)
    assert send_again(pk=row.pk, by=person(Role.ADMINISTRATOR))
    notify.taken[0]["status"] = "sending"
    assert deliver_waiting() == Counts(sent=1)
    assert [one["id"] for one in notify.taken] == [row_of().remote_id]


def test_what_did_not_arrive_goes_once_more_when_a_person_sends_it_again(notify):
    [email] = sent_at_real(notify, "rowan")
    email["status"] = "permanent-failure"
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        hear_of_sent()
        assert send_again(pk=row_of().pk, by=person(Role.ADMINISTRATOR))
        assert deliver_waiting() == Counts(sent=1)
    assert row_of().remote_id == notify.taken[1]["id"]


def test_a_connection_that_breaks_after_notify_took_the_message_sends_it_once(notify, settings):
    put("rowan")
    silent(notify, settings)
    assert deliver_waiting() == Counts(put_off=1)
    talking_again(notify, settings)
    Notification.objects.update(next_try_at=clock.real_now())
    assert deliver_waiting() == Counts(sent=1)
    assert len(notify.taken) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"NOTIFY_API_KEY": f"s2s-{'0' * 36}-{'0' * 36}"}, "does not accept our key or template (403)"),
        ({"NOTIFY_TEMPLATE_ID": "0" * 36}, "does not accept our key or template (404): No result found"),
    ],
)
def test_with_a_wrong_key_or_template_all_wait_loudly_and_no_attempt_is_lost(notify, settings, wrong, why):
    put("rowan", "wren")
    for name, value in wrong.items():
        setattr(settings, name, value)
    counts = deliver_waiting()
    assert (counts.sent, counts.failed, counts.put_off) == (0, 0, 0)
    assert why in counts.closed
    with pytest.raises(MailServerUnreachable, match="does not accept our key or template"):
        deliver(Run(at=AN_ORDINARY_TUESDAY))
    assert set(Notification.objects.values_list("attempts", "claimed_until", "failed_at")) == {(0, None, None)}


def test_a_template_without_our_two_fields_stops_every_message(notify):
    put("rowan")
    notify.body = "Dear colleague"
    assert deliver_waiting() == Counts(closed="The template in GOV.UK Notify does not have ((body)).")
    assert row_of().attempts == 0


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((429, "Exceeded rate limit"), "GOV.UK Notify takes no more messages for now: Exceeded rate limit"),
        ((403, "Invalid token"), "GOV.UK Notify does not accept our key or template (403): Invalid token"),
    ],
)
def test_when_notify_takes_no_more_the_round_ends_and_no_attempt_is_lost(notify, answer, why):
    put("rowan", "wren", "teal")
    notify.refuse = lambda email: answer if "rowan" not in email["email_address"] else None
    assert deliver_waiting() == Counts(sent=1, closed=why)
    row = row_of("wren")
    assert (row.attempts, row.claimed_until, row.failed_at) == (0, None, None)
    notify.refuse = lambda email: None
    assert deliver_waiting() == Counts(sent=2)


def test_notify_out_of_order_and_notify_out_of_reach_cost_no_attempt(notify):
    put("rowan")
    notify.out = (500, "Internal server error")
    assert deliver_waiting() == Counts(closed="GOV.UK Notify is out of order (500): Internal server error")
    notify.shutdown()
    notify.server_close()
    assert deliver_waiting() == Counts(closed="GOV.UK Notify cannot be reached.")
    assert row_of().attempts == 0


def test_what_arrived_is_written_down_and_asked_about_no_more(notify):
    [email] = sent_at_real(notify, "rowan")
    with time_machine.travel(REAL, tick=False) as travel:
        assert hear_of_sent() == Heard()  # not yet
        email["status"] = "sending"
        travel.shift(FIRST_CHECK)
        assert hear_of_sent() == Heard()
        assert (row_of().fate, row_of().next_check_at) == (Fate.SENDING, REAL + 2 * FIRST_CHECK)
        email["status"] = "delivered"
        travel.shift(FIRST_CHECK)
        assert hear(Run(at=AN_ORDINARY_TUESDAY)) == "delivered 1, failed 0, to be sent again 0"
        assert hear(Run(at=AN_ORDINARY_TUESDAY)) == ""
        row = row_of()
        assert (row.fate, row.delivered_at, row.next_check_at) == (Fate.DELIVERED, REAL + 2 * FIRST_CHECK, None)
        assert row.sent_at == REAL


def test_an_address_that_is_none_has_failed(notify):
    [email] = sent_at_real(notify, "rowan")
    email["status"] = "permanent-failure"
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        assert hear_of_sent() == Heard(failed=1)
        row = row_of()
        assert (row.sent_at, row.failed_at, row.fate) == (None, REAL + FIRST_CHECK, Fate.PERMANENT_FAILURE)
        assert row.last_error == "GOV.UK Notify: There is no such address."
        assert deliver_waiting() == Counts()


@pytest.mark.parametrize("status", ["temporary-failure", "technical-failure"])
def test_what_failed_for_a_time_is_sent_again_under_the_same_id(notify, status):
    [email] = sent_at_real(notify, "rowan")
    email["status"] = status
    with time_machine.travel(REAL + FIRST_CHECK, tick=False) as travel:
        assert hear_of_sent() == Heard(put_off=1)
        travel.shift(PAUSES[0])
        assert deliver_waiting() == Counts(sent=1)
    assert [one["reference"] for one in notify.taken] == [row_of().message_id] * 2
    assert (row_of().remote_id, row_of().fate) == (notify.taken[1]["id"], Fate.CREATED)


def test_what_fails_for_a_time_too_often_has_failed(notify):
    [email] = sent_at_real(notify, "rowan")
    Notification.objects.update(attempts=MOST_ATTEMPTS)
    email["status"] = "technical-failure"
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        assert hear_of_sent() == Heard(failed=1)


def test_what_has_no_end_is_asked_about_hourly_and_at_last_no_more(notify):
    sent_at_real(notify, "rowan")
    with time_machine.travel(REAL + LATER_CHECKS, tick=False) as travel:
        assert hear_of_sent() == Heard()
        assert row_of().next_check_at == REAL + 2 * LATER_CHECKS
        travel.move_to(REAL + LAST_CHECK + timedelta(minutes=1))
        assert hear_of_sent() == Heard()
    row = row_of()
    assert (row.next_check_at, row.fate, row.sent_at) == (None, Fate.CREATED, REAL)


def test_a_word_of_notifys_that_we_do_not_know_is_logged_and_keeps_nobody_waiting(notify, caplog):
    caplog.set_level("WARNING")
    odd, other = sent_at_real(notify, "rowan", "wren")
    odd["status"], other["status"] = "virus-scan-failed", "delivered"
    with time_machine.travel(REAL + FIRST_CHECK, tick=False) as travel:
        assert hear_of_sent() == Heard(delivered=1)
        assert (row_of().fate, row_of().next_check_at) == (Fate.CREATED, REAL + 2 * FIRST_CHECK)
        assert "virus-scan-failed" in caplog.text
        odd["status"] = "delivered"
        travel.shift(FIRST_CHECK)
        assert hear_of_sent() == Heard(delivered=1)


def test_what_notify_has_forgotten_is_asked_about_no_more(notify):
    sent_at_real(notify, "rowan").clear()
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        assert hear_of_sent() == Heard()
    assert (row_of().next_check_at, row_of().sent_at) == (None, REAL)


def test_questions_come_in_batches_and_stop_when_asked(notify):
    for email in sent_at_real(notify, "rowan", "wren", "teal"):
        email["status"] = "delivered"
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        assert hear_of_sent(stopping=lambda: True) == Heard()
        assert hear_of_sent(limit=2) == Heard(delivered=2)
        assert hear_of_sent(limit=2) == Heard(delivered=1)


def test_while_notify_is_out_the_job_says_so_and_asks_again(notify):
    [email] = sent_at_real(notify, "rowan")
    notify.out = (500, "Internal server error")
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        with pytest.raises(OSError, match="out of order"):
            hear(Run(at=AN_ORDINARY_TUESDAY))
        notify.out = None
        email["status"] = "delivered"
        assert hear(Run(at=AN_ORDINARY_TUESDAY)) == "delivered 1, failed 0, to be sent again 0"


def test_back_with_a_mail_server_notify_is_asked_nothing(notify, settings):
    sent_at_real(notify, "rowan")
    settings.S2S_MAIL, notify.asked[:] = "smtp", []
    with time_machine.travel(REAL + FIRST_CHECK, tick=False):
        assert hear_of_sent() == Heard()
    assert notify.asked == []
