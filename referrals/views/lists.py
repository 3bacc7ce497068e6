"""Lists of requests and drafts: whose, which, and how to find one."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from quotas import queries as quota_queries
from referrals.forms.finding import ALL_PERIODS, FilterForm
from referrals.queries import drafts, lapsed, requests
from referrals.queries.places import all_places_now
from referrals.queries.purging import deletion_days
from referrals.views.asking import asking
from referrals.views.rows import DRAFT_COLUMNS, MY_COLUMNS, REQUEST_COLUMNS, draft_rows, my_rows, request_rows
from s2s_portal.core import calendar
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission, Sees
from s2s_portal.organisations.permissions import can, requires, sees, zones_by_stream

ROWS_A_PAGE = 25
CASE_LIST = "oversight:case_list"
"""Named, not imported: the page is in a higher storey. It knows the filters of the lists here."""


@requires(Permission.SEE_REQUESTS)
@require_safe
def referral_list(request: HttpRequest) -> HttpResponse:
    """An adviser's own requests; a teacher's caseload; everybody else's list is all that they may see."""
    return _listing(request, mine=can(request.user, Permission.FILE_REQUESTS))


@requires(Permission.FILE_REQUESTS)
@require_safe
def zone_requests(request: HttpRequest) -> HttpResponse:
    """Every request of an adviser's zones, whoever sent it."""
    return _listing(request, mine=False)


@requires(Permission.FILE_REQUESTS)
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """The drafts of an adviser's zones, with their age and how far each has got."""
    today = calendar.london_date(request.at)
    page = page_of(drafts.listed(request.user, today), request.GET.get("page"), size=ROWS_A_PAGE)
    context = {
        "heading": "Drafts",
        "tabs": _tabs(request),
        "page": page,
        "columns": DRAFT_COLUMNS,
        "rows": draft_rows(page, user=request.user, today=today, deleted=deletion_days(page, today)),
        "places": [one for one in all_places_now(at=request.at) if one.stream in zones_by_stream(request.user)],
        "to_ask_again": lapsed.to_ask_again(request.user, at=request.at).count(),
    }
    return render(request, "referrals/draft_list.html", context)


def _listing(request: HttpRequest, *, mine: bool) -> HttpResponse:
    form = _filter_form(request)
    filters = form.filters(mine=mine)
    page = page_of(requests.listed(asking(request), filters), request.GET.get("page"), size=ROWS_A_PAGE)
    context = {
        "form": form,
        "heading": "My requests" if mine else _everything(request),
        "tabs": _tabs(request),
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "columns": MY_COLUMNS if mine else REQUEST_COLUMNS,
        "rows": my_rows(page) if mine else request_rows(page),
        "case_list_url": _case_list_url(request),
        "wider": _everything(request),
        "wider_url": f"{reverse('referrals:zone_requests')}?{request.GET.urlencode()}" if mine else "",
    }
    return render(request, "referrals/referral_list.html", context)


def _case_list_url(request: HttpRequest) -> str:
    """Where those who may download who the children are do so, for the filters of this list; "" for others."""
    if not can(request.user, Permission.EXPORT_CHILDREN):
        return ""
    kept = {name: request.GET[name] for name in ("status", "stream", "zone", "period") if name in request.GET}
    return f"{reverse(CASE_LIST)}?{urlencode(kept)}" if kept else reverse(CASE_LIST)


def _filter_form(request: HttpRequest) -> FilterForm:
    """The filters, with the period that counts now chosen until the person chooses another.

    A teacher's is any: what they have runs on when a period's requests are closed.
    """
    data = request.GET.copy()
    if _is_caseload(request):
        data.setdefault("period", ALL_PERIODS)
    else:
        counting = quota_queries.period_at(request.at)
        data.setdefault("period", str(counting.pk) if counting else "")
    return FilterForm(
        data,
        streams=requests.streams_to_choose(request.user),
        zones=requests.zones_to_choose(request.user),
        periods=quota_queries.periods(),
    )


def _everything(request: HttpRequest) -> str:
    """What the list of all that a person may see is called."""
    if _is_caseload(request):
        return "My requests"
    return "My zones" if sees(request.user) == {Sees.OWN_ZONES_FULL} else "All requests"


def _is_caseload(request: HttpRequest) -> bool:
    """Whether all that the person may see are requests that they have, cover or are booked for."""
    return sees(request.user) == {Sees.ASSIGNED_FULL}


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The lists an adviser has; whoever has only one list needs no tabs."""
    if not can(request.user, Permission.FILE_REQUESTS):
        return []
    lists = (
        ("My requests", "referrals:referral_list"),
        (_everything(request), "referrals:zone_requests"),
        ("Drafts", "referrals:draft_list"),
    )
    tabs = [(label, reverse(name)) for label, name in lists]
    return [{"label": label, "url": url, "current": request.path == url} for label, url in tabs]
