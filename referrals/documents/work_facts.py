"""The facts of what S2S did with a request, and their sentences. Dates and moments are ISO 8601 text.

What somebody typed is in `note` and is shown only to those who see the whole case. It is never sent by e-mail.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from referrals.choices import (
    ContactHow,
    ContactOutcome,
    DeclineReason,
    EndState,
    EventKind,
    NotStartedReason,
    Section,
)
from referrals.documents.facts import returned_sentence
from s2s_portal.core import spoken


def _moment(text: str) -> str:
    return spoken.moment_with_weekday(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return spoken.day(date.fromisoformat(text))


@dataclass(frozen=True)
class AssignedFacts:
    """Who got the request, why them, and by when they mean to reach the setting."""

    KIND: ClassVar[EventKind] = EventKind.ASSIGNED
    VERSION: ClassVar[int] = 1

    teacher: str
    school: str
    contact_due_on: str
    reasons: list[str]
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        who = f"{self.teacher} ({self.school})" if self.school else self.teacher
        return f"Given to {who}, to be in touch by {_day(self.contact_due_on)}."


@dataclass(frozen=True)
class ReassignedFacts:
    """Who had the request, who has it now, and how many planned visits went with it."""

    KIND: ClassVar[EventKind] = EventKind.REASSIGNED
    VERSION: ClassVar[int] = 1

    was: str
    teacher: str
    school: str
    visits_moved: int
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        visits = {0: "", 1: " One planned visit went with it."}.get(
            self.visits_moved, f" {self.visits_moved} planned visits went with it."
        )
        return f"From {self.was} to {self.teacher}{f' ({self.school})' if self.school else ''}.{visits}"


@dataclass(frozen=True)
class CoveredFacts:
    """Who looks after the request on which days."""

    KIND: ClassVar[EventKind] = EventKind.COVERED
    VERSION: ClassVar[int] = 1

    teacher: str
    starts_on: str
    ends_on: str
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"{self.teacher} covers it from {_day(self.starts_on)} to {_day(self.ends_on)}."


@dataclass(frozen=True)
class AskedFacts:
    """That more information was asked for; the question is the note."""

    KIND: ClassVar[EventKind] = EventKind.ASKED
    VERSION: ClassVar[int] = 1

    was: str
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return "More information was asked for. Its place and date are kept, and S2S’s clock is paused."


@dataclass(frozen=True)
class SentBackFacts:
    """That the information came; the answer is the note. `paused_days` are those of the clock that stood still."""

    KIND: ClassVar[EventKind] = EventKind.SENT_BACK
    VERSION: ClassVar[int] = 1

    to: str
    paused_days: int
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        days = "1 day" if self.paused_days == 1 else f"{self.paused_days} days"
        return f"The adviser answered. S2S’s clock goes on, after a pause of {days}."


@dataclass(frozen=True)
class TakenBackFacts:
    """That S2S went on without the answer."""

    KIND: ClassVar[EventKind] = EventKind.TAKEN_BACK
    VERSION: ClassVar[int] = 1

    to: str
    paused_days: int
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return "S2S took its question back, and its clock goes on."


@dataclass(frozen=True)
class DeclinedFacts:
    """Why a request was not taken on, and what became of its place."""

    KIND: ClassVar[EventKind] = EventKind.DECLINED
    VERSION: ClassVar[int] = 1

    reason: str
    note: str
    places_left: int
    places_bought: int
    ledger_seq: int
    gave_back: bool = True

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        why = DeclineReason(self.reason).label
        place = returned_sentence(stream_label=stream_label, gave_back=self.gave_back)
        return f"Not taken on: {why[0].lower()}{why[1:]}. {place}"


@dataclass(frozen=True)
class ContactedFacts:
    """One line of the contact log; with whom and what was said stay in the log."""

    KIND: ClassVar[EventKind] = EventKind.CONTACTED
    VERSION: ClassVar[int] = 1

    how: str
    outcome: str
    happened_at: str
    first: bool
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        what = f"{ContactHow(self.how).label}, {spoken.moment(datetime.fromisoformat(self.happened_at))}: "
        reached = " S2S is in touch." if self.first else ""
        return f"{what}{ContactOutcome(self.outcome).label.lower()}.{reached}"


@dataclass(frozen=True)
class ClosedFacts:
    """How a request ended (R14). The place is given back only if no visit was held; else the numbers are None."""

    KIND: ClassVar[EventKind] = EventKind.CLOSED
    VERSION: ClassVar[int] = 1

    end_state: str
    visits_held: int
    reason: str = ""
    note: str = ""
    places_left: int | None = None
    places_bought: int | None = None
    ledger_seq: int | None = None
    gave_back: bool = True

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        if self.end_state == EndState.NOT_STARTED:
            why = NotStartedReason(self.reason).label
            place = returned_sentence(stream_label=stream_label, gave_back=self.gave_back)
            return f"Closed before a visit: {why[0].lower()}{why[1:]}. {place}"
        visits = "1 visit" if self.visits_held == 1 else f"{self.visits_held} visits"
        return f"Closed after {visits}: {EndState(self.end_state).label.lower()}."


@dataclass(frozen=True)
class ReopenedFacts:
    """Why a closed request was opened again."""

    KIND: ClassVar[EventKind] = EventKind.REOPENED
    VERSION: ClassVar[int] = 1

    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return "Opened again: support goes on with the place it has."


@dataclass(frozen=True)
class ReinstatedFacts:
    """Why an ended request is back with S2S, and the place it used for that."""

    KIND: ClassVar[EventKind] = EventKind.REINSTATED
    VERSION: ClassVar[int] = 1

    note: str
    places_left: int
    places_bought: int
    ledger_seq: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return (
            f"Reinstated and sent to S2S again. This used one {stream_label} place. "
            f"{self.places_left} of {self.places_bought} are left."
        )


@dataclass(frozen=True)
class CorrectedFacts:
    """Which answers were corrected, from what to what (as people read them), by column; and why."""

    KIND: ClassVar[EventKind] = EventKind.CORRECTED
    VERSION: ClassVar[int] = 1

    section: str
    titles: list[str]
    was: dict[str, str]
    now: dict[str, str]
    note: str

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words; what was written stays out of it."""
        return f"{Section(self.section).label}: {', '.join(self.titles)} corrected."


@dataclass(frozen=True)
class AgreementRecordedFacts:
    """That somebody agreed, and when; what the request said of it before, and says now, as in `CorrectedFacts`."""

    KIND: ClassVar[EventKind] = EventKind.AGREEMENT_RECORDED
    VERSION: ClassVar[int] = 1

    agreed_on: str
    was: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"A parent or carer agreed on {_day(self.agreed_on)}."


@dataclass(frozen=True)
class AgreementWithdrawnFacts:
    """When a parent or carer withdrew their agreement."""

    KIND: ClassVar[EventKind] = EventKind.AGREEMENT_WITHDRAWN
    VERSION: ClassVar[int] = 1

    withdrawn_on: str
    note: str = ""

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return f"A parent or carer withdrew their agreement on {_day(self.withdrawn_on)}."
