"""Choosing schools for a cohort from the adviser's zones, beside what each has had."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import cohort_schools
from referrals.forms.planning import PlanningForm
from referrals.queries import cohort_plans, planning
from referrals.rules.cohorts import MOST_SCHOOLS
from referrals.views.cohort_finding import gone, with_own_cohort
from referrals.views.school_rows import SCHOOL_COLUMNS, school_rows
from s2s_portal.core import kept_text
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
TICK = "school"
"""The name of the checkboxes; their values are keys of schools."""
TICK_ONE = "Tick at least one school"


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_choose(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Tick schools and add them, page by page; those on the cohort already are shown as such."""
    if request.method != "POST":
        kept = kept_text.take(request)
        return _page(request, cohort, kept.getlist(TICK) if kept else [], kept=bool(kept))
    keys = request.POST.getlist(TICK)[:MOST_SCHOOLS]
    schools = cohort_plans.establishments_named(keys)
    if not schools:
        return _page(request, cohort, keys, TICK_ONE)
    try:
        added = cohort_schools.add(cohort=cohort, establishments=schools, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request)
    tell_added(request, added, asked=len(schools))
    return redirect(f"{request.path}?{_onward(request)}")


def _onward(request: HttpRequest) -> str:
    """The list's address with its filters, one page on if the person asked for it."""
    query = request.GET.copy()
    if next_page := request.POST.get("next", ""):
        query["page"] = next_page[:6]
    return query.urlencode()


def tell_added(request: HttpRequest, added: cohort_schools.Added, *, asked: int) -> None:
    """Say which schools were added, how many were there already, and of each other why not."""
    names = [line.establishment.display_name for line in added.schools]
    there = asked - len(names) - len(added.refused)
    if names:
        count = "1 school was added" if len(names) == 1 else f"{len(names)} schools were added"
        messages.success(request, f"{count}: {_listed(names)}.")
    if there > 0:
        messages.info(request, "1 school was on it already." if there == 1 else f"{there} schools were on it already.")
    for sentence in added.refused:
        messages.error(request, f"Not added: {sentence.removesuffix('.')}.")


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 5 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _page(
    request: HttpRequest, cohort: Any, ticked: list[str], problem: str = "", *, kept: bool = False
) -> HttpResponse:
    form = PlanningForm(request.GET, choices=planning.choices_for(request.user))
    page = page_of(
        planning.schools(request.user, form.filters(), request.at), request.GET.get("page"), size=ROWS_A_PAGE
    )
    there = cohort_plans.on_list(cohort)
    context = {
        "cohort": cohort,
        "kept": kept,
        "form": form,
        "page": page,
        "on_cohort": len(there),
        "most": MOST_SCHOOLS,
        "waiting": cohort_plans.rows_waiting(cohort),
        "back_url": reverse("referrals:cohort_detail", args=[cohort.reference]),
    }
    return render(request, "referrals/cohort_choose.html", context | _table(list(page), there, ticked, problem))


def _table(lines: list[Any], there: set[int], ticked: list[str], problem: str) -> dict[str, Any]:
    """The table's part of the context; `there`: the primary keys of the schools that are on the cohort already."""
    on_it = {line.key for line in lines if line.establishment.pk in there}
    return {
        "columns": SCHOOL_COLUMNS,
        "rows": _rows(lines, on_it, ticked),
        "can_tick": len(on_it) < len(lines),
        "errors": _errors(lines, on_it, problem),
    }


def _rows(lines: list[Any], on_it: set[str], ticked: list[str]) -> list[list[Any]]:
    rows = school_rows(lines, choose=TICK, chosen=ticked)
    for line, cells in zip(lines, rows, strict=True):
        if line.key in on_it:
            name = {key: value for key, value in cells[0].items() if key != "tick"}
            cells[0] = name | {"hint": f"On this cohort. {name['hint']}"}
    return rows


def _errors(lines: list[Any], on_it: set[str], problem: str) -> list[dict[str, str]]:
    if not problem:
        return []
    first = next((line.key for line in lines if line.key not in on_it), "")
    return [{"text": problem, "url": f"#{TICK}-{first}" if first else ""}]
