"""Checking a request, sending it or joining the waiting list, and what came of it: a confirmation, or a refusal."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import requests
from referrals.choices import Section, Status
from referrals.documents import FACT_TITLES
from referrals.documents.answers import rows_of
from referrals.documents.next_steps import how_places_are_given, next_step
from referrals.permissions import Asking
from referrals.queries import cohort_plans
from referrals.queries import drafts as draft_queries
from referrals.queries import requests as request_queries
from referrals.queries.places import places_now
from referrals.queries.standards import standards_at
from referrals.rules.answers import Problem, all_problems, holds_up_observation, sections_for, year_group_warning
from referrals.views.finding import gone, with_draft
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD"])
@with_draft
def draft_check(request: HttpRequest, draft: Any) -> HttpResponse:
    """Check the answers, see what sending uses, and send; or see what is missing."""
    what = "read a whole draft"
    audit.record(kind=AuditKind.READ, what=what, reference=draft.audit_reference, by=request.user)
    today = london_date(request.at)
    answers = draft_queries.answers_of(draft, user=request.user, today=today)
    problems = all_problems(answers, stream=draft.stream, today=today)
    context = {
        "draft": draft,
        "cards": [_card(draft, section) for section in sections_for(draft.stream)],
        "missing": [item for section, some in problems.items() for item in _missing(draft, section, some)],
        "year_warning": year_group_warning(answers, today=today),
        "agreement_warning": holds_up_observation(answers),
        "now": request.at,
    }
    return render(request, "referrals/draft_check.html", context | _joining(draft, request.at))


def _joining(draft: Any, at: datetime) -> dict[str, Any]:
    """The places of a draft's stream, and what it would mean to wait for one: the context of _join.html."""
    places = places_now(stream=draft.stream, at=at)
    how = how_places_are_given(places.cut_off_on, places.allocation_deadline_on) if places else ""
    return {"places": places, "how_given": how}


def _section_url(draft: Any, section: Section) -> str:
    return reverse("referrals:draft_section", args=[draft.key, section.value]) + "?from=check"


def _card(draft: Any, section: Section) -> dict[str, Any]:
    return {"title": section.label, "url": _section_url(draft, section), "rows": rows_of(draft, section)}


def _missing(draft: Any, section: Section, problems: list[Problem]) -> list[dict[str, str]]:
    return [{"text": problem.sentence, "url": _section_url(draft, section)} for problem in problems]


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft_submit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Send a draft, or, asked to (`or_wait`), put it on the waiting list where no place is free.

    The same POST again leads to the same request; a GET (after signing in again) to the check.
    """
    if request.method != "POST":
        return redirect("referrals:draft_check", key)
    or_wait, checked = "or_wait" in request.POST, request.POST.get("edition")
    try:
        outcome = requests.submit(key=key, by=request.user, at=request.at, checked=checked, or_wait=or_wait)
    except ObjectDoesNotExist:
        return gone(request, key)
    except requests.ChangedSinceChecked:
        messages.error(request, "Somebody has changed this draft since you opened this page. Check the answers again.")
        return redirect("referrals:draft_check", key)
    except requests.Incomplete as incomplete:
        names = ", ".join(f"“{section.label}”" for section in incomplete.problems)
        messages.error(request, f"The request has not been sent. Something is missing or wrong in: {names}.")
        return redirect("referrals:draft_check", key)
    return _to_what_came_of_it(request, outcome, or_wait=or_wait)


def _to_what_came_of_it(request: HttpRequest, outcome: requests.Outcome, *, or_wait: bool) -> HttpResponse:
    if outcome.decision is not None:
        return redirect("referrals:refusal_detail", outcome.decision.reference)
    sent_by_this_press = outcome.referral.turn is None and outcome.referral.submitted_at == request.at
    if or_wait and sent_by_this_press:
        messages.success(request, "A place had come free, so your request was sent and does not have to wait.")
    return redirect("referrals:request_sent", outcome.referral.reference)


@requires(Permission.FILE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD"])
def request_sent(request: HttpRequest, reference: str) -> HttpResponse:
    """The confirmation: the reference, the place that was used or the place on the list, and what happens next."""
    referral = request_queries.find(Asking(request.user), reference)
    if referral is None:
        raise Http404
    begun_as = Status.SUBMITTED if referral.turn is None else Status.WAITING
    context = {
        "referral": referral,
        "facts": request_queries.facts_at_the_beginning(referral),
        "agreement_warning": holds_up_observation({"about": referral.about, "agreement": referral.agreement}),
        "status": "" if referral.status == begun_as else referral.get_status_display(),
    }
    if begun_as == Status.WAITING:
        number = context["facts"].ahead + 1
        title = f"You are number {number} on the waiting list"
        context |= {"how_given": next_step(referral), "number": number, "title": title}
        return render(request, "referrals/request_waits.html", context)
    context["place_used"] = context["facts"].place_used(stream_label=referral.get_stream_display())
    context["contact_working_days"] = standards_at(request.at).contact_working_days
    return render(request, "referrals/request_sent.html", context)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(["GET", "HEAD"])
def refusal_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """A refusal with its six facts, as they were at that moment (R6), and the way on that is open now."""
    decision = request_queries.find_decision(request.user, reference)
    if decision is None:
        raise Http404
    draft = draft_queries.find(request.user, decision.draft_key)
    context = {
        "decision": decision,
        "rows": [{"key": title, "value": decision.facts.get(name, "")} for name, title in FACT_TITLES.items()],
        "draft": draft,
        "sent": None if draft else request_queries.sent_from(Asking(request.user), decision.draft_key),
        "cohort": None if draft else cohort_plans.cohort_of(request.user, decision.draft_key),
    }
    if draft is not None:
        context |= _joining(draft, request.at) | {"unchanged": draft.changed_at <= decision.at, "now": request.at}
    return render(request, "referrals/refusal_detail.html", context)
