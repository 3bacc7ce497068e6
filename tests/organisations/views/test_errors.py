"""Refusals say what happened and what to do, and give back what was typed."""

import pytest

from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("at"),
    pytest.mark.urls("tests.organisations.pages_under_test"),
]
WORDS = '\n"Fidgets" </textarea><script>alert(1)</script> ’\u202e 😀'


@pytest.fixture
def client(client):
    """Signed in, and given the error page rather than the error, as a browser is."""
    client.force_login(person(Role.SEND_ADVISER))
    client.raise_request_exception = False
    return client


def test_not_allowed_is_403_with_its_sentence(client):
    response = client.get("/fail/not-allowed/")
    assert response.status_code == 403
    assert "Your role does not let you do this." in response.content.decode()


def test_other_refusals_keep_their_reasons_to_themselves(client):
    response = client.get("/fail/denied/")
    assert response.status_code == 403
    assert "secret" not in response.content.decode()


def test_unknown_address_is_404_for_everybody(client):
    for _ in ("signed in", "signed out"):
        response = client.get("/no/such/page/")
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()
        client.logout()


def test_too_much_at_once_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = client.post("/requests/echo/", {"words": "x" * 2_000})
    assert response.status_code == 413
    assert "That is too much at once" in response.content.decode()


def test_too_many_answers_is_400(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    response = client.post("/requests/echo/", {f"field{number}": "" for number in range(10)})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


def test_a_fault_of_ours_is_500(client):
    response = client.get("/fail/bug/")
    assert response.status_code == 500
    assert "Sorry, something went wrong" in response.content.decode()


@pytest.mark.parametrize("how", ["locked", "lock-timeout"])
def test_busy_database_is_503_and_says_when_to_come_back(client, how):
    response = client.get(f"/fail/{how}/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "The portal is busy" in response.content.decode()


def test_busy_database_gives_a_post_its_text_back_to_send_again(client):
    response = client.post("/fail/locked/?page=2", {"words": [WORDS, "more"], "blank": "", "password": "secret"})
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert '<form method="post" action="/fail/locked/?page=2"' in page
    assert (
        '<textarea name="words" hidden>\n\n&quot;Fidgets&quot; &lt;/textarea&gt;'
        "&lt;script&gt;alert(1)&lt;/script&gt; ’\u202e 😀</textarea>"
    ) in page
    assert '<textarea name="words" hidden>\nmore</textarea>' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert "secret" not in page


def test_busy_database_outside_a_view_is_503_too(client, settings):
    """Such as the session that could not be saved: only the handler of 500 hears of it."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("BusyDatabaseMiddleware")]
    client.handler._middleware_chain = None
    response = client.get("/fail/locked/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
