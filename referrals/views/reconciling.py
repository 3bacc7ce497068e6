"""Whether the ledger and the requests agree: the newest night's differences, and how the nights before went."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.queries import reconciling
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

NIGHTS = [{"label": "Compared"}] + [
    {"label": label, "numeric": True} for label in ("Quotas", "Lines of their ledgers", "Requests", "Differences")
]
DIFFERENCES = [{"label": "About"}, {"label": "What differs"}]


@requires(Permission.SEE_RECONCILIATION)
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """The newest comparison, each difference in words, and the last two weeks."""
    newest = reconciling.newest()
    context: dict[str, Any] = {
        "newest": newest,
        "nights": NIGHTS,
        "night_rows": [_night(run) for run in reconciling.recent()],
        "columns": DIFFERENCES,
        "rows": [[one["reference"], one["words"]] for one in newest.differences] if newest else [],
    }
    return render(request, "referrals/reconciliation.html", context)


def _night(run: Any) -> list[str]:
    return [spoken.moment(run.at), *(f"{number:,}" for number in (run.quotas, run.lines, run.requests, run.count))]
