"""What holds for every request: it can be read, it has one moment, and answers to people signed in are not stored."""

import codecs
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from s2s_portal.core import clock

SESSION_KEY = re.compile(r"[a-z0-9]{32}")
READABLE = ("utf-8", "ascii")
HEALTH = "/health/"
UNREADABLE = {"charset": "unreadable"}
"""The parameters of a Content-Type that cannot be read; no charset has this name."""


class ClockMiddleware:
    """Gives each request one moment, `request.at`: whatever the request decides, it decides at that moment.

    `request.in_practice` says whether that is practice time.

    The clock is read when the request arrives, so a submission is judged by when it reached the server and not by
    how long it queued for the last place. Static files never get here and cost no query; nor do load balancers, who
    are to be answered while the database is away, in real time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        practice = None if request.path_info.startswith(HEALTH) else clock.practice_now()
        request.at = practice or clock.real_now()  # type: ignore[attr-defined]
        request.in_practice = practice is not None  # type: ignore[attr-defined]
        return self.get_response(request)


class ReadableMiddleware:
    """Stops what no browser of ours sends and what Django or the database would stumble over further in.

    A session cookie that Django cannot have made is dropped: the visitor is signed out. (A null byte in it would be an
    error of PostgreSQL.) A body in another charset than UTF-8, or part of it, is refused with 400: Django would decode
    it by any codec that Python has, and "rot13" or "idna" raise errors that nothing expects.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        params = request.content_params or {}
        if "charset" in params:
            if not _is_readable(params["charset"]):
                raise BadRequest("The body's charset is not UTF-8.")
            request.encoding = "utf-8"  # by this name, which forms insist on; ASCII is a part of it
        return self.get_response(request)


def _is_readable(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in READABLE
    except (LookupError, ValueError):  # unknown, or no name at all
        return False


class ReadableRequest(WSGIRequest):
    """A request whose Content-Type may be anything.

    Django's own raises for some, such as a null byte for a charset or "rot13" beside a query string, before there is
    anybody to answer 400: wsgi.py puts this one in its place, and `ReadableMiddleware` answers.
    """

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (LookupError, ValueError):
            self._encoding = None
            self.content_type, self.content_params = "", UNREADABLE


class NoStoreMiddleware:
    """Keeps pages of people signed in out of every cache, the browser's own too: the next person may use it.

    A view that sets Cache-Control itself is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response
