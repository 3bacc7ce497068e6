"""Giving a request to a teacher, handing it over to another, and letting another cover it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import assigning, covering
from referrals.choices import Action
from referrals.forms.desk import AssignForm, DaysForm, ReassignForm, TeacherForm, reasons_shown, sign_shown
from referrals.queries import desk as desk_queries
from referrals.queries import progress, suggesting
from referrals.queries.standards import standards_at
from referrals.rules.assigning import Suggestion, journey_in_words
from referrals.views.desk_rows import age_of, clock_cell, needs_of
from referrals.views.desk_steps import too_late
from referrals.views.details import permitted, typed
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import calendar

METHODS = ["GET", "HEAD", "POST"]
NOW_WITH = "{} is with {} now. They, the contact and the adviser get an e-mail."


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a request to one of the teachers, each with what speaks for them; the reasons that were shown are kept."""
    referral = permitted(request, reference, Action.ASSIGN)
    if request.method != "POST" and (late := too_late(request, referral, Action.ASSIGN)):
        return late
    terms = _terms(request)
    suggestions = suggesting.suggestions_for(referral, **terms)
    form = AssignForm(typed(request), suggestions=suggestions)
    if request.method == "POST" and form.is_valid():
        chosen, note = form.cleaned_data["teacher"], form.cleaned_data["note"]
        shown = reasons_shown(request.POST.get("shown", ""), reference, chosen)
        reasons = _reasons(suggestions, chosen) if shown is None else shown
        given = {"teacher": calendar.find_teacher(chosen), "reasons": reasons, "note": note}
        step = assigning.assign(referral=referral, **given, by=request.user, at=request.at)
        if step.refusal:
            return too_late(request, step.referral, Action.ASSIGN) or _back(request, step.refusal, reference)
        messages.success(request, NOW_WITH.format(reference, step.referral.teacher))
        return redirect("referrals:desk")
    return _page(request, "referrals/desk_assign.html", referral, form, suggestions, terms)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_reassign(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand a request over with a note; planned visits go with it, and a clash in the new diary is said here."""
    referral = permitted(request, reference, Action.REASSIGN)
    if late := too_late(request, referral, Action.REASSIGN):
        return late
    terms = _terms(request)
    suggestions = suggesting.suggestions_for(referral, **terms, besides=referral.teacher_id)
    form = ReassignForm(typed(request), suggestions=suggestions)
    if request.method == "POST" and form.is_valid():
        teacher = calendar.find_teacher(form.cleaned_data["teacher"])
        note = form.cleaned_data["note"]
        step = assigning.reassign(referral=referral, teacher=teacher, note=note, by=request.user, at=request.at)
        if not step.refusal:
            messages.success(request, NOW_WITH.format(reference, teacher))
            return redirect("referrals:referral_detail", reference)
        if late := too_late(request, step.referral, Action.REASSIGN):
            return late
        form.add_error("teacher", step.refusal)
    visits = [visit_in_words(one) for one in desk_queries.visits_with(referral, request.at)]
    return _page(request, "referrals/desk_reassign.html", referral, form, suggestions, terms, visits=visits)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_http_methods(METHODS)
def referral_cover(request: HttpRequest, reference: str) -> HttpResponse:
    """Let another teacher look after a request for some days; the days are those of its teacher's next leave."""
    referral = permitted(request, reference, Action.COVER)
    if late := too_late(request, referral, Action.COVER):
        return late
    terms = _terms(request)
    suggestions = suggesting.suggestions_for(referral, **terms, besides=referral.teacher_id)
    leave = calendar.leave_from([referral.teacher_id], london_date(request.at))[referral.teacher_id]
    form = DaysForm(typed(request), suggestions=suggestions, initial=days_of(leave))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"teacher": calendar.find_teacher(form.cleaned_data["teacher"])}
        step = covering.cover(referral=referral, **told, by=request.user, at=request.at)
        if not step.refusal:
            days = spoken.stretch(told["starts_on"], told["ends_on"])
            messages.success(request, f"{told['teacher']} covers {reference}: {days}. They get an e-mail.")
            return redirect("referrals:referral_detail", reference)
        if late := too_late(request, step.referral, Action.COVER):
            return late
        form.add_error(None, step.refusal)
    return _page(request, "referrals/desk_cover.html", referral, form, suggestions, terms, leave=leave)


def days_of(leave: list[Any]) -> dict[str, Any]:
    """What a cover's days begin with: those of the next leave, if there is any."""
    return {"starts_on": leave[0].starts_on, "ends_on": leave[0].ends_on} if leave else {}


def visit_in_words(booking: Any) -> str:
    """A planned visit in one line: "Observation, Tuesday 3 December 2024, 10:00"."""
    return f"{booking.get_kind_display()}, {spoken.moment_with_weekday(booking.starts_at)}"


def _terms(request: HttpRequest) -> dict[str, Any]:
    """What clocks and suggestions go by on this day. Two queries."""
    return {"standards": standards_at(request.at), "days": calendar.days(), "today": london_date(request.at)}


def _reasons(suggestions: list[Suggestion], teacher_id: int) -> tuple[str, ...]:
    return next(one.reasons for one in suggestions if one.candidate.teacher_id == teacher_id)


def _back(request: HttpRequest, refusal: str, reference: str) -> HttpResponse:
    messages.error(request, refusal)
    return redirect("referrals:referral_detail", reference)


def _page(
    request: HttpRequest,
    template: str,
    referral: Any,
    form: TeacherForm,
    suggestions: list[Suggestion],
    terms: dict[str, Any],
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "referral": referral,
        "needs": needs_of(referral),
        "age": age_of(referral, terms["today"]),
        "clock": clock_cell(referral, progress.clocks_of([referral], **terms)[referral.pk], terms["today"]),
        "shown": sign_shown(referral.reference, suggestions),
        "journeys": _journeys(referral, suggestions),
        "back_url": reverse("referrals:referral_detail", args=[referral.reference]),
    }
    return render(request, template, context | more)


def _journeys(referral: Any, suggestions: list[Suggestion]) -> list[dict[str, str]]:
    """The journey from each school that a teacher works at, and where its minutes are entered."""
    found: dict[str, dict[str, str]] = {}
    for one in suggestions:
        school = one.candidate.home_school
        if school and one.candidate.minutes != 0:
            url = reverse("referrals:desk_journey", args=[referral.reference, one.candidate.teacher_id])
            found.setdefault(school, {"school": school, "words": journey_in_words(one.candidate), "url": url})
    return list(found.values())
