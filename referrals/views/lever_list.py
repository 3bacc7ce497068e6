"""Settings: every lever on one page, with what it is now and who set it last."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from referrals.queries.lever_list import TERMS, Levers, levers_at
from referrals.views.lever_fees import cost
from referrals.views.lever_steps import counted
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.organisations.choices import Permission, ReferenceKind, Stream
from s2s_portal.organisations.permissions import can, requires

COLUMNS = [{"label": label} for label in ("Setting", "Now", "Last set by")]
NOBODY = "Nobody yet"
LISTS = {
    ReferenceKind.NEED_TYPE: ("lever_codes", ["types-of-need"], "{} can be chosen today"),
    ReferenceKind.INDES_SECTION: ("lever_codes", ["indes"], "{} can be chosen today"),
    ReferenceKind.KIND: ("lever_kinds", [], "{} in the registers"),
    ReferenceKind.ZONE: ("lever_zones", [], "{} in all"),
}

REFERENCE = (ReferenceKind.KIND, ReferenceKind.ZONE)
"""The administrator's lists (DESIGN §2)."""


@requires(Permission.CHANGE_SETTINGS)
@require_safe
def lever_list(request: HttpRequest) -> HttpResponse:
    """Every lever. One that another role holds is named with whom to ask."""
    rows = list(_rows(request, levers_at(request.at)))
    return render(request, "referrals/lever_list.html", {"columns": COLUMNS, "rows": rows})


def _rows(request: HttpRequest, levers: Levers) -> Iterator[list[Any]]:
    buys = can(request.user, Permission.SET_UP_QUOTAS)
    yield _row("Contracts, periods and their dates", "referrals:contract_list", _dates(levers), buys=buys)
    yield _row("Places", "quotas:quota_list", _places(levers), buys=buys)
    yield _row("Standards and caps of visits", "referrals:standards", _standards(levers), buys=buys)
    yield _row("Fees", "referrals:lever_fees", _fees(levers), buys=buys)
    yield _row("Terms, bank holidays and closed days", "organisations:calendar", _calendar(request, levers))
    yield _row("Texts", "referrals:lever_texts", _texts(levers))
    for kind, (route, args, words) in LISTS.items():
        change = levers.changes.get(kind)
        last = _last(change.by, change.at) if change else NOBODY
        now: Any = words.format(levers.counts[kind])
        if kind in REFERENCE and not can(request.user, Permission.MANAGE_REFERENCE):
            yield [{"text": kind.label, "hint": "An administrator changes them"}, now, last]
        else:
            yield _row(kind.label, f"referrals:{route}", (now, last), args)


def _row(title: str, route: str, now_and_last: tuple[str, Any], args: Any = (), *, buys: bool = True) -> list[Any]:
    leads = {"url": reverse(route, args=args)} if buys else {"hint": "A commissioner sets this"}
    return [{"text": title} | leads, *now_and_last]


def _last(who: Any, at: datetime) -> dict[str, str]:
    return {"text": str(who), "hint": spoken.moment(at)}


def _dates(levers: Levers) -> tuple[str, Any]:
    period, moved = levers.period, levers.moved
    if period is None:
        return "No period yet: no request can be sent", NOBODY
    now = f"{period.contract}: {period}, requests close on {spoken.day(period.requests_close_on)}"
    if moved is not None and moved.at > period.set_at:
        return now, _last(moved.by, moved.at)
    return now, _last(period.set_by, period.set_at)


def _places(levers: Levers) -> tuple[str, Any]:
    if not levers.sizes:
        return "No places yet", NOBODY
    lines = sorted(levers.sizes, key=lambda line: line.quota.stream)
    bought = {key: sum(line.places for line in some) for key, some in groupby(lines, lambda line: line.quota.stream)}
    now = "; ".join(f"{counted(places, 'place')} for {Stream(key).label}" for key, places in bought.items())
    return now, _last(levers.sizes[0].by, levers.sizes[0].at)


def _standards(levers: Levers) -> tuple[str, Any]:
    one, coming = levers.standards.now.standards, levers.standards.coming
    row = (coming or levers.standards.now).row
    now = (
        f"Contact in {counted(one.contact_working_days, 'working day')}, first visit in "
        f"{counted(one.observation_weeks, 'week')}, record in {counted(one.record_working_days, 'working day')}; "
        f"{one.usual_visits} visits are usual, {one.most_visits} the most"
    )
    now += f". A change from {spoken.day(london_date(coming.row.in_force_from))} is waiting" if coming else ""
    return now, _last(row.set_by, row.set_at) if row else NOBODY


def _fees(levers: Levers) -> tuple[str, Any]:
    now = "; ".join(f"{cost(row.rule)} ({Stream(key).label})" for key, row in sorted(levers.fees.items()))
    last = levers.fee_last
    return now or "No fee today: no request can be sent", _last(last.rule.set_by, last.rule.set_at) if last else NOBODY


def _calendar(request: HttpRequest, levers: Levers) -> tuple[str, Any]:
    now: Any = counted(levers.counts[TERMS], "stretch of term", "stretches of term") + " entered"
    if not can(request.user, Permission.MANAGE_CALENDAR):
        now = {"text": now, "hint": "An administrator changes them"}
    return now, levers.calendar_by or NOBODY


def _texts(levers: Levers) -> tuple[str, Any]:
    own = [one.row for one in levers.texts if one.row is not None]
    coming = sum(len(one.coming) for one in levers.texts)
    now = f"{len(own)} of {len(levers.texts)} in the council’s own words"
    now += f", {counted(coming, 'change')} to come" if coming else ""
    rows = own + [row for one in levers.texts for row in one.coming]
    last = max(rows, key=lambda row: row.pk, default=None)
    return now, _last(last.set_by, last.written_at or last.in_force_from) if last else NOBODY
