"""A finalised record of visit: its page, its PDF, adding to it, retracting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import finalising, retracting
from referrals.choices import Action
from referrals.documents.record_pdf import file_name, record_pdf
from referrals.documents.records import RecordContent, content_of
from referrals.forms.recording_steps import AddForm, RetractForm
from referrals.permissions import Asking, check_may, may, sees_child
from referrals.queries import records
from referrals.views.recording_finding import about, check_sees_content, found_record, looked_at
from s2s_portal.core import calendar, kept_text
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def record_detail(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The record with what was added; for those who do not see the child, that it exists and when."""
    who, referral, record = found_record(request, reference, number)
    with_content = sees_child(who, referral)
    looked_at(request, "record of visit" if with_content else "record of visit without its content", referral)
    context = {
        "record": record,
        "number": number,
        "referral": referral,
        "retraction": getattr(record, "retraction", None),
        "request_url": reverse("referrals:referral_detail", args=[reference]),
        "with_content": with_content,
    }
    if with_content:
        context |= _content(request, who, referral, record)
    return render(request, "referrals/record_detail.html", context)


def _content(request: HttpRequest, who: Asking, referral: Any, record: Any) -> dict[str, Any]:
    content = _read(who, referral, record)
    stands, today = not hasattr(record, "retraction"), calendar.london_date(request.at)
    return {
        "content": content,
        "about": about(referral),
        "version": records.version_of(record),
        "confirmation": getattr(record, "confirmation", None),
        "files": records.files_of(record.visit, record.edition),
        "result_columns": [{"label": label} for label in ("Action", "Who", "Agreed in", "Stands", "Why")],
        "results": [[one.text, one.owner, one.agreed_in, one.stands, one.why] for one in content.results],
        "action_columns": [{"label": label} for label in ("Action", "Who", "By")],
        "actions": [[one.text, one.owner, one.due] for one in content.actions],
        "may_add": stands and may(request.user, referral, Action.ADD_TO_RECORD, today=today),
        "may_retract": stands and may(request.user, referral, Action.RETRACT, today=today),
    }


def _read(who: Asking, referral: Any, record: Any) -> RecordContent:
    """What the record says, without the words of an earlier one that was retracted since."""
    content = content_of(record.version, record.content)
    return content.without(records.retracted_of(who, referral)) if content.results else content


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def record_download(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The record as a PDF. No child is named in what the file is called, nor in its title."""
    who, referral, record = found_record(request, reference, number)
    check_sees_content(who, referral)
    looked_at(request, "PDF of a record of visit", referral)
    made = record_pdf(record=record, content=_read(who, referral, record), about=about(referral), addenda=record.added)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(record, record.added)}"'
    return answer


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_add(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Add something to a finalised record, which itself stays as it was."""
    who, referral, record = found_record(request, reference, number)
    check_may(request.user, referral, Action.ADD_TO_RECORD, today=calendar.london_date(request.at))
    form = AddForm(request.POST if request.method == "POST" else kept_text.take(request))
    if request.method == "POST" and form.is_valid():
        added = finalising.add(record=record, **form.cleaned_data, by=request.user, at=request.at)
        if added.addendum is None:
            messages.error(request, added.refusal)
        else:
            messages.success(request, f"Your addition to record {record.reference} is saved.")
        return redirect("referrals:record_detail", reference, number)
    return render(request, "form_page.html", _step(form, record, "Add to this record"))


def _step(form: Any, record: Any, heading: str) -> dict[str, Any]:
    back = reverse("referrals:record_detail", args=[record.visit.referral.reference, records.number_of(record)])
    return {"form": form, "heading": heading, "caption": f"Record {record.reference}", "back_url": back}


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_retract(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Retract a record that is about the wrong child, with a breach note and its reference typed."""
    who, referral, record = found_record(request, reference, number)
    check_may(request.user, referral, Action.RETRACT, today=calendar.london_date(request.at))
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = RetractForm(typed, reference=record.reference)
    if request.method == "POST" and form.is_valid():
        why = {name: form.cleaned_data[name] for name in ("reason", "breach_note")}
        done = retracting.retract(record=record, **why, by=request.user, at=request.at)
        if done.refusal:
            messages.error(request, done.refusal)
        else:
            text = f"Record {record.reference} is retracted, and a new one is begun. Tell the data protection officer."
            messages.success(request, text)
        return redirect("referrals:referral_detail", reference)
    context = _step(form, record, "Retract this record")
    return render(request, "referrals/record_retract.html", context | {"record": record})
