"""What the events of each request tell, in plain Python: for counting once more what figures say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from quotas.models import Period
from referrals.models import Referral, ReferralEvent, VisitRecord

ONE_DAY = timedelta(days=1)


def day_of(moment: datetime | str) -> date:
    """The London day of an aware moment, or of one as it is stored in an event."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(ZoneInfo("Europe/London")).date()


def days_after(start: date, end: date) -> Iterator[date]:
    """Each day after `start` up to and including `end`."""
    return (start + ONE_DAY * number for number in range(1, (end - start).days + 1))


@dataclass
class Life:
    """What the events of one request tell, in their order."""

    reference: str
    stream: str
    in_cohort: bool
    placed: date | None = None
    reached: date | None = None
    asked: date | None = None
    pauses: list[tuple[date, date]] = field(default_factory=list)
    teacher: bool = False
    held: list[tuple[str, date, str]] = field(default_factory=list)
    planned: dict[str, datetime] = field(default_factory=dict)
    recorded: dict[str, date] = field(default_factory=dict)
    end: str = ""
    last: date = date.min

    @property
    def is_open(self) -> bool:
        """Whether S2S has it."""
        return self.placed is not None and not self.end

    @property
    def first_held(self) -> date | None:
        """The day of its first visit."""
        return min((day for _, day, _ in self.held), default=None)

    @property
    def unrecorded(self) -> list[date]:
        """The days of visits without a record, the first in front."""
        return sorted(day for booking, day, _ in self.held if booking not in self.recorded)

    @property
    def is_reviewed(self) -> bool:
        """Whether a review was held."""
        return any(kind == "REVIEW_MEETING" for _, _, kind in self.held)


def lives_of(period: Period, at: datetime) -> list[Life]:
    """Every request of the period, from its events alone, as it stands at `at` (aware)."""
    record_of = {
        one.reference: str(one.visit.booking.key) for one in VisitRecord.objects.select_related("visit__booking")
    }
    found = {}
    for one in Referral.objects.filter(period=period):
        found[one.pk] = Life(one.reference, one.stream, one.cohort_id is not None)
    events = ReferralEvent.objects.filter(referral__period=period, at__lte=at)
    for event in events.order_by("referral", "seq"):
        _live(found[event.referral_id], event, record_of)
    return list(found.values())


def _live(life: Life, event: ReferralEvent, record_of: dict[str, str]) -> None:
    day, kind, facts = day_of(event.at), event.kind, event.facts
    life.last = day
    if kind in ("SUBMITTED", "PLACE_GIVEN", "REINSTATED"):
        life.placed, life.end = day, ""
    elif kind in ("WITHDRAWN", "DECLINED", "CLOSED", "REOPENED"):
        life.end = {"CLOSED": facts.get("end_state"), "REOPENED": ""}.get(kind, kind)
    elif kind in ("ASSIGNED", "REASSIGNED"):
        life.teacher = True
    elif kind in ("ASKED", "SENT_BACK", "TAKEN_BACK"):
        _wait_for_information(life, kind, day)
    elif "booking" in facts:
        _visit(life, kind, facts)
    elif "record" in facts:
        _record(life, kind, record_of[facts["record"]], day)
    elif facts.get("outcome") == "REACHED":
        life.reached = life.reached or day_of(facts["happened_at"])


def _wait_for_information(life: Life, kind: str, day: date) -> None:
    if life.asked:
        life.pauses.append((life.asked, day))
    life.asked = day if kind == "ASKED" else None


def _visit(life: Life, kind: str, facts: dict) -> None:
    if kind in ("BOOKED", "BOOKING_MOVED"):
        life.planned[facts["booking"]] = datetime.fromisoformat(facts["starts_at"])
    elif kind in ("BOOKING_CANCELLED", "VISIT_NOT_HELD", "VISIT_HELD"):
        life.planned.pop(facts["booking"])
    if kind == "VISIT_HELD":
        life.held.append((facts["booking"], day_of(facts["starts_at"]), facts["kind"]))


def _record(life: Life, kind: str, booking: str, day: date) -> None:
    if kind == "RECORD_FINALISED":
        life.recorded[booking] = day
    elif kind == "RECORD_RETRACTED":
        life.recorded.pop(booking)
