"""Who asks, for pages that show requests."""

from django.http import Http404, HttpRequest

from referrals.permissions import Asking
from referrals.queries import requests
from s2s_portal.core import calendar, clock
from s2s_portal.organisations.choices import Sees
from s2s_portal.organisations.permissions import sees
from s2s_portal.organisations.queries.audit import live_reason_references


def asking(request: HttpRequest) -> Asking:
    """The signed-in person today with, for an auditor, the references they have a live reason to open (real time)."""
    today = calendar.london_date(request.at)
    if Sees.UNDER_REASON not in sees(request.user):
        return Asking(request.user, today=today)
    return Asking(request.user, live_reason_references(request.user, clock.real_now()), today)


def found_or_404(who: Asking, reference: str) -> requests.Referral:
    """The request with this reference; 404 if there is none or the person may not see it (R17)."""
    referral = requests.find(who, reference)
    if referral is None:
        raise Http404
    return referral
