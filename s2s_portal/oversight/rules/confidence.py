"""How confident staff felt before the first visit and after the last one (1 to 5). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Said(NamedTuple):
    """What staff said at one visit of a request: confidences from 1 to 5, before it and after it."""

    referral_id: int
    before: int
    after: int


class Change(NamedTuple):
    """How confident staff were before support began, and when it was last asked after a visit."""

    before: int
    after: int


@dataclass(frozen=True)
class Confidence:
    """Many changes, counted. The means are None without one; `higher`, `same` and `lower` add up to `count`."""

    count: int
    before: float | None
    after: float | None
    higher: int
    same: int
    lower: int


def changes_of(said: Iterable[Said]) -> dict[int, Change]:
    """By request: before the first visit at which staff were asked, after the last. `said` is in order of visits."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for referral, before, after in said:
        first.setdefault(referral, before)
        last[referral] = after
    return {referral: Change(before, last[referral]) for referral, before in first.items()}


def confidence_of(changes: Mapping[int, Change], requests: Iterable[int]) -> Confidence:
    """The changes of these requests; those for which nobody was asked are left out."""
    alike = Counter(map(changes.__getitem__, changes.keys() & requests))
    count = alike.total()
    return Confidence(
        count=count,
        before=sum(one.before * times for one, times in alike.items()) / count if count else None,
        after=sum(one.after * times for one, times in alike.items()) / count if count else None,
        higher=sum(times for one, times in alike.items() if one.after > one.before),
        same=sum(times for one, times in alike.items() if one.after == one.before),
        lower=sum(times for one, times in alike.items() if one.after < one.before),
    )
