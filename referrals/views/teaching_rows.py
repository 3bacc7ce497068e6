"""Lines of a teacher's day, sheet and caseload. Initials only: no child is named."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from referrals.choices import BookingState, EndState
from referrals.views.rows import Cell, status_tag
from s2s_portal.core import calendar, spoken
from s2s_portal.core.calendar import DayKind

SHEET_COLUMNS = [{"label": label} for label in ("Time", "School or setting", "Phone", "Visit", "Who", "Reference")]
CASE_COLUMNS = [{"label": label} for label in ("Reference", "School or setting", "Status", "Next step", "Due")]
ENDED_COLUMNS = [{"label": label} for label in ("Reference", "School or setting", "Status", "Sent", "Ended")]


# --- Words ---
def clock_cell(clock: Any) -> dict[str, str]:
    """A clock as a cell: when it is due, and what is meant to be done by then."""
    what = clock.clock.label
    if clock.paused:
        return {"text": "Paused", "colour": "grey", "hint": what}
    if clock.due_on is None:
        return {"text": "No date", "hint": f"{what}: term dates are not entered"}
    hint = f"{what} by {spoken.day(clock.due_on)}"
    if clock.is_overdue:
        return {"text": f"{working_days(-clock.days_left)} late", "colour": "red", "hint": hint}
    if clock.is_today:
        return {"text": "Today", "colour": "orange", "hint": hint}
    return {"text": f"In {working_days(clock.days_left)}", "hint": hint}


def working_days(count: int) -> str:
    """ "1 working day", "3 working days"."""
    return f"{count} working day{'' if count == 1 else 's'}"


def tel(number: str) -> str:
    """The address by which a phone calls a number as people write it: "tel:01603496001"; "" for none."""
    dial = spoken.dialled(number)
    return f"tel:{dial}" if dial else ""


def with_day(request: HttpRequest, name: str, day: date) -> str:
    """This page's address about another day; whose it shows stays."""
    query = request.GET.copy()
    query[name] = day.isoformat()
    return f"{request.path}?{query.urlencode()}"


def request_url(reference: str) -> str:
    """A request's page."""
    return reverse("referrals:referral_detail", args=[reference])


# --- The day ---
_SHUT = {
    DayKind.BANK_HOLIDAY: "is a bank holiday",
    DayKind.CLOSED: "is a day on which schools and settings are closed",
    DayKind.STAFF_ONLY: "is a training day: no children are in",
}


def days_off(leave: Iterable[Any], shut: Iterable[tuple[date, DayKind]]) -> list[str]:
    """The teacher's leave and the county's closed days, each in a sentence."""
    own = [f"You are on leave: {spoken.stretch(one.starts_on, one.ends_on)}." for one in leave]
    return own + [f"{day:%A} {spoken.day(day)} {_SHUT[kind]}." for day, kind in shut]


def todays_visit(one: Any) -> dict[str, Any]:
    """A visit of today as day_parts.html shows it."""
    visit = one.visit
    return visit_line(visit) | {
        "hours": spoken.hours(visit.starts_at, visit.ends_at),
        "place": visit.place,
        "address": ", ".join(visit.address),
        "contact": visit.contact,
        "telephone": visit.telephone,
        "tel": tel(visit.telephone),
        "step": one.step,
        "step_url": step_url(visit),
        "is_held": visit.state == BookingState.HELD,
        "covering": one.covering,
        "is_doubtful": visit.is_doubtful,
    }


def visit_line(visit: Any) -> dict[str, Any]:
    """A visit in one line: when, what, where, who."""
    return {
        "time": spoken.clock_time(visit.starts_at),
        "kind": visit.kind.label,
        "establishment": visit.establishment,
        "reference": visit.reference,
        "child": visit.child,
        "teacher": visit.teacher,
        "covering": visit.covering,
        "url": visit_url(visit),
        "request_url": request_url(visit.reference),
    }


def visit_url(visit: Any) -> str:
    """A visit's own page."""
    return reverse("referrals:booking_detail", args=[visit.key])


def step_url(visit: Any) -> str:
    """Where the outcome of a visit is told, or, once it is known, its record written."""
    route = "record_write" if visit.state == BookingState.HELD else "visit_outcome"
    return reverse(f"referrals:{route}", args=[visit.key])


def overdue_line(one: Any) -> dict[str, str]:
    """Something that is late, with the request it is about."""
    line = case_line(one.case)
    if one.clock is None:
        return line | {"what": one.case.step, "late": "Not told yet"}
    return line | {"what": one.clock.clock.label, "late": clock_cell(one.clock)["text"], "by": _by(one.clock)}


def contact_line(case: Any) -> dict[str, str]:
    """A request whose school or setting is to be reached."""
    clock = case.contact_clock
    number = case.referral.contact_telephone or case.referral.establishment.telephone
    due = clock_cell(clock)["text"]
    line = {"due": due, "by": _by(clock), "contact": case.referral.contact_name, "telephone": number}
    return case_line(case) | line | {"tel": tel(number)}


def covering_line(case: Any) -> dict[str, str]:
    """A request that is covered for a colleague."""
    return case_line(case) | {"until": spoken.day(case.until), "step": case.step}


def case_line(case: Any) -> dict[str, str]:
    """What every line about a request says."""
    return {
        "reference": case.referral.reference,
        "url": request_url(case.referral.reference),
        "establishment": case.referral.establishment.display_name,
        "child": case.child,
        "covering": case.covering,
    }


def _by(clock: Any) -> str:
    return f"by {spoken.day(clock.due_on)}" if clock.due_on else ""


def next_words(visit: Any) -> str:
    """When the next visit is, in a sentence; for when there is none today."""
    if visit is None:
        return "None is planned."
    return f"Your next is on {visit.day:%A} {spoken.day(visit.day)} at {spoken.clock_time(visit.starts_at)}."


# --- The sheet ---
def sheets(visits: Iterable[Any]) -> list[tuple[str, list[list[Cell]]]]:
    """For each teacher by name the lines of their sheet, as `SHEET_COLUMNS`."""
    ordered = sorted(visits, key=lambda visit: (visit.teacher, visit.teacher_id, visit.starts_at))
    by_teacher = groupby(ordered, key=lambda visit: (visit.teacher, visit.teacher_id))
    return [(teacher, [_sheet_row(visit) for visit in some]) for (teacher, _), some in by_teacher]


def _sheet_row(visit: Any) -> list[Cell]:
    where = "" if visit.place == visit.establishment else f"at {visit.place}" if visit.address else visit.place
    address = ", ".join(visit.address)
    return [
        {"text": spoken.hours(visit.starts_at, visit.ends_at), "nowrap": "yes"},
        {"text": visit.establishment, "hint": ": ".join(part for part in (where, address) if part)},
        {"text": visit.telephone, "hint": visit.contact, "nowrap": "yes"},
        {"text": visit.kind.label, "hint": f"Covering for {visit.covering}"} if visit.covering else visit.kind.label,
        visit.child,
        {"text": visit.reference, "nowrap": "yes"},
    ]


# --- The caseload ---
def case_row(case: Any) -> list[Cell]:
    """An open request, as `CASE_COLUMNS`."""
    due: Cell = clock_cell(case.clocks[0]) if case.clocks else ""
    return [*_first_cells(case), status_tag(case.status), case.step, due]


def ended_row(case: Any) -> list[Cell]:
    """A request that has ended, as `ENDED_COLUMNS`."""
    referral = case.referral
    status: Any = status_tag(case.status)
    if referral.end_state:
        status |= {"hint": EndState(referral.end_state).label}
    ended = spoken.day(calendar.london_date(referral.ended_at)) if referral.ended_at else ""
    return [*_first_cells(case), status, spoken.day(calendar.london_date(referral.submitted_at)), ended]


def _first_cells(case: Any) -> list[Cell]:
    line = case_line(case)
    covering = f"Covering for {case.covering} until {spoken.day(case.until)}" if case.covering else ""
    hint = f"{line['child'].rstrip('.')}. {covering}" if covering else line["child"]
    return [
        {"text": line["reference"], "url": line["url"], "nowrap": "yes"},
        {"text": line["establishment"], "hint": hint},
    ]
