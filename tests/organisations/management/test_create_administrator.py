"""`manage.py create_administrator`, as an operator types it on the first day."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.links import meant_by
from tests.factories.organisations import person

pytestmark = pytest.mark.django_db
ADA = ["ada@council.invalid", "--name", "Ada Ministrator"]


def run(*arguments):
    out = io.StringIO()
    call_command("create_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_it_shows_the_link_with_which_they_begin():
    out = run(*ADA)
    assert "ada@council.invalid is an administrator" in out
    token = re.search(r"/link/([^/\s]+)/", out)[1]
    ada = User.objects.get(email="ada@council.invalid")
    assert meant_by(token).subject == f"person {ada.pk}"
    assert not ada.has_usable_password()


def test_there_is_one_already():
    person(Role.ADMINISTRATOR, full_name="Bo Warden", email="bo@council.invalid")
    with pytest.raises(CommandError, match="Bo Warden <bo@council.invalid> is an administrator.*--another"):
        run(*ADA)
    assert "/link/" in run(*ADA, "--another")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ada", "--name", "Ada"], "Enter a valid email address"),
        (["ada@council.invalid", "--name", " "], "A name has 1 to 200 characters"),
        (["gone@council.invalid", "--name", "Gone"], "is not active"),
    ],
)
def test_it_refuses_with_a_sentence(arguments, sentence):
    person(email="gone@council.invalid", is_active=False)
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert not User.objects.filter(memberships__role=Role.ADMINISTRATOR).exists()
