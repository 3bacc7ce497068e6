"""Where a person begins: for each role, what there is to do and to know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quotas import queries as quota_queries
from quotas.choices import Intake
from referrals.permissions import Asking
from referrals.queries import contract_end_lines, contract_ends, drafts, lapsed, requests, waiting
from referrals.queries.desk import desk_at
from referrals.queries.places import all_places_now
from referrals.queries.set_up import set_up_at
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
from s2s_portal.notifications.queries import messages
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Permission, Role, Stream
from s2s_portal.organisations.permissions import can, requires, roles_of

NEWEST = 5
"""How many requests and drafts the page shows; the lists have the rest."""
MOST_ASKED = 25
"""Questions of a contract's end that the page names; those that are answered make room for the next."""


@requires(Permission.USE_PORTAL)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One part for each role the person holds; what a part shows is looked up only for those who get it."""
    roles = roles_of(request.user)
    context: dict[str, object] = {"parts": list(dict.fromkeys(name for role, name in PARTS if role in roles))}
    context |= {"unread": messages.unread(request.user), "failures": messages.failures_for(request.user)}
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
        context["ends"] = contract_ends.waiting_for(request.user)
        context["not_set_up"] = not context["standings"]
    if Role.ADMINISTRATOR in roles:
        context["not_set_up"] = not set_up_at(request.at, asking=request.user).is_complete
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
    places = [places for places in all_places_now(at=request.at) if places.stream in streams]
    opened_on = next((one.opens_on for one in places if one.intake == Intake.OPEN), None)
    return {
        "places": places,
        "takes_requests": opened_on is not None,
        "asked_about_end": list(contract_end_lines.asked_of(user)[:MOST_ASKED]),
        "drafts": draft_rows(drafts.listed(user, today)[:NEWEST], user=user, today=today),
        "mine": my_rows(mine),
        "my_columns": MY_COLUMNS,
        "my_waiting": my_waiting_rows(waiting.mine(user)[:NEWEST]),
        "my_waiting_columns": MY_WAITING_COLUMNS,
        "draft_columns": DRAFT_COLUMNS,
        "to_ask_again": lapsed.lapsed_before(user, opened_on).count() if opened_on else 0,
        "files_cohorts": can(user, Permission.FILE_COHORTS),
    }
