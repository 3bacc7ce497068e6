"""One school of a cohort, and the children it names."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import cohort_schools as actions
from referrals.actions.cohorts import CannotChange
from referrals.documents.cohorts import agreement_in_words, child_in_words
from referrals.forms.cohort_schools import ChildForm, SchoolForm
from referrals.queries import cohorts, same_child
from referrals.views.asking import asking
from referrals.views.cohort_finding import gone, with_own_cohort
from referrals.views.cohort_lines import already, tag_of
from referrals.views.cohort_saving import NAME_A_CHILD, form_page, in_conflict, is_complete, version_in
from s2s_portal.core import kept_text
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

OFF = "This school has been taken off the cohort."
View = Callable[..., HttpResponse]


def with_school(view: View) -> View:
    """Give `view` the cohort and the line of the school that its address names.

    Once its request was made, the way leads there; a school that was taken off leads to the cohort.
    """

    @with_own_cohort
    def found(request: HttpRequest, cohort: Any, key: uuid.UUID, **kwargs: Any) -> HttpResponse:
        line = cohorts.line_of(cohort, key, asking(request), request.at)
        if line is None:
            return gone(request, None if cohorts.has_school(cohort, key) else cohort, OFF)
        if line.request is None:
            return view(request, cohort, line, **kwargs)
        if request.method == "POST":
            return gone(request, cohort, f"The request for this school has been sent: {line.request.reference}.", 409)
        return redirect("referrals:referral_detail", line.request.reference)

    return wraps(view)(found)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_school
def cohort_school(request: HttpRequest, cohort: Any, line: cohorts.Line) -> HttpResponse:
    """What is different at one school of the cohort, and what is known of the school already."""
    if request.method == "POST":
        return _save(request, cohort, line)
    kept = kept_text.take(request)
    form = _form(request, cohort, line, kept, complete=False)
    version = version_in(kept) if kept else line.school.version
    return _page(request, cohort, line, form, {"version": version, "kept": bool(kept)})


def _form(request: HttpRequest, cohort: Any, line: cohorts.Line, data: Any, *, complete: bool) -> SchoolForm:
    return SchoolForm(data, school=line.school, cohort=cohort, today=london_date(request.at), complete=complete)


def _save(request: HttpRequest, cohort: Any, line: cohorts.Line) -> HttpResponse:
    """Save what was typed; show it again if it cannot be, or if somebody else was there first."""
    version, form = version_in(request.POST), _form(request, cohort, line, request.POST, complete=is_complete(request))
    if not form.is_valid():
        return _page(request, cohort, line, form, {"version": version})
    try:
        school, answers = line.school, form.answers()
        saved = actions.save(school=school, answers=answers, version=version, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request, cohort, OFF)
    except CannotChange as why:
        return gone(request, cohort, str(why), status=409)
    if isinstance(saved, actions.Conflict) and form.differs_from(saved.theirs):
        what = actions.saved_school(line.school)
        found = in_conflict(request, cohort, form, version=saved.theirs.version, what=what)
        return _page(request, cohort, line, form, found)
    return _onward(request, cohort, line)


def _onward(request: HttpRequest, cohort: Any, line: cohorts.Line) -> HttpResponse:
    """To the next school that lacks something, so that forty take forty presses; else to the cohort.

    Whoever pressed "Save and name a child" goes there.
    """
    if request.POST.get("action") == NAME_A_CHILD:
        return redirect("referrals:cohort_child_add", cohort.reference, line.school.key)
    messages.success(request, f"{line.school.establishment.display_name} is saved.")
    if is_complete(request):
        for one in cohorts.lines_of(cohort, asking(request), request.at):
            if one.request is None and any(problem.missing for problem in one.problems):
                return redirect("referrals:cohort_school", cohort.reference, one.school.key)
    return redirect("referrals:cohort_detail", cohort.reference)


def _page(
    request: HttpRequest, cohort: Any, line: cohorts.Line, form: SchoolForm, context: dict[str, Any]
) -> HttpResponse:
    _record(request, cohort, f"read its school {line.school.establishment.urn}")
    named = list(cohorts.children_at(line.school))
    children, besides = same_child.named(named), [line.school.key]
    context |= {
        "heading": line.school.establishment.display_name,
        "caption": cohort.title,
        "back_url": reverse("referrals:cohort_detail", args=[cohort.reference]),
        "line": line,
        "tag": tag_of(line),
        "wrong": [problem.sentence for problem in line.problems if not problem.missing],
        "others": [{"text": already(one), "reference": one.reference} for one in line.others],
        "may_name": bool(cohort.names_reason.strip()),
        "named": [_child(cohort, line, one) for one in named],
        "same_child": same_child.requests_for(children, asking(request), besides=besides),
        "later": "Save and go back to the cohort",
    }
    return form_page(request, cohort, form, context, "referrals/cohort_school.html")


def _child(cohort: Any, line: cohorts.Line, child: Any) -> dict[str, Any]:
    remove = reverse("referrals:cohort_child_remove", args=[cohort.reference, line.school.key, child.pk])
    actions_ = [{"url": remove, "text": "Remove", "hidden": f"{child.first_name} {child.last_name}"}]
    return {"key": child_in_words(child), "value": agreement_in_words(child), "actions": actions_}


def _record(request: HttpRequest, cohort: Any, what: str) -> None:
    audit.record(kind=AuditKind.READ, what=what, reference=cohort.reference, by=request.user)


def _back(cohort: Any, line: cohorts.Line) -> HttpResponse:
    return redirect("referrals:cohort_school", cohort.reference, line.school.key)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_school
def cohort_school_remove(request: HttpRequest, cohort: Any, line: cohorts.Line) -> HttpResponse:
    """Take a school off the cohort, after asking."""
    if request.method != "POST":
        return render(request, "referrals/cohort_school_remove.html", {"cohort": cohort, "line": line})
    try:
        actions.remove(school=line.school, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        messages.warning(request, OFF)
    except CannotChange as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{line.school.establishment.display_name} has been taken off the cohort.")
    return redirect("referrals:cohort_detail", cohort.reference)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_school
def cohort_child_add(request: HttpRequest, cohort: Any, line: cohorts.Line) -> HttpResponse:
    """Name a child at this school, with the parents' agreement; only where the cohort says why."""
    if not cohort.names_reason.strip():
        messages.warning(request, "Say in the description why children have to be named, before you name one.")
        return _back(cohort, line)
    data = request.POST if request.method == "POST" else kept_text.take(request)
    form = ChildForm(data, cohort=cohort, today=london_date(request.at))
    if request.method == "POST" and form.is_valid():
        return _name(request, cohort, line, form)
    _record(request, cohort, "naming a child")
    context = {
        "form": form,
        "heading": "Name a child",
        "caption": line.school.establishment.display_name,
        "back_url": reverse("referrals:cohort_school", args=[cohort.reference, line.school.key]),
        "cohort": cohort,
        "kept": request.method != "POST" and form.is_bound,
    }
    return render(request, "referrals/cohort_child.html", context)


def _name(request: HttpRequest, cohort: Any, line: cohorts.Line, form: ChildForm) -> HttpResponse:
    try:
        actions.name_child(school=line.school, answers=form.cleaned_data, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        return gone(request, cohort, OFF)
    except CannotChange as why:
        return gone(request, cohort, str(why), status=409)
    messages.success(request, "The child is named, with the parents’ agreement.")
    return _back(cohort, line)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_school
def cohort_child_remove(request: HttpRequest, cohort: Any, line: cohorts.Line, child: int) -> HttpResponse:
    """Take a child's name off, after asking."""
    one = cohorts.children_at(line.school).filter(pk=child).first()
    if one is None and request.method != "POST":
        raise Http404
    if request.method != "POST":
        _record(request, cohort, "removing a child’s name")
        context = {"cohort": cohort, "line": line, "child": child_in_words(one)}
        return render(request, "referrals/cohort_child_remove.html", context)
    try:
        if one is not None:
            actions.remove_child(child=one, by=request.user, at=request.at)
    except (ObjectDoesNotExist, CannotChange):
        messages.error(request, "Nothing was removed: the school has changed in the meantime.")
    else:
        messages.success(request, "The name has been removed.")
    return _back(cohort, line)
