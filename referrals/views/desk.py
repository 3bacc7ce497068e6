"""A co-ordinator's desk: one tray at a time, with how much lies in each of the others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.permissions import Asking
from referrals.queries import desk as queries
from referrals.queries.desk import Desk, Tray
from referrals.views.asking import asking
from referrals.views.desk_rows import COLUMNS, EMPTY, TITLES, lines_of
from s2s_portal.core.pages import CAP, CappedPaginator
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25


@requires(Permission.RUN_DESK)
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The requests that nobody has been given yet, or another tray."""
    who = asking(request)
    tray = _tray(request.GET.get("show", ""))
    lying = queries.desk_at(who, request.at)
    paginator = CappedPaginator(_rows(tray, who, lying, request), ROWS_A_PAGE)
    paginator.found = lying.counts[tray]  # counted already
    page = paginator.get_page(request.GET.get("page"))
    title, text = EMPTY[tray]
    context = {
        "tabs": tabs(lying, tray),
        "heading": TITLES[tray],
        "page": page,
        "columns": COLUMNS[tray],
        "rows": lines_of(tray, list(page) if lying.counts[tray] else [], lying),
        "empty": {"title": title, "text": text},
    }
    return render(request, "referrals/desk.html", context)


def _tray(named: str) -> Tray:
    return next((tray for tray in Tray if tray == named), Tray.TO_GIVE)


def _rows(tray: Tray, who: Asking, lying: Desk, request: HttpRequest) -> Any:
    if tray == Tray.OVERDUE:
        return queries.overdue_ones(who, lying.overdue)
    if tray == Tray.UNTOLD:
        return queries.untold(who, request.at)
    return {Tray.TO_GIVE: queries.to_give, Tray.RETURNED: queries.returned, Tray.DOUBTFUL: queries.doubtful}[tray](who)


def tabs(lying: Desk, current: Tray | None = None) -> list[dict[str, Any]]:
    """The trays with how much lies in each, as the sub-navigation and the home page show them."""
    return [
        {
            "label": f"{TITLES[tray]} ({counted(lying.counts[tray])})",
            "title": TITLES[tray],
            "number": counted(lying.counts[tray]),
            "url": f"{reverse('referrals:desk')}?show={tray.value}",
            "current": tray == current,
        }
        for tray in Tray
    ]


def counted(number: int) -> str:
    """A count as people read it: "37", or "1,000+"."""
    return f"{CAP:,}+" if number > CAP else str(number)
