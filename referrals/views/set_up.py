"""The set-up checklist: what is needed before requests can be sent, who does it, and where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.queries.set_up import set_up_at
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires, roles_of

COLUMNS = [{"label": label} for label in ("What", "State", "Who does it")]


@requires(Permission.SEE_SET_UP)
@never_cache
@require_safe
def set_up(request: HttpRequest) -> HttpResponse:
    """Every step with what is still missing; those that the person can do lead to where it is done."""
    found = set_up_at(request.at, asking=request.user)
    mine = roles_of(request.user)
    context = {"found": found, "columns": COLUMNS, "rows": [_row(step, step.who in mine) for step in found.steps]}
    return render(request, "referrals/set_up.html", context)


def _row(step: Any, is_mine: bool) -> list[Any]:
    what = {"text": step.title, "hint": " ".join((*step.missing, step.note)).strip()}
    if is_mine:
        what["url"] = reverse(step.route)
    stands = {"text": step.status, "colour": "green" if step.is_settled else "yellow"}
    return [what, stands, "You" if is_mine else step.who.label]
