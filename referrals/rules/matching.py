"""Which school a row of a cohort's file means, once the registers were asked: DESIGN R1 for a list of schools. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class MatchState(StrEnum):
    """What a row comes to; only MATCHED can go on by itself, and AMBIGUOUS once somebody has picked."""

    MATCHED = "MATCHED"
    REPEATED = "REPEATED"
    AMBIGUOUS = "AMBIGUOUS"
    OUTSIDE = "OUTSIDE"
    CLOSED = "CLOSED"
    NOT_MAINSTREAM = "NOT_MAINSTREAM"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> str:
        """The state as screens call it."""
        return _LABELS[self]


_LABELS = {
    MatchState.MATCHED: "Found",
    MatchState.REPEATED: "The same school as another row",
    MatchState.AMBIGUOUS: "Choose which school is meant",
    MatchState.OUTSIDE: "Outside your zones",
    MatchState.CLOSED: "Closed",
    MatchState.NOT_MAINSTREAM: "Not a mainstream school",
    MatchState.UNKNOWN: "Not found",
}


@dataclass(frozen=True)
class Hit:
    """One establishment that a row may mean. `is_own`: it lies in one of the adviser's mainstream zones."""

    is_mainstream: bool = True
    is_open: bool = True
    is_own: bool = True


def standing_of(hit: Hit) -> MatchState:
    """Whether a request can be for it; if not, the reason that would remain longest: MATCHED means that it can."""
    if not hit.is_mainstream:
        return MatchState.NOT_MAINSTREAM
    if not hit.is_open:
        return MatchState.CLOSED
    return MatchState.MATCHED if hit.is_own else MatchState.OUTSIDE


def state_of(hits: Iterable[Hit]) -> MatchState:
    """What a row comes to whose URN or name fits `hits`.

    One that can be chosen wins over any that cannot: a closed school often shares name and postcode with the academy
    that followed it. If none can, the one nearest to it gives the reason.
    """
    standings = [standing_of(hit) for hit in hits]
    if not standings:
        return MatchState.UNKNOWN
    possible = standings.count(MatchState.MATCHED)
    if possible > 1:
        return MatchState.AMBIGUOUS
    if possible == 1:
        return MatchState.MATCHED
    return next(state for state in _NEAREST_FIRST if state in standings)


_NEAREST_FIRST = (MatchState.OUTSIDE, MatchState.CLOSED, MatchState.NOT_MAINSTREAM)

_ALSO_WRITTEN = (
    (re.compile(r"\b(church of england|c of e|c e|ce|coe)\b"), "cofe"),
    (re.compile(r"\b(roman catholic|r c)\b"), "rc"),
    (re.compile(r"\b(voluntary controlled|v c)\b"), "vc"),
    (re.compile(r"\b(voluntary aided|v a)\b"), "va"),
    (re.compile(r"\bsaint\b"), "st"),
    (re.compile(r"\bsch\b"), "school"),
)
_SAY_NOTHING = frozenset({"the", "of", "and", "at", "a"})


def alike(typed: str, held: str) -> bool:
    """Whether two folded names may be one school's: all words of the shorter are in the longer, in any order.

    Never for a name without words: nothing is like it.
    """
    some, others = _words(typed), _words(held)
    return bool(some and others) and (some <= others or others <= some)


@lru_cache(maxsize=2048)  # a list is compared with every school there is: forty rows with four hundred
def _words(name: str) -> frozenset[str]:
    for pattern, usual in _ALSO_WRITTEN:
        name = pattern.sub(usual, name)
    return frozenset(name.split()) - _SAY_NOTHING
