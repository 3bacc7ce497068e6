"""The school calendar: everybody looks at it, administrators change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from s2s_portal.core import spoken
from s2s_portal.core.calendar import academic_year, london_date
from s2s_portal.organisations.actions import calendar as actions
from s2s_portal.organisations.choices import Permission
from s2s_portal.organisations.forms.calendar import BankHolidayForm, ChangeForm, ClosureForm, RemoveForm, TermForm
from s2s_portal.organisations.permissions import can, requires
from s2s_portal.organisations.queries import calendar
from s2s_portal.organisations.queries.calendar_words import calendar_history
from s2s_portal.organisations.views import calendar_rows as rows
from s2s_portal.organisations.views.editing import change, gone, values_of


@dataclass(frozen=True)
class Part:
    """One part of the calendar: what it is called, and how it is found and changed."""

    word: str
    form: type[ChangeForm]
    find: Callable[[int], Any]
    add: Callable[..., object]
    change: Callable[[Any], Callable[..., object]]
    remove: Callable[[Any], Callable[..., object]]


PARTS = {
    "terms": Part(
        word="term",
        form=TermForm,
        find=calendar.find_term,
        add=actions.add_term,
        change=lambda row: partial(actions.change_term, term=row),
        remove=lambda row: partial(actions.remove_term, term=row),
    ),
    "bank-holidays": Part(
        word="bank holiday",
        form=BankHolidayForm,
        find=calendar.find_bank_holiday,
        add=actions.add_bank_holiday,
        change=lambda row: partial(actions.change_bank_holiday, holiday=row),
        remove=lambda row: partial(actions.remove_bank_holiday, holiday=row),
    ),
    "closures": Part(
        word="closure of the whole county",
        form=ClosureForm,
        find=partial(calendar.find_closure, establishment=None),
        add=partial(actions.add_closure, establishment=None),
        change=lambda row: partial(actions.change_closure, closure=row),
        remove=lambda row: partial(actions.remove_closure, closure=row),
    ),
}
CALENDAR = "organisations:calendar"


@require_safe
@requires(Permission.USE_PORTAL)
def calendar_detail(request: HttpRequest) -> HttpResponse:
    """Terms, bank holidays and the county's closures, from this academic year on, and which years are missing."""
    today = london_date(request.at)
    since = date.min if "earlier" in request.GET else date(academic_year(today), 9, 1)
    may_change = can(request.user, Permission.MANAGE_CALENDAR)
    found = calendar.whole_calendar()
    context = {
        "missing": [year.sentence for year in calendar.missing_years(found.days, today)],
        "may_change": may_change,
        "has_earlier": since > found.first_day,
        **_tables(found.since(since), may_change=may_change),
        **rows.history_of(calendar_history(None), request.GET.get("page")),
    }
    return render(request, "organisations/calendar.html", context)


def _tables(found: calendar.WholeCalendar, *, may_change: bool) -> dict[str, object]:
    def url_of(part: str) -> rows.UrlOf:
        return lambda row: reverse("organisations:calendar_change", args=[part, row.pk]) if may_change else ""

    return {
        "term_columns": rows.TERM_COLUMNS,
        "terms": rows.term_rows(found.terms, url_of("terms")),
        "holiday_columns": rows.HOLIDAY_COLUMNS,
        "holidays": rows.holiday_rows(found.bank_holidays, url_of("bank-holidays")),
        "closure_columns": rows.CLOSURE_COLUMNS,
        "closures": rows.closure_rows(found.closures, url_of("closures")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_CALENDAR)
def calendar_add(request: HttpRequest, part: str) -> HttpResponse:
    """A new term, bank holiday or closure of the whole county."""
    one = PARTS[part]
    return change(
        request,
        one.form,
        one.add,
        initial={},
        back_url=reverse(CALENDAR),
        heading=f"Add a {one.word}",
        done=f"The {one.word} has been added.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_CALENDAR)
def calendar_change(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Other dates or words for one line of the calendar; its removal is one link away."""
    one, row = PARTS[part], PARTS[part].find(pk)
    if row is None:
        return gone(request, reverse(CALENDAR))
    return change(
        request,
        one.form,
        one.change(row),
        row=row,
        initial=values_of(row, one.form),
        back_url=reverse(CALENDAR),
        heading=f"Change this {one.word}",
        done=f"The {one.word} has been changed.",
        remove_url=reverse("organisations:calendar_remove", args=[part, pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_CALENDAR)
def calendar_remove(request: HttpRequest, part: str, pk: int) -> HttpResponse:
    """Ask, then take one line out of the calendar."""
    one, row = PARTS[part], PARTS[part].find(pk)
    if row is None:
        return gone(request, reverse(CALENDAR))
    return change(
        request,
        RemoveForm,
        one.remove(row),
        row=row,
        initial={},
        confirm="Remove",
        facts=facts_of(row),
        back_url=reverse(CALENDAR),
        heading=f"Remove this {one.word}?",
        done=f"The {one.word} has been removed.",
    )


def facts_of(row: Any) -> list[dict[str, str]]:
    """What a line of the calendar says, as key and value."""
    days = spoken.day(row.day) if hasattr(row, "day") else spoken.stretch(row.starts_on, row.ends_on)
    what = row.get_kind_display() if hasattr(row, "kind") else getattr(row, "name", "")
    facts = {"What": what, "Days": days, "Note": getattr(row, "note", "")}
    return [{"key": key, "value": value} for key, value in facts.items() if value]
