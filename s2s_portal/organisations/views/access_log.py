"""Who looked at what, and looking oneself under a recorded reason (R18)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import clock
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions.audit import give_reason
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms import AccessLogFilterForm, LookAtRequestForm
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import audit
from s2s_portal.organisations.views.rows import LOG_COLUMNS, log_rows

REQUEST_PAGE = "referrals:referral_detail"
"""Named, not imported: the request's page is in a higher storey. It takes the reference."""


@require_safe
@requires(Permission.SEE_ACCESS_LOG)
def access_log(request: HttpRequest) -> HttpResponse:
    """Reads and writes of cases, newest first, filtered and page by page."""
    form = AccessLogFilterForm(request.GET)
    context: dict[str, object] = {"form": form, "page": None}
    if form.is_valid():
        page = page_of(audit.access_log(**form.cleaned_data), request.GET.get("page"))
        context |= {"page": page, "columns": LOG_COLUMNS, "rows": log_rows(page)}
    return render(request, "organisations/access_log.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ACCESS_LOG)
def look_at_request(request: HttpRequest) -> HttpResponse:
    """Ask an auditor for a reason, record it in real time, and open the request."""
    form = LookAtRequestForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})
    if request.method == "POST" and form.is_valid():
        give_reason(**form.cleaned_data, by=request.user, real_at=clock.real_now())
        return redirect(reverse(REQUEST_PAGE, args=[form.cleaned_data["reference"]]))
    context = {
        "form": form,
        "heading": "Look at a request",
        "intro": "You see the whole case for 30 minutes. That you looked, and why, stays in the access log.",
        "back_url": reverse("organisations:access_log"),
    }
    return render(request, "form_page.html", context)
