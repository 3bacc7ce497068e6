"""Working days and leave: teachers' own at /my-leave/, everyone's for co-ordinators at /teachers/."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import leave as actions
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms.calendar import LeaveForm, WeekForm
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries import calendar
from s2s_portal.organisations.views import calendar_rows as rows
from s2s_portal.organisations.views.calendar import facts_of
from s2s_portal.organisations.views.editing import edit, remove


@require_safe
@requires(Permission.MANAGE_AVAILABILITY)
def teacher_list(request: HttpRequest) -> HttpResponse:
    """Every S2S teacher with the days they work and their leave to come."""

    def url_of(person: Any) -> str:
        return address_of("leave", person, own=False)

    teachers = calendar.teachers(london_date(request.at))
    context = {"columns": rows.TEACHER_COLUMNS, "rows": rows.teacher_rows(teachers, url_of)}
    return render(request, "organisations/teacher_list.html", context)


@require_safe
@requires(Permission.MANAGE_AVAILABILITY)
def teacher_leave(request: HttpRequest, teacher: int) -> HttpResponse:
    """One teacher's days, for a co-ordinator."""
    return _page(request, _teacher_or_404(teacher), own=False)


@require_safe
@requires(Permission.SET_OWN_LEAVE)
def my_leave(request: HttpRequest) -> HttpResponse:
    """One's own days."""
    return _page(request, request.user, own=True)


def _page(request: HttpRequest, person: Any, *, own: bool) -> HttpResponse:
    today = london_date(request.at)
    context = {
        "own": own,
        "person": person,
        "week": rows.weekdays_in_words(calendar.working_week_of(person.pk, today)),
        "weeks_to_come": [
            (spoken.day(week.in_force_from), rows.weekdays_in_words(week.weekdays))
            for week in calendar.weeks_set_for(person.pk)
            if week.in_force_from > today
        ][::-1],
        "columns": rows.LEAVE_COLUMNS,
        "rows": rows.leave_rows(
            calendar.leave_from([person.pk], today)[person.pk],
            lambda leave: address_of("leave_remove", person, leave.pk, own=own),
        ),
        "week_url": address_of("week", person, own=own),
        "add_url": address_of("leave_add", person, own=own),
    }
    return render(request, "organisations/leave.html", context)


# --- The working week ---
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def teacher_week(request: HttpRequest, teacher: int) -> HttpResponse:
    """A teacher's working week, set by a co-ordinator."""
    return _week(request, _teacher_or_404(teacher), own=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_OWN_LEAVE)
def my_week(request: HttpRequest) -> HttpResponse:
    """One's own working week."""
    return _week(request, request.user, own=True)


def _week(request: HttpRequest, person: Any, *, own: bool) -> HttpResponse:
    today = london_date(request.at)
    weekdays = sorted(calendar.working_week_of(person.pk, today))
    return edit(
        request,
        WeekForm,
        partial(actions.set_working_week, person=person),
        initial={"weekdays": weekdays, "in_force_from": today},
        back_url=address_of("leave", person, own=own),
        caption="" if own else person.full_name,
        heading="Working days",
        intro="Visits are booked on these days of the week only.",
        done="The working days have been saved.",
    )


# --- Leave ---
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def teacher_leave_add(request: HttpRequest, teacher: int) -> HttpResponse:
    """A teacher's leave, entered by a co-ordinator."""
    return _add(request, _teacher_or_404(teacher), own=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_OWN_LEAVE)
def my_leave_add(request: HttpRequest) -> HttpResponse:
    """One's own leave."""
    return _add(request, request.user, own=True)


def _add(request: HttpRequest, person: Any, *, own: bool) -> HttpResponse:
    return edit(
        request,
        LeaveForm,
        partial(actions.add_leave, person=person),
        initial={},
        back_url=address_of("leave", person, own=own),
        caption="" if own else person.full_name,
        heading="Add leave",
        done="The leave has been added.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_AVAILABILITY)
def teacher_leave_remove(request: HttpRequest, teacher: int, pk: int) -> HttpResponse:
    """Take back a teacher's leave, for a co-ordinator."""
    return _remove(request, _teacher_or_404(teacher), pk, own=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_OWN_LEAVE)
def my_leave_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own leave."""
    return _remove(request, request.user, pk, own=True)


def _remove(request: HttpRequest, person: Any, pk: int, *, own: bool) -> HttpResponse:
    leave = calendar.find_leave(person.pk, pk)
    if leave is None:
        raise Http404
    return remove(
        request,
        partial(actions.remove_leave, leave=leave),
        facts=[{"key": "Teacher", "value": person.full_name}, *facts_of(leave)],
        back_url=address_of("leave", person, own=own),
        heading="Remove this leave?",
        done="The leave has been removed.",
    )


def address_of(route: str, person: Any, *more: int, own: bool) -> str:
    """The page called `route` ("leave", "week", "leave_add", "leave_remove") about oneself or a teacher."""
    name = f"{'my' if own else 'teacher'}_{route}"
    return reverse(f"organisations:{name}", args=[*([] if own else [person.pk]), *more])


def _teacher_or_404(pk: int) -> Any:
    teacher = calendar.find_teacher(pk)
    if teacher is None:
        raise Http404
    return teacher
