"""R10's clocks of the requests of a period, as their own pages show them (`referrals.queries.progress`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from referrals.choices import Status
from referrals.rules.clocks import Progress, Running, running
from referrals.rules.lifecycle import OPEN_WITH_S2S
from referrals.rules.standards import Standards
from s2s_portal.core.calendar import Days
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.rules.working_days import london_day

_STREAMS = {stream.value: stream for stream in Stream}
_STATUSES = {status.value: status for status in Status}


def alike(cases: Iterable[Case], unrecorded: Mapping[int, datetime]) -> dict[Progress, list[Case]]:
    """The requests that hold a place or held one, those together whose clocks are reckoned from the same.

    `unrecorded` has, by request, when its first visit began that was held and has no record that stands.
    """
    found: defaultdict[tuple[object, ...], list[Case]] = defaultdict(list)
    for case in cases:
        if case.placed_at is None:
            continue
        unrecorded_at = unrecorded.get(case.pk)
        fields = (  # those of `Progress`, in its order: one is only made of what differs
            _STREAMS[case.stream],
            _STATUSES[case.status],
            london_day(case.placed_at),
            _STATUSES[case.returned_from] if case.returned_from else None,
            case.returned_at and london_day(case.returned_at),
            case.contact_paused_days,
            case.observation_paused_days,
            case.first_contact_at and london_day(case.first_contact_at),
            case.first_held_at and london_day(case.first_held_at),
            unrecorded_at and london_day(unrecorded_at),
            case.reviewed_at and london_day(case.reviewed_at),
        )
        found[fields].append(case)
    return {Progress._make(fields): some for fields, some in found.items()}


def clocks_of(
    requests: Mapping[Progress, Iterable[Case]], *, standards: Standards, days: Days, today: date
) -> dict[int, list[Running]]:
    """The clocks that run or are paused for each open request, by its id, the most urgent in front."""
    found: dict[int, list[Running]] = {}
    for progress, cases in requests.items():
        if progress.status in OPEN_WITH_S2S:
            clocks = running(progress, standards=standards, days=days, today=today)
            found.update((case.pk, clocks) for case in cases)
    return found
