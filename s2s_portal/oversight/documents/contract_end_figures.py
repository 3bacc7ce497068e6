"""The figures of a contract's end: what becomes of open requests and why, and the days that are left (R15)."""

from datetime import date

from django.urls import reverse

from referrals.choices import FateReason
from s2s_portal.core.svg import Bars, Series
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import Unit
from s2s_portal.oversight.documents.contract_end import ContractEnd, Outcome
from s2s_portal.oversight.documents.figures import Column, Figure, Line, Value, sum_line, with_sum

OPEN = (
    "Open requests of every period of the contract: S2S has something to do for them, or waits for an answer. Those "
    "that wait for a place are not open."
)
JUDGED = (
    f"{OPEN} Nobody has begun the contract’s end yet: each request is judged as it would be if it were begun now, by "
    "its planned visits, its records and its review, against the last day of visits and what the next contract takes."
)
LOOKED_AT = f"{OPEN} Counted by what is to be done with each, as it was proposed or decided."
DONE = (
    "Requests that were open when the end was approved, and what was done with each: open before = finishing + moved + "
    "closed. Those found after that are counted separately."
)
BESIDE = (
    "What is accounted for separately: requests of the contract that wait for a place, those for which no place came "
    "free, and drafts that were not sent, under whatever contract they were begun."
)
LONGEST_IN_CHART = 60
"""Letters of a label beside the chart's bars; the table has it whole."""
DAYS = "Every date includes its whole day. Working days leave out weekends, bank holidays and closures."
FATE_LABELS = {
    "finish": "Finish under this contract",
    "move": "Move to the next contract",
    "close": "Close",
    "ask": "Ask the adviser, or decide",
}
DONE_LABELS = {
    "finishing": "Finishing under this contract",
    "moved": "Moved",
    "closed": "Closed",
    "to-do": "Still to be done",
    "moved-back": "Moved back",
    "late": "Found after the rest",
}


def contract_end_figures(end: ContractEnd) -> list[Figure]:
    """What becomes of the open requests and why, what stands beside them, and the days that are left."""
    return [_fates(end), _reasons(end), _beside(end), _dates(end)]


def _fates(end: ContractEnd) -> Figure:
    labels = DONE_LABELS if end.has_run else FATE_LABELS
    counted = end.counted(lambda one: (one.done_key if end.has_run else one.fate_key, one.stream))
    shown = [key for key in labels if key not in SELDOM or any(counted[key, stream] for stream in Stream)]
    return _by_stream(
        end,
        key="fate",
        caption="What becomes of open requests",
        first="What becomes of them",
        definition=DONE if end.has_run else LOOKED_AT if end.stage else JUDGED,
        rows=[(key, labels[key], [counted[key, stream] for stream in end.streams]) for key in shown],
    )


SELDOM = frozenset({"to-do", "moved-back", "late"})
"""Lines that are only there when they count something."""


def _reasons(end: ContractEnd) -> Figure:
    counted = end.counted(lambda one: (one.reason_key, one.stream))
    labels = {Outcome(Stream.MAINSTREAM, "", reason).reason_key: reason.label for reason in FateReason}
    found = [key for key in labels if any(counted[key, stream] for stream in Stream)]
    return _by_stream(
        end,
        key="why",
        caption="Why",
        first="Why it was proposed",
        definition="The same requests by the first reason that fits each.",
        rows=[(key, labels[key], [counted[key, stream] for stream in end.streams]) for key in found],
    )


def _by_stream(
    end: ContractEnd, *, key: str, caption: str, first: str, definition: str, rows: list[tuple[str, str, list[int]]]
) -> Figure:
    """A table of requests with a column for each stream, and the bars of it."""
    labels = [stream.label.capitalize() for stream in end.streams]
    both = len(labels) > 1
    lines = [Line((label, *with_sum(counts, both)), key=row if sum(counts) else "") for row, label, counts in rows]
    if end.outcomes:
        sums = [sum(column) for column in zip(*(counts for _, _, counts in rows), strict=True)]
        lines.append(sum_line("All", with_sum(sums, both)))
    return Figure(
        key=key,
        caption=caption,
        sentence=end.sentence,
        definition=definition,
        columns=(Column(first), *(Column(label, Unit.COUNT) for label in [*labels, *(["Both"] if both else [])])),
        lines=tuple(lines) if end.outcomes else (),
        chart=Bars(
            title=f"{caption}, by stream",
            description="The table below has the same numbers.",
            categories=tuple(_in_chart(label) for _, label, _ in rows),
            series=tuple(
                Series(label, tuple(float(counts[at]) for _, _, counts in rows)) for at, label in enumerate(labels)
            ),
            unit="requests",
            stacked=True,
        ),
    )


def _in_chart(label: str) -> str:
    """A label without its full stop; of one that is too long for the chart the part before its comma."""
    whole = label.removesuffix(".")
    return whole if len(whole) <= LONGEST_IN_CHART else whole.partition(",")[0]


def _beside(end: ContractEnd) -> Figure:
    lines = (
        Line(("Requests that wait for a place", end.waiting), url=reverse("referrals:waiting_list")),
        Line(("Requests for which no place came free", end.lapsed)),
        Line(("Drafts that were not sent", end.drafts)),
    )
    return Figure(
        key="beside",
        caption="Counted separately",
        sentence=end.beside,
        definition=BESIDE,
        columns=(Column("What"), Column("How many", Unit.COUNT)),
        lines=lines,
    )


def _dates(end: ContractEnd) -> Figure:
    """The days to come, each with the page on which it is dealt with."""
    page = reverse("referrals:contract_end", args=[end.key]) if end.key else reverse("referrals:contract_end_list")
    steps = (
        ("Requests close", end.closes_on, ""),
        ("Places are given until", end.allocation_deadline_on, ""),
        ("The contract ends", end.ends_on, page),
        ("Last day of visits", end.run_off_ends_on, reverse("referrals:run_off")),
    )
    return Figure(
        key="days",
        caption="Days left",
        sentence=end.when,
        definition=f"{DAYS} The contract’s end and the run-off have pages of their own.",
        columns=(Column("What"), Column("Day", Unit.DAY), Column("Days left", Unit.COUNT), WORKING_DAYS),
        lines=tuple(Line((label, day, *_left(end, day)), url=url) for label, day, url in steps),
    )


WORKING_DAYS = Column("Working days left", Unit.COUNT)


def _left(end: ContractEnd, day: date) -> tuple[Value, Value]:
    """Days and working days after today up to `day`; None for a day that has passed."""
    if day < end.today:
        return None, None
    return (day - end.today).days, end.days.working_days_between(end.today, day)
