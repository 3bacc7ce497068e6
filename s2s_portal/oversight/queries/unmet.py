"""Demand that was not met, as its dashboard shows it."""

from referrals.choices import Status
from referrals.queries.unmet import Line, refused, unmet_demand
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.figures import Answer
from s2s_portal.oversight.documents.unmet import Counted, Unmet, unmet_answer
from s2s_portal.oversight.queries.readings import Readings


def answer_of(readings: Readings) -> Answer:
    """The overview's line, of the same sums as the page's. One statement beside the cases."""
    scope = readings.scope
    sums = (
        refused(scope.asking, period=scope.period, stream=scope.stream),
        sum(case.status == Status.WAITING for case in readings.cases),
        sum(case.status == Status.LAPSED for case in readings.cases),
    )
    return unmet_answer(Unmet(stream_label=_label(readings), sums=(*sums, sum(sums))))


def unmet_of(readings: Readings) -> Unmet:
    """What the person may see of the demand that was not met. Two statements, and the types of need."""
    scope = readings.scope
    found = unmet_demand(scope.asking, period=scope.period, stream=scope.stream, needs=readings.needs)
    sums = found.sums
    return Unmet(
        stream_label=_label(readings),
        sums=(int(sums.refused), int(sums.waiting), int(sums.lapsed), int(sums.total)),
        zones=[_counted(line) for line in found.zones],
        needs=[_counted(line) for line in found.needs],
        weeks=[_counted(line) for line in found.weeks],
    )


def _label(readings: Readings) -> str:
    return Stream(readings.scope.stream).label if readings.scope.stream else ""


def _counted(line: Line) -> Counted:
    return Counted(line.about, (line.refused, line.waiting, line.lapsed, line.total))
