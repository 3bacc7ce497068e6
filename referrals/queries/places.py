"""How many places are left, and until when requests are taken: what every page of a request says beside it."""

from dataclasses import dataclass
from datetime import date, datetime

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.choices import Intake, Referrers, Unit
from quotas.models import Contract
from quotas.queries import Standing
from referrals.choices import RefusalRule
from referrals.documents import places_sentence
from referrals.documents.refusals import NOT_TAKEN
from referrals.queries.waiting import how_many_wait_for
from referrals.rules import lifecycle
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream


@dataclass(frozen=True)
class Places:
    """The places of one stream at a moment, and how many requests wait for one."""

    stream: Stream
    left: int
    bought: int
    waiting: int
    level: str
    intake: Intake
    opens_on: date
    cut_off_on: date
    allocation_deadline_on: date
    contract: str = ""
    period: str = ""
    refused_by: RefusalRule | None = None

    @property
    def not_taken(self) -> str:
        """Why the contract takes no request of this stream that is sent by itself, in a sentence; "" if it does."""
        return NOT_TAKEN[self.refused_by].format(contract=self.contract) if self.refused_by else ""

    @property
    def stream_label(self) -> str:
        """The stream as screens call it."""
        return self.stream.label

    @property
    def used(self) -> int:
        """Places that requests hold."""
        return self.bought - self.left

    @property
    def closes_at(self) -> datetime:
        """The first moment at which a request is too late."""
        return calendar.ends_at(self.cut_off_on)

    @property
    def free(self) -> int:
        """Places that somebody who comes now can have: those who wait come first (R7)."""
        return lifecycle.free_for_newcomers(left=self.left, waiting=self.waiting)

    @property
    def can_send(self) -> bool:
        """Whether a request sent now would find the period open and a place free."""
        return self.intake == Intake.OPEN and self.free > 0 and self.refused_by is None

    @property
    def can_join(self) -> bool:
        """Whether a request sent now would find no place, and the waiting list open."""
        return self.intake == Intake.OPEN and self.free == 0 and self.refused_by is None

    @property
    def next_number(self) -> int:
        """As which number somebody who joins the waiting list now would wait."""
        return self.waiting + 1

    @property
    def sentence(self) -> str:
        """How the places are spoken of: "6 of 50 early years places are left."."""
        return places_sentence(stream_label=self.stream_label, left=self.left, bought=self.bought, waiting=self.waiting)


def places_now(*, stream: str, at: datetime) -> Places | None:
    """The places of `stream` at `at` (aware); None where none have been bought. Three queries."""
    return next(iter(_all_places(quota_queries.counts_at(at, stream=stream), at)), None)


def all_places_now(*, at: datetime) -> list[Places]:
    """The places of every stream that has any in the period that counts at `at`, early years first. Three queries."""
    return _all_places(quota_queries.counts_at(at), at)


def why_not_taken(contract: Contract, *, stream: str, in_cohort: bool) -> RefusalRule | None:
    """Why `contract` never takes a request of `stream`, whatever its dates and places; None if it does."""
    unit, referrers = Unit(contract.unit), Referrers(contract.referrers)
    return lifecycle.not_taken(unit=unit, referrers=referrers, stream=Stream(stream), in_cohort=in_cohort)


def _all_places(standings: list[Standing], at: datetime) -> list[Places]:
    waiting = how_many_wait_for([standing.quota for standing in standings])
    return [
        _places(standing, waiting.get((standing.quota.period_id, standing.quota.stream), 0), at)
        for standing in standings
    ]


def _places(standing: Standing, waiting: int, at: datetime) -> Places:
    balance, period = standing.balance, standing.quota.period
    return Places(
        stream=Stream(standing.quota.stream),
        left=balance.left,
        bought=balance.bought,
        waiting=waiting,
        level=balance.level,
        intake=quota_rules.intake(period, at),
        opens_on=period.opens_on,
        cut_off_on=period.requests_close_on,
        allocation_deadline_on=period.allocation_deadline_on,
        contract=period.contract.name,
        period=period.name,
        refused_by=why_not_taken(period.contract, stream=standing.quota.stream, in_cohort=False),
    )
