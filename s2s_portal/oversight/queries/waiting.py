"""Who waits for a place, as their dashboard shows it."""

from collections import Counter

from referrals.choices import Status
from referrals.queries.waiting import giving_at
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.waiting import Waiting, WaitingStream, WaitingZone
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.rules.pace import NOTHING
from s2s_portal.oversight.rules.working_days import london_day


def waiting_of(readings: Readings) -> Waiting:
    """Who waits of those whose requests the person may see. The cases, the ledgers and the zones: three statements."""
    scope, period = readings.scope, readings.scope.period
    streams: list[str] = [scope.stream] if scope.stream else list(Stream)
    cases = _waiting(readings)
    left = {one.stream: sum(one.days.values(), NOTHING).left for one in readings.ledgers}
    return Waiting(
        streams=[
            WaitingStream(
                stream_label=Stream(stream).label,
                joined=sorted(london_day(case.submitted_at) for case in cases if case.stream == stream),
                left=left.get(stream),
            )
            for stream in streams
        ],
        zones=_zones(readings, cases, streams) if cases else [],
        giving=giving_at(period, scope.at),
        opens_on=period.opens_on,
        closes_on=period.requests_close_on,
        allocation_deadline_on=period.allocation_deadline_on,
        today=scope.today,
    )


def waiting_requests(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """Those who wait in one zone."""
    if figure != "zone":
        return None
    return [case for case in _waiting(readings) if str(case.zone_id) == line] or None


def _waiting(readings: Readings) -> list[Case]:
    return [case for case in readings.cases if case.status == Status.WAITING]


def _zones(readings: Readings, cases: list[Case], streams: list[str]) -> list[WaitingZone]:
    counted = Counter((case.zone_id, case.stream) for case in cases)
    zones = {case.zone_id for case in cases}
    return [
        WaitingZone(str(zone), name, tuple(counted[zone, stream] for stream in streams))
        for zone, name in readings.zones.items()
        if zone in zones
    ]
