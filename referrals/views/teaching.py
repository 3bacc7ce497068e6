"""A teacher's day, the sheet of it to print, and their caseload; a co-ordinator looks at anybody's."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.forms.teaching import day_in
from referrals.queries import caseload, day, weeks
from referrals.views import teaching_rows as rows
from referrals.views.teaching_whose import whose
from s2s_portal.core.calendar import ONE_DAY, london_date
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries.calendar import find_teacher

ROWS_A_PAGE = 25


@requires(Permission.OWN_CASELOAD)
@never_cache
@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    """Today's visits, what is overdue, whom to contact, and the days ahead, on one screen."""
    return render(request, "referrals/day.html", day_context(request))


def day_context(request: HttpRequest) -> dict[str, Any]:
    """What the parts of a teacher's day show (day_parts.html); the teacher's home shows them too."""
    found = day.day_of(request.user.pk, at=request.at)
    return {
        "day": found,
        "visits": [rows.todays_visit(one) for one in found.visits],
        "overdue": [rows.overdue_line(one) for one in found.overdue],
        "to_contact": [rows.contact_line(case) for case in found.to_contact],
        "covering": [rows.covering_line(case) for case in found.covering],
        "ahead": [(on, [rows.visit_line(visit) for visit in visits]) for on, visits in found.ahead],
        "off": rows.days_off(found.leave, found.shut),
        "next_words": rows.next_words(found.next),
    }


# --- The sheet ---
@requires(Permission.SEE_VISITS)
@never_cache
@require_safe
def day_sheet(request: HttpRequest) -> HttpResponse:
    """The visits of a day to print, with initials only, for when systems are down (DOMAIN §D7).

    A co-ordinator has one list for each teacher who has a visit. Who printed whose initials is recorded (R18).
    """
    today = london_date(request.at)
    on = day_in(request.GET.get("on", ""), today)
    whom = whose(request)
    visits = weeks.diary(whom.ids, on, on, today=today)
    audit.record_all(
        kind=AuditKind.READ,
        lines=[("day sheet, with initials", reference) for reference in sorted({one.reference for one in visits})],
        by=request.user,
    )
    context = {
        "on": on,
        "whom": whom,
        "columns": rows.SHEET_COLUMNS,
        "lists": rows.sheets(visits),
        "days": _days_to_choose(request, on, today),
    }
    return render(request, "referrals/day_sheet.html", context)


def _days_to_choose(request: HttpRequest, on: date, today: date) -> list[dict[str, Any]]:
    """Links to today's and tomorrow's sheets and to the days around the one that is shown."""
    chosen = {"Day before": on - ONE_DAY, "Today": today, "Tomorrow": today + ONE_DAY, "Day after": on + ONE_DAY}
    return [
        {"label": label, "url": rows.with_day(request, "on", day_), "current": day_ == on}
        for label, day_ in chosen.items()
    ]


# --- Caseload ---
@requires(Permission.OWN_CASELOAD)
@never_cache
@require_safe
def my_caseload(request: HttpRequest) -> HttpResponse:
    """One's own requests, the most urgent first."""
    return _caseload(request, request.user, own=True)


@requires(Permission.SEE_CASELOADS)
@never_cache
@require_safe
def teacher_caseload(request: HttpRequest, teacher: int) -> HttpResponse:
    """A teacher's requests, for a co-ordinator."""
    person = find_teacher(teacher)
    if person is None:
        raise Http404
    return _caseload(request, person, own=False)


def _caseload(request: HttpRequest, person: Any, *, own: bool) -> HttpResponse:
    closed = request.GET.get("show") == "closed"
    url = reverse("referrals:my_caseload") if own else reverse("referrals:teacher_caseload", args=[person.pk])
    found = (caseload.ended_cases if closed else caseload.open_cases)(person.pk, at=request.at)
    page = page_of(found, request.GET.get("page"), size=ROWS_A_PAGE)
    cases = [caseload.ended_case(one) for one in page] if closed else page
    context = {
        "own": own,
        "person": person,
        "closed": closed,
        "tabs": [
            {"label": "Open", "url": url, "current": not closed},
            {"label": "Closed", "url": f"{url}?show=closed", "current": closed},
        ],
        "page": page,
        "columns": rows.ENDED_COLUMNS if closed else rows.CASE_COLUMNS,
        "rows": [rows.ended_row(case) if closed else rows.case_row(case) for case in cases],
    }
    return render(request, "referrals/caseload.html", context)
