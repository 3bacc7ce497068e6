"""What the pages of a co-ordinator's decisions share: who may, whether it is too late, and what was typed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from referrals.choices import Action, Status
from referrals.permissions import check_may
from referrals.queries import requests
from referrals.rules import lifecycle
from referrals.views.asking import asking, found_or_404
from s2s_portal.core import kept_text
from s2s_portal.core.calendar import london_date


def request_for(request: HttpRequest, reference: str, action: Action) -> requests.Referral:
    """The request, for somebody who may do this to it: 404 if they may not see it, 403 if others do this (R17)."""
    referral = found_or_404(asking(request), reference)
    check_may(request.user, referral, action, today=london_date(request.at))
    return referral


def too_late(request: HttpRequest, referral: Any, action: Action) -> HttpResponse | None:
    """Where the state does not allow it: back to the request, with a sentence that says who has it now; else None."""
    if lifecycle.after(Status(referral.status), action) is not None:
        return None
    stands = f"It stands at: {referral.get_status_display()}."
    if referral.status in lifecycle.WITH_A_TEACHER:
        stands = f"{referral.teacher} has it. {stands}"
    messages.error(request, f"{referral.reference} cannot be {action.label} now. {stands}")
    return redirect("referrals:referral_detail", referral.reference)


def typed_in(request: HttpRequest) -> Any:
    """What was typed: sent now, or kept from before the session ended; None for a page that was only opened."""
    return request.POST if request.method == "POST" else kept_text.take(request)
