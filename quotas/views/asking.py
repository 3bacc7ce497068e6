"""Which quota a page is about, and how far somebody is with its lever."""

import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

from quotas import queries
from quotas.queries import Standing
from s2s_portal.core import kept_text
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.choices import Stream

STREAM_OF_SLUG = {stream.label.replace(" ", "-"): stream for stream in Stream}
SLUG_OF_STREAM = {stream: slug for slug, stream in STREAM_OF_SLUG.items()}
ASK, PREVIEW, CONFIRM = "ask", "preview", "confirm"
"""The steps of a lever; the buttons of its preview send the first and the last."""
MOVED = "The ledger has moved on since you looked. Nothing has been changed. This is what it would do now."
LONGEST_NUMBER = 9
"""Digits; a forged longer one fits nothing."""


def standing_or_404(request: HttpRequest, slug: str, until: datetime | None = None) -> Standing:
    """Where the quota of the stream called `slug` stands, or stood at `until`; 404 if there is none.

    `?period=` asks for a period by its id; without it, it is the one that counts now.
    """
    asked = request.GET.get("period", "")
    period = queries.period_called(asked) if asked else queries.period_at(request.at)
    stream = STREAM_OF_SLUG.get(slug)
    standing = queries.standing_in(stream=stream, period=period, until=until) if period and stream else None
    if standing is None:
        raise Http404
    return standing


def address_of(route: str, request: HttpRequest, stream: str) -> str:
    """The page called `route` about `stream`, in the period that this request asks for."""
    period = request.GET.get("period", "")
    return reverse(f"quotas:{route}", args=[SLUG_OF_STREAM[Stream(stream)]]) + (f"?period={period}" if period else "")


def typed(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page's form: just sent, or kept from before the session had ended; None if nothing."""
    return request.POST if request.method == "POST" else kept_text.take(request)


def step_of(request: HttpRequest) -> str:
    """Which step of a lever somebody is at: `ASK`, `PREVIEW` or `CONFIRM`."""
    if request.method != "POST":
        return ASK
    step = request.POST.get("step", "")
    return step if step in (ASK, CONFIRM) else PREVIEW


def number_in(request: HttpRequest, name: str) -> int:
    """The whole number that a hidden input carries; −1, which fits nothing, for anything else."""
    number = as_number(request.POST.get(name, ""), LONGEST_NUMBER)
    return -1 if number is None else number


def key_in(request: HttpRequest) -> uuid.UUID:
    """The key that a hidden input carries; a new one for anything that is none."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()
