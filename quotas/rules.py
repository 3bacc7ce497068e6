"""Decisions about contracts, periods, places and fees: plain functions over plain values (DESIGN §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from quotas.choices import FeeBasis, Intake
from s2s_portal.core import calendar, spoken


@dataclass(frozen=True)
class Balance:
    """A quota's sum, in places. `adjusted` may be negative; the others are counts."""

    granted: int = 0
    adjusted: int = 0
    drawn: int = 0
    released: int = 0

    @property
    def bought(self) -> int:
        """Places bought, with what was raised or lowered since."""
        return self.granted + self.adjusted

    @property
    def used(self) -> int:
        """Places that requests hold now."""
        return self.drawn - self.released

    @property
    def left(self) -> int:
        """Granted + adjusted − drawn + released (DESIGN §6); negative when lowered below use."""
        return self.bought - self.used

    @property
    def over_by(self) -> int:
        """How far use exceeds what is bought (R9); 0 when it does not."""
        return max(0, -self.left)

    @property
    def level(self) -> str:
        """How near the end is, for the colour of a figure: "full", "low" (80 % used, DESIGN §7) or ""."""
        if self.left < 1:
            return "full"
        return "low" if self.used * 100 >= self.bought * 80 else ""

    @property
    def terms(self) -> list[tuple[str, int]]:
        """The sum's terms after the places bought, signed, without those that are nothing."""
        changed = "Raised since" if self.adjusted > 0 else "Lowered since"
        terms = ((changed, self.adjusted), ("Used by requests", -self.drawn), ("Given back", self.released))
        return [(label, places) for label, places in terms if places]

    @property
    def in_words(self) -> str:
        """The sum as a commissioner reads it: "50 − 46 + 2 = 6 left", or what it is "over by"."""
        result = f"over by {self.over_by}" if self.over_by else f"{self.left} left"
        changes = "".join(f" {'−' if places < 0 else '+'} {abs(places)}" for _, places in self.terms)
        return f"{self.granted}{changes} = {result}" if changes else result


class OrderedDates(Protocol):
    """A period's dates, each including its whole day in Europe/London."""

    opens_on: date
    requests_close_on: date
    allocation_deadline_on: date
    delivery_ends_on: date


def misordered(period: OrderedDates) -> str | None:
    """What is wrong with the order of a period's dates, in a sentence; None if they are in order.

    A period opens, then closes for requests, then ends allocation, then ends delivery; neighbours may share a day.
    """
    steps: Sequence[tuple[str, date]] = (
        ("the opening day", period.opens_on),
        ("the cut-off", period.requests_close_on),
        ("the allocation deadline", period.allocation_deadline_on),
        ("the end of delivery", period.delivery_ends_on),
    )
    for (earlier_name, earlier), (later_name, later) in zip(steps, steps[1:], strict=False):
        if later < earlier:
            wrong = f"{later_name} ({spoken.day(later)}) is before {earlier_name} ({spoken.day(earlier)})."
            return wrong[0].upper() + wrong[1:]
    return None


def intake(period: OrderedDates, at: datetime) -> Intake:
    """Whether `period` takes requests at `at` (aware): up to and including the cut-off day in London (R3)."""
    if at < calendar.starts_at(period.opens_on):
        return Intake.NOT_YET
    return Intake.OPEN if calendar.is_by_end_of(period.requests_close_on, at) else Intake.CLOSED


class FeeRow(Protocol):
    """One row of the fee table: in force from its date until the stream's next row."""

    stream: str
    starts_on: date
    basis: str
    pence: int


@dataclass(frozen=True)
class Fee:
    """What a request costs, in pence, and on what basis."""

    basis: FeeBasis
    pence: int


class NoFeeKnown(LookupError):
    """The fee table has no row for this stream and date."""


def fee_on(rows: Sequence[FeeRow], *, stream: str, day: date) -> Fee:
    """The fee of a request of `stream` sent on `day` (R13). Raises `NoFeeKnown` if the table does not say."""
    in_force = [row for row in rows if row.stream == stream and row.starts_on <= day]
    if not in_force:
        raise NoFeeKnown(f"The fee table has no row for {stream} on {spoken.day(day)}.")
    row = max(in_force, key=lambda each: each.starts_on)
    return Fee(FeeBasis(row.basis), row.pence)
