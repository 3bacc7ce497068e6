"""Reminders: what waits for whom, since when and until when (DESIGN §7)."""

from dataclasses import dataclass

STAGES = ("soon", "today", "overdue")
"""How a due day stands on the day of the message."""


@dataclass(frozen=True, kw_only=True)
class DraftUnsent:
    """A draft is unsent and requests close soon."""

    establishment: str  # or "a school or setting" where none has been chosen
    stream_label: str  # "early years" or "mainstream"
    cut_off_on: str
    working_days: int  # before the cut-off day
    address: str  # the path of the draft's page


@dataclass(frozen=True, kw_only=True)
class AboutRequest:
    """Every reminder about a sent request. `address` is the path of its page, "" for those who do not sign in."""

    reference: str
    establishment: str
    stream_label: str
    address: str


@dataclass(frozen=True, kw_only=True)
class NotAssigned(AboutRequest):
    """No teacher has been given a request."""

    placed_on: str


@dataclass(frozen=True, kw_only=True)
class FirstContact(AboutRequest):
    """The school or setting is to be reached by a day (R10)."""

    due_on: str
    stage: str  # one of STAGES
    teacher_name: str  # "" where nobody has it

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"A day is {', '.join(STAGES)}, not {self.stage}.")


@dataclass(frozen=True, kw_only=True)
class InformationAwaited(AboutRequest):
    """S2S waits for the adviser's answer. The question may name a child and stays on the portal."""

    asked_on: str
    may_decline: bool
    to_adviser: bool


@dataclass(frozen=True, kw_only=True)
class NotOffered(AboutRequest):
    """S2S is in touch, and half of the time for the first visit has gone without one."""

    contact_on: str
    teacher_name: str


@dataclass(frozen=True, kw_only=True)
class NotChosen(AboutRequest):
    """The school or setting was asked to choose one of several times."""

    offered_on: str
    teacher_name: str
    teacher_email: str
    link_id: int = 0  # the contact's own link, as in `questions`; 0 for whoever signs in, and long ago


@dataclass(frozen=True, kw_only=True)
class VisitAhead(AboutRequest):
    """A visit is ahead. Its calendar entry went with the booking."""

    starts_at: str
    ends_at: str
    kind_label: str  # "Observation"
    remote: bool
    location: str  # from the register
    teachers: list[dict[str, str]]  # {"name": "…", "email": "…"}, all who come


@dataclass(frozen=True, kw_only=True)
class OutcomeMissing(AboutRequest):
    """Nobody has said how a visit went."""

    starts_at: str
    kind_label: str


@dataclass(frozen=True, kw_only=True)
class RecordOverdue(AboutRequest):
    """The record of a visit is nearly due, due or overdue."""

    held_on: str
    due_on: str
    stage: str  # one of STAGES
    teacher_name: str


@dataclass(frozen=True, kw_only=True)
class ReviewDue(AboutRequest):
    """The support is to be reviewed."""

    held_on: str  # the first visit
    due_on: str


@dataclass(frozen=True, kw_only=True)
class NotConfirmed(AboutRequest):
    """The school or setting has had a record for a while and has not said that they agree."""

    finalised_on: str
    teacher_name: str
    teacher_email: str
    link_id: int = 0  # the contact's own link, as in `questions`; 0 for whoever signs in, and long ago


@dataclass(frozen=True, kw_only=True)
class ContractEnding:
    """The contract ends and requests are open: a teacher's own, by reference, or all of them as a number."""

    contract: str
    ends_on: str
    working_days: int  # before its last day
    requests: int
    references: list[str]  # empty for those who get the number only
    more: int  # how many of a teacher's are not listed
    address: str


@dataclass(frozen=True, kw_only=True)
class WeeklySummary:
    """What waits for a person this week: sentences of ours, with numbers."""

    day_on: str
    lines: list[str]
    address: str
    choice_address: str  # where this person chooses whether it comes
