"""The shapes of what is stored beside a request: the facts of its events and of refusals, and their sentences."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from referrals.choices import EventKind, RefusalRule, WithdrawReason
from s2s_portal.core import calendar, spoken


def places_sentence(*, stream_label: str, left: int, bought: int, used_one: bool = False) -> str:
    """How a place is spoken of: "This used one early years place. 5 of 50 are left." (DESIGN §3)."""
    if left < 0:
        counted = f"All {bought} {stream_label} places are used, and {-left} more: over by {-left}."
    else:
        verb = "is" if left == 1 else "are"
        counted = (
            f"{left} of {bought} {verb} left." if used_one else f"{left} of {bought} {stream_label} places {verb} left."
        )
    return f"This used one {stream_label} place. {counted}" if used_one else counted


@dataclass(frozen=True)
class SubmittedFacts:
    """What was true when a request was accepted. Places are counts, the fee is in pence."""

    KIND: ClassVar[EventKind] = EventKind.SUBMITTED
    VERSION: ClassVar[int] = 1

    places_left: int
    places_bought: int
    ledger_seq: int
    fee_pence: int
    fee_basis: str
    cut_off_on: str
    placed_out_of_year: bool

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        return "Sent to S2S. " + places_sentence(
            stream_label=stream_label, left=self.places_left, bought=self.places_bought, used_one=True
        )


@dataclass(frozen=True)
class WithdrawnFacts:
    """Why a request was withdrawn, and what became of its place. `note` may be empty; it is never sent by e-mail."""

    KIND: ClassVar[EventKind] = EventKind.WITHDRAWN
    VERSION: ClassVar[int] = 1

    reason: str
    note: str
    places_left: int
    places_bought: int
    ledger_seq: int

    def sentence(self, *, stream_label: str) -> str:
        """This event in plain words."""
        counted = places_sentence(stream_label=stream_label, left=self.places_left, bought=self.places_bought)
        return f"Withdrawn: {WithdrawReason(self.reason).label.lower()}. Its place was given back. {counted}"


EVENT_FACTS: dict[tuple[str, int], type[SubmittedFacts] | type[WithdrawnFacts]] = {
    (facts.KIND, facts.VERSION): facts for facts in (SubmittedFacts, WithdrawnFacts)
}
"""The shape of each kind and version ever written: an old event is read by the class it was written with."""


def event_sentence(kind: str, version: int, facts: dict[str, Any], *, stream_label: str) -> str:
    """A stored event in plain words."""
    return EVENT_FACTS[kind, version](**facts).sentence(stream_label=stream_label)


@dataclass(frozen=True)
class RefusalFacts:
    """The six facts of a refusal (R6), as sentences that stay true: they are stored and shown as they were."""

    VERSION: ClassVar[int] = 1

    rule: str
    count: str
    set_by: str
    next_date: str
    waiting_list: str
    help: str

    def as_json(self) -> dict[str, str]:
        """The facts as they are stored."""
        return asdict(self)


FACT_TITLES = {
    "rule": "The rule",
    "count": "The count at that moment",
    "set_by": "Who set it, and when",
    "next_date": "The next date",
    "waiting_list": "The waiting list",
    "help": "What else can help now, and whom to ask",
}
"""The six facts in the order a page shows them."""


@dataclass(frozen=True)
class Judged:
    """What a refusal is told with: the numbers and dates that were true under the lock, at `at`."""

    rule: RefusalRule
    at: datetime
    stream_label: str
    left: int = 0
    bought: int = 0
    opens_on: date | None = None
    cut_off_on: date | None = None
    size_set_by: str = ""
    size_set_at: datetime | None = None
    dates_set_by: str = ""
    dates_set_at: datetime | None = None
    next_period_opens_on: date | None = None
    contract_ends_on: date | None = None
    successor: str = ""
    help: str = ""


def refusal_facts(judged: Judged) -> RefusalFacts:
    """The six facts of `judged`, in plain words."""
    return RefusalFacts(
        rule=_rule(judged),
        count=_count(judged),
        set_by=_set_by(judged),
        next_date=_next_date(judged),
        waiting_list=_waiting_list(judged),
        help=judged.help,
    )


def _rule(judged: Judged) -> str:
    if judged.rule == RefusalRule.CUT_OFF and judged.cut_off_on:
        return f"Requests were taken up to and including {spoken.day(judged.cut_off_on)}. That day has ended."
    if judged.rule == RefusalRule.NOT_YET_OPEN and judged.opens_on:
        return f"Requests open on {spoken.day(judged.opens_on)}. That day has not begun."
    if judged.rule == RefusalRule.FULL:
        return f"Every request uses one {judged.stream_label} place, and all places are used."
    return f"Every request uses one {judged.stream_label} place, and no places have been bought for this time."


def _count(judged: Judged) -> str:
    used = judged.bought - judged.left
    return f"At {spoken.second(judged.at)}, {used} of {judged.bought} {judged.stream_label} places were used."


def _set_by(judged: Judged) -> str:
    sentences = []
    if judged.size_set_at:
        day = spoken.day(calendar.london_date(judged.size_set_at))
        sentences.append(f"{judged.size_set_by} set the number of places to {judged.bought} on {day}.")
    if judged.dates_set_at and judged.cut_off_on:
        day = spoken.day(calendar.london_date(judged.dates_set_at))
        sentences.append(f"{judged.dates_set_by} set the cut-off to {spoken.day(judged.cut_off_on)} on {day}.")
    return " ".join(sentences) or "Nobody has set a number of places yet; the commissioner does."


def _next_date(judged: Judged) -> str:
    if judged.rule == RefusalRule.NOT_YET_OPEN and judged.opens_on:
        return f"Requests open on {spoken.day(judged.opens_on)}."
    if judged.rule == RefusalRule.FULL and judged.cut_off_on:
        return (
            f"Requests close at the end of {spoken.day(judged.cut_off_on)}. If a place comes free before then, "
            "this request can be sent."
        )
    if judged.next_period_opens_on:
        return f"Requests open again on {spoken.day(judged.next_period_opens_on)}."
    if judged.contract_ends_on:
        follows = f" {judged.successor} follows." if judged.successor else ""
        return f"This contract ends on {spoken.day(judged.contract_ends_on)}.{follows} No later date has been set yet."
    return "No date has been set yet."


def _waiting_list(judged: Judged) -> str:
    if judged.rule == RefusalRule.CUT_OFF and judged.cut_off_on:
        return f"Closed: it closed with the cut-off on {spoken.day(judged.cut_off_on)}. Your draft is kept."
    return "Not open: nobody is waiting ahead of you. Your draft is kept, so you can send it if a place comes free."
