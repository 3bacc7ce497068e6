"""One moment for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from s2s_portal.core import clock


class ClockMiddleware:
    """Gives each request one moment, `request.at`: whatever the request decides, it decides at that moment.

    The clock is read when the request arrives, so a submission is judged by when it reached the server and not by
    how long it queued for the last place. Static files never get here and cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = clock.now()  # type: ignore[attr-defined]
        return self.get_response(request)
