"""Delivery against a real mail server on this machine: nothing lost, nothing twice but in the one window we admit."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from s2s_portal.core import clock
from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.actions import queue
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.delivery import MOST_ATTEMPTS, PAUSES, Counts, deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.notifications.tasks import MailServerUnreachable, deliver
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.examples import CONTEXTS
from tests.server import ROOT, database_url

pytestmark = pytest.mark.sqlite

REAL = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


def put(*names):
    """Queue one message to each name, and return their rows."""
    for name in names:
        queue(
            kind=Kind.REQUEST_SENT_ADVISER,
            key=f"request-sent:EY-7K4M-2Q:{name}",
            to_email=f"{name}@council.invalid",
            to_name=name.capitalize(),
            context=CONTEXTS[Kind.REQUEST_SENT_ADVISER],
            at=AN_ORDINARY_TUESDAY,
        )
    return list(Notification.objects.order_by("pk"))


@contextmanager
def worker(*arguments, **environment):
    """`manage.py run_jobs` in a process of its own, on this test's database; it is gone when the block ends."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.django_db
def test_waiting_messages_go_out_over_one_connection(server):
    rows = put("rowan", "wren", "teal")
    assert deliver_waiting() == Counts(sent=3)
    assert server.conversations == 1
    assert server.ids() == [row.message_id for row in rows]
    first = server.accepted[0]
    assert first["To"] == "Rowan <rowan@council.invalid>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_body(("plain",)).get_content().startswith("Dear Rowan,")
    assert "<h2" in first.get_body(("html",)).get_content()
    for row in Notification.objects.all():
        assert row.sent_at is not None
        assert (row.attempts, row.repeats, row.claimed_until, row.last_error) == (1, 0, None, "")


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(server):
    put("rowan")
    deliver_waiting()
    assert deliver_waiting() == Counts()
    assert len(server.accepted) == 1


@pytest.mark.django_db
def test_nothing_to_send_makes_no_connection(server):
    assert deliver_waiting() == Counts()
    assert server.conversations == 0


@pytest.mark.django_db
def test_limit_and_stopping_leave_the_rest_for_the_next_round(server):
    put("rowan", "wren", "teal")
    assert deliver_waiting(limit=2) == Counts(sent=2)
    assert deliver_waiting(stopping=lambda: True) == Counts()
    assert deliver_waiting() == Counts(sent=1)


@pytest.mark.django_db
def test_an_address_that_is_put_off_stops_nobody_else_and_is_tried_again_later(server):
    put("rowan", "wren", "teal")
    server.put_off.add("wren@council.invalid")
    with time_machine.travel(REAL, tick=False) as travel:
        assert deliver_waiting() == Counts(sent=2, put_off=1)
        row = Notification.objects.get(sent_at=None)
        assert (row.attempts, row.next_try_at, row.claimed_until) == (1, REAL + PAUSES[0], None)
        assert "451" in row.last_error
        server.put_off.clear()
        assert deliver_waiting() == Counts()
        travel.shift(PAUSES[0])
        assert deliver_waiting() == Counts(sent=1)
    assert sorted(message["To"] for message in server.accepted)[-1] == "Wren <wren@council.invalid>"
    assert len(set(server.ids())) == 3


@pytest.mark.django_db
def test_after_the_last_attempt_it_has_failed_and_is_left_alone(server):
    put("wren")
    server.put_off.add("wren@council.invalid")
    with time_machine.travel(REAL, tick=False) as travel:
        for pause in PAUSES:
            assert deliver_waiting() == Counts(put_off=1)
            travel.shift(pause)
        assert deliver_waiting() == Counts(failed=1)
        travel.shift(timedelta(days=30))
        assert deliver_waiting() == Counts()
    row = Notification.objects.get()
    assert (row.attempts, row.sent_at) == (MOST_ATTEMPTS, None)
    assert row.failed_at == REAL + sum(PAUSES, timedelta(0))


@pytest.mark.django_db
def test_an_address_that_the_server_refuses_has_failed_at_once_and_stops_nobody_else(server):
    put("rowan", "wren", "teal")
    server.refused.add("wren@council.invalid")
    assert deliver_waiting() == Counts(sent=2, failed=1)
    row = Notification.objects.get(sent_at=None)
    assert (row.attempts, row.claimed_until) == (1, None)
    assert row.failed_at is not None
    assert row.last_error == "The mail server refused wren@council.invalid: 550 no such person here"


@pytest.mark.django_db
def test_a_message_that_cannot_be_written_stops_nobody_else(server):
    rows = put("rowan", "wren", "teal")
    Notification.objects.filter(pk=rows[0].pk).update(to_email="rowan@council.invalid\nBcc: all@council.invalid")
    Notification.objects.filter(pk=rows[1].pk).update(context={"sent_at": "yesterday"})
    assert deliver_waiting() == Counts(sent=1, put_off=2)
    errors = list(Notification.objects.filter(sent_at=None).order_by("pk").values_list("last_error", flat=True))
    assert all(error.startswith("ValueError") for error in errors), errors


@pytest.mark.django_db
def test_an_international_domain_is_written_to_in_its_ascii_form(server):
    [row] = put("rowan")
    Notification.objects.filter(pk=row.pk).update(to_email="rowan@exämple.invalid", to_name="Röwan")
    assert deliver_waiting() == Counts(sent=1)
    assert server.recipients == ["rowan@xn--exmple-cua.invalid"]
    assert server.accepted[0]["To"] == "Röwan <rowan@xn--exmple-cua.invalid>"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["röwan@council.invalid", "rowan@straße.invalid"])
def test_an_address_that_no_server_takes_fails_at_once_and_stops_nobody_else(server, address):
    first, _ = put("rowan", "wren")
    Notification.objects.filter(pk=first.pk).update(to_email=address)
    assert deliver_waiting() == Counts(sent=1, failed=1)
    first.refresh_from_db()
    assert (first.attempts, first.claimed_until) == (1, None)
    assert first.failed_at is not None
    assert first.last_error.startswith("The part of the e-mail address")
    assert server.conversations == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["😀" * 200, "ä" * 200, "x" * 200, 'Wren, Jo "J" <x@y.invalid>', 'Jö, "J" <x@y.invalid>, z@y.invalid', ""],
)
def test_any_name_arrives_whole_in_lines_that_servers_take(server, name):
    [row] = put("wren")
    Notification.objects.filter(pk=row.pk).update(to_name=name)
    assert deliver_waiting() == Counts(sent=1)
    [address] = server.accepted[0]["To"].addresses
    assert address.addr_spec == "wren@council.invalid"
    # Spaces between encoded words mean nothing (RFC 2047), but this Python's reader keeps them.
    assert address.display_name.replace(" ", "") == name.replace(" ", "")
    assert server.recipients == ["wren@council.invalid"]
    assert server.longest_line <= 998


@pytest.mark.django_db
def test_no_error_is_not_yet_a_yes(settings):
    settings.EMAIL_BACKEND = "tests.notifications.mail_server.TakesNothing"
    put("rowan")
    assert deliver_waiting() == Counts(put_off=1)
    assert Notification.objects.get().sent_at is None


@pytest.mark.django_db
def test_a_server_that_is_out_costs_no_attempt(server):
    put("rowan")
    server.shutdown()
    server.server_close()
    assert deliver_waiting() == Counts(closed="the mail server cannot be reached")
    row = Notification.objects.get()
    assert (row.attempts, row.claimed_until, row.failed_at) == (0, None, None)


@pytest.mark.django_db
def test_a_claimed_message_is_left_to_its_worker_until_the_lease_ends(server):
    [row] = put("rowan")
    with time_machine.travel(REAL, tick=False) as travel:
        Notification.objects.update(claimed_until=REAL + timedelta(seconds=120), attempts=1)
        assert deliver_waiting() == Counts()
        travel.shift(timedelta(seconds=120))
        assert deliver_waiting() == Counts(sent=1)
    row.refresh_from_db()
    assert (row.attempts, row.repeats) == (2, 1)


@pytest.mark.django_db
def test_a_message_that_loses_its_worker_every_time_fails_in_the_end(server):
    put("rowan")
    Notification.objects.update(claimed_until=REAL, attempts=MOST_ATTEMPTS)
    assert deliver_waiting() == Counts(failed=1)
    assert server.accepted == []
    assert "lost" in Notification.objects.get().last_error


@pytest.mark.django_db
def test_a_message_claimed_by_another_after_we_looked_is_not_sent(server):
    """The other worker takes the second message while the server is still taking our first."""
    first, second = put("rowan", "wren")
    later = clock.real_now() + timedelta(minutes=2)

    def stopping():
        if server.accepted:
            Notification.objects.filter(pk=second.pk).update(claimed_until=later)
        return False

    assert deliver_waiting(stopping=stopping) == Counts(sent=1)
    assert server.ids() == [first.message_id]


@pytest.mark.django_db
def test_the_file_and_console_servers_of_django(settings, tmp_path, capsys):
    put("rowan")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert deliver_waiting() == Counts(sent=1)
    assert deliver_waiting() == Counts()
    [file] = Path(tmp_path).iterdir()
    assert Notification.objects.get().message_id in file.read_text()
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    put("wren")
    assert deliver_waiting() == Counts(sent=1)
    assert "To: Wren <wren@council.invalid>" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_job_sends_what_waits_and_has_nothing_to_say_of_nothing():
    put("rowan")
    assert deliver(Run(at=AN_ORDINARY_TUESDAY)) == "sent 1, put off 0, failed 0"
    assert len(mail.outbox) == 1
    assert deliver(Run(at=AN_ORDINARY_TUESDAY)) == ""


@pytest.mark.django_db
def test_the_job_fails_while_the_server_is_out(server):
    put("rowan")
    server.shutdown()
    server.server_close()
    with pytest.raises(MailServerUnreachable, match="the mail server cannot be reached"):
        deliver(Run(at=AN_ORDINARY_TUESDAY))


@pytest.mark.django_db
def test_the_job_stops_when_asked(server):
    put("rowan")
    assert deliver(Run(at=AN_ORDINARY_TUESDAY, stopping=lambda: True)) == ""
    assert server.accepted == []


@pytest.mark.django_db
def test_three_and_one_waiting_message_take_the_same_queries_each(django_assert_num_queries):
    put("rowan")
    with django_assert_num_queries(1 + 4):
        deliver_waiting()
    put("wren", "teal", "brock")
    with django_assert_num_queries(1 + 3 * 4):
        deliver_waiting()


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_servers_yes_and_our_commit_the_same_id_goes_again(server):
    [row] = put("rowan")
    victims = []

    @contextmanager
    def killing_the_worker():
        """Hold the row while the server says yes: the worker has its answer and cannot write it down."""
        try:
            with transaction.atomic():
                list(Notification.objects.select_for_update())
                yield
                time.sleep(0.5)  # for the answer to arrive; it can do nothing with it
                victims[0].kill()
                victims[0].wait()
                if connection.vendor == "postgresql":
                    # The server would carry out the dead worker's waiting UPDATE as soon as we let go of the row.
                    with connection.cursor() as cursor:
                        cursor.execute(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                        )
        finally:
            connection.close()

    server.around_yes = killing_the_worker
    with worker("--once", EMAIL_URL=server.url) as process:
        victims.append(process)
        assert process.wait(timeout=60) == -9
    row.refresh_from_db()
    assert (row.sent_at, row.repeats, len(server.accepted)) == (None, 0, 1)
    assert row.claimed_until > clock.real_now()

    server.around_yes = nullcontext
    with time_machine.travel(row.claimed_until):
        assert deliver_waiting() == Counts(sent=1)
    row.refresh_from_db()
    assert row.repeats == 1
    assert server.ids() == [row.message_id] * 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(server):
    rows = put(*(f"person{number}" for number in range(30)))

    @contextmanager
    def when_both_are_here():
        deadline = time.monotonic() + 30
        while server.conversations < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        yield

    server.around_yes = when_both_are_here
    with worker("--once", EMAIL_URL=server.url) as one, worker("--once", EMAIL_URL=server.url) as other:
        said = [process.communicate(timeout=90) for process in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], said
    assert sorted(server.ids()) == sorted(row.message_id for row in rows)
    assert Notification.objects.filter(sent_at=None).count() == 0
    assert Notification.objects.filter(attempts=1).count() == 30
    assert server.conversations == 2
