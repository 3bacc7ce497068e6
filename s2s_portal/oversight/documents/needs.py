"""What needs the supported requests have, and what support they ask for and get, as figures (R16)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from referrals.rules.disclosure import Shown, combined
from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, drawable, sum_line

QUESTION = "What needs and what support?"
NEED, YEAR, SEN, WANTED, GIVEN = "need", "year", "sen", "wanted", "given"
COUNTED = (
    "Every request of the period that has a place, once, whatever became of it since. Those that gave their place back "
    "(withdrawn, not taken on, or closed before a visit) and those on the waiting list do not count."
)
NEED_DEFINITION = (
    f"{COUNTED} The type of need is the main one that the request names; one that was called otherwise before has the "
    "name that it has now."
)
YEAR_DEFINITION = f"{COUNTED} The year group is the one that the request names; ages in nursery are those on 31 August."
SEN_DEFINITION = f"{COUNTED} The status is the one that the request names."
WANTED_DEFINITION = (
    f"{COUNTED} A request that asks for several kinds of support counts under each of them, so the numbers do not add "
    "up. It has had one if a visit of that kind was held under this contract; advice is not a kind of visit."
)
GIVEN_DEFINITION = (
    "Visits of the period’s requests that were held, each once, by what they were for. A request that had visits of "
    "several kinds counts under each of them. Visits held before a request was carried over from an earlier contract "
    "count there."
)


@dataclass(frozen=True)
class Group:
    """Requests that have something in common: their counts by stream, as they may be shown. `key` is "" if hidden."""

    key: str
    label: str
    counts: tuple[Shown, ...]


@dataclass(frozen=True)
class Wanted:
    """A kind of support: the requests that ask for it, and those of them that had it (None: cannot be a visit)."""

    key: str
    label: str
    asked: int
    had: int | None


@dataclass(frozen=True)
class Given:
    """A kind of visit: the requests that had one, and the visits that were held."""

    key: str
    label: str
    requests: int
    visits: int


@dataclass(frozen=True)
class Needs:
    """The needs of a period. `streams` are their labels, `totals` the requests of each, as many as counts of a group.

    `supported` counts the requests with a held visit. `years`, `statuses` and `wanted` are for the page alone.
    """

    streams: tuple[str, ...]
    totals: tuple[int, ...]
    needs: Sequence[Group]
    given: Sequence[Given]
    supported: int
    years: Sequence[Group] = field(default=())
    statuses: Sequence[Group] = field(default=())
    wanted: Sequence[Wanted] = field(default=())

    @property
    def visits(self) -> int:
        """How many visits were held."""
        return sum(kind.visits for kind in self.given)

    @property
    def sentence(self) -> str:
        """The most frequent need of each stream, and the most frequent kind of visit."""
        return f"{self.needs_sentence} {self.visits_sentence}" if sum(self.totals) else self.needs_sentence

    @property
    def visits_sentence(self) -> str:
        """How many visits were held, and for what the most."""
        if not self.visits:
            return "No visit has been held yet."
        most = max(kind.visits for kind in self.given)
        names = [kind.label.lower() for kind in self.given if kind.visits == most]
        visits = "1 visit was" if self.visits == 1 else f"{self.visits:,} visits were"
        if most == self.visits:
            return f"{visits} held: {names[0]}{'' if most == 1 else ' every time'}."
        return f"{visits} held, the most for {_and(names)} ({most:,}{' each' if len(names) > 1 else ''})."

    @property
    def needs_sentence(self) -> str:
        """The most frequent need of each stream."""
        return self.said_of(self.needs, "the most for", "type of need")

    def said_of(self, groups: Sequence[Group], most: str, what: str) -> str:
        """The most frequent group of each stream: `most` leads to it ("most often"), `what` is such a group."""
        parts = [self._main(groups, at, most, what) for at, total in enumerate(self.totals) if total]
        return " ".join(parts) or "No request has a place yet."

    def _main(self, groups: Sequence[Group], at: int, leads_to: str, what: str) -> str:
        shown = {group.label: group.counts[at] for group in groups}
        most = max((count for count in shown.values() if isinstance(count, int)), default=0)
        stream, total = self.streams[at].capitalize(), self.totals[at]
        requests = "1 request" if total == 1 else f"{total:,} requests"
        if not most:
            return f"{stream}: {requests}, too few of each {what} to be shown."
        names = [label for label, count in shown.items() if count == most]
        return f"{stream}: {requests}, {leads_to} {_and(names)} ({most:,}{' each' if len(names) > 1 else ''})."


def _and(names: Sequence[str]) -> str:
    return f"{'; '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def needs_answer(needs: Needs) -> Answer:
    """How many requests and visits, and the most frequent needs and kinds."""
    total = sum(needs.totals)
    requests = "1 request" if total == 1 else f"{total:,} requests"
    visits = "1 visit" if needs.visits == 1 else f"{needs.visits:,} visits"
    return Answer(QUESTION, f"{requests}, {visits}", needs.sentence, Dashboard.NEEDS)


def needs_figures(needs: Needs) -> list[Figure]:
    """By main type of need, year group and SEN status; the support that is asked for, and the visits held."""
    said, often = needs.needs_sentence, "most often"
    of_years = needs.said_of(needs.years, often, "year group")
    of_statuses = needs.said_of(needs.statuses, often, "SEN status")
    return [
        _by(NEED, "By main type of need", "Main type of need", needs.needs, needs, said, NEED_DEFINITION),
        _by(YEAR, "By year group", "Year group", needs.years, needs, of_years, YEAR_DEFINITION),
        _by(SEN, "By SEN status", "SEN status", needs.statuses, needs, of_statuses, SEN_DEFINITION),
        _wanted(needs),
        _given(needs),
    ]


def _by(
    key: str, caption: str, first: str, groups: Sequence[Group], needs: Needs, sentence: str, definition: str
) -> Figure:
    both = len(needs.streams) > 1
    labels = [label.capitalize() for label in needs.streams]
    lines = [
        Line((group.label, *group.counts, *([combined(group.counts)] if both else [])), key=group.key)
        for group in groups
    ]
    sums = (*needs.totals, *([sum(needs.totals)] if both else []))
    return Figure(
        key=key,
        caption=caption,
        sentence=sentence,
        definition=definition,
        columns=(Column(first), *(Column(label, Unit.COUNT) for label in [*labels, *(["Both"] if both else [])])),
        lines=(*lines, sum_line("All requests", sums)) if sum(needs.totals) else (),
        chart=Bars(
            title=f"Requests {caption.lower().replace('sen', 'SEN')}",
            description="The table below has the same numbers.",
            categories=tuple(group.label for group in groups),
            series=tuple(
                Series(label, tuple(drawable(group.counts[at]) for group in groups)) for at, label in enumerate(labels)
            ),
            unit="requests",
            stacked=True,
        ),
    )


def _wanted(needs: Needs) -> Figure:
    some = [kind for kind in needs.wanted if kind.asked]
    most = max((kind.asked for kind in some), default=0)
    names = [kind.label.lower() for kind in some if kind.asked == most]
    total = sum(needs.totals)
    sentence = (
        f"Asked for most: {_and(names)}, by {most:,} of {total:,} requests." if most else "No support is asked for."
    )
    lines = [Line((kind.label, kind.asked, kind.had), key=kind.key) for kind in needs.wanted]
    return Figure(
        key=WANTED,
        caption="Support asked for",
        sentence=sentence,
        definition=WANTED_DEFINITION,
        columns=(Column("Support"), Column("Requests that ask for it", Unit.COUNT), Column("Have had it", Unit.COUNT)),
        lines=tuple(lines) if most else (),
        chart=Bars(
            title="Support that requests ask for, and have had",
            description="The table below has the same numbers.",
            categories=tuple(kind.label for kind in needs.wanted),
            series=(
                Series("Asked for", tuple(float(kind.asked) for kind in needs.wanted)),
                Series("Had", tuple(None if kind.had is None else float(kind.had) for kind in needs.wanted)),
            ),
            unit="requests",
        ),
    )


def _given(needs: Needs) -> Figure:
    lines = [Line((kind.label, kind.requests, kind.visits), key=kind.key) for kind in needs.given]
    return Figure(
        key=GIVEN,
        caption="Support given",
        sentence=needs.visits_sentence,
        definition=GIVEN_DEFINITION,
        columns=(Column("Kind of visit"), Column("Requests", Unit.COUNT), Column("Visits held", Unit.COUNT)),
        lines=(*lines, sum_line("All visits", (needs.supported, needs.visits))) if needs.visits else (),
        chart=Bars(
            title="Visits held, by what they were for",
            description="The table below has the same numbers.",
            categories=tuple(kind.label for kind in needs.given),
            series=(Series("Visits held", tuple(float(kind.visits) for kind in needs.given)),),
            unit="visits",
        ),
    )
