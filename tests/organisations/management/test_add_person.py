"""`manage.py add_person`, as an operator types it."""

import getpass
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import roles_of
from tests.factories.organisations import ZoneFactory

pytestmark = pytest.mark.django_db
STRONG = "marsh harrier over the reeds"


class Typed(io.StringIO):
    """Standard input, of which a test may say that it is a terminal."""


@pytest.fixture
def run(monkeypatch):
    """Runs the command with `typed` on standard input; gives what it wrote, out and err."""

    def run(*arguments, typed=""):
        monkeypatch.setattr(sys, "stdin", Typed(typed))
        out, err = io.StringIO(), io.StringIO()
        call_command("add_person", *arguments, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return run


def test_add_person_with_a_password(run):
    ZoneFactory(name="Marsh")
    arguments = ["jo@council.invalid", "--name", "Jo Reeve", "--role", "SEND_ADVISER", "--role", "AUDITOR"]
    out, err = run(*arguments, "--zone", "Marsh", "--password-stdin", typed=f"{STRONG}\n")
    assert out == "Added Jo Reeve <jo@council.invalid>: SEND Adviser, Auditor.\n"
    assert err == ""
    assert User.objects.get(email="jo@council.invalid").check_password(STRONG)


def test_add_person_without_a_password_says_how_they_get_one(run):
    out, err = run("jo@council.invalid", "--name", "Jo Reeve", "--role", "SEND_ADVISER")
    assert "They cannot sign in yet: give them a password by changepassword jo@council.invalid" in out
    assert "No zone was given" in err


def test_add_person_again(run):
    arguments = ["jo@council.invalid", "--name", "Jo Reeve", "--role", "COMMISSIONER"]
    run(*arguments)
    out, _ = run(*arguments)
    assert out == "jo@council.invalid was here: holds these roles already. Name and password are unchanged.\n"
    out, _ = run(*arguments, "--role", "AUDITOR")
    assert out == "jo@council.invalid was here: gained Auditor. Name and password are unchanged.\n"
    assert roles_of(User.objects.get(email="jo@council.invalid")) == {Role.COMMISSIONER, Role.AUDITOR}


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["jo", "--name", "Jo", "--role", "AUDITOR"], "", "Enter a valid email address"),
        (["jo@council.invalid", "--name", " ", "--role", "AUDITOR"], "", "A name has 1 to 200 characters"),
        (["jo@council.invalid", "--name", "x" * 201, "--role", "AUDITOR"], "", "A name has 1 to 200 characters"),
        (["jo@council.invalid", "--name", "Jo", "--role", "AUDITOR", "--zone", "Z"], "", "no zone named Z"),
        (["jo@council.invalid", "--name", "Jo", "--role", "HEAD"], "", "invalid choice: 'HEAD'"),
        (["jo@council.invalid", "--name", "Jo", "--role", "AUDITOR", "--password-stdin"], "short", "too short"),
    ],
)
def test_add_person_refuses_with_a_sentence(run, arguments, typed, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments, typed=typed)
    assert not User.objects.filter(email="jo@council.invalid").exists()


@pytest.mark.parametrize(("typed", "usable"), [(STRONG, True), ("", False)])
def test_add_person_asks_for_the_password_at_a_terminal(run, monkeypatch, typed, usable):
    monkeypatch.setattr(Typed, "isatty", lambda _: True)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: typed)
    run("jo@council.invalid", "--name", "Jo Reeve", "--role", "AUDITOR")
    assert User.objects.get(email="jo@council.invalid").has_usable_password() is usable
