"""The registers: a file is uploaded, checked in the background, looked at, approved and imported; and the history."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import clock, csv
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, RegisterPart
from s2s_portal.organisations.forms.registers import UploadForm
from s2s_portal.organisations.importers import uploads
from s2s_portal.organisations.importers.reading import NotARegister
from s2s_portal.organisations.importers.uploads import NotNow
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import by_hand, registers
from s2s_portal.organisations.views.register_rows import (
    COLUMNS_OF,
    RUN_COLUMNS,
    UPLOAD_COLUMNS,
    change_rows,
    facts_of,
    failed_in_words,
    parts_of,
    run_rows,
    upload_rows,
)

UPLOAD = "organisations:register_upload"


def with_upload(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the upload that the address names; 404 if there is none."""

    @wraps(view)
    def found(request: HttpRequest, key: uuid.UUID, **named: str) -> HttpResponse:
        upload = registers.upload(key)
        if upload is None:
            raise Http404
        return view(request, upload, **named)

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_REGISTERS)
def register_list(request: HttpRequest) -> HttpResponse:
    """Upload a file; the files there were, and what was imported by command."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm.fresh()
    if request.method == "POST" and form.is_valid():
        given, file = form.cleaned_data, form.cleaned_data["file"]
        told = {"key": given["key"], "name": file.name, "la": given["la"], "data": file.read()}
        try:
            upload = uploads.receive(**told, by=request.user, at=request.at)
        except NotARegister as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(UPLOAD, upload.key)
    page = page_of(registers.uploads(), request.GET.get("page"))
    context = {"form": form, "page": page, "columns": UPLOAD_COLUMNS, "rows": upload_rows(page)}
    runs = {"run_columns": RUN_COLUMNS, "run_rows": run_rows(registers.runs_by_command())}
    care = dict(zip(("by_hand", "nameless"), by_hand.waiting_for_care(), strict=True))
    return render(request, "organisations/register_list.html", context | runs | care)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_REGISTERS)
@with_upload
def register_upload(request: HttpRequest, upload: Any) -> HttpResponse:
    """How far a file is, what it would change, and what became of it; approve or discard it."""
    if request.method == "POST":
        return _decided(request, upload)
    context = {
        "upload": upload,
        "facts": facts_of(upload),
        "parts": parts_of(upload),
        "failed": failed_in_words(registers.failures(upload, clock.real_now())),
        "back_url": reverse("organisations:register_list"),
    }
    return render(request, "organisations/register_upload.html", context)


def _decided(request: HttpRequest, upload: Any) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        if "discard" in request.POST:
            uploads.discard(upload=upload, by=request.user, at=request.at, real=clock.real_now())
        elif "approve" in request.POST:
            number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else -1
            done = uploads.approve(upload=upload, seen=number, by=request.user, at=request.at)
            if done.moved and done.is_working and done.decided_at is None:
                messages.warning(request, "The register has changed since the check, so the file is checked again.")
    except NotNow as why:
        messages.warning(request, str(why))
    return redirect(UPLOAD, upload.key)


@require_safe
@requires(Permission.MANAGE_REGISTERS)
@with_upload
def register_changes(request: HttpRequest, upload: Any, *, part: str) -> HttpResponse:
    """One list of a check: what is new, changed, closed, missing or in error."""
    which = RegisterPart(part)
    page = page_of(registers.lines(upload, which), request.GET.get("page"))
    context = {
        "upload": upload,
        "part": which,
        "page": page,
        "columns": COLUMNS_OF[which],
        "rows": change_rows(page, which),
        "is_errors": which == RegisterPart.ERRORS,
        "back_url": reverse(UPLOAD, args=[upload.key]),
    }
    return render(request, "organisations/register_changes.html", context)


@require_safe
@requires(Permission.MANAGE_REGISTERS)
@with_upload
def register_errors(request: HttpRequest, upload: Any) -> HttpResponse:
    """Every row in error as CSV."""
    lines = registers.lines(upload, RegisterPart.ERRORS)
    rows = [("Row", "URN", "Name", "Column", "Reason"), *lines.values_list("line", "urn", "name", "column", "reason")]
    answer = HttpResponse(csv.for_download(csv.written(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="register-errors-{upload.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
