"""What people were reminded of, what comes, and what was not sent and why. No child data on any of these pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.choices import ReminderState
from referrals.forms.reminders import ReminderFilterForm
from referrals.queries import reminders as queries
from referrals.queries import reminding
from referrals.reminders import coming
from referrals.views.asking import asking, found_or_404
from referrals.views.reminder_rows import (
    ABOUT_ONE_COLUMNS,
    COLUMNS,
    COMING_COLUMNS,
    coming_of_one,
    coming_rows,
    rows_of_one,
    written_rows,
)
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires

ROWS_A_PAGE = 25
SENT, NEXT, NOT_SENT = "sent", "next", "not-sent"
TITLES = {SENT: "Sent", NEXT: "To come", NOT_SENT: "Not sent, and why"}
STATES = {SENT: ReminderState.SENT, NOT_SENT: ReminderState.NOT_SENT}


@requires(Permission.SEE_REMINDERS)
@never_cache
@require_safe
def reminder_list(request: HttpRequest) -> HttpResponse:
    """What was sent, what comes in the next five working days, or what was not sent."""
    show = request.GET.get("show", "")
    show = show if show in TITLES else SENT
    form = ReminderFilterForm(request.GET)
    kind = form.chosen()
    context = {"form": form, "tabs": _tabs(show, kind), "heading": TITLES[show], "show": show}
    context |= _coming(request, kind) if show == NEXT else _written(request, STATES[show], kind)
    return render(request, "referrals/reminder_list.html", context)


def _written(request: HttpRequest, state: ReminderState, kind: str) -> dict[str, Any]:
    page = page_of(queries.listed(state=state, kind=kind), request.GET.get("page"), size=ROWS_A_PAGE)
    lines = list(page)
    opened = queries.opened_by(asking(request), [line.subject for line in lines])
    return {"page": page, "columns": COLUMNS[state], "rows": written_rows(lines, opened)}


def _coming(request: HttpRequest, kind: str) -> dict[str, Any]:
    outlook = coming.outlook(request.at, kind=kind)
    page = page_of(outlook.lines, request.GET.get("page"), size=ROWS_A_PAGE)
    opened = queries.opened_by(asking(request), [line.subject for line in page])
    return {"page": page, "columns": COMING_COLUMNS, "rows": coming_rows(page, opened), "outlook": outlook}


def _tabs(current: str, kind: str) -> list[dict[str, Any]]:
    address = reverse("referrals:reminder_list")
    kept = f"&kind={kind}" if kind else ""
    return [
        {"label": title, "url": f"{address}?show={show}{kept}", "current": show == current}
        for show, title in TITLES.items()
    ]


@requires(Permission.USE_PORTAL)
@never_cache
@require_safe
def referral_reminders(request: HttpRequest, reference: str) -> HttpResponse:
    """What was and what will be reminded of one request."""
    referral = found_or_404(asking(request), reference)
    page = page_of(reminding.written_of(referral.reference), request.GET.get("page"), size=ROWS_A_PAGE)
    ahead = coming.of_request(referral, request.at)
    context = {
        "referral": referral,
        "page": page,
        "columns": ABOUT_ONE_COLUMNS,
        "rows": rows_of_one(page),
        "coming_columns": [column for column in COMING_COLUMNS if column["label"] != "About"],
        "coming_rows": coming_of_one(ahead),
    }
    return render(request, "referrals/referral_reminders.html", context)
