"""Texts that the council may change: another wording from now or from a day to come. No wording is ever lost."""

from datetime import date, datetime

from django.db import transaction

from s2s_portal.core import calendar, spoken
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile, one_at_a_time
from s2s_portal.organisations.choices import AuditKind, Permission
from s2s_portal.organisations.documents import TEXTS
from s2s_portal.organisations.models import EditableText, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries import texts


@transaction.atomic
def set_text(
    *, key: str, body: str, from_day: date | None, reason: str, seen: int, by: User, at: datetime
) -> EditableText:
    """Let the text `key` read `body` from now, or from the beginning of `from_day` in London.

    `seen` is the id of the wording that was set last when the person looked, 0 for none. The same again writes nothing.
    Raises `NotAllowed` unless `by` may change settings, `ChangedMeanwhile`, and `CannotChange`.
    """
    check(by, Permission.CHANGE_SETTINGS)
    if key not in TEXTS:
        raise CannotChange("There is no such text.")
    one_at_a_time()
    starts_at = _start(from_day, at)
    newest = texts.newest(key)
    if newest is not None and newest.pk != seen:
        if _same(newest, body, starts_at, by=by, from_now=from_day is None):
            return newest  # pressed twice
        raise ChangedMeanwhile(_somebody_else(newest), str(newest.pk))
    if texts.text(key, starts_at) == body:
        raise CannotChange("It reads like this already at that time", "body")
    audit.record(kind=AuditKind.WRITE, what="set a text", reference=f"text {key}", by=by)
    return EditableText.objects.create(
        key=key, body=body, in_force_from=starts_at, set_by=by, written_at=at, reason=reason
    )


def _start(from_day: date | None, at: datetime) -> datetime:
    if from_day is None:
        return at
    starts_at = calendar.starts_at(from_day)
    if starts_at <= at:
        raise CannotChange("The day must be later than today. Leave it empty to change the text now", "from_day")
    return starts_at


def _same(row: EditableText, body: str, starts_at: datetime, *, by: User, from_now: bool) -> bool:
    """Whether `row` is what this press asks for: a second press of "now" comes a moment after the first."""
    on_time = row.in_force_from <= starts_at if from_now else row.in_force_from == starts_at
    return on_time and (row.body, row.set_by_id) == (body, by.pk)


def _somebody_else(row: EditableText) -> str:
    return f"{row.set_by} has set another wording, from {spoken.moment(row.in_force_from)}, while you were writing"
