"""Lines of the calendar's pages as cells of a table (core.templatetags.tables)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import capfirst

from s2s_portal.core import spoken
from s2s_portal.core.pages import page_of
from s2s_portal.organisations.forms.calendar import WEEKDAYS
from s2s_portal.organisations.views.rows import Cell

TERM_COLUMNS = [{"label": label} for label in ("Term", "Pupils attend, and how well supported")]
HOLIDAY_COLUMNS = [{"label": label} for label in ("Day", "Bank holiday")]
CLOSURE_COLUMNS = [{"label": label} for label in ("Days", "What happens", "Note")]
HISTORY_COLUMNS = [{"label": label} for label in ("What", "Was", "Is now", "Why", "Who and when")]
PLACE_COLUMNS = [{"label": label} for label in ("School or setting", "Days", "What happens")]
TEACHER_COLUMNS = [{"label": label} for label in ("Teacher", "Works", "Leave")]
LEAVE_COLUMNS = [{"label": label} for label in ("Days away", "Note", "Change")]
MOST_LEAVE = 3
"""Stretches of leave that the list of teachers tells of; their own page has all."""

UrlOf = Callable[[Any], str]
"""The page that changes a row; "" for somebody who only looks."""


def term_rows(terms: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each stretch of term, as `TERM_COLUMNS`."""
    return [
        [
            _linked(term.name, url_of(term)),
            {"text": spoken.stretch(term.starts_on, term.ends_on), "hint": term.support or "Nobody has said how well"},
        ]
        for term in terms
    ]


def holiday_rows(holidays: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each bank holiday, as `HOLIDAY_COLUMNS`."""
    return [[_linked(f"{one.day:%A} {spoken.day(one.day)}", url_of(one)), one.name] for one in holidays]


def closure_rows(closures: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each closure, as `CLOSURE_COLUMNS`."""
    return [[_linked(_days(one), url_of(one)), one.get_kind_display(), one.note] for one in closures]


def history_of(changes: Any, asked_page: str | None) -> dict[str, Any]:
    """What was changed, page by page, the newest first: the context of `_calendar_history.html`."""
    page = page_of(changes, asked_page)
    cells: list[list[Cell]] = [
        [
            capfirst(one.what),
            one.was,
            one.now,
            one.reason,
            {"text": one.by.full_name, "hint": spoken.moment(one.at)},
        ]
        for one in page
    ]
    return {"page": page, "history": cells, "history_columns": HISTORY_COLUMNS}


def place_rows(closures: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each closure with its school or setting, as `PLACE_COLUMNS`."""
    return [
        [
            {"text": one.establishment.display_name, "url": url_of(one.establishment), "hint": one.establishment.where},
            _days(one),
            {"text": one.get_kind_display(), "hint": one.note},
        ]
        for one in closures
    ]


def teacher_rows(teachers: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each `queries.calendar.TeacherDays`, as `TEACHER_COLUMNS`."""
    return [
        [
            {"text": one.person.full_name, "url": url_of(one.person), "hint": one.home_school},
            weekdays_in_words(one.weekdays),
            "; ".join(_days(leave) for leave in one.leave[:MOST_LEAVE]) + ("; …" if one.leave[MOST_LEAVE:] else ""),
        ]
        for one in teachers
    ]


def leave_rows(leave: Iterable[Any], url_of: UrlOf) -> list[list[Cell]]:
    """One line for each stretch of leave, as `LEAVE_COLUMNS`."""
    return [[_days(one), one.note, {"text": f"Remove {_days(one)}", "url": url_of(one)}] for one in leave]


def weekdays_in_words(weekdays: Iterable[int]) -> str:
    """Days of the week (Monday is 0) as "Monday to Friday" or "Monday, Tuesday and Friday"."""
    names = [WEEKDAYS[number] for number in sorted(weekdays)]
    if len(names) == len(WEEKDAYS):
        return "Monday to Friday"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _days(row: Any) -> str:
    return spoken.stretch(row.starts_on, row.ends_on)


def _linked(text: str, url: str) -> Cell:
    return {"text": text, "url": url} if url else text
