"""The settings of R10, for commissioners: what is in force, who set it, other settings from now on, and the history."""

from itertools import pairwise

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from referrals.actions import standards as actions
from referrals.documents.standards import changes, in_words
from referrals.forms.details_standards import StandardsForm
from referrals.queries.standards import InForce, history, in_force_at
from referrals.views.details import typed
from s2s_portal.core import spoken
from s2s_portal.core.forms.dates import as_number
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

COLUMNS = [{"label": label} for label in ("In force from", "Set by", "What changed", "Why")]
LONGEST_NUMBER = 18
"""Digits of a row's number."""


@requires(Permission.SET_UP_QUOTAS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standards(request: HttpRequest) -> HttpResponse:
    """What is in force, a form that begins with it, and everything that was in force before."""
    in_force = in_force_at(request.at)
    form = StandardsForm(typed(request), in_force=in_force)
    if request.method == "POST" and form.is_valid() and _set(request, form):
        return redirect("referrals:standards")
    context = {
        "form": form,
        "in_force": in_force,
        "settings": [{"key": title, "value": sentence} for title, sentence in in_words(in_force.standards)],
        "columns": COLUMNS,
        "history": _rows(history()),
    }
    return render(request, "referrals/standards.html", context)


def _set(request: HttpRequest, form: StandardsForm) -> bool:
    """Put the settings in force; False, with the form saying why, if somebody else was first."""
    told = {"standards": form.standards, "reason": form.cleaned_data["reason"]}
    seen = as_number(form.cleaned_data["seen"], LONGEST_NUMBER) or 0
    outcome = actions.set_standards(**told, seen=seen, by=request.user, at=request.at)
    if not outcome.moved:
        messages.success(request, "These settings are in force.")
        return True
    who = outcome.in_force.row.set_by if outcome.in_force.row else "Somebody"
    form.data = form.data.copy()
    form.data["seen"] = str(outcome.in_force.number)
    found = f"{who} has put other settings in force while you were writing"
    form.add_error(None, f"{found}: they stand above. Press again to put yours in their place")
    return False


def _rows(sets: list[InForce]) -> list[list[object]]:
    """Every set but the defaults, against the one before it."""
    return [
        [
            spoken.moment(newer.row.in_force_from),
            newer.row.set_by.full_name,
            "; ".join(changes(newer.standards, older.standards)),
            newer.row.reason,
        ]
        for newer, older in pairwise(sets)
    ]
