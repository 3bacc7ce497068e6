"""The commissioner's pages: how many places are left, line by line, and the ledger behind the number."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from quotas import queries, rules
from s2s_portal.core import spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, Stream
from s2s_portal.organisations.permissions import requires

LINES_A_PAGE = 25
COLUMNS = (
    {"label": "When"},
    {"label": "What"},
    {"label": "Request"},
    {"label": "Places", "numeric": True},
    {"label": "Left after it", "numeric": True},
    {"label": "Who"},
)
STREAM_OF_SLUG = {stream.label.replace(" ", "-"): stream for stream in Stream}


@requires(Permission.SEE_QUOTAS)
@require_safe
def quota_list(request: HttpRequest) -> HttpResponse:
    """Where each stream's quota stands, with its dates and who set them; the period that counts now comes first."""
    counting = queries.period_at(request.at)
    periods = [
        {
            "period": period,
            "standings": standings,
            "counts": period == counting,
            "intake": rules.intake(period, request.at),
        }
        for period, standings in queries.standings_by_period().items()
    ]
    periods.sort(key=lambda line: not line["counts"])
    return render(request, "quotas/quota_list.html", {"periods": periods})


@requires(Permission.SEE_QUOTAS)
@require_safe
def quota_detail(request: HttpRequest, stream: str) -> HttpResponse:
    """The ledger of one stream's quota, newest line first; `?period=` asks for another than the one that counts."""
    standing = _standing(stream, request.GET.get("period", ""), request.at)
    if standing is None:
        raise Http404
    last = queries.last_line(standing.quota)
    page = page_of(queries.lines_of(standing.quota), request.GET.get("page"), size=LINES_A_PAGE)
    context = {
        "standing": standing,
        "quota": standing.quota,
        "last": last,
        "difference": standing.balance.left - (last.left_after if last else 0),
        "page": page,
        "columns": COLUMNS,
        "rows": [_row(line) for line in page],
    }
    return render(request, "quotas/quota_detail.html", context)


def _standing(slug: str, period: str, at: datetime) -> queries.Standing | None:
    """The quota of the stream called `slug` in the period with the id `period` ("": the one that counts at `at`)."""
    wanted = queries.period_called(period) if period else queries.period_at(at)
    stream = STREAM_OF_SLUG.get(slug)
    return queries.standing_in(stream=stream, period=wanted) if wanted and stream else None


def _row(line: Any) -> list[object]:
    """One line of the ledger as the cells of `COLUMNS`."""
    return [
        spoken.moment(line.at),
        {"text": line.get_kind_display(), "hint": line.reason},
        {"text": line.reference, "url": _request_page(line.reference), "nowrap": "yes"} if line.reference else "",
        spoken.signed(line.places),
        str(line.left_after),
        str(line.by),
    ]


def _request_page(reference: str) -> str:
    """The address of the request that a line names: by its route's name, as requests are of a higher storey."""
    try:
        return reverse("referrals:referral_detail", args=[reference])
    except NoReverseMatch:
        return ""
