"""Which requests are stuck, why, and with whom, as figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, sum_line
from s2s_portal.oversight.rules.stuck import IDLE_WORKING_DAYS, Holder, Stuck, Why

QUESTION = "Which requests are stuck, and with whom?"
LONGEST = 25
"""So many requests are listed one by one; the others are behind the lines of the other figures."""
BY_HOLDER, BY_REASON, ONE_BY_ONE = "with", "why", "longest"
DEFINITION = (
    "A request that is open with S2S is stuck if more information was asked for and nobody has answered; else if one "
    "of its due days has passed (first contact, first visit, record, review; a clock that is paused is never late); "
    f"else if nothing has been written into its history for {IDLE_WORKING_DAYS} working days and no visit is planned. "
    "Each counts once, under the first of these that fits, with whoever has to act next: its adviser while more "
    "information is awaited, the S2S co-ordinator until it is given to a teacher, then its teacher’s school. The days "
    "are working days since it was returned, since the due day, or since the last line of its history. Requests on the "
    "waiting list are not stuck: they wait for a place."
)
REASONS = {Why.CLOCK: "Past a due day", Why.ANSWER: "More information awaited", Why.IDLE: "Nothing has happened"}


@dataclass(frozen=True)
class Stopped:
    """One stuck request, with the keys of its lines in addresses and their labels."""

    reference: str
    stuck: Stuck
    held_by: tuple[str, str]
    reason: tuple[str, str]
    url: str


def stuck_answer(stuck: Sequence[Stuck]) -> Answer:
    """How many, with whom, and the longest."""
    late = any(one.why == Why.CLOCK for one in stuck)
    return Answer(
        QUESTION, f"{len(stuck):,} stuck", stuck_sentence(stuck), Dashboard.STUCK, level="low" if late else ""
    )


def stuck_sentence(stuck: Sequence[Stuck]) -> str:
    """The same in words."""
    if not stuck:
        return "No open request is stuck."
    count = len(stuck)
    parts = []
    for holder, one, many in _WITH:
        some = sum(stop.holder == holder for stop in stuck)
        if some:
            parts.append(f"{some:,} {one if some == 1 else many}")
    verb = "request is" if count == 1 else "requests are"
    longest = max(one.days for one in stuck)
    days = "working day" if longest == 1 else "working days"
    return f"{count:,} {verb} stuck: {', '.join(parts)}; the longest for {longest:,} {days}."


_WITH = (
    (Holder.TEACHER, "with its teacher", "with their teachers"),
    (Holder.COORDINATOR, "with the S2S co-ordinator", "with the S2S co-ordinator"),
    (Holder.ADVISER, "with its adviser", "with their advisers"),
)


def stuck_figures(stopped: Sequence[Stopped]) -> list[Figure]:
    """With whom, why, and the longest one by one. `stopped` has the longest in front."""
    return [_by_holder(stopped), _by_reason(stopped), _one_by_one(stopped)]


def _by_holder(stopped: Sequence[Stopped]) -> Figure:
    labels = dict(sorted({one.held_by for one in stopped}, key=_order))
    lines, counts = [], []
    for key, label in labels.items():
        some = [one for one in stopped if one.held_by[0] == key]
        numbers = _counts(some)
        counts.append(numbers)
        lines.append(Line((label, *numbers, len(some), _longest(some)), key=key))
    return Figure(
        key=BY_HOLDER,
        caption="With whom",
        sentence=stuck_sentence([one.stuck for one in stopped]),
        definition=DEFINITION,
        columns=(
            Column("With whom"),
            *(Column(label, Unit.COUNT) for label in REASONS.values()),
            Column("All", Unit.COUNT),
            Column("Longest (working days)", Unit.DAYS),
        ),
        lines=_with_sum(lines, (*_counts(stopped), len(stopped), _longest(stopped))),
        chart=Bars(
            title="Stuck requests by who has to act next",
            description="How many are past a due day, await more information, or had nothing happen to them.",
            categories=tuple(labels.values()),
            series=tuple(
                Series(label, tuple(float(numbers[at]) for numbers in counts))
                for at, label in enumerate(REASONS.values())
            ),
            unit="requests",
            stacked=True,
        ),
    )


def _order(held_by: tuple[str, str]) -> tuple[int, str]:
    """Provider schools by name, then the co-ordinator, then the advisers."""
    key, label = held_by
    return (1 if key == Holder.COORDINATOR else 2 if key.startswith(Holder.ADVISER) else 0), label


def _counts(some: Sequence[Stopped]) -> tuple[int, ...]:
    return tuple(sum(one.stuck.why == why for one in some) for why in REASONS)


def _longest(some: Sequence[Stopped]) -> int | None:
    return max((one.stuck.days for one in some), default=None)


def _with_sum(lines: Sequence[Line], sums: Sequence[int | None]) -> tuple[Line, ...]:
    return (*lines, sum_line("All", sums)) if lines else ()


def _by_reason(stopped: Sequence[Stopped]) -> Figure:
    labels = dict(sorted({one.reason for one in stopped}, key=lambda reason: reason[1]))
    groups = {key: [one for one in stopped if one.reason[0] == key] for key in labels}
    lines = [Line((labels[key], len(some), _longest(some)), key=key) for key, some in groups.items()]
    return Figure(
        key=BY_REASON,
        caption="What they wait for",
        sentence=stuck_sentence([one.stuck for one in stopped]),
        definition=f"{DEFINITION} A request with several due days in the past stands under the earliest of them.",
        columns=(
            Column("What is late"),
            Column("Requests", Unit.COUNT),
            Column("Longest (working days)", Unit.DAYS),
        ),
        lines=_with_sum(lines, (len(stopped), _longest(stopped))),
        chart=Bars(
            title="Stuck requests by what they wait for",
            description="The table below has the same numbers.",
            categories=tuple(labels.values()),
            series=(Series("Requests", tuple(float(len(some)) for some in groups.values())),),
            unit="requests",
        ),
    )


def _one_by_one(stopped: Sequence[Stopped]) -> Figure:
    shown = stopped[:LONGEST]
    more = len(stopped) - len(shown)
    return Figure(
        key=ONE_BY_ONE,
        caption="The longest",
        sentence=stuck_sentence([one.stuck for one in stopped]),
        definition=DEFINITION,
        columns=(
            Column("Request"),
            Column("With whom"),
            Column("What is late"),
            Column("Since", Unit.DAY),
            Column("Working days", Unit.DAYS),
        ),
        lines=tuple(
            Line((one.reference, one.held_by[1], one.reason[1], one.stuck.since, one.stuck.days), url=one.url)
            for one in shown
        ),
        is_list=True,
        notes=(f"{more:,} more {'is' if more == 1 else 'are'} behind the lines of the figures above.",) if more else (),
    )
