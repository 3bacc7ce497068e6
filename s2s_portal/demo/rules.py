"""The moments of the service's own calendar that are one click away on the practice date page. Pure."""

from dataclasses import dataclass
from datetime import datetime

from s2s_portal.core.calendar import LONDON


@dataclass(frozen=True)
class Jump:
    """One moment (London) and why someone would go there."""

    moment: datetime
    why: str


JUMPS = (
    Jump(datetime(2024, 12, 13, 23, 58, tzinfo=LONDON), "two minutes before requests close"),
    Jump(datetime(2024, 12, 14, 0, 0, tzinfo=LONDON), "the first moment that is too late for a new request"),
    Jump(datetime(2024, 12, 20, 9, 0, tzinfo=LONDON), "the day by which every place is to be given"),
    Jump(datetime(2025, 3, 31, 9, 0, tzinfo=LONDON), "the last day of the contract"),
)


def jumps_ahead(at: datetime) -> list[Jump]:
    """The jumps that lie after `at` (aware): the practice date never moves back."""
    return [jump for jump in JUMPS if jump.moment > at]
