"""Guessing one account's password is stopped early; a council behind one address goes on signing in.

How many tries are too many is a setting; what differs on SQLite is the counter, which two tests show.
"""

from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import override_settings
from django.urls import reverse

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import PASSWORD, person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
STOPPED = "Too many wrong passwords"
MOST = 10
"""Wrong passwords that one account takes in five minutes."""


@pytest.fixture(autouse=True)
def jo(at):
    cache.clear()
    return person(Role.SEND_ADVISER, email="jo@council.invalid")


def attempt(client, login="jo@council.invalid", password=PASSWORD, **request):
    return client.post(LOGIN, {"login": login, "password": password}, **request)


@pytest.mark.sqlite
def test_guessing_one_account_is_stopped_after_ten_from_wherever(client):
    for number in range(MOST):
        page = attempt(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}").content.decode()
        assert STOPPED not in page
    stopped = attempt(client)
    assert stopped.status_code == 200
    assert STOPPED in stopped.content.decode()


def test_a_hundred_wrong_tries_for_people_who_are_not_here_stop_no_neighbour(client):
    for number in range(100):
        attempt(client, login=f"nobody{number}@council.invalid")
    assert attempt(client).status_code == 302


def test_tries_for_an_account_that_is_locked_cost_the_neighbours_nothing(client):
    person(Role.SEND_ADVISER, email="rowan@council.invalid")
    for _ in range(150):
        attempt(client, password="wrong")
    assert attempt(client, login="rowan@council.invalid").status_code == 302


def test_an_address_has_a_limit_too(client):
    for number in range(120):
        attempt(client, login=f"nobody{number}@council.invalid")
    assert STOPPED in attempt(client).content.decode()
    assert attempt(client, REMOTE_ADDR="192.0.2.1").status_code == 302


@override_settings(ACCOUNT_RATE_LIMITS={"login": "2/m/ip"})
def test_too_many_tries_is_429_in_our_look_and_keeps_the_address(client):
    for _ in range(2):
        attempt(client, password="wrong")
    answer = client.post(LOGIN, {"login": 'jo@council.invalid">', "password": "secret", "next": "/requests/?page=2"})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Wait a minute, then sign in again." in page
    assert "app-header" in page
    assert 'value="jo@council.invalid&quot;&gt;"' in page
    assert '<input type="hidden" name="next" value="/requests/?page=2">' in page
    assert "secret" not in page
    assert "There is a problem" not in page


@override_settings(ACCOUNT_RATE_LIMITS={"change_password": "1/m/user"})
def test_too_many_tries_of_somebody_signed_in_leads_back(client, jo):
    client.force_login(jo)
    client.post(reverse("account_change_password"), {})
    answer = client.post(reverse("account_change_password"), {})
    assert answer.status_code == 429
    assert '<a class="govuk-link" href="/accounts/password/change/">try again</a>' in answer.content.decode()


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1, ACCOUNT_RATE_LIMITS={"login": "1/m/ip"})
@pytest.mark.parametrize("proxy", ["10.0.0.1", ""])
def test_behind_a_proxy_the_address_that_it_saw_counts(client, proxy):
    """What a visitor writes into the header stands before what the proxy adds; "" is a Unix socket's address."""
    seen = [
        attempt(client, password="wrong", REMOTE_ADDR=proxy, headers={"x-forwarded-for": addresses}).status_code
        for addresses in ("192.0.2.1", "192.0.2.2", "198.51.100.7, 192.0.2.1", "192.0.2.3")
    ]
    assert seen == [200, 200, 429, 200]


@override_settings(ACCOUNT_RATE_LIMITS={"login": "2/m/ip"})
def test_without_any_address_people_sign_in_and_are_counted_together(client, jo):
    headers = {"x-forwarded-for": "192.0.2.1"}  # not to be trusted without BEHIND_TLS_PROXY
    assert attempt(client, REMOTE_ADDR="", headers=headers).status_code == 302
    client.logout()
    assert attempt(client, REMOTE_ADDR="", password="wrong").status_code == 200
    assert attempt(client, REMOTE_ADDR="").status_code == 429


def test_an_international_domain_is_the_same_person(client):
    person(Role.SEND_ADVISER, email="ann@xn--exmple-cua.invalid")
    assert "in the correct format" in attempt(client, login="änn@exämple.invalid").content.decode()
    assert attempt(client, login="ann@exämple.invalid").status_code == 302


@contextmanager
def somebody_else_writing():
    """Another connection holds the lock that the counters need, and this one waits for it a moment only."""
    other = connections["default"].copy()
    begin = ["BEGIN IMMEDIATE"] if connection.vendor == "sqlite" else ["BEGIN", "LOCK TABLE cache IN EXCLUSIVE MODE"]
    patience = "PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = 50"
    with other.cursor() as theirs, connection.cursor() as ours:
        ours.execute(patience)
        for statement in begin:
            theirs.execute(statement)
        try:
            yield
        finally:
            theirs.execute("ROLLBACK")
            other.close()
            connection.close()  # and its impatience with it


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_busy_database_is_503_and_not_too_many_tries(client):
    with somebody_else_writing():
        answer = attempt(client)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The portal is busy" in answer.content.decode()
    assert "Send it again" not in answer.content.decode()
    assert attempt(client).status_code == 302
