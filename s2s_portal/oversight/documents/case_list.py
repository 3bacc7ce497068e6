"""The case list: requests with who the children are, as a file for those who see the whole case. Pure.

What was written about a child is not in it: only who it is, where it is, and where the request stands.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from referrals.choices import Status
from referrals.documents import cohorts
from s2s_portal.core.calendar import london_date
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.figures import Column, Value
from s2s_portal.oversight.documents.sheets import Made, Sheet, list_sheet

TITLE = "Case list"
DEFINITION = (
    "Each request once that was sent to S2S, the newest first; those that never got a place are left out. "
    "Visits, records and where a request stands are as at the moment below."
)
KEEP_SAFE = "This file says who children are. Keep it where S2S keeps its case records, and delete it once it is used."


@dataclass(frozen=True)
class Read:
    """A column, and how its value is read from a request as `queries.case_list` gives it."""

    column: Column
    value: Callable[[Any], Value]


@dataclass(frozen=True)
class Narrowed:
    """Which requests a case list has, in words; "" for all of them. `made` has its period and stream."""

    status: str
    zone: str

    def filter_of(self, made: Made) -> str:
        """What the list was narrowed by, in one line."""
        return f"{made.narrowing}, {self.status or 'every status'}, {self.zone or 'every zone'}"


def _text(label: str, value: Callable[[Any], Value]) -> Read:
    return Read(Column(label), value)


def _count(label: str, value: Callable[[Any], Value]) -> Read:
    return Read(Column(label, Unit.COUNT), value)


def _day(label: str, name: str) -> Read:
    """A day, of a column that has a day or a moment or nothing."""
    return Read(Column(label, Unit.DAY), lambda one: _as_day(getattr(one, name)))


def _as_day(value: Any) -> Any:
    return london_date(value) if hasattr(value, "hour") else value


def _about(one: Any) -> str:
    return one.get_about_display() if one.about else ""


def _year_group(one: Any) -> str:
    return one.get_year_group_display() if one.cohort is None else cohorts.in_words(one.cohort, "year_groups")


def _named(one: Any) -> str:
    return "; ".join(cohorts.child_in_words(child) for child in one.named_children)


def _status(one: Any) -> str:
    return f"{Status(one.status).label}: {one.get_end_state_display()}" if one.end_state else Status(one.status).label


def _school(one: Any) -> str:
    return one.provider_school.display_name if one.provider_school else ""


GROUPS: tuple[tuple[str, tuple[Read, ...]], ...] = (
    (
        "The request",
        (
            _text("Reference", lambda one: one.reference),
            _text("Stream", lambda one: one.get_stream_display().capitalize()),
            _text("Status", _status),
        ),
    ),
    (
        "The child or group",
        (
            _text("First name", lambda one: one.child_first_name),
            _text("Last name", lambda one: one.child_last_name),
            _day("Date of birth", "date_of_birth"),
            _text("About", _about),
            _count("Children in the group", lambda one: one.group_size),
            _text("Children named by the cohort", _named),
            _text("Year group", _year_group),
            _text("SEN status", lambda one: one.get_sen_status_display()),
            _text("Main type of need", lambda one: one.primary_need.label if one.primary_need else ""),
            _text("Second type of need", lambda one: one.secondary_need.label if one.secondary_need else ""),
            _text("Parental agreement", lambda one: one.get_agreement_display()),
        ),
    ),
    (
        "The school or setting",
        (
            _text("School or setting", lambda one: one.establishment.display_name),
            _text("URN", lambda one: one.establishment.urn),
            _text("Zone", lambda one: one.zone.name),
            _text("Contact", lambda one: one.contact_name),
            _text("Contact’s e-mail", lambda one: one.contact_email),
            _text("Contact’s telephone", lambda one: one.contact_telephone),
        ),
    ),
    (
        "Who has it",
        (
            _text("Sent by", lambda one: one.submitted_by.full_name),
            _text("S2S teacher", lambda one: one.teacher.full_name if one.teacher else ""),
            _text("Teacher’s school", _school),
        ),
    ),
    (
        "What happened when",
        (
            _day("First asked for", "first_asked_at"),
            _day("Sent or joined the waiting list", "submitted_at"),
            _day("Got its place", "placed_at"),
            _day("First contact", "first_contact_at"),
            _day("First visit", "first_held_at"),
            _day("Last visit", "last_visit_at"),
            _count("Visits held", lambda one: one.visits_held),
            _day("Last record of visit", "last_record_at"),
            _count("Records of visits", lambda one: one.records),
            _day("First review", "reviewed_at"),
            Read(Column("Next planned visit", Unit.MOMENT), lambda one: one.next_visit_at),
            _day("Ended", "ended_at"),
        ),
    ),
)
"""Every column of the file, in groups as the page before it names them."""
READS = tuple(read for _, group in GROUPS for read in group)


def columns_in_words() -> list[dict[str, str]]:
    """The groups and their columns, as `components/summary_list.html` shows them."""
    return [
        {"key": name, "value": ", ".join(_within(place, read) for place, read in enumerate(group))}
        for name, group in GROUPS
    ]


def _within(place: int, read: Read) -> str:
    """A column's name inside a sentence; words that are names, such as "S2S" and "URN", stay as they are."""
    label = read.column.label
    return label if place == 0 or label[1:2].isupper() or label[1:2].isdigit() else label[:1].lower() + label[1:]


def in_words(count: int) -> str:
    """How many requests a list has; "" for none."""
    return f"{count:,} request{'' if count == 1 else 's'}" if count else ""


def case_list_sheet(made: Made, narrowed: Narrowed, reason: str, requests: Iterable[Any], count: int) -> Sheet:
    """The file of `count` requests, which are read while it is written; above it stands what it is for."""
    rows = (_cells(one) for one in requests)
    sheet = list_sheet(TITLE, DEFINITION, made, [read.column for read in READS], rows, count)
    title, *facts = sheet.facts
    told = (("Keep it safe", KEEP_SAFE), ("Reason", reason), ("Filter", narrowed.filter_of(made)))
    return replace(sheet, facts=(title, *told, *facts))


def _cells(one: Any) -> Iterator[Value]:
    return (read.value(one) for read in READS)
