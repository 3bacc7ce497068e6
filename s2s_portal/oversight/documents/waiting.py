"""Who waits for a place, as figures (R7). Requests per stream and zone are shown to everybody (R16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.urls import reverse

from referrals.choices import Giving
from s2s_portal.core import spoken
from s2s_portal.core.svg import Bars, Series
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, sum_line, with_sum

DEFINITION = (
    "Requests on the waiting list at this moment: they were complete, and no place was free when they were sent. Those "
    "that got a place, left the list or waited until no place came free are not counted. Days are calendar days since "
    "a request joined the list."
)
FIRST_COLUMNS = (Column("Stream"), Column("Waiting", Unit.COUNT), Column("Places left", Unit.COUNT))
WAIT_COLUMNS = (
    Column("First joined", Unit.DAY),
    Column("Longest wait in days", Unit.COUNT),
    Column("Median wait in days", Unit.DAYS),
)


@dataclass(frozen=True)
class WaitingStream:
    """One stream's list: the London days on which those who wait joined, in order. `left` is None without a quota."""

    stream_label: str
    joined: Sequence[date]
    left: int | None

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.joined)


@dataclass(frozen=True)
class WaitingZone:
    """How many wait in one zone: a count for each stream, in their order. `key` is the zone's id."""

    key: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Waiting:
    """Who waits for a place in a period on the London day `today`; `zones` are those in which somebody does."""

    streams: Sequence[WaitingStream]
    zones: Sequence[WaitingZone]
    giving: Giving
    closes_on: date
    allocation_deadline_on: date
    opens_on: date
    today: date

    @property
    def count(self) -> int:
        """How many wait in all."""
        return sum(one.count for one in self.streams)

    @property
    def sentence(self) -> str:
        """Who waits, since when, and how a place that comes free reaches them."""
        return " ".join(filter(None, (self._who, self._since, self._how)))

    @property
    def _who(self) -> str:
        some = [one for one in self.streams if one.count]
        if not some:
            only = f"{self.streams[0].stream_label} " if len(self.streams) == 1 else ""
            return f"Nobody waits for {_an(only)}{only}place."
        parts = [f"{one.count:,} for {_an(one.stream_label)}{one.stream_label} place" for one in some]
        wait = "request waits" if some[0].count == 1 else "requests wait"
        return f"{' and '.join(parts)}.".replace(" for", f" {wait} for", 1)

    @property
    def _since(self) -> str:
        first = min((one.joined[0] for one in self.streams if one.count), default=None)
        if first is None:
            return ""
        days = (self.today - first).days
        long = {0: "today", 1: "1 day ago"}.get(days, f"{days:,} days ago")
        since = long if not days else f"on {spoken.day(first)}, {long}"
        return f"{'It' if self.count == 1 else 'The first of them'} joined the list {since}."

    @property
    def _how(self) -> str:
        if self.giving == Giving.AUTOMATIC:
            closes, until = spoken.day(self.closes_on), spoken.day(self.allocation_deadline_on)
            after = f"; after that the commissioner gives it, until {until}" if closes != until else ""
            return f"A place that comes free goes to the first in order until {closes}{after}."
        if self.giving == Giving.BY_HAND:
            until = spoken.day(self.allocation_deadline_on)
            return f"The list is closed; a place that comes free is given by the commissioner until {until}."
        if self.giving == Giving.NOT_YET:
            return f"Requests open on {spoken.day(self.opens_on)}."
        return f"No place has been given since {spoken.day(self.allocation_deadline_on)}."


def _an(word: str) -> str:
    return "an " if word[:1] in "aeiou" and word else "a "


def waiting_answer(waiting: Waiting) -> Answer:
    """Who is waiting."""
    figure = f"{waiting.count:,} waiting" if waiting.count else "Nobody"
    return Answer("Who is waiting?", figure, waiting.sentence, Dashboard.WAITING, "low" if waiting.count else "")


def waiting_figures(waiting: Waiting) -> list[Figure]:
    """Those who wait by stream, with how long, and by zone."""
    return [_by_stream(waiting), _by_zone(waiting)]


def _by_stream(waiting: Waiting) -> Figure:
    lines = [
        Line(
            (
                one.stream_label.capitalize(),
                one.count,
                one.left,
                one.joined[0] if one.count else None,
                (waiting.today - one.joined[0]).days if one.count else None,
                float(median((waiting.today - day).days for day in one.joined)) if one.count else None,
            ),
            url=reverse("referrals:waiting_list"),
        )
        for one in waiting.streams
    ]
    return Figure(
        key="stream",
        caption="By stream",
        sentence=waiting.sentence,
        definition=f"{DEFINITION} Each stream leads to its list, in order.",
        columns=(*FIRST_COLUMNS, *WAIT_COLUMNS),
        lines=tuple(lines),
        chart=Bars(
            title="Requests that wait, by stream",
            description="The table below has the same numbers.",
            categories=tuple(one.stream_label.capitalize() for one in waiting.streams),
            series=(Series("Waiting", tuple(float(one.count) for one in waiting.streams)),),
            unit="requests",
        ),
    )


def _by_zone(waiting: Waiting) -> Figure:
    labels = [one.stream_label.capitalize() for one in waiting.streams]
    both = len(labels) > 1
    lines = [Line((zone.name, *with_sum(zone.counts, both)), key=zone.key) for zone in waiting.zones]
    if len(lines) > 1:
        sums = [sum(column) for column in zip(*(zone.counts for zone in waiting.zones), strict=True)]
        lines.append(sum_line("All zones", with_sum(sums, both)))
    return Figure(
        key="zone",
        caption="By zone",
        sentence=_zones_sentence(waiting),
        definition=f"{DEFINITION} Zones in which nobody waits are left out.",
        columns=(Column("Zone"), *(Column(label, Unit.COUNT) for label in [*labels, *(["Both"] if both else [])])),
        lines=tuple(lines),
        chart=Bars(
            title="Requests that wait, by zone",
            description="The table below has the same numbers.",
            categories=tuple(zone.name for zone in waiting.zones),
            series=tuple(
                Series(label, tuple(float(zone.counts[at]) for zone in waiting.zones))
                for at, label in enumerate(labels)
            ),
            unit="requests",
            stacked=True,
        ),
    )


def _zones_sentence(waiting: Waiting) -> str:
    if not waiting.zones:
        return "Nobody waits in any zone."
    if len(waiting.zones) == 1:
        return f"All who wait are in {waiting.zones[0].name}."
    most = max(sum(zone.counts) for zone in waiting.zones)
    names = [zone.name for zone in waiting.zones if sum(zone.counts) == most]
    if len(names) == len(waiting.zones):
        return f"{most:,} {'wait' if most > 1 else 'waits'} in each of {len(names)} zones."
    named = f"{', '.join(names[:-1])} and {names[-1]}, {most:,} in each" if len(names) > 1 else f"{names[0]}, {most:,}"
    return f"Requests wait in {len(waiting.zones)} zones: the most in {named}."
