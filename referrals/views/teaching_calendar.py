"""Visits in a calendar: by week and by month, a teacher's own or, for a co-ordinator, anybody's."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.forms.teaching import day_in
from referrals.queries import weeks
from referrals.rules.teaching import words_of_day
from referrals.views.teaching_rows import visit_line
from referrals.views.teaching_whose import Whose, whose
from s2s_portal.core import spoken
from s2s_portal.core.calendar import SATURDAY, DayKind, london_date, monday_of
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.permissions import requires
from s2s_portal.organisations.queries.calendar import away_on, days_of, each_day

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)
MOST_A_DAY = 5
"""Visits of one day that the month shows; the week has all."""
SHUT = (DayKind.CLOSED, DayKind.STAFF_ONLY)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@requires(Permission.SEE_VISITS)
@never_cache
@require_safe
def visits_week(request: HttpRequest) -> HttpResponse:
    """The week around a day, from Monday; the days of a week are those of London, on both clock changes."""
    on = day_in(request.GET.get("from", ""), london_date(request.at))
    monday = monday_of(on)
    return _calendar(
        request,
        monday,
        monday + SUNDAY,
        heading=f"Week of {spoken.day(monday)}",
        around=(monday - WEEK, monday + WEEK),
        unit="week",
    )


@requires(Permission.SEE_VISITS)
@never_cache
@require_safe
def visits_month(request: HttpRequest) -> HttpResponse:
    """The month around a day, in whole weeks."""
    on = day_in(request.GET.get("from", ""), london_date(request.at))
    first = on.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return _calendar(
        request,
        first,
        following - timedelta(days=1),
        heading=f"{first:%B %Y}",
        around=(before, following),
        unit="month",
    )


def _calendar(
    request: HttpRequest, first: date, last: date, *, heading: str, around: tuple[date, date], unit: str
) -> HttpResponse:
    today, whom = london_date(request.at), whose(request)
    most = MOST_A_DAY if unit == "month" else None
    cells = _days(whom, first, last, today=today, most=most, week_url=lambda day: _page(request, "week", day))
    with_weekend = any(day.weekday() >= SATURDAY and cell["visits"] for day, cell in cells.items())
    context = {
        "heading": heading,
        "unit": unit,
        "from": first,
        "whom": whom,
        "weekdays": WEEKDAYS if with_weekend else WEEKDAYS[:SATURDAY],
        "weeks": _weeks(cells, first, last, with_weekend=with_weekend),
        "is_empty": not any(cell["visits"] for cell in cells.values()),
        "tabs": _tabs(request, first, unit),
        "previous_url": _page(request, unit, around[0]),
        "next_url": _page(request, unit, around[1]),
        "today_url": _page(request, unit, today),
        "sheet_url": _with(request, reverse("referrals:day_sheet"), on=today.isoformat()),
    }
    return render(request, "referrals/calendar.html", context)


def _days(
    whom: Whose, first: date, last: date, *, today: date, most: int | None, week_url: Callable[[date], str]
) -> dict[date, dict[str, Any]]:
    """For each day what the calendar says of it, and its visits, `most` of them at most."""
    # Everybody's calendar has each visit with those who go.
    found = weeks.visits(whom.ids, first, last) if whom.is_everyone else weeks.diary(whom.ids, first, last, today=today)
    days = days_of({visit.establishment_id for visit in found})
    away = away_on(whom.ids, first, last)
    by_day = {day: list(some) for day, some in groupby(found, key=lambda visit: visit.day)}
    cells = {}
    for day in each_day(first, last):
        visits = by_day.get(day, [])
        lines = [_line(visit, days[visit.establishment_id].kind_of(day), whom) for visit in visits[:most]]
        cells[day] = {
            "day": day,
            "is_today": day == today,
            "notes": [words for words in (words_of_day(day, days[None]), *_away(whom, away, day)) if words],
            "visits": lines,
            "more": len(visits) - len(lines),
            "week_url": week_url(day),
        }
    return cells


def _line(visit: Any, kind: DayKind, whom: Whose) -> dict[str, Any]:
    """A visit as a calendar shows it; `warning` where its school or setting is not open to it that day."""
    warning = "Closed that day" if kind == DayKind.CLOSED else "Training day" if kind in SHUT else ""
    warning = warning or ("To check" if visit.is_doubtful else "")
    return visit_line(visit) | {"warning": warning, "whose": visit.teacher if whom.is_everyone else ""}


def _away(whom: Whose, away: dict[int, dict[date, Any]], day: date) -> Iterable[str]:
    """Who is away on a day, and why."""
    for person in whom.teachers:
        why = away[person.pk].get(day)
        if why is not None:
            yield f"{person.full_name} {why.label}" if whom.is_everyone else why.label.capitalize()


def _weeks(cells: dict[date, dict[str, Any]], first: date, last: date, *, with_weekend: bool) -> list[dict[str, Any]]:
    """The days in rows of a week, None where a day belongs to another month, and whether there is nothing in a row."""
    length = 7 if with_weekend else SATURDAY
    mondays = [day for day in each_day(monday_of(first), last) if day.weekday() == 0]
    rows = [[cells.get(monday + timedelta(days=number)) for number in range(length)] for monday in mondays]
    return [{"days": row, "is_empty": not any(map(_shows_something, row))} for row in rows if any(row)]


def _shows_something(cell: dict[str, Any] | None) -> bool:
    return cell is not None and bool(cell["visits"] or cell["notes"] or cell["is_today"])


def _tabs(request: HttpRequest, day: date, unit: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _page(request, name, day), "current": unit == name}
        for label, name in (("Week", "week"), ("Month", "month"))
    ]


def _page(request: HttpRequest, unit: str, day: date) -> str:
    """The week or month around a day, of the same teacher."""
    return _with(request, reverse(f"referrals:visits_{unit}"), **{"from": day.isoformat()})


def _with(request: HttpRequest, url: str, **changes: str) -> str:
    """Another page about the same teacher."""
    kept = {"teacher": request.GET["teacher"]} if "teacher" in request.GET else {}
    return f"{url}?{urlencode(kept | changes)}"
