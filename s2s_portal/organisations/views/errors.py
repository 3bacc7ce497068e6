"""Refused requests that still give back what was typed."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from s2s_portal.core.database import is_busy
from s2s_portal.core.forms.sign_in import SignInForm
from s2s_portal.core.kept_text import NEVER_KEPT
from s2s_portal.organisations.permissions import NotAllowed

TRY_AGAIN_AFTER = "5"
"""Seconds, for the Retry-After header of a busy answer."""
LIMITS_LAST = "60"
"""Seconds, for the Retry-After header of too many tries: the limits that answer 429 are by the minute."""


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """The names and values that were posted, without blanks, passwords and the CSRF token."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
        for value in values
        if value.strip()
    ]


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page had gone stale (often: signed in again in another tab). Shows what was typed, to copy."""
    typed = [(name.replace("_", " ").replace("-", " ").capitalize(), value) for name, value in typed_text(request)]
    return render(request, "403_csrf.html", {"typed": typed, "back_url": request.path}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 with its own sentence for a body that is larger than the portal takes."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence of `NotAllowed`; other refusals may say things that are not for people."""
    sentence = str(exception) if isinstance(exception, NotAllowed) else ""
    return render(request, "403.html", {"exception": sentence, "message": sentence}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same whether there is nothing there or the person cannot see it (R17)."""
    return render(request, "404.html", status=404)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429: more tries to sign in or to prove a password than a minute takes; a typed e-mail address is kept."""
    context = {"back_url": request.path}
    if not request.user.is_authenticated:
        typed = {"login": request.POST.get("login", "")}
        context |= {"form": SignInForm(initial=typed), "next": request.POST.get("next", "")}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = LIMITS_LAST
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database was busy; drawn without the database, a session or hashed file names."""
    if is_busy(sys.exc_info()[1]):
        return _busy(render_to_string("503.html"))
    return HttpResponse(render_to_string("500.html"), status=500)


def busy(request: HttpRequest) -> HttpResponse:
    """503: somebody else's lock was held too long. A POST gets its text back, with a button that sends it again.

    Not so what is posted to the sign-in library's pages: passwords are never given back.
    """
    match = request.resolver_match
    about_passwords = match is not None and (match.url_name or "").startswith("account_")
    if request.method != "POST" or about_passwords:
        return _busy(render_to_string("503.html"))
    context = {"typed": typed_text(request), "again_url": request.get_full_path()}
    return _busy(render_to_string("organisations/busy.html", context, request))


def _busy(page: str) -> HttpResponse:
    return HttpResponse(page, status=503, headers={"Retry-After": TRY_AGAIN_AFTER})
