"""What a dashboard is asked about: whose eyes, which period, one stream or both, at which moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from quotas.models import Period
from referrals.permissions import Asking
from s2s_portal.core.calendar import london_date


def counting(periods: Sequence[Period], at: datetime) -> Period | None:
    """The one of all `periods`, the latest first, that counts at `at`: what `quotas.queries.period_at` reads."""
    today = london_date(at)
    opened = next((period for period in periods if period.opens_on <= today), None)
    return opened or (periods[-1] if periods else None)


@dataclass(frozen=True)
class Scope:
    """One question to the dashboards. `stream` is "" for both; `at` (aware) is the moment all figures are for.

    `is_of_contract`: every period of the period's contract is meant. `part` narrows requests further, so that long
    lists of them are read part by part; no figure is ever shown of a part.
    """

    asking: Asking
    period: Period
    at: datetime
    stream: str = ""
    is_of_contract: bool = False
    part: Q = field(default_factory=Q)

    @property
    def today(self) -> date:
        """The London day of `at`."""
        return london_date(self.at)

    @property
    def narrowed(self) -> Q:
        """The period and stream as a filter of requests, refusals and quotas."""
        of_period = Q(period__contract=self.period.contract_id) if self.is_of_contract else Q(period=self.period)
        return of_period & (Q(stream=self.stream) if self.stream else Q())

    @property
    def of_requests(self) -> Q:
        """The same as a filter of requests, with the part."""
        return self.narrowed & self.part
