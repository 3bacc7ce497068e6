"""Requests that cannot be read are answered with a page, and pages of people signed in are stored nowhere."""

from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse

from s2s_portal.core.middleware import NoStoreMiddleware, ReadableRequest
from s2s_portal.organisations.choices import Role
from s2s_portal.wsgi import application
from tests.factories.organisations import UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOT_UTF_8 = ["rot13", "hex", "base64", "idna", "undefined", "punycode", "latin-1", "utf-16", "no-such", '""']
BODY = b'--X\r\nContent-Disposition: form-data; name="login"\r\n\r\njo\r\n--X--\r\n'


@pytest.fixture(autouse=True)
def as_a_browser_sees_it(client):
    client.raise_request_exception = False


@pytest.mark.parametrize(
    "cookie",
    [r'"abcdefgh\000ijklabcdefghijklabcdefg"', r'"abcdefgh\000ijkl"', "a" * 31, "a" * 33, "A" * 32, "a" * 100_000, "é"],
)
@pytest.mark.parametrize("path", ["/", "/home/", "/accounts/login/"])
def test_a_session_cookie_that_we_never_gave_is_nobodys(client, path, cookie):
    expected = client.get(path).status_code
    answer = client.get(path, headers={"cookie": f"sessionid={cookie}"})
    assert answer.status_code == expected


def test_a_session_cookie_of_ours_is_kept(client):
    client.force_login(person(Role.SEND_ADVISER))
    assert client.get("/home/").status_code == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize("charset", NOT_UTF_8)
def test_another_charset_is_400_with_our_page(client, charset):
    for path in ("/accounts/login/", "/demo/sign-in/"):
        answer = client.generic("POST", path, BODY, content_type=f"multipart/form-data; boundary=X; charset={charset}")
        assert answer.status_code == 400
        assert "We could not read that" in answer.content.decode()


def test_another_charset_is_400_in_a_draft_and_changes_nothing(client, council):
    client.force_login(council.draft.started_by)
    before = type(council.draft).objects.values().get(pk=council.draft.pk)
    kind = "multipart/form-data; boundary=X; charset=hex"
    answer = client.generic("POST", f"/drafts/{council.draft.key}/support/", BODY, content_type=kind)
    assert answer.status_code == 400
    assert type(council.draft).objects.values().get(pk=council.draft.pk) == before


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "us-ascii"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=X", "application/x-www-form-urlencoded"])
def test_utf_8_by_any_name_is_read(client, kind, charset):
    answer = client.generic("POST", "/demo/sign-in/", BODY, content_type=f"{kind}; charset={charset}")
    assert "Nobody in this demo has that name" in answer.content.decode()


@pytest.mark.parametrize(
    "content_type",
    [
        *(f"text/plain; charset={charset}" for charset in NOT_UTF_8),
        "text/plain; charset=\x00",
        "text/plain; charset*=utf-8''%00",
        "text/plain; charset*=undefined''%e9",
        "text/plain; other*=no-such''a",
    ],
)
def test_a_content_type_that_nobody_can_read_is_400_too(client, content_type):
    """Django raises for some before any middleware, and the server would answer with a page of its own."""
    assert application.request_class is ReadableRequest
    client.get("/")  # gets its handler ready
    environ = {"REQUEST_METHOD": "GET", "CONTENT_TYPE": content_type, "QUERY_STRING": "a=b", "wsgi.input": BytesIO()}
    request = ReadableRequest(environ | {"SERVER_NAME": "testserver", "SERVER_PORT": "80"})
    answer = client.handler.get_response(request)
    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/home/", "/requests/", "/no/such/page/", "/components/", "/accounts/password/change/"]
)
def test_pages_of_people_signed_in_are_not_stored(client, path):
    client.force_login(person(Role.SEND_ADVISER))
    assert "no-store" in client.get(path)["Cache-Control"]


def test_pages_of_nobody_may_be_stored(client):
    assert not client.get("/").has_header("Cache-Control")


def test_a_view_that_says_how_it_is_cached_is_left_alone(rf):
    request = rf.get("/")
    request.user = UserFactory()
    answer = NoStoreMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=60"}))(request)
    assert answer["Cache-Control"] == "max-age=60"
