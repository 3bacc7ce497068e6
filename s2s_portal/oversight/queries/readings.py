"""What several figures are made of, each read once for a page and only when it is first asked for."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from referrals.queries.needs import Need
from referrals.queries.standards import StandardsOverTime, over_time
from referrals.rules.clocks import Progress, Running
from referrals.rules.standards import Standards
from s2s_portal.organisations.models import Establishment
from s2s_portal.organisations.queries import calendar
from s2s_portal.oversight.documents.contract_end import Outcome
from s2s_portal.oversight.queries import happened, support
from s2s_portal.oversight.queries.cases import Case, cases_of
from s2s_portal.oversight.queries.ending import ContractAtEnd, Ending, contract_of, endings_of, outcomes_of
from s2s_portal.oversight.queries.happened import HeldVisit
from s2s_portal.oversight.queries.ledger import Ledger, ledgers_of
from s2s_portal.oversight.queries.parts import parts_of
from s2s_portal.oversight.queries.progress import alike, clocks_of
from s2s_portal.oversight.queries.registers import Registers, registers
from s2s_portal.oversight.queries.scope import Scope
from s2s_portal.oversight.queries.support import Told
from s2s_portal.oversight.rules.flow import Movement
from s2s_portal.oversight.rules.working_days import IndexedDays, indexed

ALIKE = frozenset({"ledgers", "contract", "days", "standards_over_time", "registers"})
"""What is read alike for every part: nothing of single requests."""


class Readings:
    """The rows behind the figures of one page. One statement for each property, the first time it is read."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def in_parts(self, scope: Scope, at_a_time: int | None = None) -> Iterator["Readings"]:
        """Readings of the same for at most so many requests of `scope` at once, in the order in which they were sent.

        Whoever reads them keeps what is wanted of each part, so that the rest of it is forgotten. One statement, and
        those of each part; what has been read already, and is not of single requests, is not read again.
        """
        known = self
        for part in parts_of(scope, at_a_time):
            found = Readings(part)
            vars(found).update((name, value) for name, value in vars(known).items() if name in ALIKE)
            known = found
            yield found

    @cached_property
    def cases(self) -> list[Case]:
        """The requests of the period that the person may see."""
        return cases_of(self.scope)

    @cached_property
    def ledgers(self) -> list[Ledger]:
        """The quotas of the period day by day, early years first."""
        return ledgers_of(self.scope)

    @cached_property
    def contract(self) -> ContractAtEnd:
        """The period's contract, how far its end is, and what follows."""
        return contract_of(self.scope)

    @cached_property
    def endings(self) -> list[Ending]:
        """What becomes of each open request of the contract at its end."""
        return endings_of(self.contract, self.scope, standards=self.standards, days=self.days)

    @cached_property
    def outcomes(self) -> Counter[Outcome]:
        """The same by what becomes of them, as many as there are of each."""
        return outcomes_of(self.contract, self.scope, standards=self.standards, days=self.days)

    @cached_property
    def days(self) -> IndexedDays:
        """The county's working days and terms. Closures of single schools are left out: figures compare all of them."""
        return indexed(calendar.days())

    @property
    def standards(self) -> Standards:
        """R10's numbers as they are in force at the moment of the figures."""
        return self.standards_over_time.at(self.scope.at)

    @cached_property
    def standards_over_time(self) -> StandardsOverTime:
        """R10's numbers as they were in force at every moment up to that of the figures."""
        return over_time(self.scope.at)

    @cached_property
    def zones(self) -> dict[int, str]:
        """Every zone's name by its id, in the order of their names. Read with the registers."""
        return self.registers.zones

    @cached_property
    def needs(self) -> list[Need]:
        """The types of need that were in use during the period, by their labels. Read with the zones."""
        return self.registers.needs

    @cached_property
    def registers(self) -> Registers:
        """The zones, how many schools and settings are open in each, and the types of need."""
        return registers(self.scope.period, self.scope.today)

    @cached_property
    def support_wanted(self) -> list[tuple[int, str]]:
        """Each kind of support that a request asks for, as pairs of the request's id and the kind."""
        return support.wanted(self.scope)

    @cached_property
    def told(self) -> Told:
        """What staff said of their confidence, and what became of the goals of closed requests."""
        return support.told(self.scope)

    @cached_property
    def visits(self) -> list[HeldVisit]:
        """The visits that were held, the first in front, each with its record that stands."""
        return happened.held_visits(self.scope)

    @cached_property
    def movements(self) -> dict[int, list[Movement]]:
        """By request the events by which it came to be open or ended."""
        return happened.movements(self.scope)

    @cached_property
    def schools_over_time(self) -> dict[int, list[tuple[datetime, int | None]]]:
        """By request that was handed over since when which provider school had it."""
        return happened.schools_over_time(self.scope)

    @cached_property
    def schools(self) -> dict[int, str]:
        """The names of provider schools by their ids, in the order of their names."""
        found = {case.provider_school_id for case in self.cases}
        found.update(school for some in self.schools_over_time.values() for _, school in some)
        ids = [pk for pk in found if pk is not None]
        named = Establishment.objects.select_related("kind").only("name", "urn", "kind__name")
        rows = named.filter(pk__in=ids).order_by("name", "pk")
        return {school.pk: school.display_name for school in rows}

    @cached_property
    def alike(self) -> dict[Progress, list[Case]]:
        """The requests that hold a place or held one, by what R10's clocks of each are reckoned from.

        Thousands of them are alike: whatever follows from it is asked once for all of these. Needs no statement of
        its own.
        """
        unrecorded: dict[int, datetime] = {}
        for visit in self.visits:
            if visit.recorded_at is None:
                unrecorded.setdefault(visit.referral_id, visit.starts_at)
        return alike(self.cases, unrecorded)

    @cached_property
    def progress(self) -> dict[int, Progress]:
        """What R10's clocks of each request are reckoned from, by its id."""
        return {case.pk: one for one, cases in self.alike.items() for case in cases}

    @cached_property
    def clocks(self) -> dict[int, list[Running]]:
        """R10's clocks of each open request, by its id, the most urgent in front. Needs no statement of its own."""
        return clocks_of(self.alike, standards=self.standards, days=self.days, today=self.scope.today)
