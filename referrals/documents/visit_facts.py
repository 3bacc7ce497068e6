"""The facts of visits and their records, and their sentences. Dates and moments are ISO 8601 text.

What somebody typed is in `note` and is shown only to those who see the whole case. It is never sent by e-mail.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from referrals.choices import (
    BookingKind,
    BookingMode,
    EventKind,
    NotHeldReason,
    WhoAsked,
)
from s2s_portal.core import spoken


def _moment(text: str) -> str:
    return spoken.moment_with_weekday(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return spoken.day(date.fromisoformat(text))


@dataclass(frozen=True)
class BookedFacts:
    """A visit that was agreed, and with whom. `reasons` say why although the portal warned, by cause."""

    KIND: ClassVar[EventKind] = EventKind.BOOKED
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    mode: str
    starts_at: str
    ends_at: str
    teachers: list[str]
    reasons: dict[str, str] = field(default_factory=dict)

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        remote = ", remote" if self.mode == BookingMode.REMOTE else ""
        return (
            f"{BookingKind(self.kind).label}{remote} on {_moment(self.starts_at)}, with {' and '.join(self.teachers)}."
        )


@dataclass(frozen=True)
class BookingMovedFacts:
    """From when to when a visit was moved, and who asked for it."""

    KIND: ClassVar[EventKind] = EventKind.BOOKING_MOVED
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    was_starts_at: str
    starts_at: str
    ends_at: str
    teachers: list[str]
    asked_by: str
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        kind = BookingKind(self.kind).label
        moved = f"{kind} moved from {_moment(self.was_starts_at)} to {_moment(self.starts_at)}."
        return f"{moved} Asked for by: {WhoAsked(self.asked_by).label}."


@dataclass(frozen=True)
class BookingCancelledFacts:
    """Which visit was cancelled and who asked for it."""

    KIND: ClassVar[EventKind] = EventKind.BOOKING_CANCELLED
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    starts_at: str
    asked_by: str
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        asked = f" Asked for by: {WhoAsked(self.asked_by).label}." if self.asked_by else ""
        return f"{BookingKind(self.kind).label} on {_moment(self.starts_at)} cancelled.{asked}"


@dataclass(frozen=True)
class BookingKeptFacts:
    """That a flagged visit stays as it is; why is the note."""

    KIND: ClassVar[EventKind] = EventKind.BOOKING_KEPT
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    starts_at: str
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"{BookingKind(self.kind).label} on {_moment(self.starts_at)} was looked at again and stays."


@dataclass(frozen=True)
class VisitHeldFacts:
    """That a visit was held; with the first the place is spent."""

    KIND: ClassVar[EventKind] = EventKind.VISIT_HELD
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    starts_at: str
    minutes_late: int
    first: bool
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        late = f", {self.minutes_late} minutes late" if self.minutes_late else ""
        spent = f" Its {stream_label} place is spent." if self.first else ""
        return f"{BookingKind(self.kind).label} held on {_moment(self.starts_at)}{late}.{spent}"


@dataclass(frozen=True)
class VisitNotHeldFacts:
    """That a visit was not held, and why."""

    KIND: ClassVar[EventKind] = EventKind.VISIT_NOT_HELD
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    starts_at: str
    reason: str
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        why = NotHeldReason(self.reason).label
        return f"{BookingKind(self.kind).label} on {_moment(self.starts_at)} not held: {why[0].lower()}{why[1:]}."


@dataclass(frozen=True)
class RecordFinalisedFacts:
    """Which record was finalised; what it says is in the record."""

    KIND: ClassVar[EventKind] = EventKind.RECORD_FINALISED
    VERSION: ClassVar[int] = 1

    record: str
    actions: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        agreed = {0: "no actions agreed", 1: "1 action agreed"}.get(self.actions, f"{self.actions} actions agreed")
        return f"Record {self.record} was finalised, with {agreed}."


@dataclass(frozen=True)
class RecordAddedToFacts:
    """Which record was added to."""

    KIND: ClassVar[EventKind] = EventKind.RECORD_ADDED_TO
    VERSION: ClassVar[int] = 1

    record: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"Something was added to record {self.record}."


@dataclass(frozen=True)
class RecordRetractedFacts:
    """Which record was retracted because it was about the wrong child; why is kept with it, for auditors."""

    KIND: ClassVar[EventKind] = EventKind.RECORD_RETRACTED
    VERSION: ClassVar[int] = 1

    record: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"Record {self.record} was retracted: it was about the wrong child. A new one is being written."
