"""Decisions about contracts, periods, places and fees: plain functions over plain values (DESIGN §4)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from quotas.choices import FeeBasis, Intake
from s2s_portal.core import calendar, spoken

THRESHOLDS = (80, 95, 100)
"""Per cent of the places bought at which people are told (DESIGN §7)."""
MOST_PLACES = 99_999
"""Of one quota: a longer number is a slip of the keyboard."""
SHORTEST = timedelta(microseconds=1)
"""No two moments are nearer to each other."""


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
    def headline(self) -> str:
        """What a figure shows large: "6 left", or "Over by 2"."""
        return f"Over by {self.over_by}" if self.over_by else f"{self.left:,} left"

    @property
    def blocked(self) -> str:
        """Why no request gets a place now, and what would change that; "" while places are left (R9)."""
        if self.over_by:
            return f"Over by {self.over_by}: no new requests until {self.over_by + 1} places are given back or bought."
        return "" if self.left else "No place is left: no new requests until one is given back or bought."

    def changed_by(self, places: int) -> "Balance":
        """This balance once it is raised (or, below zero, lowered) by `places`."""
        return replace(self, adjusted=self.adjusted + places)

    @property
    def use_in_words(self) -> str:
        """How many of the places bought are used, and how that came about: "44 of 50 used (46 drawn, 2 given back)"."""
        of = f"{self.used:,} of {self.bought:,} used"
        return f"{of} ({self.drawn:,} drawn, {self.released:,} given back)" if self.released else of

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
        terms = ((changed, self.adjusted), ("Drawn by requests", -self.drawn), ("Given back", self.released))
        return [(label, places) for label, places in terms if places]

    @property
    def in_words(self) -> str:
        """The sum as a commissioner reads it: "50 − 46 + 2 = 6 left", or what it is "over by"."""
        result = f"over by {self.over_by}" if self.over_by else f"{self.left} left"
        changes = "".join(f" {'−' if places < 0 else '+'} {abs(places)}" for _, places in self.terms)
        return f"{self.granted}{changes} = {result}" if changes else result


def thresholds_reached(balance: Balance) -> set[int]:
    """Which of `THRESHOLDS` the use of the places has reached; none while nothing is bought."""
    if balance.bought < 1:
        return set()
    return {threshold for threshold in THRESHOLDS if balance.used * 100 >= balance.bought * threshold}


def cannot_adjust(*, bought: int, places: int) -> str | None:
    """Why a quota of `bought` places cannot be changed by `places` (signed), in a sentence; None if it can (R9).

    What requests use is no hindrance: a quota may be lowered below it.
    """
    if not places:
        return "Nothing would change: enter at least 1 place."
    if bought + places < 0:
        return f"Only {bought} places are bought, so no more than {bought} can be taken away."
    if bought + places > MOST_PLACES:
        return f"A quota has at most {MOST_PLACES:,} places."
    return None


def cannot_move(*, left: int, stream_label: str, places: int) -> str | None:
    """Why `places` cannot be moved away from a stream with `left` unused ones, in a sentence; None if they can (R9)."""
    if places < 1:
        return "Nothing would change: enter at least 1 place."
    if places <= left:
        return None
    if left < 1:
        return f"No {stream_label} place is unused, so none can be moved."
    unused = f"1 {stream_label} place is" if left == 1 else f"{left} {stream_label} places are"
    return f"Only {unused} unused, so {places} cannot be moved."


class NoSuchMoment(ValueError):
    """A quota was asked for as at a moment that is to come or never was; the message says which."""


def past_moment(day: date, clock_time: time | None, *, now: datetime) -> datetime:
    """The last moment that counts for a quota "as at" a London day and time, whole minutes and days included; in UTC.

    Without a time it is the end of the day. What still lasts ends at `now` (aware), and a time that London's clocks
    showed twice is the second. Raises `NoSuchMoment`.
    """
    today = calendar.london_date(now)
    if day > today:
        raise NoSuchMoment(f"{spoken.day(day)} is still to come.")
    if clock_time is None:
        return min(calendar.ends_at(day) - SHORTEST, now.astimezone(UTC))
    asked = datetime.combine(day, clock_time, tzinfo=calendar.LONDON).replace(fold=1).astimezone(UTC)
    if asked.astimezone(calendar.LONDON).time() != clock_time:
        raise NoSuchMoment(f"There was no {clock_time:%H:%M} on {spoken.day(day)}: the clocks went forward.")
    if asked > now:
        raise NoSuchMoment(f"{clock_time:%H:%M} on {spoken.day(day)} is still to come.")
    return min(asked + timedelta(minutes=1) - SHORTEST, now.astimezone(UTC))


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
        ("the last day on which places are given", period.allocation_deadline_on),
        ("the end of delivery", period.delivery_ends_on),
    )
    for (earlier_name, earlier), (later_name, later) in zip(steps, steps[1:], strict=False):
        if later < earlier:
            wrong = f"{later_name} ({spoken.day(later)}) is before {earlier_name} ({spoken.day(earlier)})."
            return wrong[0].upper() + wrong[1:]
    return None


def beyond_contract(*, opens_on: date, delivery_ends_on: date, starts_on: date, run_off_ends_on: date) -> str | None:
    """How a period's dates reach beyond its contract's, in a sentence; None if they do not."""
    if opens_on < starts_on:
        return f"The contract starts on {spoken.day(starts_on)}: the period cannot open before that."
    if delivery_ends_on > run_off_ends_on:
        return f"Visits may be held until {spoken.day(run_off_ends_on)}: extend the contract first."
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


MOST_PENCE = 10_000_00
"""Of one request. What is more is a slip of the keyboard."""


def cannot_charge(*, basis: FeeBasis, pence: int) -> str:
    """Why no request can cost `pence` on this basis; "" if one can. Only a fee for each request is an amount."""
    if basis != FeeBasis.PER_REQUEST:
        return "Enter an amount only for a fee for each request" if pence else ""
    if not 1 <= pence <= MOST_PENCE:
        return "The fee must be between £0.01 and £10,000"
    return ""


def fee_in_words(basis: FeeBasis, pence: int) -> str:
    """What a request costs: "£100.00 for each request", "nothing: fully funded"."""
    if basis == FeeBasis.PER_REQUEST:
        return f"£{pence // 100:,}.{pence % 100:02d} for each request"
    return {FeeBasis.FUNDED: "nothing: fully funded", FeeBasis.TRADED_HOURS: "traded hours"}[basis]


def pence_of(text: str) -> int | None:
    """Pounds as people type them, "£1,250.50", in whole pence; None if it is no amount."""
    found = re.fullmatch(r"£?\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{2}))?", text.strip())
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0) if found else None


def cannot_extend(*, was: Mapping[str, date], now: Mapping[str, date]) -> str | None:
    """Why a contract's dates cannot become `now`, in a sentence; None if they can (DESIGN §8: its end moves later)."""
    if now == was:
        return "Nothing would change."
    if now["ends_on"] < was["ends_on"]:
        return f"The contract ends on {spoken.day(was['ends_on'])}. It can only be made to end later."
    if now["run_off_ends_on"] < was["run_off_ends_on"]:
        return f"Visits may be held until {spoken.day(was['run_off_ends_on'])}. That can only be made later."
    if now["run_off_ends_on"] < now["ends_on"]:
        return "The last day of visits cannot be before the contract’s last day."
    return None


def cannot_move_cut_off(
    *,
    was: Mapping[str, date],
    now: Mapping[str, date],
    run_off_ends_on: date,
    beside: OrderedDates | None,
    today: date,
) -> str | None:
    """Why a period's dates cannot become `now`, in a sentence; None if they can (DESIGN §8). Their order is not judged.

    `beside` is another period that would take requests on some of the same days, `today` the day in London.
    """
    cut_off, was_cut_off = now["requests_close_on"], was["requests_close_on"]
    if cut_off <= was_cut_off:
        return f"The cut-off is {spoken.day(was_cut_off)}. It can only be moved to a later day."
    if cut_off < today:
        return f"{spoken.day(cut_off)} has passed: choose a cut-off that is still to come."
    earlier = [name for name in now if now[name] < was[name]]
    if earlier:
        return "The days until which places are given and support is delivered can only be moved later, too."
    if now["delivery_ends_on"] > run_off_ends_on:
        return f"Visits may be held until {spoken.day(run_off_ends_on)}: extend the contract first."
    if beside is not None:
        return f"“{beside}” takes requests from {spoken.day(beside.opens_on)}: the cut-off must be before that day."
    return None


def can_move_cut_off(period: OrderedDates, *, run_off_ends_on: date, next_opens_on: date | None, today: date) -> bool:
    """Whether there is a day to which the cut-off could be moved: `cannot_move_cut_off` would refuse every other one.

    `next_opens_on` is when the next period opens (None: none is known), `today` the day in London.
    """
    latest = run_off_ends_on
    if next_opens_on is not None:
        latest = min(latest, next_opens_on - timedelta(days=1))
    return latest > period.requests_close_on and latest >= today
