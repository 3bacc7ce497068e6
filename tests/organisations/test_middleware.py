"""What somebody typed before their session ended comes back after sign-in: once, to the same page, as text only."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from s2s_portal.core import kept_text
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import PASSWORD, person
from tests.moments import AN_ORDINARY_TUESDAY
from tests.organisations import pages_under_test

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("at"),
    pytest.mark.urls("tests.organisations.pages_under_test"),
]
PATH = "/requests/echo/"
TYPED = {"words": ["Fidgets – “a lot”", "twice"], "csrfmiddlewaretoken": "t", "password": "secret"}
KEPT = {"kept": {"words": ["Fidgets – “a lot”", "twice"]}}
NOTHING = {"kept": None}


@pytest.fixture(autouse=True)
def written():
    pages_under_test.WRITTEN.clear()
    return pages_under_test.WRITTEN


@pytest.fixture
def adviser():
    return person(Role.SEND_ADVISER, email="jo@s2s.invalid")


def one():
    return User.objects.get(email="jo@s2s.invalid")


def sign_in(client, next_url):
    return client.post("/accounts/login/", {"login": "jo@s2s.invalid", "password": PASSWORD, "next": next_url})


def test_typed_text_comes_back_after_sign_in_once(client, adviser, written):
    turned_away = client.post(f"{PATH}?from=list", TYPED)
    assert turned_away.status_code == 302
    assert turned_away["Location"] == "/accounts/login/?next=/requests/echo/%3Ffrom%3Dlist"
    assert "What you typed is kept: sign in to go on with it." in client.get(turned_away["Location"]).content.decode()
    signed_in = sign_in(client, f"{PATH}?from=list")
    assert signed_in["Location"] == f"{PATH}?from=list"
    assert client.get(PATH).json() == KEPT
    assert client.get(PATH).json() == NOTHING
    assert written == []


def test_typed_text_is_given_to_the_same_path_only(client, adviser):
    client.post(PATH, TYPED)
    sign_in(client, PATH)
    for other in ("/requests/echo/other/", "/drafts/echo/", "/elsewhere/echo/"):
        assert client.get(other).json() == NOTHING
    assert client.get(PATH).json() == KEPT


def test_typed_text_of_two_pages_is_kept_apart_and_the_last_of_one_page_wins(client, adviser):
    client.post(PATH, {"words": "early"})
    client.post("/drafts/echo/", {"words": "other"})
    client.post(PATH, {"words": "late"})
    sign_in(client, PATH)
    assert client.get(PATH).json() == {"kept": {"words": ["late"]}}
    assert client.get("/drafts/echo/").json() == {"kept": {"words": ["other"]}}


@pytest.mark.parametrize(("after", "expected"), [(timedelta(minutes=59, seconds=59), KEPT), (kept_text.LASTS, NOTHING)])
def test_typed_text_is_kept_for_an_hour(client, adviser, after, expected):
    client.post(PATH, TYPED)
    with time_machine.travel(AN_ORDINARY_TUESDAY + after, tick=False):
        sign_in(client, PATH)
        assert client.get(PATH).json() == expected


def test_a_session_that_keeps_text_for_nobody_ends_with_its_hour(client):
    client.post(PATH, TYPED)
    assert Session.objects.get().expire_date == AN_ORDINARY_TUESDAY + kept_text.LASTS
    with time_machine.travel(AN_ORDINARY_TUESDAY + timedelta(minutes=30), tick=False):
        client.post(PATH, {"words": "again"})
        assert Session.objects.get().expire_date == AN_ORDINARY_TUESDAY + timedelta(minutes=30) + kept_text.LASTS


@pytest.mark.parametrize("signing_in", [lambda client: sign_in(client, PATH), lambda client: client.force_login(one())])
def test_signing_in_gives_the_session_its_usual_length_back(client, adviser, signing_in):
    client.post(PATH, TYPED)
    signing_in(client)
    assert client.get("/elsewhere/echo/").status_code == 200
    assert client.session.get_expire_at_browser_close() is True
    assert Session.objects.get().expire_date == AN_ORDINARY_TUESDAY + timedelta(hours=8)
    assert client.get(PATH).json() == KEPT
    assert Session.objects.get().expire_date == AN_ORDINARY_TUESDAY + timedelta(hours=8)


def test_text_that_nobody_came_back_for_is_dropped_at_the_next_page(client, adviser):
    client.post(PATH, TYPED)
    sign_in(client, PATH)
    with time_machine.travel(AN_ORDINARY_TUESDAY + kept_text.LASTS, tick=False):
        client.get("/elsewhere/echo/")
        assert "kept_text" not in client.session


def test_typed_text_too_long_to_keep_says_so(client, adviser):
    turned_away = client.post(PATH, {"words": "x" * kept_text.MOST})
    assert "too long to keep" in client.get(turned_away["Location"]).content.decode()
    sign_in(client, PATH)
    assert client.get(PATH).json() == NOTHING


def test_typed_text_of_all_pages_together_has_a_limit(client, adviser):
    client.post(PATH, {"words": "x" * (kept_text.MOST - 100)})
    client.post("/drafts/echo/", {"words": "y" * 200})
    sign_in(client, PATH)
    assert client.get("/drafts/echo/").json() == NOTHING
    assert len(client.get(PATH).json()["kept"]["words"][0]) == kept_text.MOST - 100


def test_nothing_is_kept_where_nobody_types_long(client, adviser):
    turned_away = client.post("/elsewhere/echo/", TYPED)
    assert turned_away["Location"] == "/accounts/login/?next=/elsewhere/echo/"
    assert "kept_text" not in client.session


def test_pages_that_need_no_sign_in_and_people_signed_in_are_let_through(client, adviser, written):
    assert client.post("/requests/open-to-all/", TYPED).json() == {"written": "twice"}
    client.force_login(adviser)
    assert client.post(PATH, {"words": "mine"}).json() == {"written": "mine"}
    assert written == ["twice", "mine"]
    assert "kept_text" not in client.session


def test_signing_out_forgets_what_was_kept(client, adviser):
    client.post(PATH, TYPED)
    client.force_login(adviser)
    client.post("/accounts/logout/")
    client.force_login(adviser)
    assert client.get(PATH).json() == NOTHING


def test_failed_csrf_check_shows_the_text_and_keeps_nothing(adviser, written):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(PATH, {"where_it_hurts": "<b>Fidgets</b>", "blank": " ", "password": "secret"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Where it hurts" in page
    assert "&lt;b&gt;Fidgets&lt;/b&gt;" in page
    assert "secret" not in page
    assert "Blank" not in page
    assert f'href="{PATH}"' in page
    assert "kept_text" not in strict.session
    assert written == []
