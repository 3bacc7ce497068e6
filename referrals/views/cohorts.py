"""Cohorts: the list, beginning one, and its page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import cohorts as actions
from referrals.choices import CohortPart
from referrals.documents.cohorts import rows_of
from referrals.forms.cohorts import StartForm
from referrals.permissions import can_change_cohort, can_withdraw
from referrals.queries import cohorts
from referrals.queries.places import places_now
from referrals.views.asking import asking
from referrals.views.cohort_finding import with_cohort
from referrals.views.cohort_lines import COHORT_COLUMNS, cohort_rows, description_links, next_step, school_items
from referrals.views.rows import answer_rows
from s2s_portal.core import calendar, kept_text
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission, Stream
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
NEWEST = 8
"""Events that stand on the page at once; the others open on demand."""


@requires(Permission.FILE_COHORTS)
@require_safe
def cohort_list(request: HttpRequest) -> HttpResponse:
    """The cohorts of a SEND Adviser's zones, newest change first."""
    page = page_of(cohorts.listed(request.user), request.GET.get("page"), size=ROWS_A_PAGE)
    rows = cohort_rows(page, calendar.london_date(request.at))
    return render(request, "referrals/cohort_list.html", {"page": page, "columns": COHORT_COLUMNS, "rows": rows})


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_start(request: HttpRequest) -> HttpResponse:
    """Begin a cohort: what it is called and where its schools are."""
    data = request.POST if request.method == "POST" else kept_text.take(request)
    form = StartForm(data, zones=cohorts.own_mainstream_zones(request.user))
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        cohort = actions.start(title=title, zones=form.chosen(), by=request.user, at=request.at)
        return redirect("referrals:cohort_describe_part", cohort.reference, CohortPart.GROUP.value)
    context = {"form": form, "heading": "Start a cohort", "back_url": reverse("referrals:cohort_list")}
    context["kept"] = request.method != "POST" and form.is_bound
    return render(request, "referrals/cohort_start.html", context)


@requires(Permission.SEE_REQUESTS)
@never_cache
@require_safe
@with_cohort
def cohort_detail(request: HttpRequest, cohort: Any) -> HttpResponse:
    """What the cohort is, where each of its schools stands, what comes next, and all that has happened."""
    audit.record(kind=AuditKind.READ, what="cohort page", reference=cohort.reference, by=request.user)
    who, may_change = asking(request), can_change_cohort(request.user, cohort)
    lines = cohorts.lines_of(cohort, who, request.at)
    history = cohorts.timeline_of(cohort, who) if cohort.sent_at else []
    context = {
        "cohort": cohort,
        "may_change": may_change,
        "schools": school_items(cohort, lines, may_change=may_change),
        "hidden": cohort.school_count - len(lines),
        "cards": _cards(cohort, change=may_change and cohort.sent_at is None),
        "history": history[:NEWEST],
        "earlier": history[NEWEST:],
    }
    if may_change:
        context |= _to_do(request, cohort, lines)
    return render(request, "referrals/cohort_detail.html", context)


def _to_do(request: HttpRequest, cohort: Any, lines: Sequence[cohorts.Line]) -> dict[str, Any]:
    """What the adviser can do with the cohort, and what that would cost."""
    sent, today = cohort.sent_at is not None, calendar.london_date(request.at)
    problems = [] if sent else cohorts.description_problems(cohort, today)
    return {
        "missing": description_links(cohort, problems),
        "next": next_step(cohort, lines, problems),
        "unsent": sum(line.request is None for line in lines),
        "would_use": sum(line.request is None and not line.problems for line in lines),
        "places": places_now(stream=Stream.MAINSTREAM, at=request.at),
        "may_withdraw": any(line.request is not None and can_withdraw(request.user, line.request) for line in lines),
    }


def _cards(cohort: Any, *, change: bool) -> list[dict[str, Any]]:
    """The description, page by page, with where each is changed."""
    return [
        {
            "title": part.label,
            "rows": answer_rows(row for row in rows_of(cohort, part) if row.text),
            "url": f"{reverse('referrals:cohort_describe_part', args=[cohort.reference, part.value])}?from=cohort"
            if change
            else "",
        }
        for part in CohortPart
    ]
