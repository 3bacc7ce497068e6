"""Lines of the pages of reminders as cells of a table (core.templatetags.tables)."""

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from referrals.choices import ReminderKind, ReminderState
from referrals.queries.reminders import about
from referrals.reminders.coming import Coming
from s2s_portal.core import spoken

Cell = str | int | dict[str, Any]

COLUMNS = {
    ReminderState.SENT: [{"label": label} for label in ("Reminder", "About", "Sent", "To")],
    ReminderState.NOT_SENT: [{"label": label} for label in ("Reminder", "About", "Was due", "Not sent because")],
}
COMING_COLUMNS = [{"label": label} for label in ("Reminder", "About", "Goes", "To")]
ABOUT_ONE_COLUMNS = [{"label": label} for label in ("Reminder", "Was due", "What became of it")]
STEPS = {
    ReminderKind.DRAFT_UNSENT: "{} working day{} before requests close",
    ReminderKind.NOT_ASSIGNED: "Working day {} since it has had its place",
    ReminderKind.FIRST_CONTACT: "Working day {} since it has had its place, not counting pauses",
    ReminderKind.INFORMATION: "Working day {} after the question",
    ReminderKind.NOT_CHOSEN: "Working day {} after times were offered",
    ReminderKind.VISIT_AHEAD: "{} working day{} before the visit",
    ReminderKind.RECORD_OVERDUE: "Working day {} after the visit",
    ReminderKind.NOT_CONFIRMED: "Working day {} after the record",
    ReminderKind.CONTRACT_END: "{} working day{} before the contract ends",
}
"""Which of a kind's reminders a line is; kinds that have one only need no words."""


def written_rows(lines: Iterable[Any], opened: Collection[str]) -> list[list[Cell]]:
    """One line for each that was written down, as `COLUMNS` of its state; a request in `opened` is a link."""
    return [
        [
            _what(line.kind, line.step),
            _about(line.subject, opened),
            spoken.moment(line.at if line.state == ReminderState.SENT else line.due_at),
            {"text": line.told, "hint": f"Not to everybody: {line.why}." if line.why else ""}
            if line.state == ReminderState.SENT
            else _because(line.why),
        ]
        for line in lines
    ]


def coming_rows(lines: Iterable[Coming], opened: Collection[str]) -> list[list[Cell]]:
    """One line for each that comes, as `COMING_COLUMNS`."""
    return [
        [_what(line.kind, line.step), _about(line.subject, opened), spoken.moment_with_weekday(line.at), line.to]
        for line in lines
    ]


def coming_of_one(lines: Iterable[Coming]) -> list[list[Cell]]:
    """What comes about one request, without saying about which."""
    return [[_what(line.kind, line.step), spoken.moment_with_weekday(line.at), line.to] for line in lines]


def rows_of_one(lines: Iterable[Any]) -> list[list[Cell]]:
    """What was written down about one request, as `ABOUT_ONE_COLUMNS`."""
    return [[_what(line.kind, line.step), spoken.moment(line.due_at), _became(line)] for line in lines]


def _became(line: Any) -> Cell:
    if line.state == ReminderState.SENT:
        hint = f"Not to everybody: {line.why}." if line.why else ""
        return {"text": f"Sent on {spoken.moment(line.at)} to {line.told}", "hint": hint}
    return f"Not sent because {line.why}."


def _what(kind: str, step: int) -> Cell:
    words = STEPS.get(ReminderKind(kind), "")
    return {"text": ReminderKind(kind).label, "hint": words.format(step, "" if step == 1 else "s")}


def _about(subject: str, opened: Collection[str]) -> Cell:
    url = reverse("referrals:referral_reminders", args=[subject]) if subject in opened else ""
    return {"text": about(subject), "url": url, "nowrap": "yes"}


def _because(why: str) -> str:
    return f"{capfirst(why)}."
