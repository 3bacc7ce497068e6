"""What the pages of a draft share: finding it for the person who asks, and what happens when it is gone."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from referrals.permissions import Asking
from referrals.queries import drafts as draft_queries
from referrals.queries import requests as request_queries
from s2s_portal.core.kept_text import NEVER_KEPT

NOT_TYPED = {*NEVER_KEPT, "version", "action", "setting", "setting_value", "teacher", "shown"}
"""What a form posts beside the answers."""

View = Callable[..., HttpResponse]


def with_draft(view: View) -> View:
    """Give `view` the draft that its address names, in place of the key; see `gone` for when there is none."""

    @wraps(view)
    def found(request: HttpRequest, key: uuid.UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = draft_queries.find(request.user, key)
        return gone(request, key) if draft is None else view(request, draft, *args, **kwargs)

    return found


def gone(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft that was sent leads to its confirmation; any other is 404. What was typed is shown, to copy."""
    sent = request_queries.sent_from(Asking(request.user), key)
    typed = typed_in(request)
    if typed:
        return render(request, "referrals/draft_gone.html", {"sent": sent, "typed": typed}, status=409 if sent else 404)
    if sent is None:
        raise Http404
    return redirect("referrals:request_sent", sent.reference)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody typed into a form that can no longer be saved, as (name of the question, answer), to copy."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
        for value in values
        if value.strip()
    ]
