"""Where a person begins: for each role, what there is to do and to know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quotas import queries as quota_queries
from referrals.permissions import Asking
from referrals.queries import drafts, requests, waiting
from referrals.queries.desk import desk_at
from referrals.queries.places import all_places_now
from referrals.views.asking import asking
from referrals.views.desk import tabs
from referrals.views.rows import (
    DRAFT_COLUMNS,
    MY_COLUMNS,
    MY_WAITING_COLUMNS,
    REQUEST_COLUMNS,
    draft_rows,
    my_rows,
    my_waiting_rows,
    request_rows,
)
from referrals.views.teaching import day_context
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Permission, Role, Stream
from s2s_portal.organisations.permissions import can, requires, roles_of

NEWEST = 5
"""How many requests and drafts the page shows; the lists have the rest."""


@requires(Permission.USE_PORTAL)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One part for each role the person holds; what a part shows is looked up only for those who get it."""
    roles = roles_of(request.user)
    context: dict[str, object] = {"parts": list(dict.fromkeys(name for role, name in PARTS if role in roles))}
    if roles & STREAM_OF_ROLE.keys():
        context |= _adviser(request)
    if Role.S2S_COORDINATOR in roles:
        newest = requests.listed(Asking(request.user), requests.Filters())[:NEWEST]
        context |= {"newest": request_rows(newest), "columns": REQUEST_COLUMNS}
        context["desk"] = tabs(desk_at(asking(request), request.at))
    if Role.S2S_TEACHER in roles:
        context |= day_context(request)
    if Role.COMMISSIONER in roles:
        context["standings"] = quota_queries.standings(quota_queries.quotas_at(request.at))
        context["queues"] = waiting.queues(Asking(request.user), streams=list(Stream), at=request.at)
        context["moves"] = quota_queries.moves_to_decide(request.user)
    return render(request, "referrals/home.html", context)


PARTS = (
    (Role.EARLY_YEARS_ADVISER, "adviser"),
    (Role.SEND_ADVISER, "adviser"),
    (Role.S2S_COORDINATOR, "coordinator"),
    (Role.S2S_TEACHER, "teacher"),
    (Role.COMMISSIONER, "commissioner"),
    (Role.ADMINISTRATOR, "administrator"),
    (Role.AUDITOR, "auditor"),
)


def _adviser(request: HttpRequest) -> dict[str, object]:
    """Places left in the streams the person files for, their drafts, what they sent last, and what of it waits."""
    user, today = request.user, calendar.london_date(request.at)
    streams = {STREAM_OF_ROLE[role] for role in roles_of(user) if role in STREAM_OF_ROLE}
    mine = requests.listed(Asking(user), requests.Filters(mine=True))[:NEWEST]
    return {
        "places": [places for places in all_places_now(at=request.at) if places.stream in streams],
        "drafts": draft_rows(drafts.listed(user, today)[:NEWEST], user=user, today=today),
        "mine": my_rows(mine),
        "my_columns": MY_COLUMNS,
        "my_waiting": my_waiting_rows(waiting.mine(user)[:NEWEST]),
        "my_waiting_columns": MY_WAITING_COLUMNS,
        "draft_columns": DRAFT_COLUMNS,
        "files_cohorts": can(user, Permission.FILE_COHORTS),
    }
