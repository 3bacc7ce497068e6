"""Files of records: attached one after another, removed while the record is written, given back only as downloads."""

import hashlib
import io
import logging
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import attachments
from referrals.actions.recording import NotOpen
from referrals.forms.recording_steps import FileForm
from referrals.queries import records
from referrals.views.asking import asking
from referrals.views.recording_finding import Found, about, check_writes, found_visit, looked_at
from s2s_portal.core import files
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

logger = logging.getLogger(__name__)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_attach(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Attach one file to the record that is being written; a form of its own, so that no typed text goes with it."""
    found = found_visit(request, key)
    check_writes(request, found)
    if found.visit is None:
        return redirect("referrals:visit_outcome", key)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        refusal = _attach(request, found, form.cleaned_data)
        if not refusal:
            return redirect("referrals:record_write", key)
        form.add_error("file", refusal)
    context = {"form": form, "found": found, "about": about(found.referral)}
    return render(request, "referrals/record_attach.html", context)


def _attach(request: HttpRequest, found: Found, given: dict[str, Any]) -> str:
    """Keep the file; a sentence if it was not taken."""
    file = given["file"]
    try:
        attached = attachments.attach(
            visit=found.visit, key=given["key"], name=file.name, data=file.read(), by=request.user, at=request.at
        )
    except NotOpen as why:
        return str(why)
    if attached.file is not None:  # what somebody called it may name the child
        messages.success(request, "The file is attached.")
    return attached.refusal


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file_remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Remove a file from a record that is being written, after asking."""
    who = asking(request)
    file = records.find_file(who, key)
    if file is None:
        raise Http404
    found = Found(who, file.visit.booking, file.visit)
    check_writes(request, found)
    if request.method != "POST":
        return render(request, "referrals/record_file_remove.html", {"file": file, "found": found})
    try:
        attachments.remove(file=file, by=request.user, at=request.at)
    except NotOpen as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "The file is removed.")
    return redirect("referrals:record_write", found.booking.key)


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def file_download(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A file, for those who see the record that it belongs to: as a download that no page can run."""
    file = records.find_file(asking(request), key)
    if file is None:
        raise Http404
    data = _read(file)
    looked_at(request, "file of a record of visit", file.visit.referral)
    return files.download(file.name, file.content_type, io.BytesIO(data))


def _read(file: Any) -> bytes:
    """What is kept of a file, at most 10 MB; 404 if it is gone or is no longer what was attached."""
    try:
        with files.open_stored(file.stored_as) as kept:
            data = bytes(kept.read())
    except FileNotFoundError:
        raise Http404 from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        logger.error("The stored file %s is not what was attached.", file.stored_as)
        raise Http404
    return data
