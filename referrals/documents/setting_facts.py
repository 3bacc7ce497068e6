"""The facts of what a school's or setting's contact does by a signed link, and their sentences.

What somebody typed is in `note` and is shown only to those who see the whole case. Moments are ISO 8601 text.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from referrals.choices import BookingKind, EventKind
from s2s_portal.core import spoken


def _moment(text: str) -> str:
    return spoken.moment_with_weekday(datetime.fromisoformat(text))


@dataclass(frozen=True)
class RecordAnsweredFacts:
    """That the contact confirmed a record, or added a view, which is kept beside the record."""

    KIND: ClassVar[EventKind] = EventKind.RECORD_ANSWERED
    VERSION: ClassVar[int] = 1

    record: str
    confirmed: bool
    contact: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        if self.confirmed:
            return f"{self.contact} of the school or setting confirmed record {self.record}."
        return f"{self.contact} of the school or setting added their view to record {self.record}."


@dataclass(frozen=True)
class TimesOfferedFacts:
    """Which times were offered for a visit; none is taken by it."""

    KIND: ClassVar[EventKind] = EventKind.TIMES_OFFERED
    VERSION: ClassVar[int] = 1

    offer: str
    kind: str
    starts_at: list[str]

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        times = "; ".join(_moment(one) for one in self.starts_at)
        return f"{BookingKind(self.kind).label}: the school or setting was asked to choose one of these times: {times}."


@dataclass(frozen=True)
class TimesAnsweredFacts:
    """Which of the offered times was chosen ("": none suits), and by which contact."""

    KIND: ClassVar[EventKind] = EventKind.TIMES_ANSWERED
    VERSION: ClassVar[int] = 1

    offer: str
    kind: str
    chosen_starts_at: str
    contact: str
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        kind = BookingKind(self.kind).label
        if not self.chosen_starts_at:
            return f"{kind}: {self.contact} of the school or setting says that none of the offered times suits."
        return f"{kind}: {self.contact} of the school or setting chose {_moment(self.chosen_starts_at)}."


@dataclass(frozen=True)
class ChangeWantedFacts:
    """For which planned visit the contact asked for another time."""

    KIND: ClassVar[EventKind] = EventKind.CHANGE_WANTED
    VERSION: ClassVar[int] = 1

    booking: str
    kind: str
    starts_at: str
    contact: str
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        visit = f"{BookingKind(self.kind).label} on {_moment(self.starts_at)}"
        return f"{visit}: {self.contact} of the school or setting asked for another time."
