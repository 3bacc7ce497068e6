"""Demand that was not met, as its dashboard shows it."""

from referrals.choices import Status
from referrals.queries.unmet import Line, refused, unmet_demand
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.unmet import LAPSED, WAITING, WHY, Counted, Unmet, unmet_answer
from s2s_portal.oversight.queries.cases import Case
from s2s_portal.oversight.queries.readings import Readings

LISTED = {WAITING: Status.WAITING, LAPSED: Status.LAPSED}


def answer_of(readings: Readings) -> Answer:
    """The overview's line, of the same sums as the page's. One statement beside the cases."""
    scope = readings.scope
    why = refused(scope.asking, period=scope.period, stream=scope.stream)
    waiting, lapsed = (len(_with(readings, status)) for status in (Status.WAITING, Status.LAPSED))
    sums = (why.total(), waiting, lapsed, why.total() + waiting + lapsed)
    return unmet_answer(Unmet(stream_label=_label(readings), why=why, sums=sums))


def unmet_of(readings: Readings) -> Unmet:
    """What the person may see of the demand that was not met. Two statements, and the types of need."""
    scope = readings.scope
    found = unmet_demand(scope.asking, period=scope.period, stream=scope.stream, needs=readings.needs)
    sums = found.sums
    return Unmet(
        stream_label=_label(readings),
        why=found.why,
        sums=(int(sums.refused), int(sums.waiting), int(sums.lapsed), int(sums.total)),
        zones=[_counted(line) for line in found.zones],
        needs=[_counted(line) for line in found.needs],
        weeks=[_counted(line) for line in found.weeks],
    )


def unmet_requests(readings: Readings, figure: str, line: str) -> list[Case] | None:
    """Those that wait, or waited in vain. A refused one is no request: its adviser still has the draft."""
    status = LISTED.get(line) if figure == WHY else None
    return (_with(readings, status) or None) if status else None


def _with(readings: Readings, status: str) -> list[Case]:
    return [case for case in readings.cases if case.status == status]


def _label(readings: Readings) -> str:
    return Stream(readings.scope.stream).label if readings.scope.stream else ""


def _counted(line: Line) -> Counted:
    return Counted(line.about, (line.refused, line.waiting, line.lapsed, line.total))
