"""A list of schools from a file or pasted text, and its rows as a change set: looked at, picked, added, removed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import cohort_files
from referrals.actions.cohort_files import Chosen
from referrals.actions.cohorts import CannotChange
from referrals.forms.cohort_files import ListForm, Pressed
from referrals.importers.cohort_files import template
from referrals.importers.cohort_rows import Row, by_group, given_by, new_rows, review
from referrals.queries import cohort_plans
from referrals.views.cohort_choosing import tell_added
from referrals.views.cohort_finding import gone, with_own_cohort
from referrals.views.cohort_rows import groups_shown
from s2s_portal.core import csv, kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

TEMPLATE_NAME = "schools-of-a-cohort.csv"
CHOOSE_ONE = "Tick a school, or choose which one is meant"


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_file(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Give a list of schools; what of it can be read is kept and shown, and nothing is added yet."""
    if request.method != "POST":
        found = _kept(request)
        return _file_page(request, cohort, ListForm(initial=found), kept=bool(found))
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _file_page(request, cohort, form)
    try:
        kept = cohort_files.keep_rows(cohort=cohort, rows=new_rows(form.read), by=request.user, at=request.at)
    except CannotChange as why:
        form.add_error(None, str(why))
        return _file_page(request, cohort, form)
    except ObjectDoesNotExist:
        return gone(request)
    if kept.repeated:
        rows = "1 row is" if kept.repeated == 1 else f"{kept.repeated} rows are"
        messages.info(request, f"{rows} the same as in a list you gave before, and not shown twice.")
    return redirect("referrals:cohort_review", cohort.reference)


def _kept(request: HttpRequest) -> dict[str, str]:
    kept = kept_text.take(request)
    return {"pasted": kept.get("pasted", "")} if kept else {}


def _file_page(request: HttpRequest, cohort: Any, form: ListForm, *, kept: bool = False) -> HttpResponse:
    context = {"cohort": cohort, "form": form, "waiting": cohort_plans.rows_waiting(cohort), "kept": kept}
    return render(request, "referrals/cohort_file.html", context | _back(cohort))


def _back(cohort: Any) -> dict[str, str]:
    return {"back_url": reverse("referrals:cohort_detail", args=[cohort.reference])}


@requires(Permission.FILE_COHORTS)
@never_cache
@require_safe
@with_own_cohort
def cohort_template(request: HttpRequest, cohort: Any) -> HttpResponse:
    """The template: the columns of a list of schools, and one invented row."""
    answer = HttpResponse(csv.for_download(template()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{TEMPLATE_NAME}"'
    return answer


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_review(request: HttpRequest, cohort: Any) -> HttpResponse:
    """What each row of the lists comes to now; add schools, remove rows."""
    what = "read the list of schools of a cohort"
    audit.record(kind=AuditKind.READ, what=what, reference=cohort.reference, by=request.user)
    rows = review(cohort, request.user, request.at)
    if request.method != "POST":
        kept = kept_text.take(request)
        return _review_page(request, cohort, rows, Pressed(kept) if kept else None, kept=bool(kept))
    pressed = Pressed(request.POST)
    try:
        _keep_picks(request, cohort, rows, pressed)
        return (_drop if "drop" in request.POST else _add)(request, cohort, rows, pressed)
    except ObjectDoesNotExist:
        return gone(request)


def _keep_picks(request: HttpRequest, cohort: Any, rows: Sequence[Row], pressed: Pressed) -> None:
    picked = {}
    for row in rows:
        if not row.ticked and pressed.asked_about(row) and not pressed.moved(row):
            option = pressed.option_of(row)
            picked[row.pk] = option.establishment if option else None
    if picked:
        cohort_files.pick(cohort=cohort, picked=picked, by=request.user, at=request.at)


def _drop(request: HttpRequest, cohort: Any, rows: Sequence[Row], pressed: Pressed) -> HttpResponse:
    """Remove the rows of the group that the page showed; the other answers stay as they were sent."""
    group = request.POST["drop"]
    some = [row.pk for row in rows if pressed.group_of(row) == group]
    dropped = cohort_files.drop(cohort=cohort, rows=some, by=request.user, at=request.at)
    if dropped:
        messages.success(request, "1 row was removed." if dropped == 1 else f"{dropped} rows were removed.")
    return _review_page(request, cohort, review(cohort, request.user, request.at), pressed)


def _add(request: HttpRequest, cohort: Any, rows: Sequence[Row], pressed: Pressed) -> HttpResponse:
    """Add what was ticked and picked, as far as it is still so; what has moved says so and asks again."""
    today = london_date(request.at)
    wanted = {row.pk: option for row in rows if (option := pressed.option_of(row))}
    moved = {row.pk for row in rows if pressed.moved(row)}
    if not wanted and not moved:
        return _nothing(request, cohort, rows, pressed)
    chosen = [
        Chosen(row.pk, wanted[row.pk].establishment, given_by(row.facts, today)) for row in rows if row.pk in wanted
    ]
    added = cohort_files.add_rows(cohort=cohort, chosen=chosen, by=request.user, at=request.at)
    tell_added(request, added, asked=len({one.establishment.pk for one in chosen}))
    left = review(cohort, request.user, request.at)
    if not left:
        return redirect("referrals:cohort_detail", cohort.reference)
    changed = {row.pk for row in left} & (moved | set(wanted))
    if not changed:
        return redirect("referrals:cohort_review", cohort.reference)
    return _review_page(request, cohort, left, pressed, changed=changed)


def _nothing(request: HttpRequest, cohort: Any, rows: Sequence[Row], pressed: Pressed) -> HttpResponse:
    """Nothing was ticked or picked; or it was, and the same press has dealt with it before."""
    if not rows or pressed.about_others(rows):
        messages.info(request, "The rows that you ticked are no longer in the list.")
        return redirect("referrals:cohort_review" if rows else "referrals:cohort_detail", cohort.reference)
    return _review_page(request, cohort, rows, pressed, errors=[CHOOSE_ONE])


def _review_page(
    request: HttpRequest,
    cohort: Any,
    rows: Sequence[Row],
    pressed: Pressed | None = None,
    *,
    changed: set[int] = frozenset(),  # type: ignore[assignment]
    errors: Sequence[str] = (),
    kept: bool = False,
) -> HttpResponse:
    context = {
        "cohort": cohort,
        "groups": groups_shown(by_group(rows), pressed, changed),
        "kept": kept,
        "count": len(rows),
        "can_add": any(row.options() for row in rows),
        "errors": [{"text": text, "url": ""} for text in errors],
    }
    return render(request, "referrals/cohort_review.html", context | _back(cohort))
