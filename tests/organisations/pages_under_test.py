"""Addresses that no real page has, for the middleware and the error handlers: the real site beside a few echoes."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from s2s_portal.core import kept_text
from s2s_portal.organisations.permissions import NotAllowed

WRITTEN: list[str] = []
"""What the echo was really asked to write; a POST that is kept must never get here by itself."""


def echo(request: HttpRequest, **_: str) -> HttpResponse:
    """Writes on POST; on GET gives what was kept for this address."""
    if request.method == "POST":
        WRITTEN.append(request.POST["words"])
        return JsonResponse({"written": request.POST["words"]})
    kept = kept_text.take(request)
    return JsonResponse({"kept": None if kept is None else dict(kept.lists())})


@login_not_required
def open_echo(request: HttpRequest) -> HttpResponse:
    """The same for everybody. (The decorator marks the function itself, so this must be another one.)"""
    return echo(request)


@login_not_required
def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Raises what the last part of the address says."""
    raise {
        "locked": OperationalError("database is locked"),
        "lock-timeout": OperationalError("canceling statement due to lock timeout"),
        "not-allowed": NotAllowed("Your role does not let you do this."),
        "denied": PermissionDenied("an inner secret"),
        "bug": ZeroDivisionError("a bug"),
    }[how]


urlpatterns = [
    path("requests/echo/", echo),
    path("requests/echo/<part>/", echo),
    path("drafts/echo/", echo),
    path("requests/open-to-all/", open_echo),
    path("elsewhere/echo/", echo),
    path("fail/<how>/", fail),
    path("", include("s2s_portal.urls")),
]
handler400 = "s2s_portal.organisations.views.errors.bad_request"
handler403 = "s2s_portal.organisations.views.errors.permission_denied"
handler404 = "s2s_portal.organisations.views.errors.page_not_found"
handler500 = "s2s_portal.organisations.views.errors.server_error"
