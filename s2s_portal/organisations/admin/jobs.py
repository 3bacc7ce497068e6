"""Background work as Repairs shows it: what was asked for, what ran, and a way to have it done again."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from s2s_portal.core import clock, kept_text
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.organisations.actions import repairs
from s2s_portal.organisations.admin.looking import LookAdmin, repairs_site
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms.repairs import AgainForm
from s2s_portal.organisations.permissions import requires

ASKED = "It will be done again within a minute, if background work is running."
ASKED_BEFORE = "It is about to be done already, so nothing more was asked for."
SAFE_TO_REPEAT = "Background work can be repeated: what is done already is left as it is, and nothing is sent twice."
ATTEMPT = ("attempts", "started_at", "done_at", "line", "failures", "failed_at", "error", "next_try_at")
"""What is kept of every piece of work."""


class JobAdmin(LookAdmin):
    """Background work, which can be asked for again from a row of it."""

    def get_urls(self) -> list[URLPattern]:
        """Also the page on which the work is asked for again."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_again"
        asking = require_http_methods(["GET", "HEAD", "POST"])(self.again_view)
        again = requires(Permission.REPAIR)(never_cache(asking))
        return [path("<int:pk>/again/", again, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row, with a way to have the work done again where that can be asked for."""
        row = self.get_object(request, unquote(object_id))
        url = self._again_url(row) if row is not None and repairs.can_run_again(row.job) else ""
        return super().change_view(request, object_id, form_url, {"again_url": url})

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Why it is to be done again; then it is asked for."""
        row = self.get_object(request, str(pk))
        if row is None or not repairs.can_run_again(row.job):
            raise Http404
        form = AgainForm(request.POST if request.method == "POST" else kept_text.take(request))
        back_url = self._row_url(row)
        if request.method == "POST" and form.is_valid():
            about = {"job": row.job, "subject": getattr(row, "subject", ""), "reason": form.cleaned_data["reason"]}
            asked = repairs.run_again(**about, by=request.user, at=request.at, real=clock.real_now())
            messages.success(request, ASKED if asked else ASKED_BEFORE)
            return redirect(back_url)
        context = {"form": form, "heading": "Have this done again?", "caption": str(row), "back_url": back_url}
        return render(request, "form_page.html", context | {"intro": SAFE_TO_REPEAT})

    def _again_url(self, row: Model) -> str:
        return reverse(f"repairs:{self.opts.app_label}_{self.opts.model_name}_again", args=[row.pk])


@register(JobRun, site=repairs_site)
class JobRunAdmin(JobAdmin):
    """Runs by timetable."""

    title = "Background work by timetable"
    about = "Each run of a job: when it was due, how often it was tried, what came of it."
    list_display = ("job", "slot", "done_at", "failures", "given_up_at")
    shown = ("job", "slot", *ATTEMPT, "given_up_at")
    search_fields = ("job",)
    list_filter = ("job",)
    ordering = ("-slot",)


@register(JobRequest, site=repairs_site)
class JobRequestAdmin(JobAdmin):
    """Work that somebody or something asked for."""

    title = "Background work that was asked for"
    about = "What a job was to look at, when it was asked for, how often it was tried, what came of it."
    list_display = ("job", "subject", "asked_at", "done_at", "failures")
    shown = ("job", "subject", "asked_at", *ATTEMPT)
    search_fields = ("job", "subject")
    list_filter = ("job",)
    ordering = ("-asked_at",)
