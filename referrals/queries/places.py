"""How many places are left, and until when requests are taken: what every page of a request says beside it."""

from dataclasses import dataclass
from datetime import date, datetime

from quotas import queries as quota_queries
from quotas import rules as quota_rules
from quotas.choices import Intake
from quotas.queries import Standing
from referrals.documents import places_sentence
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream


@dataclass(frozen=True)
class Places:
    """The places of one stream at a moment. `closes_at` is the first moment after the cut-off day (R3)."""

    stream: Stream
    left: int
    bought: int
    level: str
    intake: Intake
    opens_on: date
    cut_off_on: date

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
    def can_send(self) -> bool:
        """Whether a request sent now would find the period open and a place left."""
        return self.intake == Intake.OPEN and self.left > 0

    @property
    def sentence(self) -> str:
        """How the places are spoken of: "6 of 50 early years places are left."."""
        return places_sentence(stream_label=self.stream_label, left=self.left, bought=self.bought)


def places_now(*, stream: str, at: datetime) -> Places | None:
    """The places of `stream` at `at` (aware); None where none have been bought. Three queries."""
    quota = quota_queries.quota_for(stream=stream, at=at)
    return _places(quota_queries.counts([quota])[0], at) if quota else None


def all_places_now(*, at: datetime) -> list[Places]:
    """The places of every stream that has any in the period that counts at `at`, early years first. Three queries."""
    return [_places(standing, at) for standing in quota_queries.counts(quota_queries.quotas_at(at))]


def _places(standing: Standing, at: datetime) -> Places:
    balance, period = standing.balance, standing.quota.period
    return Places(
        stream=Stream(standing.quota.stream),
        left=balance.left,
        bought=balance.bought,
        level=balance.level,
        intake=quota_rules.intake(period, at),
        opens_on=period.opens_on,
        cut_off_on=period.requests_close_on,
    )
