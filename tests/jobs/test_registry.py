"""Declaring jobs, and what the apps have declared and ask for."""

import ast
from datetime import time, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from s2s_portal.jobs import registry
from s2s_portal.jobs.registry import DuplicateJob, Run, job, jobs
from s2s_portal.jobs.rules import Daily, Every
from tests.moments import AN_ORDINARY_TUESDAY

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """What is declared here is forgotten afterwards."""
    monkeypatch.setattr(registry, "_jobs", dict(registry._jobs))


def work(run):
    return f"{run.subjects}"


@pytest.mark.parametrize(
    ("timetable", "expected"),
    [
        ({"every": timedelta(minutes=5)}, Every(timedelta(minutes=5))),
        ({"daily": time(0, 10)}, Daily(time(0, 10))),
        ({"daily": time(0)}, Daily(time(0))),
        ({"on_request": True}, None),
    ],
)
def test_a_job_is_declared_and_its_function_stays_what_it_was(timetable, expected):
    assert job("brush", label="Brush the floor", **timetable)(work) is work
    [declared] = [one for one in jobs() if one.name == "brush"]
    assert (declared.label, declared.timetable, declared.work) == ("Brush the floor", expected, work)
    assert work(Run(at=AN_ORDINARY_TUESDAY)) == "()"
    assert Run(at=AN_ORDINARY_TUESDAY).stopping() is False


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"every": timedelta(minutes=5), "daily": time(0, 10)},
        {"daily": time(0, 10), "every_round": True},
        {"every": timedelta(minutes=5), "newest_only": True},
    ],
)
def test_a_job_that_cannot_be_timed_is_refused(wrong):
    with pytest.raises(ValueError, match="brush"):
        job("brush", label="Brush the floor", **wrong)


def test_a_daily_job_may_leave_what_was_missed_to_the_newest():
    job("brush", label="Brush the floor", daily=time(8), newest_only=True)(work)
    job("sweep", label="Sweep the floor", daily=time(8))(work)
    assert {one.name: one.newest_only for one in jobs() if one.name in ("brush", "sweep")} == {
        "brush": True,
        "sweep": False,
    }


def test_two_jobs_of_one_name_are_refused():
    job("brush", label="Brush the floor", on_request=True)(work)
    with pytest.raises(DuplicateJob, match="brush"):
        job("brush", label="Brush it again", on_request=True)(work)


def test_jobs_of_all_apps_are_known_once_django_is_set_up():
    assert {"clear_sessions", "tidy_jobs", "deliver"} <= {one.name for one in jobs()}
    assert [one.name for one in jobs()] == sorted(one.name for one in jobs())


JUDGES_ITSELF = "s2s_portal.organisations.actions.repairs"
"""Asks for the job whose row an administrator chose, and refuses one that takes no requests: tests/organisations."""


def asked_for():
    """The jobs that some source names in a call of `ask(job=…)`, as text or by a constant's name, with where."""
    for package in ("s2s_portal", "quotas", "referrals"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "ask":
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    if module == JUDGES_ITSELF:
                        continue
                    yield from ((said(word.value, module), module) for word in node.keywords if word.arg == "job")


def said(value, module):
    """What the expression `value` in the module of that name stands for."""
    return value.value if isinstance(value, ast.Constant) else getattr(import_module(module), value.id)


def test_what_is_asked_for_exists_and_takes_requests():
    """A misspelt name would wait for ever."""
    names = {one.name for one in jobs() if one.on_request}
    found = list(asked_for())
    assert found
    assert [(name, module) for name, module in found if name not in names] == []


def test_a_label_says_what_the_job_does():
    assert all(one.label[0].isupper() and not one.label.endswith(".") for one in jobs())
