"""Messages that could not be delivered, for those who can do something about it."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core.pages import page_of
from s2s_portal.notifications.actions import mending
from s2s_portal.notifications.documents.standing import failure_of
from s2s_portal.notifications.queries import messages
from s2s_portal.notifications.views.rows import FAILED_COLUMNS, failed_rows, pages_for
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.MEND_MESSAGES)
@never_cache
@require_safe
def failed_list(request: HttpRequest) -> HttpResponse:
    """What was given up, newest first, with the reason in plain words."""
    page = page_of(messages.failed(), request.GET.get("page"))
    context = {
        "pages": pages_for(request.user, "failed_list"),
        "page": page,
        "columns": FAILED_COLUMNS,
        "rows": failed_rows(page),
    }
    return render(request, "notifications/failed_list.html", context)


@requires(Permission.MEND_MESSAGES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def failed_again(request: HttpRequest, pk: str) -> HttpResponse:
    """Confirm that one message goes out once more, under its own Message-ID."""
    if request.method == "POST":
        if mending.send_again(pk=int(pk), by=request.user):
            flash.success(request, "The message waits to be sent again. If it fails once more, it comes back here.")
        else:
            flash.error(request, "This message is not among those that failed: it may have been sent again already.")
        return redirect("notifications:failed_list")
    message = messages.failed_one(int(pk))
    if message is None:
        raise Http404
    context = {"message": message, "failure": failure_of(message.last_error)}
    return render(request, "notifications/failed_again.html", context)
