"""How many places are left, line by line, and the ledger behind the number: now and as at any past moment."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from quotas import queries, rules
from quotas.forms import PastForm
from quotas.views.asking import address_of, standing_or_404
from quotas.views.rows import DECIDED_COLUMNS, WAITING_COLUMNS, counted, decided_row, waiting_row
from s2s_portal.core import spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import can, requires

LINES_A_PAGE = 25
MOVES_SHOWN = 5
"""How many decided moves the list of quotas shows; the ledgers have every approved one."""
COLUMNS = (
    {"label": "When"},
    {"label": "What"},
    {"label": "Request"},
    {"label": "Places", "numeric": True},
    {"label": "Left after it", "numeric": True},
    {"label": "Who"},
)


@requires(Permission.SEE_QUOTAS)
@require_safe
def quota_list(request: HttpRequest) -> HttpResponse:
    """Where each stream's quota stands, with its dates and who set them; the period that counts now comes first."""
    context = {
        "periods": _periods(request.at),
        "waiting_columns": WAITING_COLUMNS,
        "waiting": [waiting_row(move) for move in queries.moves_waiting()],
        "decided_columns": DECIDED_COLUMNS,
        "decided": [decided_row(move) for move in queries.moves_decided(MOVES_SHOWN)],
    }
    return render(request, "quotas/quota_list.html", context)


def _periods(at: datetime) -> list[dict[str, Any]]:
    """Every period with where its quotas stand; the one that counts at `at` first, then the latest."""
    counting = queries.period_at(at)
    periods = [
        {"period": period, "standings": standings, "counts": period == counting, "intake": rules.intake(period, at)}
        for period, standings in queries.standings_by_period().items()
    ]
    return sorted(periods, key=lambda line: not line["counts"])


@requires(Permission.SEE_QUOTAS)
@require_safe
def quota_detail(request: HttpRequest, stream: str) -> HttpResponse:
    """The ledger of one stream's quota, newest line first; `?period=` asks for another than the one that counts.

    With a day, and a time if one likes, it is the ledger as it stood then.
    """
    form = PastForm(request.GET if PastForm.is_asked(request.GET) else None, now=request.at)
    until = form.moment if form.is_valid() else None
    standing = standing_or_404(request, stream, until)
    page = page_of(queries.lines_of(standing.quota, until), request.GET.get("page"), size=LINES_A_PAGE)
    context = {
        "form": form,
        "as_at": form.in_words if until else "",
        "standing": standing,
        "quota": standing.quota,
        **({} if until else _last(standing)),
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(line) for line in page],
        "levers": [] if until else _levers(request, standing.quota.stream),
        "now_url": address_of("quota_detail", request, standing.quota.stream),
    }
    return render(request, "quotas/quota_detail.html", context)


def _last(standing: queries.Standing) -> dict[str, Any]:
    """The newest line, and by how many places it differs from the sum of all."""
    last = queries.last_line(standing.quota)
    return {"last": last, "difference": standing.balance.left - (last.left_after if last else 0)}


def _levers(request: HttpRequest, stream: str) -> list[dict[str, str]]:
    """The buttons by which a commissioner changes this quota."""
    if not can(request.user, Permission.SET_UP_QUOTAS):
        return []
    return [
        {"text": "Raise or lower", "url": address_of("quota_adjust", request, stream)},
        {"text": "Move places", "url": address_of("quota_move", request, stream)},
    ]


def _row(line: Any) -> list[object]:
    """One line of the ledger as the cells of `COLUMNS`."""
    what: dict[str, str] = {"text": line.what, "hint": line.reason}
    who: dict[str, str] = {"text": str(line.by)}
    if line.change:
        what["url"] = reverse("quotas:move_detail", args=[line.change.key])
        who["hint"] = f"Proposed by {line.change.proposed_by}"
    return [
        spoken.moment(line.at),
        what,
        {"text": line.reference, "url": _request_page(line.reference), "nowrap": "yes"} if line.reference else "",
        spoken.signed(line.places),
        counted(line.left_after),
        who,
    ]


def _request_page(reference: str) -> str:
    """The address of the request that a line names: by its route's name, as requests are of a higher storey."""
    try:
        return reverse("referrals:referral_detail", args=[reference])
    except NoReverseMatch:
        return ""
