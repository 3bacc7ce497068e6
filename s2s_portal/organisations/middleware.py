"""What was typed is not lost: not when the session has ended, and not when the database is busy."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from s2s_portal.core import kept_text
from s2s_portal.core.database import is_busy
from s2s_portal.organisations.views.errors import busy

KEPT_UNDER = (
    *("/requests/", "/drafts/", "/cohorts/", "/quotas/", "/standards/"),
    *("/calendar/", "/school-closures/", "/my-leave/", "/teachers/", "/visits/", "/desk/", "/people/"),
    *("/repairs/", "/settings/", "/contracts/", "/contract-ends/", "/dashboards/case-list/"),
    *("/registers/by-hand/", "/registers/without-a-name/", "/zones/"),
)
"""Only here is what people type long enough to miss. (Of a register's page, the file could not be kept.)"""


class KeepTypedTextMiddleware:
    """Keeps what a signed-out person posted, and gives it back to the same page once they have signed in.

    Runs after the CSRF check, which fails first for a page without its cookie: views.errors.csrf_failure then shows
    the text. The POST itself is never carried out later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Keep the text and go to sign-in, for a POST that LoginRequiredMiddleware is about to turn away."""
        if request.user.is_authenticated:
            kept_text.settle(request)
            return None
        if request.method != "POST" or not request.path.startswith(KEPT_UNDER):
            return None
        if not getattr(view, "login_required", True):
            return None
        if kept_text.keep(request):
            messages.info(request, "You had been signed out. What you typed is kept: sign in to go on with it.")
        else:
            messages.warning(
                request,
                "You had been signed out, and what you typed is too long to keep. Go back in your browser to copy it.",
            )
        return redirect_to_login(request.get_full_path())


class BusyDatabaseMiddleware:
    """Answers 503 with what was typed, ready to send again, when a view waited too long behind somebody's lock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The busy page for a lock that timed out; None (go on to 500) for everything else."""
        return busy(request) if is_busy(exception) else None
