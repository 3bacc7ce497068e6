"""What is due to happen at a contract's end, as figures (R15, DESIGN §8)."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst

from referrals.choices import Fate, LineState, RolloverStage
from referrals.rules.rollover import Account
from s2s_portal.core import spoken
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import Dashboard
from s2s_portal.oversight.documents.figures import Answer

DONE_KEYS = {Fate.FINISH: "finishing", Fate.MOVE: "moved", Fate.CLOSE: "closed"}
BEFORE = ("", RolloverStage.DECIDING, RolloverStage.PROPOSED)
"""Stages in which nothing has been done yet; "": nobody has begun."""


@dataclass(frozen=True)
class Outcome:
    """One open request: what becomes of it (a `Fate`) and why, how far that is, and the `Fate` that was done."""

    stream: Stream
    fate: str
    reason: str
    state: str = LineState.PENDING
    outcome: str = ""
    is_late: bool = False

    @property
    def done_key(self) -> str:
        """What was done with it, once the end has run."""
        if self.is_late:
            return "late"
        if self.state == LineState.UNDONE:
            return "moved-back"
        return DONE_KEYS.get(Fate(self.outcome), "to-do") if self.outcome else "to-do"

    @property
    def fate_key(self) -> str:
        """What becomes of it, before the end has run."""
        return self.fate.lower()

    @property
    def reason_key(self) -> str:
        """Why that was proposed."""
        return self.reason.lower().replace("_", "-")


@dataclass(frozen=True)
class ContractEnd:
    """The end of a contract on the London day `today`: its dates, its open requests, and what stands beside them.

    `key` and `stage` are "" while nobody has begun it; `outcomes` has of how many requests each becomes; `open_before`
    is R15's count once it has run, for both streams.
    """

    contract: str
    ends_on: date
    run_off_ends_on: date
    closes_on: date
    allocation_deadline_on: date
    today: date
    days: Days
    key: str
    stage: str
    next_name: str
    streams: Sequence[Stream]
    outcomes: Mapping[Outcome, int]
    open_before: int | None
    waiting: int
    lapsed: int
    drafts: int

    @property
    def has_run(self) -> bool:
        """Whether anything may have been done already."""
        return self.stage not in BEFORE

    @property
    def total(self) -> int:
        """How many open requests there are, or its end began with."""
        return sum(self.outcomes.values())

    def counted(self, by: Callable[[Outcome], Hashable]) -> Counter[Any]:
        """How many of them have the same of what `by` names."""
        found: Counter[Any] = Counter()
        for one, count in self.outcomes.items():
            found[by(one)] += count
        return found

    @property
    def account(self) -> Account:
        """R15's sum, of what was found before the end ran."""
        done = self.counted(lambda one: one.done_key)
        return Account(
            open_before=done.total() - done["late"] if self.open_before is None else self.open_before,
            finishing=done["finishing"],
            moved=done["moved"],
            closed=done["closed"],
            to_do=done["to-do"],
            undone=done["moved-back"],
            late=done["late"],
        )

    @property
    def sentence(self) -> str:
        """When the contract ends, what becomes of its open requests, and what stands beside them."""
        return f"{self.when} {self.account.in_words if self.has_run else self._open} {self.beside}"

    @property
    def when(self) -> str:
        """When the contract ends."""
        left = (self.ends_on - self.today).days
        if left < 0:
            return f"The contract ended on {spoken.day(self.ends_on)}, {spoken.ago(self.ends_on, self.today)}."
        when = {0: "today", 1: "tomorrow"}.get(left, f"in {left:,} days")
        return f"The contract ends on {spoken.day(self.ends_on)}, {when}."

    @property
    def _open(self) -> str:
        total = self.total
        if not total:
            return "No request is open under it."
        fates = self.counted(lambda one: one.fate)
        parts = [words(fates[fate], self.next_name) for fate, words in FATE_WORDS.items() if fates[fate]]
        opened = f"{_counted(total, 'request is', 'requests are')} open"
        return f"{opened}; {STAGE_WORDS[self.stage]}, {_listed(parts)}."

    @property
    def beside(self) -> str:
        """What stands beside the open requests."""
        waiting = _counted(self.waiting, "request waits", "requests wait")
        drafts = _counted(self.drafts, "draft is", "drafts are")
        return f"{capfirst(waiting)} for a place and {drafts} unsent."


STAGE_WORDS = {
    "": "as things stand",
    RolloverStage.DECIDING: "as proposed and decided so far",
    RolloverStage.PROPOSED: "as put to a second person",
}
FATE_WORDS: dict[Fate, Callable[[int, str], str]] = {
    Fate.FINISH: lambda count, _: f"{_counted(count, 'finishes', 'finish')} under it",
    Fate.MOVE: lambda count, following: f"{_counted(count, 'moves', 'move')} to “{following}”",
    Fate.CLOSE: lambda count, _: f"{_counted(count, 'is', 'are')} closed",
    Fate.ASK: lambda count, _: f"{_counted(count, 'needs', 'need')} a decision or an adviser’s answer",
}


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}" if count else f"no {one}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def contract_end_answer(end: ContractEnd) -> Answer:
    """What is due to happen at the contract's end."""
    left = (end.ends_on - end.today).days
    days = f"{left:,} day{'' if left == 1 else 's'} left" if left >= 0 else "ended"
    open_ = f"{end.account.open_before:,} open before" if end.has_run else f"{end.total:,} open"
    question = "What is due to happen at the contract’s end?"
    return Answer(question, f"{open_}, {days}", end.sentence, Dashboard.CONTRACT_END)
