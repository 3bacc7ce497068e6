"""What became of a visit: the first thing that is told after it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import visiting
from referrals.choices import Action, VisitOutcome
from referrals.forms.recording_steps import OutcomeForm
from referrals.rules.bookings import cannot_tell_outcome
from referrals.views.recording_finding import Found, about, check_writes, found_visit, looked_at
from s2s_portal.core import kept_text
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_outcome(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tell that a visit was held, began late, or was not held and why; a held one leads straight to its record."""
    found = found_visit(request, key)
    check_writes(request, found, Action.HOLD)
    if found.visit is not None and request.method != "POST":
        return _onward(request, found, found.visit)
    too_early = cannot_tell_outcome(starts_at=found.booking.starts_at, at=request.at)
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = None if too_early else OutcomeForm(typed)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _tell(request, found, form)
    looked_at(request, "page of a visit’s outcome", found.referral)
    context = {"form": form, "too_early": too_early, "found": found, "about": about(found.referral)}
    return render(request, "referrals/visit_outcome.html", context)


def _tell(request: HttpRequest, found: Found, form: OutcomeForm | None) -> HttpResponse:
    if form is None:
        return redirect("referrals:visit_outcome", found.booking.key)
    told = visiting.Told(**form.cleaned_data)
    visited = visiting.tell_outcome(booking=found.booking, told=told, by=request.user, at=request.at)
    if visited.visit is None:
        messages.error(request, visited.refusal)
        return redirect(found.request_url)
    return _onward(request, found, visited.visit)


def _onward(request: HttpRequest, found: Found, visit: visiting.Visit) -> HttpResponse:
    """Where a visit whose outcome is known leads; somebody else may have told it first."""
    if visit.by_id != request.user.pk:
        messages.info(request, f"{visit.by} has told what became of this visit: {visit.get_outcome_display().lower()}.")
    elif visit.outcome == VisitOutcome.NOT_HELD:
        messages.success(request, "Saved: the visit was not held. Book another one when you can.")
    if visit.outcome == VisitOutcome.NOT_HELD:
        return redirect(found.request_url)
    return redirect("referrals:record_write", found.booking.key)
