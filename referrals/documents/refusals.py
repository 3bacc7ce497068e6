"""Refusals in words: the six facts of R6, and what they are told with."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import ClassVar

from referrals.choices import RefusalRule
from referrals.rules.lifecycle import MAY_JOIN
from s2s_portal.core import calendar, spoken


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
    waiting: int = 0
    contract: str = ""
    contract_set_by: str = ""
    contract_set_at: datetime | None = None
    kept: str = "Your draft is kept"


NOT_TAKEN = {
    RefusalRule.COHORTS_ONLY: "Under the contract “{contract}”, support is asked for in cohorts only. A request for "
    "one school is sent as a part of a cohort.",
    RefusalRule.OTHER_REFERRERS: "Under the contract “{contract}”, only SEND Advisers file requests.",
}
"""What a contract never takes, in words (DESIGN §8)."""
WAY_ON = {
    RefusalRule.COHORTS_ONLY: "Put the school into a cohort: that can be sent as soon as requests are open.",
    RefusalRule.OTHER_REFERRERS: "No date changes this. Speak to the SEND Adviser of the zone.",
}


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
    if judged.rule == RefusalRule.OTHERS_WAITING:
        return (
            f"Every request uses one {judged.stream_label} place, and nobody overtakes: the places that are free go to "
            "those who wait."
        )
    if judged.rule in NOT_TAKEN:
        return NOT_TAKEN[judged.rule].format(contract=judged.contract)
    return f"Every request uses one {judged.stream_label} place, and no places have been bought for this time."


def _count(judged: Judged) -> str:
    used = judged.bought - judged.left
    counted = f"At {spoken.second(judged.at)}, {used} of {judged.bought} {judged.stream_label} places were used"
    if not judged.waiting:
        return f"{counted}."
    return f"{counted}, and {judged.waiting} {'request was' if judged.waiting == 1 else 'requests were'} waiting."


def _set_by(judged: Judged) -> str:
    sentences = []
    if judged.rule in NOT_TAKEN and judged.contract_set_at:
        day = spoken.day(calendar.london_date(judged.contract_set_at))
        sentences.append(f"{judged.contract_set_by} set up this contract on {day}.")
    if judged.size_set_at:
        day = spoken.day(calendar.london_date(judged.size_set_at))
        sentences.append(f"{judged.size_set_by} set the number of places to {judged.bought} on {day}.")
    if judged.dates_set_at and judged.cut_off_on:
        day = spoken.day(calendar.london_date(judged.dates_set_at))
        sentences.append(f"{judged.dates_set_by} set the cut-off to {spoken.day(judged.cut_off_on)} on {day}.")
    return " ".join(sentences) or "Nobody has set a number of places yet; the commissioner does."


def _next_date(judged: Judged) -> str:
    if judged.rule in WAY_ON:
        return WAY_ON[judged.rule]
    if judged.rule == RefusalRule.NOT_YET_OPEN and judged.opens_on:
        return f"Requests open on {spoken.day(judged.opens_on)}."
    if judged.rule in MAY_JOIN and judged.cut_off_on:
        return (
            f"Requests and the waiting list close at the end of {spoken.day(judged.cut_off_on)}. A place that comes "
            "free before then goes to the first who waits."
        )
    if judged.next_period_opens_on:
        return f"Requests open again on {spoken.day(judged.next_period_opens_on)}."
    if judged.contract_ends_on:
        follows = f" {judged.successor} follows." if judged.successor else ""
        return f"This contract ends on {spoken.day(judged.contract_ends_on)}.{follows} No later date has been set yet."
    return "No date has been set yet."


def _waiting_list(judged: Judged) -> str:
    if judged.rule in MAY_JOIN:
        ahead = "nobody was" if not judged.waiting else f"{judged.waiting} {'was' if judged.waiting == 1 else 'were'}"
        return f"Open: {ahead} waiting, so you could join as number {judged.waiting + 1}. {judged.kept}."
    if judged.rule in NOT_TAKEN:
        return f"Not open for such a request: no place that comes free would go to it. {judged.kept}."
    if judged.rule == RefusalRule.CUT_OFF and judged.cut_off_on:
        return f"Closed: it closed with the cut-off on {spoken.day(judged.cut_off_on)}. {judged.kept}."
    return f"Not open: there are no places to wait for yet. {judged.kept}, so you can send it later."
