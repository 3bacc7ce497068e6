"""Starting: what is missing or must not be stops the start with a sentence that says how to mend it."""

import os
import subprocess
import sys

import pytest

from tests.server import ROOT

COMPLETE = {
    "SECRET_KEY": "long-and-only-for-this-test-0123456789-0123456789-0123456789",
    "ALLOWED_HOSTS": "s2s.example.invalid",
    "BASE_URL": "https://s2s.example.invalid",
    "DATABASE_URL": "sqlite:///{directory}/s2s.sqlite3",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "consolemail://",
    "FILES_DIR": "{directory}/files",
}


def start(directory, **changes):
    """(exit status, all that was said) of a process that loads the settings and nothing more; None unsets a name."""
    given = COMPLETE | changes
    environment = {name: value.format(directory=directory) for name, value in given.items() if value is not None}
    finished = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('started')"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "s2s_portal.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_a_complete_production_environment_starts(tmp_path):
    assert start(tmp_path) == (0, "started\n")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_a_missing_setting_stops_the_start_with_a_sentence(tmp_path, name):
    status, said = start(tmp_path, **{name: None})
    assert status == 1
    assert f"{name} is not set. Set it to " in said.splitlines()[-1]


NOTIFY = {"S2S_MAIL": "notify", "NOTIFY_API_KEY": "key", "NOTIFY_TEMPLATE_ID": "template"}


def test_with_notify_no_mail_server_is_needed(tmp_path):
    assert start(tmp_path, **NOTIFY, EMAIL_URL=None) == (0, "started\n")


@pytest.mark.parametrize("name", ["NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID"])
def test_notify_without_its_key_or_template_stops_the_start_with_a_sentence(tmp_path, name):
    status, said = start(tmp_path, **NOTIFY | {name: None})
    assert status == 1
    assert "set NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID as the README says." in said.splitlines()[-1]


def test_a_way_of_sending_that_there_is_not_stops_the_start_with_a_sentence(tmp_path):
    status, said = start(tmp_path, S2S_MAIL="pigeon")
    assert status == 1
    assert "S2S_MAIL is neither smtp nor notify." in said.splitlines()[-1]


@pytest.mark.parametrize("relaxed", ["DEBUG", "S2S_DEMO"])
def test_a_demo_or_debug_needs_nothing(tmp_path, relaxed):
    nothing = dict.fromkeys(COMPLETE) | {"DATABASE_URL": COMPLETE["DATABASE_URL"]}
    assert start(tmp_path, **nothing | {relaxed: "1"}) == (0, "started\n")


def test_a_practice_date_in_production_stops_the_start_with_a_sentence(tmp_path):
    status, said = start(tmp_path, S2S_REHEARSAL_CLOCK="1")
    assert status == 1
    assert "A practice date would make deadlines wrong: remove S2S_REHEARSAL_CLOCK" in said.splitlines()[-1]


@pytest.mark.parametrize("relaxed", ["DEBUG", "S2S_DEMO"])
def test_a_practice_date_in_training_starts(tmp_path, relaxed):
    assert start(tmp_path, S2S_REHEARSAL_CLOCK="1", **{relaxed: "1"}) == (0, "started\n")
