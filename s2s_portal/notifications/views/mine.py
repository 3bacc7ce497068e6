"""A person's own messages, and how they come."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import kept_text
from s2s_portal.core.pages import page_of
from s2s_portal.notifications.actions import choosing
from s2s_portal.notifications.documents.writing import written
from s2s_portal.notifications.forms import PreferenceForm
from s2s_portal.notifications.queries import messages
from s2s_portal.notifications.views.rows import MY_COLUMNS, my_rows, pages_for
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

PRESS_AGAIN = "Nothing has been marked as read. Press the button again."


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Everything that was told to the person, newest first."""
    page = page_of(messages.mine(request.user), request.GET.get("page"))
    rows = list(page)
    context = {
        "pages": pages_for(request.user, "message_list"),
        "page": page,
        "columns": MY_COLUMNS,
        "rows": my_rows(rows),
        "unread": messages.unread(request.user),
        "newest": messages.newest(request.user),
    }
    return render(request, "notifications/message_list.html", context)


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def message_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """One message in full, to its own person; opening it writes nothing."""
    message = messages.one_of(request.user, int(pk))
    if message is None:
        raise Http404
    words = written(message.kind, message.context, to_name=message.to_name)
    return render(request, "notifications/message_detail.html", {"message": message, "words": words})


@requires(Permission.USE_PORTAL)
@require_http_methods(["GET", "HEAD", "POST"])
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the person has had before their eyes: one message, or all; what came since stays unread.

    Who comes without pressing, as after signing in again, is led to the page that has the button.
    """
    if request.method != "POST":
        kept_text.take(request)
        flash.info(request, PRESS_AGAIN)
        return redirect("notifications:message_list")
    one, newest = (_pk(request.POST.get(name, "")) for name in ("one", "newest"))
    if one is not None:
        choosing.mark_one_read(pk=one, by=request.user, at=request.at)
    elif newest is not None:
        choosing.mark_read(newest=newest, by=request.user, at=request.at)
    return redirect("notifications:message_list")


def _pk(typed: str) -> int | None:
    """An id as a form sends it; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_PK else None


LONGEST_PK = 15
"""Digits; no id is longer, and the database takes none that is."""


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def message_choice(request: HttpRequest) -> HttpResponse:
    """At once, once a day, or in the portal only; and the weekly summary."""
    now = messages.preference_of(request.user)
    form = PreferenceForm(request.POST or None, initial={"channel": now.channel, "weekly": now.weekly})
    if request.method == "POST" and form.is_valid():
        choosing.choose(**form.cleaned_data, by=request.user, at=request.at)
        flash.success(request, "Your choice is kept. It holds for every message from now on.")
        return redirect("notifications:message_choice")
    back_url = reverse("notifications:message_list")
    context = {"form": form, "heading": "How you get messages", "back_url": back_url}
    return render(request, "notifications/message_choice.html", context)
