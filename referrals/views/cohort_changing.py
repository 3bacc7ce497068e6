"""A cohort copied, withdrawn or deleted, each after asking."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import cohorts as actions
from referrals.actions import withdrawing
from referrals.choices import Status
from referrals.forms.cohort_changing import CopyForm, WithdrawAllForm
from referrals.permissions import can_withdraw
from referrals.queries import cohorts
from referrals.views.asking import asking
from referrals.views.cohort_finding import with_own_cohort
from referrals.views.cohort_lines import school_items
from s2s_portal.core import kept_text
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.permissions import requires

SHOWN = "shown"
"""The name of the inputs that carry the references the person was shown."""


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_copy(request: HttpRequest, cohort: Any) -> HttpResponse:
    """A new cohort with this one's description, with or without its schools."""
    data = request.POST if request.method == "POST" else kept_text.take(request)
    form = CopyForm(data, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        title, with_schools = form.cleaned_data["title"], form.cleaned_data["schools"] == "YES"
        new = actions.copy(cohort=cohort, title=title, with_schools=with_schools, by=request.user, at=request.at)
        messages.success(request, f"This is the copy of {cohort.reference}. Check each answer before you send it.")
        return redirect("referrals:cohort_detail", new.reference)
    context = {"form": form, "heading": "Copy this cohort", "caption": cohort.title, "back_url": _back(cohort)}
    context["kept"] = request.method != "POST" and form.is_bound
    return render(request, "referrals/cohort_copy.html", context)


def _back(cohort: Any) -> str:
    return reverse("referrals:cohort_detail", args=[cohort.reference])


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_withdraw(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Withdraw all of the cohort's requests that may be, for one reason, after showing what happens to each (R8)."""
    made = [line for line in cohorts.lines_of(cohort, asking(request), request.at) if line.request]
    ending = [line for line in made if can_withdraw(request.user, line.request)]
    form = WithdrawAllForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _withdraw(request, cohort, ending, form.cleaned_data)
    return _withdraw_page(request, cohort, made, ending, form)


def _withdraw_page(
    request: HttpRequest, cohort: Any, made: list[cohorts.Line], ending: list[cohorts.Line], form: WithdrawAllForm
) -> HttpResponse:
    audit.record(kind=AuditKind.READ, what="withdrawing a cohort", reference=cohort.reference, by=request.user)
    waiting = [line for line in ending if line.request.status == Status.WAITING]
    context = {
        "form": form if ending else None,
        "cohort": cohort,
        "heading": "Withdraw the requests of this cohort" if ending else "Nothing here can be withdrawn",
        "caption": cohort.title,
        "back_url": _back(cohort),
        "ending": school_items(cohort, [line for line in ending if line not in waiting], may_change=False),
        "waiting": school_items(cohort, waiting, may_change=False),
        "staying": school_items(cohort, [line for line in made if line not in ending], may_change=False),
        "shown": [line.request.reference for line in ending],
    }
    return render(request, "referrals/cohort_withdraw.html", context)


def _withdraw(request: HttpRequest, cohort: Any, ending: list[cohorts.Line], why: dict[str, str]) -> HttpResponse:
    """Withdraw those that the person was shown; a request that was made since is none of them."""
    shown = set(request.POST.getlist(SHOWN))
    requests = [line.request for line in ending if line.request.reference in shown]
    reason, note = why["reason"], why["note"]
    ended = withdrawing.withdraw_all(referrals=requests, reason=reason, note=note, by=request.user, at=request.at)
    count = sum(one.status == Status.WITHDRAWN for one in ended)
    if count:
        messages.success(request, f"{count} {'request has' if count == 1 else 'requests have'} been withdrawn.")
    left = len(shown) - count
    if left > 0:
        what = "request was" if left == 1 else "requests were"
        messages.warning(request, f"{left} {what} past being withdrawn, or withdrawn already: see below.")
    return redirect("referrals:cohort_detail", cohort.reference)


@requires(Permission.FILE_COHORTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_own_cohort
def cohort_delete(request: HttpRequest, cohort: Any) -> HttpResponse:
    """Delete a cohort of which nothing was sent, after asking."""
    if cohort.sent_at is not None:
        messages.warning(request, "Requests of this cohort have been sent, so it stays. Withdraw them if not needed.")
        return redirect("referrals:cohort_detail", cohort.reference)
    if request.method != "POST":
        return render(request, "referrals/cohort_delete.html", {"cohort": cohort, "schools": cohort.school_count})
    try:
        actions.delete(cohort=cohort, by=request.user, at=request.at)
    except ObjectDoesNotExist:
        pass  # a colleague, or the first of two presses, was faster
    except actions.CannotChange as why:
        messages.error(request, str(why))
        return redirect("referrals:cohort_detail", cohort.reference)
    messages.success(request, f"The cohort “{cohort.title}” has been deleted.")
    return redirect("referrals:cohort_list")
