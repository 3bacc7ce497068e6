"""Whether every zone gets its share of the service, as figures. Requests per zone are shown to everybody (R16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from s2s_portal.core.svg import Bars, Series
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.choices import Dashboard, Unit
from s2s_portal.oversight.documents.figures import Answer, Column, Figure, Line, sum_line

QUESTION = "Does every zone get its share?"
PLACES = {Stream.EARLY_YEARS: ("setting", "settings"), Stream.MAINSTREAM: ("school", "schools")}
MOST_NAMED = 3


@dataclass(frozen=True)
class ZoneShare:
    """One zone: its requests, and the open schools or settings that could have some. `key` is its id."""

    key: str
    name: str
    requests: int
    establishments: int

    @property
    def rate(self) -> float | None:
        """Requests for every 100 schools or settings; None where there is none."""
        return 100 * self.requests / self.establishments if self.establishments else None


@dataclass(frozen=True)
class StreamZones:
    """One stream in every zone, by name; `without_zone` counts the open schools or settings that have none."""

    stream: Stream
    zones: Sequence[ZoneShare]
    without_zone: int

    @property
    def all(self) -> ZoneShare:
        """The zones together."""
        requests = sum(zone.requests for zone in self.zones)
        return ZoneShare("", "All zones", requests, sum(zone.establishments for zone in self.zones))

    @property
    def key(self) -> str:
        """What stands in addresses."""
        return key_of(self.stream)

    @property
    def sentence(self) -> str:
        """How evenly the requests are spread."""
        whole, label = self.all, self.stream.label
        if not self.zones:
            return "No zone has been set up yet."
        if not whole.requests:
            return f"No {label} request has a place: there is nothing to share out yet."
        some = sum(bool(zone.requests) for zone in self.zones)
        count = "1 request" if whole.requests == 1 else f"{whole.requests:,} requests"
        overall = f"{label.capitalize()}: {count} from {some:,} of {_zones(len(self.zones))}"
        if whole.rate is None:
            return f"{overall}; no {PLACES[self.stream][0]} that is open has a zone."
        few = f" Under half of an even share: {_named(self.under_half)}." if self.under_half else ""
        return f"{overall}, {whole.rate:,.1f} per 100 {PLACES[self.stream][1]}; {self._range}.{few}"

    @property
    def under_half(self) -> list[str]:
        """The names of the zones with less than half of the requests that they would have at an even share."""
        whole = self.all
        return [
            zone.name
            for zone in self.zones
            if 2 * zone.requests * whole.establishments < zone.establishments * whole.requests
        ]

    @property
    def _range(self) -> str:
        rated = [zone for zone in self.zones if zone.rate is not None]
        high, low = max(zone.rate or 0 for zone in rated), min(zone.rate or 0 for zone in rated)
        if high == low:
            return "as many in every zone" if len(rated) > 1 else f"all in {rated[0].name}"
        most = _named([zone.name for zone in rated if zone.rate == high])
        fewest = _named([zone.name for zone in rated if zone.rate == low])
        least = f"the fewest in {fewest} ({low:,.1f})" if low else f"none in {fewest}"
        return f"the most in {most} ({high:,.1f}), {least}"


@dataclass(frozen=True)
class Zones:
    """The streams that were asked for, each in every zone."""

    streams: Sequence[StreamZones]

    @property
    def under_half(self) -> int:
        """How many zones have less than half of an even share of one of these streams or both."""
        return len({name for one in self.streams for name in one.under_half})

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to share out yet, or no zone."""
        return not any(one.all.requests for one in self.streams)

    @property
    def count(self) -> int:
        """How many zones there are."""
        return max((len(one.zones) for one in self.streams), default=0)


def key_of(stream: str) -> str:
    """A stream as it stands in addresses."""
    return stream.lower().replace("_", "-")


def _zones(count: int) -> str:
    return "1 zone" if count == 1 else f"{count:,} zones"


def _named(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMED:
        return _zones(len(names))
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def zones_answer(zones: Zones) -> Answer:
    """How many zones have far less than their share, and where the most and the fewest requests are."""
    sentence = " ".join(dict.fromkeys(one.sentence for one in zones.streams))
    if zones.is_empty:
        return Answer(QUESTION, "Nothing yet", sentence, Dashboard.ZONES)
    few = zones.under_half
    figure = f"{few:,} of {_zones(zones.count)} under half a share" if few else "Every zone has half a share or more"
    return Answer(QUESTION, figure, sentence, Dashboard.ZONES, level="low" if few else "")


def zones_figures(zones: Zones) -> list[Figure]:
    """One for each stream: its schools or settings are its own."""
    return [_figure(one) for one in zones.streams]


def _figure(one: StreamZones) -> Figure:
    many, whole = PLACES[one.stream][1], one.all
    lines = [Line(_values(zone, whole), key=zone.key) for zone in one.zones]
    return Figure(
        key=one.key,
        caption=one.stream.label.capitalize(),
        sentence=one.sentence,
        definition=_definition(one.stream),
        columns=(
            Column("Zone"),
            Column("Requests", Unit.COUNT),
            Column(f"Open {many}", Unit.COUNT),
            Column(f"Requests per 100 {many}", Unit.RATE),
            Column("Share of requests", Unit.PER_CENT),
            Column(f"Share of {many}", Unit.PER_CENT),
            Column("Requests at an even share", Unit.RATE),
        ),
        lines=(*lines, sum_line(whole.name, _values(whole, whole)[1:])) if lines else (),
        chart=Bars(
            title=f"{one.stream.label.capitalize()}: share of requests and share of {many}, by zone",
            description="The table below has the same numbers.",
            categories=tuple(zone.name for zone in one.zones),
            series=(
                Series("Share of requests", tuple(_share(zone.requests, whole.requests) for zone in one.zones)),
                Series(
                    f"Share of {many}", tuple(_share(zone.establishments, whole.establishments) for zone in one.zones)
                ),
            ),
            unit="per cent",
        ),
        notes=(_without_zone(one),),
    )


def _values(zone: ZoneShare, whole: ZoneShare) -> tuple[str | int | float | None, ...]:
    share = _share(zone.establishments, whole.establishments)
    even = None if share is None else share * whole.requests / 100
    requests = _share(zone.requests, whole.requests)
    return (zone.name, zone.requests, zone.establishments, zone.rate, requests, share, even)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _without_zone(one: StreamZones) -> str:
    single, many = PLACES[one.stream]
    if not one.without_zone:
        return f"Every open {one.stream.label} {single} has a zone."
    if one.without_zone == 1:
        return f"1 open {one.stream.label} {single} has no zone yet, so it is in no zone’s share."
    return f"{one.without_zone:,} open {one.stream.label} {many} have no zone yet, so they are in no zone’s share."


def _definition(stream: Stream) -> str:
    many = PLACES[stream][1]
    return (
        f"Every {stream.label} request of the period that has a place, in the zone in which it was sent, whatever "
        "became of it since. Those that gave their place back (withdrawn, not taken on, or closed before a visit) and "
        f"those on the waiting list do not count. The {many} are those that the registers call open now and whose kind "
        f"may have {stream.label} requests. At an even share a zone would have as many requests as its share of the "
        f"{many}. Where a zone has few {many}, one request more or less changes its rate a lot."
    )
