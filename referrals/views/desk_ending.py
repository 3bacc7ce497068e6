"""Requests that end before a visit, not taken on or not started, and those that come back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import ending, reinstating
from referrals.actions.steps import Step
from referrals.choices import Action
from referrals.forms.desk import DeclineForm, NotStartedForm, ReinstateForm
from referrals.queries import desk as desk_queries
from referrals.queries import waiting
from referrals.queries.closings import cannot_end_unvisited
from referrals.queries.reinstating import prospects_of
from referrals.views.desk_giving import METHODS, visit_in_words
from referrals.views.desk_steps import too_late
from referrals.views.details import permitted, typed
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@dataclass(frozen=True)
class Decision:
    """One decision about a request: what is asked, what it leads to, what is shown beside the form, what is said."""

    action: Action
    form: type[Any]
    decide: Callable[..., Step]
    shown: Callable[[Any, datetime], dict[str, Any]]
    template: str
    heading: str
    done: str


def _what_ends(referral: Any, at: datetime) -> dict[str, Any]:
    """What becomes of the place and of planned visits, and why it cannot end so, if it cannot."""
    return {
        "queue": waiting.queue_of(waiting.quota_of(referral), at=at),
        "visits": [visit_in_words(one) for one in desk_queries.planned_of(referral)],
        "why_not": cannot_end_unvisited(referral, at=at),
    }


def _what_comes_back(referral: Any, at: datetime) -> dict[str, Any]:
    return {"prospects": prospects_of(referral, at)}


DECLINING = Decision(
    action=Action.DECLINE,
    form=DeclineForm,
    decide=ending.decline,
    shown=_what_ends,
    template="referrals/desk_end.html",
    heading="Do not take this request on",
    done="has not been taken on, and its place has been given back.",
)
NOT_STARTING = Decision(
    action=Action.CLOSE_NOT_STARTED,
    form=NotStartedForm,
    decide=ending.close_not_started,
    shown=_what_ends,
    template="referrals/desk_end.html",
    heading="Close as not started",
    done="has been closed as not started, and its place has been given back.",
)
REINSTATING = Decision(
    action=Action.REINSTATE,
    form=ReinstateForm,
    decide=reinstating.reinstate,
    shown=_what_comes_back,
    template="referrals/desk_reinstate.html",
    heading="Reinstate this request",
    done="has a place again and is with S2S.",
)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Do not take a request on, with a reason; what becomes of its place is said before."""
    return _decide(request, reference, DECLINING)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_close_not_started(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a request before a visit was held, with a reason: its teacher or a co-ordinator does."""
    return _decide(request, reference, NOT_STARTING)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring a withdrawn or declined request back with a place drawn again; who waits is said before."""
    return _decide(request, reference, REINSTATING)


def _decide(request: HttpRequest, reference: str, decision: Decision) -> HttpResponse:
    referral = permitted(request, reference, decision.action)
    if late := too_late(request, referral, decision.action):
        return late
    form = decision.form(typed(request))
    if request.method == "POST" and form.is_valid():
        step = decision.decide(referral=referral, **form.cleaned_data, by=request.user, at=request.at)
        if not step.refusal:
            messages.success(request, f"{reference} {decision.done}")
            return redirect("referrals:referral_detail", reference)
        if late := too_late(request, step.referral, decision.action):
            return late
        form.add_error(None, step.refusal)
    context = {"form": form, "referral": referral, "heading": decision.heading, "caption": reference}
    context["back_url"] = reverse("referrals:referral_detail", args=[reference])
    return render(request, decision.template, context | decision.shown(referral, request.at))
