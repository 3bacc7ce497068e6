"""Describing a cohort, in three short pages, each saved with the version that was shown."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from referrals.actions import cohorts
from referrals.choices import CohortPart
from referrals.forms.cohorts import FORM_OF, DescriptionForm
from referrals.queries import cohorts as queries
from referrals.rules.cohorts import part_of
from referrals.views.cohort_finding import SENT, gone, with_own_cohort
from referrals.views.cohort_saving import form_page, in_conflict, is_complete, version_in
from s2s_portal.core import kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

ORDER = list(CohortPart)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_safe
@with_own_cohort
def cohort_describe(request: HttpRequest, cohort: Any) -> HttpResponse:
    """To the first page of the description that lacks something; to the cohort when it lacks nothing."""
    problems = queries.description_problems(cohort, london_date(request.at))
    if not problems:
        return redirect("referrals:cohort_detail", cohort.reference)
    parts = [part_of(problem.field) for problem in problems]
    return redirect("referrals:cohort_describe_part", cohort.reference, min(parts, key=ORDER.index).value)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_describe_part(request: HttpRequest, cohort: Any, part: str) -> HttpResponse:
    """One page of the description; once requests have been sent of it, it stays as it is."""
    if part not in CohortPart.values:
        raise Http404
    if cohort.sent_at is not None:
        messages.warning(request, SENT)
        return gone(request, cohort, SENT, status=409)
    if request.method == "POST":
        return _save(request, cohort, CohortPart(part))
    kept = kept_text.take(request)
    form = _form(request, cohort, CohortPart(part), kept, complete=False)
    return _page(request, cohort, form, {"version": version_in(kept) if kept else cohort.version, "kept": bool(kept)})


def _form(request: HttpRequest, cohort: Any, part: CohortPart, data: Any, *, complete: bool) -> DescriptionForm:
    return FORM_OF[part](data, cohort=cohort, user=request.user, today=london_date(request.at), complete=complete)


def _save(request: HttpRequest, cohort: Any, part: CohortPart) -> HttpResponse:
    """Save what was typed; show it again if it cannot be, or if somebody else was there first."""
    version, form = version_in(request.POST), _form(request, cohort, part, request.POST, complete=is_complete(request))
    if not form.is_valid():
        return _page(request, cohort, form, {"version": version})
    try:
        answers = form.answers()
        saved = cohorts.describe(cohort=cohort, answers=answers, version=version, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request)
    except cohorts.CannotChange as why:
        return gone(request, cohort, str(why), status=409)
    if isinstance(saved, cohorts.Conflict) and form.differs_from(saved.theirs):
        found = in_conflict(request, cohort, form, version=saved.theirs.version, what=cohorts.DESCRIBED)
        return _page(request, cohort, form, found)
    return _onward(request, cohort, part)


def _onward(request: HttpRequest, cohort: Any, part: CohortPart) -> HttpResponse:
    following = ORDER[ORDER.index(part) + 1 :]
    if _from_cohort(request) or not following or not is_complete(request):
        messages.success(request, f"“{part.label}” is saved.")
        return redirect("referrals:cohort_detail", cohort.reference)
    return redirect("referrals:cohort_describe_part", cohort.reference, following[0].value)


def _from_cohort(request: HttpRequest) -> bool:
    """Whether the person came to change one page, and not to go through them all."""
    return request.GET.get("from") == "cohort"


def _page(request: HttpRequest, cohort: Any, form: DescriptionForm, context: dict[str, Any]) -> HttpResponse:
    audit.record(
        kind=AuditKind.READ, what=f"read {form.part.value} of a cohort", reference=cohort.reference, by=request.user
    )
    number = ORDER.index(form.part) + 1
    context |= {
        "heading": form.part.label,
        "caption": f"{cohort.title}, page {number} of {len(ORDER)}",
        "back_url": reverse("referrals:cohort_detail", args=[cohort.reference]),
    }
    return form_page(request, cohort, form, context)
