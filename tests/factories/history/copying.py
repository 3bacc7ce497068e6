"""Copies of whole lives: every row of each, with keys, references, people and places of their own, whole weeks later.

A copy keeps what the actions wrote into columns. So a life is moved in time only where that is true afterwards: its
working days are working days again, a pause has as many of each kind of day, and nothing happens after `NOW`.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from quotas.models import LedgerEntry
from referrals.models import (
    Booking,
    BookingTeacher,
    Closing,
    CohortSchool,
    ContactAttempt,
    Cover,
    Decision,
    DraftReferral,
    Goal,
    GoalOutcome,
    RecordDraft,
    Referral,
    ReferralEvent,
    Retraction,
    RolloverLine,
    SupportWanted,
    Visit,
    VisitRecord,
)
from s2s_portal.organisations.models import Establishment, User, Zone

OF_A_REQUEST: dict[type[models.Model], str] = {
    Referral: "pk",
    Goal: "referral",
    SupportWanted: "referral",
    ReferralEvent: "referral",
    ContactAttempt: "referral",
    Cover: "referral",
    Booking: "referral",
    BookingTeacher: "booking__referral",
    Visit: "referral",
    RecordDraft: "visit__referral",
    VisitRecord: "visit__referral",
    Retraction: "record__visit__referral",
    Closing: "referral",
    GoalOutcome: "closing__referral",
    RolloverLine: "referral",
}
"""Whatever belongs to a request and is counted somewhere, and the way from it to the request."""
OF_A_KEY: dict[type[models.Model], str] = {CohortSchool: "key", Decision: "draft_key", DraftReferral: "key"}
"""What a request is known to by its submission key: its school of a cohort, refusals of its draft, the draft itself."""
COPIED = (*OF_A_REQUEST, *OF_A_KEY, LedgerEntry)
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
Rows = dict[type[models.Model], list[list[Any]]]


@dataclass
class Copy:
    """What is different in one copy: `weeks` later, and what stands for teachers, schools, zones and settings.

    `mapped` has, by table, what stands instead of an id; `texts` instead of a text: references, keys and names.
    """

    weeks: int
    mapped: dict[type[models.Model], dict[int, int]] = field(default_factory=dict)
    provider_schools: Mapping[int, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def later(self) -> timedelta:
        """By how much."""
        return timedelta(weeks=self.weeks)


def rows_of(requests: Iterable[int], keys: Iterable[str] = ()) -> Rows:
    """Every row of these requests, or of drafts with these keys, by table; each a list in the order of its columns."""
    found: Rows = {}
    requests = list(requests)
    known = list(Referral.objects.filter(pk__in=requests).values_list("reference", "submission_key"))
    keys = [*keys, *(key for _, key in known)]
    for model, path in OF_A_REQUEST.items():
        found[model] = _values(model, {f"{path}__in": requests})
    for model, path in OF_A_KEY.items():
        found[model] = _values(model, {f"{path}__in": keys})
    found[LedgerEntry] = _values(LedgerEntry, {"reference__in": [reference for reference, _ in known]})
    return found


def _values(model: type[models.Model], which: dict[str, Any]) -> list[list[Any]]:
    return [list(row) for row in model._base_manager.filter(**which).order_by("pk").values_list(*columns_of(model))]


def _last_pk(model: type[models.Model]) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


class Copier:
    """Makes copies of lives in memory; `found` has all of their rows. `references` gives a new one with a prefix."""

    def __init__(self, references: Callable[[str], str]) -> None:
        self.found: Rows = {model: [] for model in COPIED}
        self._changes = {model: [_change(column) for column in model._meta.concrete_fields] for model in COPIED}
        self._references = references
        self._next = {model: count(_last_pk(model) + 1) for model in COPIED}

    def copy(self, rows: Rows, copy: Copy) -> None:
        """One copy of one life, with ids, keys and references that nothing has."""
        for model, some in rows.items():
            copy.mapped[model] = {row[0]: next(self._next[model]) for row in some}
        for model in (Referral, Decision):
            for row in rows[model]:
                reference = row[column_of(model, "reference")]
                copy.texts[reference] = self._references(reference[:2])
        for model, some in rows.items():
            changes = self._changes[model]
            self.found[model] += [
                [change(value, copy) if change else value for change, value in zip(changes, row, strict=True)]
                for row in some
            ]


def columns_of(model: type[models.Model]) -> list[str]:
    """The names of a row's columns, in their order."""
    return [column.attname for column in model._meta.concrete_fields]


def column_of(model: type[models.Model], name: str) -> int:
    """At which place of a row the column `name` stands."""
    return next(at for at, column in enumerate(model._meta.concrete_fields) if column.attname == name)


def _change(column: models.Field) -> Callable[[Any, Copy], Any] | None:
    """What a copy has instead of a value of this column; None: the same."""
    if column.primary_key:
        return lambda value, copy: copy.mapped[column.model][value]
    if isinstance(column, models.ForeignKey):
        return _change_of_key(column)
    if isinstance(column, models.UUIDField):
        return lambda value, copy: uuid.UUID(_text(str(value), copy))
    if isinstance(column, models.DateTimeField):
        return lambda value, copy: None if value is None else value + copy.later
    if isinstance(column, models.JSONField):
        return _changed
    if column.name in ("reference", "attempt"):
        return {"reference": _reference, "attempt": lambda value, copy: next(_ATTEMPTS)}[column.name]
    return None


_ATTEMPTS = count(2)


def _change_of_key(column: models.ForeignKey) -> Callable[[Any, Copy], Any] | None:
    related = column.related_model
    if column.name == "provider_school":
        return lambda value, copy: copy.provider_schools.get(value, value)
    if related in COPIED or related in (User, Zone, Establishment):
        return lambda value, copy: copy.mapped.get(related, {}).get(value, value)
    return None


def _text(text: str, copy: Copy) -> str:
    """A key: always the same new one for the same old one within a copy."""
    return copy.texts.setdefault(text, str(uuid.uuid4()))


def _reference(text: str, copy: Copy) -> str:
    """A reference, or that of a record, which ends in its number: EY-7K4M-2Q/1."""
    reference, slash, number = text.partition("/")
    return f"{copy.texts.get(reference, reference)}{slash}{number}"


def _changed(value: Any, copy: Copy) -> Any:
    """Facts of an event or of a record: moments later, keys, references and names as the copy has them."""
    if isinstance(value, dict):
        return {name: _changed(one, copy) for name, one in value.items()}
    if isinstance(value, list):
        return [_changed(one, copy) for one in value]
    if not isinstance(value, str) or not value:
        return value
    if KEY.fullmatch(value):
        return _text(value, copy)
    if MOMENT.match(value):
        return (datetime.fromisoformat(value) + copy.later).isoformat()
    return copy.texts.get(value) or _reference(value, copy)


PREPARED = (models.DateTimeField, models.DateField, models.UUIDField, models.JSONField)
"""Columns whose values a database wants in its own way; the others are written as they are."""


def write(model: type[models.Model], rows: list[list[Any]]) -> None:
    """Write these rows with the ids they have: one statement, prepared once."""
    columns = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(column.column) for column in columns)
    values = ", ".join(["%s"] * len(columns))
    prepared = [(at, column) for at, column in enumerate(columns) if isinstance(column, PREPARED)]
    for row in rows:
        for at, column in prepared:
            row[at] = column.get_db_prep_save(row[at], connection)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({values})", rows)


def go_on_counting() -> None:
    """Have the databases' own ids go on after the ones that were written."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
            cursor.execute(statement)
