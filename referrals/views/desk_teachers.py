"""Teachers as a co-ordinator sees them: load, specialisms, cover for all that one has, journeys from their school."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import covering
from referrals.actions.specialisms import set_specialisms
from referrals.choices import Status
from referrals.forms.desk import DaysForm, JourneyForm, SpecialismsForm
from referrals.queries import suggesting, teachers
from referrals.rules.assigning import Candidate, Suggestion
from referrals.views.asking import asking, found_or_404
from referrals.views.desk_giving import METHODS, days_of
from referrals.views.details import typed
from referrals.views.rows import Cell, status_tag
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import journeys as actions
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import calendar
from s2s_portal.organisations.queries import journeys as journey_queries

COLUMNS = [
    {"label": "Teacher"},
    {"label": "Open requests", "numeric": True},
    {"label": "Specialisms"},
    {"label": "Leave"},
]
REQUEST_COLUMNS = [{"label": label} for label in ("Request", "School or setting", "Status")]
MOST_LEAVE = 2
"""Stretches of leave that a line tells of; the teacher's own page has all."""
MOST_NAMED = 50
"""Requests that the page names before all of them are covered; the others are counted."""


@requires(Permission.RUN_DESK)
@require_safe
def desk_teachers(request: HttpRequest) -> HttpResponse:
    """Every S2S teacher with their open requests and what they know especially well."""
    lines = teachers.teachers(london_date(request.at))
    context = {"columns": COLUMNS, "rows": [_line(one) for one in lines]}
    return render(request, "referrals/desk_teachers.html", context)


def _line(one: Any) -> list[Cell]:
    url = reverse("referrals:desk_teacher", args=[one.person.pk])
    return [
        {"text": one.person.full_name, "url": url, "hint": one.home_school},
        str(one.open_requests),
        "; ".join(one.specialisms),
        leave_in_words(one.leave),
    ]


def leave_in_words(leave: list[Any]) -> str:
    """The next stretches of leave: "3 to 5 December 2024"."""
    return "; ".join(spoken.stretch(one.starts_on, one.ends_on) for one in leave[:MOST_LEAVE])


@requires(Permission.RUN_DESK)
@never_cache
@require_http_methods(METHODS)
def desk_teacher(request: HttpRequest, teacher: int) -> HttpResponse:
    """One teacher: what they know especially well, which the co-ordinator says here, and the requests they have."""
    person = teacher_or_404(teacher)
    types = suggesting.types_of_need(london_date(request.at))
    known = {"need_types": sorted(suggesting.specialisms_of(person.pk))}
    form = SpecialismsForm(typed(request), types=types, initial=known)
    if request.method == "POST" and form.is_valid():
        chosen = [need for need in types if need.pk in form.cleaned_data["need_types"]]
        set_specialisms(teacher=person, need_types=chosen, by=request.user)
        messages.success(request, f"The specialisms of {person} have been saved.")
        return redirect("referrals:desk_teacher", person.pk)
    page = page_of(teachers.requests_of(asking(request), person.pk), request.GET.get("page"))
    context = {
        "form": form,
        "person": person,
        "page": page,
        "columns": REQUEST_COLUMNS,
        "rows": [_request_line(one) for one in page],
    }
    return render(request, "referrals/desk_teacher.html", context)


def _request_line(one: Any) -> list[Cell]:
    url = reverse("referrals:referral_detail", args=[one.reference])
    return [
        {"text": one.reference, "url": url, "nowrap": "yes"},
        {"text": one.establishment.display_name, "hint": one.get_stream_display().capitalize()},
        status_tag(one.status),
    ]


def teacher_or_404(pk: int) -> Any:
    """The S2S teacher with this primary key who signs in."""
    person = calendar.find_teacher(pk)
    if person is None:
        raise Http404
    return person


@requires(Permission.RUN_DESK)
@never_cache
@require_http_methods(METHODS)
def desk_cover_all(request: HttpRequest, teacher: int) -> HttpResponse:
    """Let another teacher look after everything that one has, for the days of their leave."""
    absent, today = teacher_or_404(teacher), london_date(request.at)
    theirs = teachers.requests_to_cover(asking(request), absent.pk)
    leave = calendar.leave_from([absent.pk], today)[absent.pk]
    suggestions = [_as_choice(one) for one in teachers.teachers(today, besides=absent.pk)]
    form = DaysForm(typed(request), suggestions=suggestions, initial=days_of(leave))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"teacher": calendar.find_teacher(form.cleaned_data["teacher"])}
        covered = covering.cover_all(absent=absent, **told, by=request.user, at=request.at)
        _tell_covered(request, covered, told)
        return redirect("referrals:desk_teacher", absent.pk)
    context = {
        "form": form,
        "person": absent,
        "references": list(theirs.values_list("reference", flat=True)[:MOST_NAMED]),
        "number": theirs.count(),
        "leave": leave,
        "back_url": reverse("referrals:desk_teacher", args=[absent.pk]),
    }
    return render(request, "referrals/desk_cover_all.html", context)


def _as_choice(one: Any) -> Suggestion:
    """A teacher as a choice, with what a co-ordinator weighs: how much they have and when they are away."""
    load = f"{one.open_requests or 'No'} open request{'' if one.open_requests == 1 else 's'}"
    away = (f"On leave: {leave_in_words(one.leave)}",) if one.leave else ()
    return Suggestion(Candidate(teacher_id=one.person.pk, name=one.person.full_name), (load, *away))


def _tell_covered(request: HttpRequest, covered: covering.Covered, told: dict[str, Any]) -> None:
    number = len(covered.done)
    days = spoken.stretch(told["starts_on"], told["ends_on"])
    if number:
        which = "1 request" if number == 1 else f"{number} requests"
        messages.success(request, f"{told['teacher']} covers {which}: {days}. They get an e-mail for each.")
    for reference, refusal in covered.refused.items():
        messages.error(request, f"{reference} is not covered. {refusal}")
    if not number and not covered.refused:
        messages.error(request, "There is no request to cover.")


@requires(Permission.SET_JOURNEY_TIMES)
@never_cache
@require_http_methods(METHODS)
def desk_journey(request: HttpRequest, reference: str, teacher: int) -> HttpResponse:
    """How long it takes from a teacher's school to a request's, where somebody knows better than the estimate."""
    referral = found_or_404(asking(request), reference)
    person, school = teacher_or_404(teacher), teachers.home_school_of(teacher)
    if school is None or school.pk == referral.establishment_id:
        raise Http404
    pair = {"one": school, "other": referral.establishment}
    entered = journey_queries.journey_time(school, referral.establishment)
    page = "referral_assign" if referral.status == Status.SUBMITTED else "referral_reassign"
    back_url = reverse(f"referrals:{page}", args=[reference])
    known = {"minutes": entered.minutes, "note": entered.note} if entered else {}
    form = JourneyForm(typed(request), initial=known)
    if request.method == "POST" and "forget" in request.POST:
        actions.forget_journey_time(**pair, by=request.user)
        messages.success(request, "The journey is estimated again.")
        return redirect(back_url)
    if request.method == "POST" and form.is_valid():
        actions.set_journey_time(**pair, **form.cleaned_data, by=request.user, at=request.at)
        messages.success(request, f"From {school} to {referral.establishment}: {form.cleaned_data['minutes']} minutes.")
        return redirect(back_url)
    context = {"form": form, "referral": referral, "person": person, "school": school, "entered": entered}
    return render(request, "referrals/desk_journey.html", context | {"back_url": back_url})
