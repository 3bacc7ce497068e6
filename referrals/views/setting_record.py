"""A record of visit for the school's or setting's contact, who confirms it or adds their view."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from referrals.actions import confirming
from referrals.forms.setting import ADD_VIEW, AnswerForm
from referrals.queries import setting as queries
from referrals.views.setting import by_link, closed
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import AuditKind, LinkPurpose, LinkState


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.READ_RECORD)
def setting_record(request: HttpRequest, link: Any) -> HttpResponse:
    """The record, read only, with the question whether it is right."""
    record = queries.record_for(link)
    if record is None or not queries.is_contact(link, record.visit.referral):
        return closed(request, link, LinkState.REVOKED)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        view = form.cleaned_data["view"].strip() if form.cleaned_data["answer"] == ADD_VIEW else ""
        step = confirming.answer(link=link, view=view, at=request.at)
        if step.refusal:
            return closed(request, link, LinkState.REVOKED, step.refusal)
        return redirect("referrals:setting_record", link.key)
    _looked_at(record)
    return render(request, "referrals/setting_record.html", _context(record, form))


def _looked_at(record: Any) -> None:
    referral = record.visit.referral
    about = {"reference": referral.reference, "email": referral.contact_email}
    links.record_access(kind=AuditKind.READ, what="record of visit", **about)


def _context(record: Any, form: AnswerForm) -> dict[str, Any]:
    content, referral = queries.content_for(record), record.visit.referral
    return {
        "form": form,
        "record": record,
        "referral": referral,
        "initials": queries.initials_of(referral),
        "content": content,
        "result_columns": [{"label": label} for label in ("Action", "Who", "Stands", "Why")],
        "results": [[one.text, one.owner, one.stands, one.why] for one in content.results],
        "action_columns": [{"label": label} for label in ("Action", "Who", "By")],
        "actions": [[one.text, one.owner, one.due] for one in content.actions],
    }
