"""Messages about quotas, and about changes that need a second person."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class QuotaThreshold:
    """So many per cent of a stream's places are used: 80, 95 or 100."""

    stream_label: str
    threshold: int
    places_used: int
    places_granted: int
    places_left: int
    cut_off_on: str


@dataclass(frozen=True, kw_only=True)
class ChangeProposed:
    """Somebody proposed a change that a second person approves or refuses."""

    summary: str
    proposed_by: str
    address: str  # the path of its page


@dataclass(frozen=True, kw_only=True)
class ChangeDecided:
    """What the second person decided."""

    summary: str
    approved: bool
    decided_by: str
    address: str  # the path of its page, where the reasons are
