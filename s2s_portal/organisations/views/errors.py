"""Refused requests that still give back what was typed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NEVER_SHOWN = {"csrfmiddlewaretoken", "password", "login", "oldpassword", "password1", "password2"}


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page had gone stale (often: signed in again in another tab). Shows what was typed, to copy or send again."""
    typed = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, values in request.POST.lists()
        if name not in NEVER_SHOWN
        for value in values
        if value.strip()
    ]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)
