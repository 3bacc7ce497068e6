"""The requests of a period by zone, beside the schools and settings that are there."""

from collections import Counter
from collections.abc import Mapping
from operator import attrgetter

from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.zones import StreamZones, Zones, ZoneShare, key_of
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings


def zones_of(readings: Readings) -> Zones:
    """Every zone in each stream that was asked for; those without a request, too."""
    asked = readings.scope.stream
    with_place = [case for case in readings.cases if case.place_id is not None]  # `has_place`, asked of thousands
    requests = Counter(map(attrgetter("zone_id", "stream"), with_place))
    return Zones([_stream(readings, Stream(one), requests) for one in ([asked] if asked else Stream.values)])


def _stream(readings: Readings, stream: Stream, requests: Mapping[tuple[int, str], int]) -> StreamZones:
    there = readings.registers.establishments
    return StreamZones(
        stream=stream,
        zones=[
            ZoneShare(str(pk), name, requests[pk, stream.value], there.get((pk, stream.value), 0))
            for pk, name in readings.zones.items()
        ],
        without_zone=there.get((None, stream.value), 0),
    )


def requests_of(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """The requests behind a line; None if there is no such figure or line."""
    streams = {key_of(one): one for one in Stream.values if readings.scope.stream in ("", one)}
    if figure not in streams or line not in {str(pk) for pk in readings.zones}:
        return None
    return [
        case
        for case in readings.cases
        if case.has_place and case.stream == streams[figure] and str(case.zone_id) == line
    ]
