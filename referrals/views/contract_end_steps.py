"""A contract's end, step by step: looked at again, proposed, approved by a second person, taken back, undone."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import rollover_approving, rollover_deciding, rollover_undoing
from referrals.choices import RolloverStage
from referrals.forms.contract_ends import ApproveForm, ProposeForm
from referrals.queries import contract_ends as queries
from referrals.queries.contract_end_lines import stirred as stirred_of
from referrals.views.contract_end_words import page_of
from referrals.views.contract_ends import decisions_of, found_end_or_404, summary_of
from s2s_portal.core import kept_text
from s2s_portal.organisations.actions.changes import check_can_cancel, check_can_decide
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

MOST_NAMED = 100
"""References of requests to which something has happened that a page names; their number is said."""


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else kept_text.take(request)


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_look_again(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Look at every open request once more. Who comes without pressing, as after signing in again, sees the button."""
    rollover = found_end_or_404(key)
    if request.method != "POST":
        return redirect("referrals:contract_end", key)
    row = rollover_deciding.look_again(rollover=rollover, by=request.user, at=request.at)
    if row.stage == RolloverStage.DECIDING:
        messages.success(request, "Every open request was looked at again. What was decided by hand stays decided.")
    else:
        messages.warning(request, f"Nothing was looked at again: it is {row.get_stage_display().lower()}.")
    return redirect("referrals:contract_end", key)


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_propose(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Check the sum, and put it to a second commissioner with a reason. Nothing happens to a request yet."""
    rollover = found_end_or_404(key)
    form = ProposeForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        outcome = rollover_approving.propose(rollover=rollover, reason=why, by=request.user, at=request.at)
        if not outcome.refusal:
            messages.success(request, "It has been proposed. Nothing happens until a second commissioner approves it.")
            return redirect("referrals:contract_end", key)
        form.add_error(None, f"It was not proposed. {outcome.refusal}")
    elif rollover.stage != RolloverStage.DECIDING:
        return redirect("referrals:contract_end", key)
    context = {"rollover": rollover, "form": form, "summary": summary_of(rollover), "back_url": page_of(rollover)}
    return render(request, "referrals/contract_end_propose.html", context | decisions_of(queries.find(key)))


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_approve(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A second commissioner reads everything again, types the contract's name, and has it run or refuses it."""
    rollover = found_end_or_404(key)
    if rollover.change is None or rollover.stage != RolloverStage.PROPOSED:
        messages.warning(request, f"There is nothing to approve now: it is {rollover.get_stage_display().lower()}.")
        return redirect("referrals:contract_end", key)
    check_can_decide(request.user, rollover.change)
    form = ApproveForm(_typed(request), contract=rollover.source.name, change=rollover.change.key)
    if request.method == "POST" and form.is_valid():
        _decide(request, rollover, form)
        return redirect("referrals:contract_end", key)
    context = {"rollover": rollover, "form": form, "summary": summary_of(rollover), "back_url": page_of(rollover)}
    return render(request, "referrals/contract_end_approve.html", context | decisions_of(rollover))


def _decide(request: HttpRequest, rollover: Any, form: ApproveForm) -> None:
    """Have it run, or refuse it, and say what became of it: somebody else may have been first."""
    given, by = form.cleaned_data, {"rollover": rollover, "by": request.user, "at": request.at}
    if form.approves:
        outcome = rollover_approving.approve(change=given["change"], typed=given["typed"], **by)
        told = "Approved. It runs now: this page shows how far it is."
    else:
        outcome = rollover_approving.refuse(note=given["note"], **by)
        told = "Refused. It goes back to be decided, and whoever proposed it gets an e-mail."
    if outcome.refusal:
        messages.error(request, f"Nothing runs. {outcome.refusal}")
    else:
        messages.success(request, told)


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_take_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take one's own proposal back, after a page that asks."""
    rollover = found_end_or_404(key)
    if rollover.change is None or rollover.stage != RolloverStage.PROPOSED:
        messages.warning(request, f"There is nothing to take back: it is {rollover.get_stage_display().lower()}.")
        return redirect("referrals:contract_end", key)
    check_can_cancel(request.user, rollover.change)
    if request.method == "POST":
        outcome = rollover_approving.refuse(rollover=rollover, note="", by=request.user, at=request.at)
        told = f"Nothing was taken back. {outcome.refusal}" if outcome.refusal else "The proposal was taken back."
        (messages.error if outcome.refusal else messages.success)(request, told)
        return redirect("referrals:contract_end", key)
    return render(request, "referrals/contract_end_take_back.html", {"rollover": rollover})


@requires(Permission.END_CONTRACTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contract_end_undo(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Move every moved request back, after a page that says what that does; where it cannot be, which are why."""
    rollover = found_end_or_404(key)
    if rollover.stage != RolloverStage.DONE:
        messages.warning(request, f"There is nothing to undo now: it is {rollover.get_stage_display().lower()}.")
        return redirect("referrals:contract_end", key)
    account = queries.account_of(rollover)
    if not account.moved:
        messages.warning(request, "There is nothing to undo: no request is moved.")
        return redirect("referrals:contract_end", key)
    if request.method == "POST":
        outcome = rollover_undoing.undo(rollover=rollover, by=request.user, at=request.at)
        if not outcome.refusal:
            messages.success(request, "It is being undone: this page shows how far it is.")
            return redirect("referrals:contract_end", key)
    stirred = stirred_of(rollover)
    context = {
        "rollover": rollover,
        "account": account,
        "stirred": stirred[:MOST_NAMED],
        "stirred_count": len(stirred),
    }
    return render(request, "referrals/contract_end_undo.html", context)
