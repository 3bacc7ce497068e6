"""Visits that go on while a contract takes no requests any more, for commissioners and co-ordinators. No child data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.choices import FateReason
from referrals.queries import run_off as queries
from referrals.views.rows import Cell
from s2s_portal.core import calendar, spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
WEEK_COLUMNS = [{"label": "Week from Monday"}, {"label": "Visits", "numeric": True}]
TEACHER_COLUMNS = [
    {"label": "Teacher"},
    {"label": "Provider school"},
    {"label": "Open requests", "numeric": True},
    {"label": "Visits planned", "numeric": True},
    {"label": "At risk", "numeric": True},
]
RISK_COLUMNS = [{"label": label} for label in ("Request", "Status", "Teacher", "Why it is at risk")]


@requires(Permission.SEE_CONTRACT_ENDS)
@never_cache
@require_safe
def run_off(request: HttpRequest) -> HttpResponse:
    """One contract whose intake is shut: visits by week and by teacher, and requests that may not finish in time."""
    contracts = queries.in_run_off(calendar.london_date(request.at))
    asked = request.GET.get("contract", "")
    contract = next((one for one in contracts if str(one.pk) == asked), contracts[0] if contracts else None)
    context: dict[str, Any] = {"contract": contract, "tabs": _tabs(contracts, contract)}
    if contract is not None:
        context |= _context(request, contract)
    return render(request, "referrals/run_off.html", context)


def _tabs(contracts: list[Any], current: Any) -> list[dict[str, Any]]:
    address = reverse("referrals:run_off")
    return [{"label": one.name, "url": f"{address}?contract={one.pk}", "current": one == current} for one in contracts]


def _context(request: HttpRequest, contract: Any) -> dict[str, Any]:
    found = queries.run_off_of(contract, request.at)
    page = page_of(found.risks, request.GET.get("page"), size=ROWS_A_PAGE)
    today = calendar.london_date(request.at)
    return {
        "found": found,
        "over": today > contract.run_off_ends_on,
        "days_left": (contract.run_off_ends_on - today).days,
        "week_columns": WEEK_COLUMNS,
        "weeks": [_week_row(week) for week in found.weeks],
        "teacher_columns": TEACHER_COLUMNS,
        "teachers": [
            [row.teacher or "No teacher yet", row.school, str(row.requests), str(row.visits), str(row.at_risk)]
            for row in found.teachers
        ],
        "page": page,
        "risk_columns": RISK_COLUMNS,
        "risks": [_risk_row(one, reason) for one, reason in queries.requests_of(page)],
    }


def _week_row(week: Any) -> list[Cell]:
    late = f"{week.late} after the last day of visits" if week.late else ""
    return [{"text": spoken.day(week.starts_on), "hint": late}, str(week.visits)]


def _risk_row(one: Any, reason: FateReason) -> list[Cell]:
    why = reason.label
    if reason == FateReason.VISIT_TOO_LATE:
        why = f"A visit is planned on {spoken.moment(one.last_visit_at)}, after the last day of visits."
    return [
        {
            "text": one.reference,
            "url": reverse("referrals:referral_detail", args=[one.reference]),
            "hint": f"{one.establishment.display_name}, {one.get_stream_display()}",
            "nowrap": "yes",
        },
        one.get_status_display(),
        one.teacher.full_name if one.teacher else "None yet",
        why,
    ]
