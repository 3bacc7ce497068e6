"""The background process of an installation without workers: it sends, keeps practice time, survives and stops."""

import signal
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from quotas.choices import FILL_PLACES
from s2s_portal.core import clock
from s2s_portal.core.models import RehearsalClock
from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.notifications.models import Notification
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.mail_server import running
from tests.notifications.test_delivery import put, worker

pytestmark = pytest.mark.sqlite


def until(true, process, seconds=60):
    """Wait until `true()` holds; the test fails after `seconds`, or when the process has ended."""
    deadline = time.monotonic() + seconds
    while not true():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.django_db
def test_once_sends_what_waits_and_says_so():
    put("rowan", "wren")
    said = StringIO()
    call_command("run_jobs", "--once", stdout=said)
    assert said.getvalue() == "deliver: sent 2, put off 0, failed 0\n"
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_once_says_nothing_when_nothing_waits():
    said = StringIO()
    call_command("run_jobs", "--once", stdout=said)
    assert said.getvalue() == ""


@pytest.mark.django_db
def test_once_carries_the_practice_date_on():
    beaten = clock.real_now() - timedelta(seconds=30)
    RehearsalClock.objects.create(practice_at=AN_ORDINARY_TUESDAY, beat_at=beaten)
    call_command("run_jobs", "--once")
    row = RehearsalClock.objects.get()
    assert row.practice_at >= AN_ORDINARY_TUESDAY + timedelta(seconds=30)
    assert row.beat_at > beaten


@pytest.mark.django_db
def test_once_ends_with_an_error_when_a_job_failed(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "file"
    settings.EMAIL_FILE_PATH.touch()
    put("rowan")
    with pytest.raises(CommandError, match="Failed: deliver"):
        call_command("run_jobs", "--once")
    assert Notification.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_runs_until_told_to_stop_and_stops_within_a_second(number):
    with running() as server, worker("--every", "0.1", EMAIL_URL=server.url) as process:
        put("rowan")
        until(lambda: server.accepted, process)
        put("wren")
        until(lambda: Notification.objects.filter(sent_at=None).count() == 0, process)
        process.send_signal(number)
        told = time.monotonic()
        out, err = process.communicate(timeout=20)
        took = time.monotonic() - told
    assert (process.returncode, err) == (0, "")
    assert out == "deliver: sent 1, put off 0, failed 0\n" * 2
    assert took < 5  # a second, and patience with a busy machine


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_is_worked_within_seconds():
    with worker() as process:
        until(lambda: JobRun.objects.filter(job="deliver", done_at__isnull=False).exists(), process)
        took = []
        for subject, name in enumerate(("rowan", "wren", "teal")):  # a busy machine may make one wait
            asked = time.monotonic()
            ask(job=FILL_PLACES, subject=str(subject), at=AN_ORDINARY_TUESDAY)
            put(name)
            until(lambda: not JobRequest.objects.filter(done_at=None).exists(), process)
            until(lambda: not Notification.objects.filter(sent_at=None).exists(), process)
            took.append(time.monotonic() - asked)
            if took[-1] < 4:
                break
        process.terminate()
        process.communicate(timeout=20)
    assert min(took) < 4, took  # two seconds, and patience with a busy machine


@pytest.mark.django_db(transaction=True)
def test_survives_an_error_and_goes_on():
    """A table of the jobs is away for a while, as all are for a moment while a database restarts."""
    table = JobRun._meta.db_table
    with running() as server, worker("--every", "0.1", EMAIL_URL=server.url) as process:
        put("rowan")
        until(lambda: Notification.objects.filter(sent_at__isnull=False).exists(), process)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} RENAME TO away")
            complaint = process.stderr.readline()
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
        put("wren")
        until(lambda: Notification.objects.filter(sent_at=None).count() == 0, process)
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert "A round of background work failed" in complaint
    assert len(server.accepted) == 2


@pytest.mark.django_db(transaction=True)
def test_waits_for_a_mail_server_that_is_out():
    with worker("--every", "0.1", EMAIL_URL="smtp://127.0.0.1:9", LOG_LEVEL="WARNING") as process:
        put("rowan")
        assert "No message is taken" in process.stderr.readline()
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert Notification.objects.get().attempts == 0
