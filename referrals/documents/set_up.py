"""A council's first days: what the portal still needs before requests can be sent, step by step, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Role, Stream

ADMINISTRATOR, COMMISSIONER = Role.ADMINISTRATOR, Role.COMMISSIONER


@dataclass(frozen=True)
class Step:
    """One thing to set up, and the page where it is done. `count`: how much of it is missing; `missing` says what.

    `waiting`: what the step still waits for though requests can be sent without it, such as "3 not invited".
    """

    title: str
    who: Role
    route: str
    count: int
    missing: tuple[str, ...] = ()
    note: str = ""
    waiting: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return self.count == 0

    @property
    def status(self) -> str:
        """A few words for a tag."""
        if not self.is_done:
            return f"{self.count:,} still missing"
        return f"Done, {self.waiting}" if self.waiting else "Done"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is missing and nothing is waited for."""
        return self.is_done and not self.waiting


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """How far a portal is set up on a day. `period` is "" where no period is ahead or under way.

    `streams`: those that places are bought for, or both while none are.
    """

    today: date
    zones: int
    places: int
    places_without_zone: int
    years_without_terms: Sequence[int]
    years_without_holidays: Sequence[int]
    need_types: int
    indes_sections: int
    streams: Sequence[Stream]
    streams_without_fee: Sequence[Stream]
    period: str
    opens_on: date | None
    closes_on: date | None
    streams_without_places: Sequence[Stream]
    roles_missing: Sequence[Role]
    zones_without_early_years_adviser: int
    zones_without_send_adviser: int
    teachers_without_school: int
    not_signed_in: int
    not_invited: int

    @property
    def steps(self) -> list[Step]:
        """Everything to set up, in the order in which it can be done."""
        return [*self._of_the_county(), *self._of_the_people(), *self._of_the_contract()]

    @property
    def is_complete(self) -> bool:
        """Whether every step is done."""
        return all(step.is_done for step in self.steps)

    @property
    def sentence(self) -> str:
        """Where things stand, for the top of the page."""
        missing = sum(not step.is_done for step in self.steps)
        if missing:
            return f"{missing} of {len(self.steps)} steps {'is' if missing == 1 else 'are'} not done yet."
        if self.opens_on and self.today < self.opens_on:
            return f"Ready: requests can be sent from {spoken.day(self.opens_on)}."
        if self.closes_on and self.today <= self.closes_on:
            return f"Ready: requests can be sent until {spoken.day(self.closes_on)}."
        return f"Everything is set up. Requests closed on {spoken.day(self.closes_on or self.today)}."

    def _of_the_county(self) -> list[Step]:
        registers = "organisations:register_list"
        lists = [name for name, count in self._lists if not count]
        return [
            _step("Zones", ADMINISTRATOR, "referrals:lever_zones", 0 if self.zones else 1, "No zone is there yet"),
            _step(
                "Schools and settings", ADMINISTRATOR, registers, 0 if self.places else 1, "No register is loaded yet"
            ),
            _step(
                "Which school or setting is in which zone",
                ADMINISTRATOR,
                "organisations:placing",
                self.places_without_zone if self.places else 1,
                f"{_counted(self.places_without_zone, 'open school or setting', 'open schools and settings')} without "
                "a zone: no adviser finds them"
                if self.places
                else "There is no school or setting to put into a zone yet",
            ),
            _years("Term dates", self.years_without_terms, "Term dates are not all entered"),
            _years("Bank holidays", self.years_without_holidays, "No bank holiday is entered"),
            _step("Lists of the request form", ADMINISTRATOR, LISTS, len(lists), *[f"No {name}" for name in lists]),
        ]

    def _of_the_contract(self) -> list[Step]:
        # A commissioner does these: one has been invited by then.
        return [
            _streams("Fees", FEES, self.streams_without_fee, "No fee is set"),
            _step("Contract and period", COMMISSIONER, CONTRACTS, 0 if self.period else 1, "No period is ahead"),
            _streams("Places bought", CONTRACTS, self.streams_without_places, "No places"),
        ]

    @property
    def _lists(self) -> list[tuple[str, int]]:
        return [("types of need", self.need_types), ("INDES sections", self.indes_sections)]

    def _of_the_people(self) -> list[Step]:
        people = "organisations:person_list"
        missing = [f"Nobody is {_a(role.label)}" for role in self.roles_missing]
        waiting = _counted(self.not_signed_in, "person has", "people have")
        note = f"{waiting} not signed in yet." if self.not_signed_in else ""
        uninvited = f"{self.not_invited:,} not invited" if self.not_invited else ""
        advised = (
            (self.zones_without_early_years_adviser, "an Early Years Adviser", Stream.EARLY_YEARS),
            (self.zones_without_send_adviser, "a SEND Adviser", Stream.MAINSTREAM),
        )
        wanted = [(count, who) for count, who, stream in advised if stream in self.streams]
        lacking = [f"{_counted(count, 'zone', 'zones')} without {who}" for count, who in wanted if count]
        # Before there is a zone, its advisers cannot be missing: but nothing is done either.
        unadvised = sum(count for count, _ in wanted) if self.zones else 1
        return [
            _step("People for every role", ADMINISTRATOR, people, len(missing), *missing, note=note, waiting=uninvited),
            _step(
                "Advisers for every zone",
                ADMINISTRATOR,
                people,
                unadvised,
                *(lacking if self.zones else ["There is no zone to advise yet"]),
            ),
            _step("Teachers’ own schools", ADMINISTRATOR, people, *self._teachers),
        ]

    @property
    def _teachers(self) -> tuple[int, str]:
        if Role.S2S_TEACHER in self.roles_missing:
            return 1, "There is no S2S teacher yet"
        who = _counted(self.teachers_without_school, "S2S teacher", "S2S teachers")
        return self.teachers_without_school, f"{who} without a special school of their own"


LISTS = "referrals:lever_list"
FEES = "referrals:lever_fees"
CONTRACTS = "referrals:contract_list"


def _step(title: str, who: Role, route: str, count: int, *missing: str, note: str = "", waiting: str = "") -> Step:
    return Step(title, who, route, count, tuple(f"{one}." for one in missing) if count else (), note, waiting)


def _years(title: str, years: Sequence[int], words: str) -> Step:
    missing = [f"{words} for {year} to {year + 1}" for year in years]
    return _step(title, ADMINISTRATOR, "organisations:calendar", len(years), *missing)


def _streams(title: str, route: str, streams: Sequence[Stream], words: str) -> Step:
    return _step(title, COMMISSIONER, route, len(streams), *[f"{words} for {stream.label}" for stream in streams])


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _a(label: str) -> str:
    # "S2S" begins with a vowel when it is said; "SEND" is said as a word.
    return f"an {label}" if label.startswith(("A", "E", "S2S")) else f"a {label}"
