"""What the pages of a cohort share: finding it for the person who asks, and what happens when it is gone or sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from referrals.permissions import can_change_cohort
from referrals.queries import cohorts
from referrals.views.finding import typed_in
from s2s_portal.organisations.permissions import NotAllowed

View = Callable[..., HttpResponse]
ONLY_OWN = "Only a SEND Adviser of one of its zones changes a cohort."
SENT = "Requests of this cohort have been sent, so its description stays. Copy it to a new cohort to change it."


def with_cohort(view: View) -> View:
    """Give `view` the cohort that its address names, in place of the reference; 404 if the person may not see it."""

    @wraps(view)
    def found(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        cohort = cohorts.find(request.user, reference)
        return gone(request) if cohort is None else view(request, cohort, *args, **kwargs)

    return found


def with_own_cohort(view: View) -> View:
    """As `with_cohort`, for one who may change it; 403 for others who see it."""

    @wraps(view)
    def found(request: HttpRequest, cohort: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_change_cohort(request.user, cohort):
            raise NotAllowed(ONLY_OWN)
        return view(request, cohort, *args, **kwargs)

    return with_cohort(found)


def gone(request: HttpRequest, cohort: Any = None, why: str = "", status: int = 404) -> HttpResponse:
    """What was posted to something that is gone, or too late, is shown to be copied; without any text it is 404.

    `why` says in a sentence what happened; `cohort` is where to go on, if it is still there.
    """
    typed = typed_in(request)
    if typed:
        return render(
            request, "referrals/cohort_gone.html", {"typed": typed, "cohort": cohort, "why": why}, status=status
        )
    if cohort is None:
        raise Http404
    return redirect("referrals:cohort_detail", cohort.reference)
