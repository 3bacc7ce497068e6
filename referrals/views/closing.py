"""Closing a request after its visits, in two steps; opening it again (R14)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import closing
from referrals.choices import Action, EndState, EventKind, GoalResult
from referrals.forms.closing import CloseForm, ReopenForm
from referrals.queries.closings import cannot_close, goals_of, missing_of
from referrals.queries.questions import just_said
from referrals.rules import closing as rules
from referrals.views.buttons import Button
from referrals.views.details import done, form_page, is_possible, page_of, permitted, read, too_late, typed
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

CANNOT_CLOSE, CANNOT_REOPEN = "This request cannot be closed now", "This request cannot be opened again"
IN_WORDS = {
    EndState.COMPLETED: "It closes as completed.",
    EndState.ENDED_EARLY: "It closes as ended early, as a goal was not worked on.",
}

PAGES = {
    Action.HOLD: ("Tell what became of the visit", "visit_outcome"),
    Action.RECORD: ("Write the record of the visit", "record_write"),
    Action.MOVE_BOOKING: ("See the planned visit", "booking_detail"),
}
"""What a visit that keeps a request from closing asks for: the words and the page."""


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a request with a summary and an outcome for each goal; what stops it is said before anything is typed."""
    referral = permitted(request, reference, Action.CLOSE)
    form = CloseForm(typed(request), goals=goals_of(referral), initial={"key": uuid.uuid4()})
    sent = request.method == "POST" and form.is_valid()
    if sent and "confirmed" in request.POST:
        return _close(request, referral, form)
    possible = is_possible(referral, Action.CLOSE)
    why_not = cannot_close(referral, at=request.at) if possible else ""
    if why_not or not possible:
        return _cannot_close(request, referral, why_not or "")
    read(request, referral, "closing of a request")
    if sent and "change" not in request.POST:
        return _check(request, referral, form)
    return form_page(request, "referrals/referral_close.html", referral, form=form, heading="Close this request")


def _cannot_close(request: HttpRequest, referral: Any, sentence: str) -> HttpResponse:
    """Why not, with a link to what is missing: it is the next thing to do."""
    missing = missing_of(referral, at=request.at) if is_possible(referral, Action.CLOSE) else None
    link = None
    if missing is not None:
        text, route = PAGES[missing.asks]
        link = Button(text, reverse(f"referrals:{route}", args=[missing.booking]))
    return too_late(request, referral, heading=CANNOT_CLOSE, sentence=sentence, link=link)


def _check(request: HttpRequest, referral: Any, form: CloseForm) -> HttpResponse:
    """What was said, and as what the request closes, before it does."""
    results = [GoalResult(result) for result, _ in form.results().values()]
    state = rules.end_state(visits_held=referral.visits_held, results=results)
    context = {"form": form, "told": form.told(), "end_state": IN_WORDS[state], "back_url": page_of(referral)}
    return render(request, "referrals/referral_close_check.html", context | {"referral": referral})


def _close(request: HttpRequest, referral: Any, form: CloseForm) -> HttpResponse:
    given = form.cleaned_data
    ending = closing.Ending(key=given["key"], summary=given["summary"], results=form.results())
    step = closing.close(referral=referral, ending=ending, by=request.user, at=request.at)
    if step.refusal:
        return _cannot_close(request, step.referral, step.refusal)
    state = step.referral.get_end_state_display().lower()
    sentence = f"{referral.reference} is closed: {state}. Its adviser and the contact get an e-mail."
    return done(request, step.referral, sentence)


@requires(Permission.USE_PORTAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral_reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a closed request again with a reason, until delivery ends; where that is too late, say why."""
    referral = permitted(request, reference, Action.REOPEN)
    form = ReopenForm(typed(request))
    if request.method == "POST" and form.is_valid():
        return _reopen(request, referral, form.cleaned_data["reason"])
    possible = is_possible(referral, Action.REOPEN)
    over = not calendar.is_by_end_of(referral.period.delivery_ends_on, request.at)
    why_not = rules.cannot_reopen(visits_held=referral.visits_held, delivery_over=over) if possible else ""
    if why_not or not possible:
        return too_late(request, referral, heading=CANNOT_REOPEN, sentence=why_not or "")
    return form_page(request, "referrals/referral_reopen.html", referral, form=form, heading="Open this request again")


def _reopen(request: HttpRequest, referral: Any, reason: str) -> HttpResponse:
    step = closing.reopen(referral=referral, reason=reason, by=request.user, at=request.at)
    if step.refusal and not just_said(referral, kind=EventKind.REOPENED, text=reason, by=request.user):
        return too_late(request, step.referral, heading=CANNOT_REOPEN, sentence=step.refusal)
    sentence = f"{referral.reference} is open again. Its teacher, its adviser and the contact get an e-mail."
    return done(request, step.referral, sentence)
