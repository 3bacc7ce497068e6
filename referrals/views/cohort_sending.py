"""Sending a cohort, and what came of it: the confirmation with each reference, or the refusal with its facts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import cohort_sending
from referrals.choices import Status
from referrals.documents import FACT_TITLES
from referrals.documents.next_steps import how_places_are_given
from referrals.permissions import Asking
from referrals.queries import cohort_plans, cohorts, requests
from referrals.queries.standards import standards_at
from referrals.views.cohort_finding import gone, with_own_cohort
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

LONGEST_EDITION = 9
"""Digits; a forged longer one counts as one that was never checked."""


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_send(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Send what was checked. The same POST again leads to the same confirmation; a GET to the check."""
    if request.method != "POST":
        return redirect("referrals:cohort_check", cohort.reference)
    checked = as_number(request.POST.get("edition", ""), LONGEST_EDITION) or 0
    try:
        outcome = cohort_sending.send(cohort=cohort, checked=checked, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request)
    if outcome.decisions:
        return redirect("referrals:cohort_refused", cohort.reference, outcome.decisions[0].reference)
    if outcome.changed:
        messages.error(request, f"Nothing has been sent. {outcome.changed}")
        return redirect("referrals:cohort_plan", cohort.reference)
    return redirect("referrals:cohort_sent", cohort.reference, outcome.edition)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_safe
@with_own_cohort
def cohort_sent(request: HttpRequest, cohort: Any, edition: int) -> HttpResponse:
    """The confirmation of one sending: every reference with its school, and what happens next."""
    made = cohorts.sent_with(cohort, edition, Asking(request.user))
    if not made:
        raise Http404
    facts = cohort_plans.beginnings_of(made)
    sent, waiting = [one for one in made if one.turn is None], [one for one in made if one.turn is not None]
    last = facts[sent[-1].pk] if sent else None
    context = {
        "cohort": cohort,
        "sent": [_told(one, Status.SUBMITTED) for one in sent],
        "waiting": [_told(one, Status.WAITING) | {"number": facts[one.pk].ahead + 1} for one in waiting],
        "left": last.places_left if last else None,
        "bought": last.places_bought if last else None,
        "how_given": _how_given(waiting[0]) if waiting else "",
        "first": made[0],
        "contact_working_days": standards_at(request.at).contact_working_days,
    }
    return render(request, "referrals/cohort_sent.html", context)


def _told(one: Any, at_first: Status) -> dict[str, Any]:
    return {"request": one, "now": "" if one.status == at_first else one.get_status_display()}


def _how_given(waiting: Any) -> str:
    period = waiting.period
    return how_places_are_given(period.requests_close_on, period.allocation_deadline_on)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_safe
@with_own_cohort
def cohort_refused(request: HttpRequest, cohort: Any, decision: str) -> HttpResponse:
    """The refusal of a sending: its six facts once (R6), and the reference of each school's own."""
    found = requests.find_decision(request.user, decision)
    if found is None:
        raise Http404
    together = cohort_plans.refused_together(request.user, cohort, found)
    if not together:
        raise Http404
    rows = [{"key": title, "value": found.facts.get(name, "")} for name, title in FACT_TITLES.items()]
    context = {"cohort": cohort, "decision": found, "decisions": together, "rows": rows}
    return render(request, "referrals/cohort_refused.html", context)
