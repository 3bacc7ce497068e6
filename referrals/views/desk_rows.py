"""Lines of a co-ordinator's desk as cells of a table (core.templatetags.tables)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from referrals.choices import Status
from referrals.documents.clocks import clock_in_words
from referrals.queries import desk as queries
from referrals.queries.desk import Desk, Tray
from referrals.views.rows import Cell
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date

TITLES = {
    Tray.TO_GIVE: "Not yet given to a teacher",
    Tray.RETURNED: "More information awaited",
    Tray.OVERDUE: "First contact overdue",
    Tray.DOUBTFUL: "Visits in doubt",
    Tray.UNTOLD: "Outcome of visit missing",
}
EMPTY = {
    Tray.TO_GIVE: ("Every request has been given to a teacher", "New ones appear here as soon as they are sent."),
    Tray.RETURNED: ("Nothing is awaited", "Requests appear here while S2S waits for more information about them."),
    Tray.OVERDUE: ("No first contact is overdue", "Every teacher has reached the school or setting in time."),
    Tray.DOUBTFUL: ("No visit is in doubt", "A visit appears here when what it was booked by has changed."),
    Tray.UNTOLD: ("No outcome is missing", "A visit appears here once it is over, until somebody tells how it went."),
}
_LABELS = {
    Tray.TO_GIVE: ("Request", "School or setting", "Needs", "Place drawn", "Due", "Next step"),
    Tray.RETURNED: ("Request", "School or setting", "Asked", "Adviser", "Due"),
    Tray.OVERDUE: ("Request", "School or setting", "Teacher", "Due"),
    Tray.DOUBTFUL: ("Visit", "School or setting", "Teacher", "Why it is in doubt"),
    Tray.UNTOLD: ("Visit", "School or setting", "Teacher", "It was over"),
}
TODAY = "Today"
COLUMNS = {tray: [{"label": label} for label in labels] for tray, labels in _LABELS.items()}


def lines_of(tray: Tray, rows: list[Any], desk: Desk) -> list[list[Cell]]:
    """One line of cells for each row of a tray, as `COLUMNS`. No child's name is among them."""
    if tray == Tray.DOUBTFUL:
        return [[*_visit(one), _doubt(one)] for one in rows]
    if tray == Tray.UNTOLD:
        return [[*_visit(one), spoken.ago(london_date(one.ends_at), desk.today)] for one in rows]
    clocks = queries.clocks_of(desk, rows)
    draw = {Tray.TO_GIVE: _to_give, Tray.RETURNED: _returned, Tray.OVERDUE: _overdue}[tray]
    return [draw(one, clock_cell(one, clocks[one.pk], desk.today), desk.today) for one in rows]


def _to_give(one: Any, clock: Cell, today: date) -> list[Cell]:
    return [
        *_request(one),
        needs_of(one),
        spoken.ago(london_date(one.place.at), today).capitalize(),
        clock,
        {
            "text": f"Give {one.reference} to a teacher",
            "url": reverse("referrals:referral_assign", args=[one.reference]),
        },
    ]


def _returned(one: Any, clock: Cell, today: date) -> list[Cell]:
    stood = Status(one.returned_from).label
    asked = {"text": spoken.ago(london_date(one.returned_at), today).capitalize(), "hint": f"It stood at: {stood}"}
    return [*_request(one), asked, one.submitted_by.full_name, clock]


def _overdue(one: Any, clock: Cell, today: date) -> list[Cell]:
    return [*_request(one), str(one.teacher or ""), clock]


def _request(one: Any) -> list[Cell]:
    stream = one.get_stream_display().capitalize()
    return [
        {"text": one.reference, "url": _page_of(one.reference), "hint": stream, "nowrap": "yes"},
        {"text": one.establishment.display_name, "hint": one.zone.name},
    ]


def _visit(booking: Any) -> list[Cell]:
    request = booking.referral
    what = f"{booking.get_kind_display()}, {spoken.moment(booking.starts_at)}"
    return [
        {"text": what, "url": _page_of(request.reference), "hint": request.reference},
        request.establishment.display_name,
        str(request.teacher or ""),
    ]


def _doubt(booking: Any) -> Cell:
    more = booking.doubts - 1
    return {"text": booking.why, "hint": f"and {more} more" if more else ""}


def _page_of(reference: str) -> str:
    return reverse("referrals:referral_detail", args=[reference])


def needs_of(one: Any) -> str:
    """The types of need of a request in words."""
    return "; ".join(need.label for need in (one.primary_need, one.secondary_need) if need) or "Not told"


def age_of(one: Any, today: date) -> str:
    """How long ago a request's place was drawn: "6 days", "today"."""
    days = (today - london_date(one.place.at)).days
    return TODAY if days <= 0 else f"{days} day{'' if days == 1 else 's'}"


def clock_cell(referral: Any, clocks: Iterable[Any], today: date) -> Cell:
    """The most urgent clock of a request; what cannot be overlooked is tagged."""
    first = next(iter(clocks), None)
    if first is None:
        return ""
    paused_on = london_date(referral.returned_at) if referral.returned_at else None
    words = clock_in_words(first, today=today, paused_on=paused_on)
    return {"text": words.tag, "colour": words.colour, "hint": words.text} if words.tag else words.text
