"""What the events of every request tell, one after the other: where it stands, since when, and what was done."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from referrals.models import Referral, ReferralEvent, VisitRecord
from tests.oversight.history.days import day_of

OPEN = ("SUBMITTED", "RETURNED", "ASSIGNED", "IN_CONTACT", "BOOKED", "SUPPORTING")
UNREACHED = ("SUBMITTED", "ASSIGNED")
UNVISITED = ("IN_CONTACT", "BOOKED")
NO_PLACE = ("WAITING", "LAPSED", "WITHDRAWN", "DECLINED")


@dataclass
class Life:
    """One request. `held` and `mine` have a booking's key, moment and kind; `mine` were held under this contract.

    `moves` are London days with how it left (None: it came in), `schools` since when which provider school had it.
    """

    pk: int
    reference: str
    period: int
    stream: str
    zone: int
    cohort: bool
    record_of: dict[str, str]
    status: str = ""
    was: str = ""
    end_state: str = ""
    joined: date | None = None
    placed: date | None = None
    reached: datetime | None = None
    asked: date | None = None
    pauses: list[tuple[date, date]] = field(default_factory=list)
    teacher: str = ""
    schools: list[tuple[datetime, int | None]] = field(default_factory=list)
    planned: dict[str, datetime] = field(default_factory=dict)
    held: list[tuple[str, datetime, str]] = field(default_factory=list)
    mine: list[tuple[str, datetime, str]] = field(default_factory=list)
    records: dict[str, tuple[str, date]] = field(default_factory=dict)
    moves: list[tuple[date, str | None]] = field(default_factory=list)
    carried: datetime | None = None
    last: datetime | None = None
    before_it_moved: "Life | None" = None

    @property
    def is_open(self) -> bool:
        """Whether S2S has it."""
        return self.status in OPEN

    @property
    def stands(self) -> str:
        """Where it stands, or stood before it was returned."""
        return self.was if self.status == "RETURNED" else self.status

    @property
    def has_place(self) -> bool:
        """Whether it got a place and did not give it back."""
        return self.placed is not None and self.status not in NO_PLACE and self.end_state != "NOT_STARTED"

    @property
    def first_held(self) -> datetime | None:
        """When its first visit began."""
        return min((at for _, at, _ in self.held), default=None)

    @property
    def is_reviewed(self) -> bool:
        """Whether a review was held."""
        return any(kind == "REVIEW_MEETING" for _, _, kind in self.held)

    def recorded(self, booking: str) -> date | None:
        """When the record of a visit that stands was finalised."""
        return next((day for one, day in self.records.values() if one == booking), None)

    @property
    def unrecorded(self) -> list[date]:
        """The days of this contract's visits that have no record, the first in front."""
        return sorted(day_of(at) for booking, at, _ in self.mine if self.recorded(booking) is None)

    @property
    def school(self) -> int | None:
        """The provider school that has it."""
        return self.schools[-1][1] if self.schools else None

    def school_at(self, at: datetime) -> int | None:
        """The provider school that had it then, or else the first that ever had."""
        known = [(since, school) for since, school in self.schools if school is not None]
        then = [school for since, school in known if since <= at]
        return then[-1] if then else known[0][1] if known else None


def lives() -> dict[str, Life]:
    """Every request there is by its reference, from its events alone."""
    record_of = {one: str(key) for one, key in VisitRecord.objects.values_list("reference", "visit__booking__key")}
    found: dict[str, Life] = {}
    by_pk = {}
    for row in Referral.objects.order_by("pk").values_list(
        "pk", "reference", "period_id", "stream", "zone_id", "cohort_id"
    ):
        by_pk[row[0]] = found[row[1]] = Life(*row[:5], cohort=row[5] is not None, record_of=record_of)
    columns = ("referral_id", "kind", "at", "facts", "provider_school_id")
    for pk, kind, at, facts, school in ReferralEvent.objects.order_by("referral", "seq").values_list(*columns):
        life = by_pk[pk]
        if kind == "CARRIED_OVER":
            _carry_over(life, found[facts["reference"]].before_it_moved, at)
        else:
            STEPS.get(kind, _nothing)(life, at, facts)
        if kind in ("ASSIGNED", "REASSIGNED", "REINSTATED", "CARRIED_OVER"):
            life.schools.append((at, school))
        life.last = at
    return found


def _nothing(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    """Nothing that is counted."""


def _placed(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.placed, life.status, life.end_state = day_of(at), "SUBMITTED", ""
    life.reached, life.asked, life.was, life.teacher = None, None, "", ""
    life.pauses, life.schools = [], []
    life.moves.append((day_of(at), None))


def _joined(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.joined, life.status = life.joined or day_of(at), "WAITING"


def _ends(status: str, how: str | None) -> Callable[[Life, datetime, dict[str, Any]], None]:
    def end(life: Life, at: datetime, facts: dict[str, Any]) -> None:
        life.status, life.end_state = status, facts.get("end_state", "")
        life.asked, life.was = None, ""
        left = {"COMPLETED": "Completed", "ENDED_EARLY": "Ended early", "NOT_STARTED": "Not started"}.get(
            life.end_state, how
        )
        if left:
            life.moves.append((day_of(at), left))

    return end


def _moved(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.before_it_moved = copy(life)
    life.planned = {}
    _ends("TRANSFERRED", "Moved")(life, at, facts)


def _carry_over(life: Life, old: Life | None, at: datetime) -> None:
    assert old is not None
    for name in ("status", "was", "placed", "reached", "asked", "teacher"):
        setattr(life, name, getattr(old, name))
    life.pauses, life.planned, life.held = list(old.pauses), dict(old.planned), list(old.held)
    life.carried = at
    life.moves.append((day_of(at), None))


def _moved_back(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    old = life.before_it_moved
    assert old is not None
    life.status, life.was, life.asked, life.planned = old.status, old.was, old.asked, old.planned
    life.moves.append((day_of(at), None))


def _undone(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.planned = {}
    _ends("WITHDRAWN", "Moved")(life, at, facts)


def _reopened(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.status, life.end_state = "SUPPORTING", ""
    life.moves.append((day_of(at), None))


def _given(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.teacher = facts["teacher"]
    if life.status == "SUBMITTED":
        life.status = "ASSIGNED"


def _asked(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.was, life.status, life.asked = life.status, "RETURNED", day_of(at)


def _answered(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    assert life.asked is not None
    life.pauses.append((life.asked, day_of(at)))
    life.status, life.was, life.asked = life.was, "", None


def _contacted(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    if facts["outcome"] != "REACHED" or life.reached is not None:
        return
    life.reached = datetime.fromisoformat(facts["happened_at"])
    if life.status == "RETURNED":
        life.was = "IN_CONTACT"
    else:
        life.status = "IN_CONTACT"


def _booked(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.planned[facts["booking"]] = datetime.fromisoformat(facts["starts_at"])
    if life.status == "IN_CONTACT":
        life.status = "BOOKED"


def _fell_through(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.planned.pop(facts["booking"], None)
    if not life.planned and life.stands == "BOOKED":
        life.status, life.was = (life.status, "IN_CONTACT") if life.status == "RETURNED" else ("IN_CONTACT", "")


def _held(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.planned.pop(facts["booking"])
    visit = (facts["booking"], datetime.fromisoformat(facts["starts_at"]), facts["kind"])
    life.held.append(visit)
    life.mine.append(visit)
    life.status = "SUPPORTING"


def _finalised(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.records[facts["record"]] = (life.record_of[facts["record"]], day_of(at))


def _retracted(life: Life, at: datetime, facts: dict[str, Any]) -> None:
    life.records.pop(facts["record"])


STEPS: dict[str, Callable[[Life, datetime, dict[str, Any]], None]] = {
    **dict.fromkeys(("SUBMITTED", "PLACE_GIVEN", "REINSTATED"), _placed),
    **dict.fromkeys(("JOINED", "BROUGHT_BACK"), _joined),
    **dict.fromkeys(("ASSIGNED", "REASSIGNED"), _given),
    **dict.fromkeys(("SENT_BACK", "TAKEN_BACK"), _answered),
    **dict.fromkeys(("BOOKED", "BOOKING_MOVED"), _booked),
    **dict.fromkeys(("BOOKING_CANCELLED", "VISIT_NOT_HELD"), _fell_through),
    "LEFT": _ends("WITHDRAWN", None),
    "LAPSED": _ends("LAPSED", None),
    "WITHDRAWN": _ends("WITHDRAWN", "Withdrawn"),
    "DECLINED": _ends("DECLINED", "Not taken on"),
    "CLOSED": _ends("CLOSED", None),
    "TRANSFERRED": _moved,
    "MOVED_BACK": _moved_back,
    "CARRY_UNDONE": _undone,
    "REOPENED": _reopened,
    "ASKED": _asked,
    "CONTACTED": _contacted,
    "VISIT_HELD": _held,
    "RECORD_FINALISED": _finalised,
    "RECORD_RETRACTED": _retracted,
}
