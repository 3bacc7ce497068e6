"""Demand that was not met, as figures (R7, R16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from referrals.documents.unmet import WHY as REASONS
from referrals.documents.unmet import unmet_sentence
from referrals.rules.disclosure import Shown
from s2s_portal.core import spoken
from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, drawable, sum_line

WHY, WAITING, LAPSED = "why", "waiting", "lapsed"
"""The figure of reasons, and those of its lines that lead to requests."""
COLUMNS = ("Refused", "Waiting now", "No place came free", "All")
DEFINITION = (
    "A request is refused because all places are used, because others wait for those that are free, because requests "
    "have closed, or because its adviser does not file under the contract. It counts once, with the reason and in the "
    "week of its first refusal, and no longer once it has been sent or has joined the waiting list. Requests that "
    "wait, or waited until no place came free, count in the week in which they joined the list. A type of need that "
    "was called otherwise before has the name that it has now."
)


@dataclass(frozen=True)
class Counted:
    """One line of a table: a zone, a need or the Monday of a week, and refused, waiting, lapsed and all of them."""

    about: str | date
    counts: tuple[Shown, Shown, Shown, Shown]


@dataclass(frozen=True)
class Unmet:
    """The demand of one period that was not met; the lines are for its page. `stream_label` is "" for both streams.

    `why`: those refused, counted by the rule that refused them first.
    """

    stream_label: str
    why: Mapping[str, int]
    sums: tuple[int, int, int, int]
    zones: Sequence[Counted] = ()
    needs: Sequence[Counted] = ()
    weeks: Sequence[Counted] = ()

    @property
    def sentence(self) -> str:
        """The sums in words."""
        _, waiting, lapsed, _ = self.sums
        return unmet_sentence(stream_label=self.stream_label, refused=self.why, waiting=waiting, lapsed=lapsed)


def unmet_answer(unmet: Unmet) -> Answer:
    """Who was turned away, and why."""
    without = unmet.sums[3]
    figure, level = (f"{without:,} without a place", "low") if without else ("Nobody", "")
    return Answer("Who was turned away, and why?", figure, unmet.sentence, Dashboard.UNMET, level)


def unmet_figures(unmet: Unmet) -> list[Figure]:
    """The same requests by reason, by zone, by main type of need and by week."""
    return [
        _reasons(unmet),
        _figure("zone", "By zone", "Zone", unmet.zones, unmet),
        _figure("need", "By main type of need", "Main type of need", unmet.needs, unmet),
        _figure("week", "By week", "Week from Monday", unmet.weeks, unmet),
    ]


def _reasons(unmet: Unmet) -> Figure:
    """Why each is without a place; those that wait or waited can be looked at one by one."""
    _, waiting, lapsed, total = unmet.sums
    rows = [
        *((f"Refused: {words}", unmet.why.get(rule, 0), "") for rule, words in REASONS.items()),
        ("Waits: no place was free when it was sent", waiting, WAITING),
        ("Waited until the last day on which places were given", lapsed, LAPSED),
    ]
    some = [row for row in rows if row[1]]
    return Figure(
        key=WHY,
        caption="By reason",
        sentence=unmet.sentence,
        definition=DEFINITION,
        columns=(Column("Reason"), Column("Requests", Unit.COUNT)),
        lines=(*(Line((words, count), key=key) for words, count, key in some), sum_line("Total", (total,)))
        if total
        else (),
        chart=Bars(
            title="Unmet demand by reason",
            description="The table below has the same numbers.",
            categories=tuple(words for words, *_ in some),
            series=(Series("Requests", tuple(float(count) for _, count, _ in some)),),
            unit="requests",
        ),
    )


def _figure(key: str, caption: str, first: str, counted: Sequence[Counted], unmet: Unmet) -> Figure:
    lines = tuple(Line((_about(one.about), *one.counts)) for one in counted)
    parts = [Series(label, tuple(drawable(one.counts[at]) for one in counted)) for at, label in enumerate(COLUMNS[:3])]
    return Figure(
        key=key,
        caption=caption,
        sentence=unmet.sentence,
        definition=DEFINITION,
        columns=(Column(first), *(Column(label, Unit.COUNT) for label in COLUMNS)),
        lines=(*lines, sum_line("Total", unmet.sums)) if unmet.sums[3] else (),
        chart=Bars(
            title=f"Unmet demand {caption.lower()}",
            description="The table below has the same numbers.",
            categories=tuple(_about(one.about) for one in counted),
            series=tuple(parts),
            unit="requests",
            stacked=True,
        ),
    )


def _about(about: str | date) -> str:
    return spoken.day(about) if isinstance(about, date) else about
