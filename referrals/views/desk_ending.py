"""Requests that end before a visit, not taken on or not started, and those that come back."""

from collections.abc import Callable
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
from referrals.queries.reinstating import prospects_of
from referrals.views.desk_giving import METHODS, visit_in_words
from referrals.views.desk_steps import request_for, too_late, typed_in
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Do not take a request on, with a reason; what becomes of its place is said before."""
    words = {
        "heading": "Do not take this request on",
        "done": "has not been taken on, and its place has been given back.",
    }
    return _end(request, reference, Action.DECLINE, DeclineForm, ending.decline, words)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_close_not_started(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a request before a visit was held, with a reason: its teacher or a co-ordinator does."""
    words = {
        "heading": "Close as not started",
        "done": "has been closed as not started, and its place has been given back.",
    }
    return _end(request, reference, Action.CLOSE_NOT_STARTED, NotStartedForm, ending.close_not_started, words)


def _end(
    request: HttpRequest,
    reference: str,
    action: Action,
    form_class: type[Any],
    end: Callable[..., Step],
    words: dict[str, str],
) -> HttpResponse:
    referral = request_for(request, reference, action)
    if late := too_late(request, referral, action):
        return late
    form = form_class(typed_in(request))
    if request.method == "POST" and form.is_valid():
        step = end(referral=referral, **form.cleaned_data, by=request.user, at=request.at)
        if step.refusal:
            return too_late(request, step.referral, action) or redirect("referrals:referral_detail", reference)
        messages.success(request, f"{reference} {words['done']}")
        return redirect("referrals:referral_detail", reference)
    context = {
        "form": form,
        "referral": referral,
        "queue": waiting.queue_of(waiting.quota_of(referral), at=request.at),
        "visits": [visit_in_words(one) for one in desk_queries.planned_of(referral)],
        "heading": words["heading"],
        "caption": reference,
        "back_url": reverse("referrals:referral_detail", args=[reference]),
    }
    return render(request, "referrals/desk_end.html", context)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring a withdrawn or declined request back with a place drawn again; who waits is said before."""
    referral = request_for(request, reference, Action.REINSTATE)
    if late := too_late(request, referral, Action.REINSTATE):
        return late
    form = ReinstateForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        step = reinstating.reinstate(referral=referral, reason=reason, by=request.user, at=request.at)
        if not step.refusal:
            messages.success(request, f"{reference} has a place again and is with S2S.")
            return redirect("referrals:referral_detail", reference)
        if late := too_late(request, step.referral, Action.REINSTATE):
            return late
        form.add_error(None, step.refusal)
    context = {
        "form": form,
        "referral": referral,
        "prospects": prospects_of(referral, request.at),
        "heading": "Reinstate this request",
        "caption": reference,
        "back_url": reverse("referrals:referral_detail", args=[reference]),
    }
    return render(request, "referrals/desk_reinstate.html", context)
