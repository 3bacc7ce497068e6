"""A planned visit for the school's or setting's contact: its time, its calendar file, cancelling, another time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import answering_visits as actions
from referrals.choices import BookingState
from referrals.documents.invitations import location
from referrals.forms.setting import CANCEL, VisitForm
from referrals.queries import bookings
from referrals.queries import setting as queries
from referrals.views.setting import by_link, closed
from s2s_portal.organisations.actions import links
from s2s_portal.organisations.choices import AuditKind, LinkPurpose, LinkState


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(LinkPurpose.SEE_VISIT)
def setting_visit(request: HttpRequest, link: Any) -> HttpResponse:
    """The visit as it is now, and what the contact may do about it until it begins."""
    visit = queries.visit_for(link)
    if visit is None or not queries.is_contact(link, visit.referral):
        return closed(request, link, LinkState.REVOKED)
    form = VisitForm(request.POST if request.method == "POST" else None, initial={"sequence": visit.sequence})
    if request.method == "POST" and form.is_valid():
        step = _send(request, link, form)
        if not step.refusal:
            return redirect("referrals:setting_visit", link.key)
        messages.error(request, step.refusal)
        return redirect("referrals:setting_visit", link.key)
    about = {"reference": visit.referral.reference, "email": visit.referral.contact_email}
    links.record_access(kind=AuditKind.READ, what="visit page", **about)
    return render(request, "referrals/setting_visit.html", _context(request, link, visit, form))


def _send(request: HttpRequest, link: Any, form: VisitForm) -> Any:
    told = {"sequence": form.cleaned_data["sequence"], "note": form.cleaned_data["note"].strip(), "at": request.at}
    if form.cleaned_data["what"] == CANCEL:
        return actions.cancel(link=link, **told)
    step = actions.ask_for_another_time(link=link, **told)
    if not step.refusal:
        messages.success(request, "S2S has been told that you ask for another time. The visit stays planned for now.")
    return step


def _context(request: HttpRequest, link: Any, visit: Any, form: VisitForm) -> dict[str, Any]:
    referral = visit.referral
    rows = [
        ("What for", visit.get_kind_display()),
        ("When", bookings.when(visit)),
        ("How", visit.get_mode_display()),
        ("Where", location(visit, referral)),
        ("From S2S", ", ".join(teacher.full_name for teacher in bookings.teachers_of(visit))),
        ("About", queries.initials_of(referral)),
    ]
    return {
        "form": form,
        "link": link,
        "visit": visit,
        "referral": referral,
        "rows": [{"key": key, "value": value} for key, value in rows],
        "is_ahead": visit.state == BookingState.PLANNED and visit.starts_at > request.at,
    }


@require_safe
@by_link(LinkPurpose.SEE_VISIT)
def setting_visit_file(request: HttpRequest, link: Any) -> HttpResponse:
    """The visit's calendar file, for messages that cannot bring it."""
    visit = queries.visit_for(link)
    if visit is None or not queries.is_contact(link, visit.referral):
        return closed(request, link, LinkState.REVOKED)
    answer = HttpResponse(bookings.calendar_file_of(visit), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer
