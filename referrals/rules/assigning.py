"""Who might take a request on: teachers in a sensible order, each with the reasons in words. A person decides. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s2s_portal.core.geography import UNKNOWN_DISTANCE


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One S2S teacher as a request sees them.

    `km` by road and `minutes` by car from `home_school` (its name, "" if none is recorded) to the school or setting;
    None where they are not known. `specialisms`: codes of types of need. `away`: why they cannot take it on now, in
    words such as "On leave until 6 January", else "". `away_soon`: the same for leave that begins before long; it is
    said, and the co-ordinator weighs it.
    """

    teacher_id: int
    name: str
    home_school: str = ""
    km: float | None = None
    minutes: int | None = None
    journey_is_estimate: bool = True
    specialisms: frozenset[str] = frozenset()
    open_requests: int = 0
    away: str = ""
    away_soon: str = ""
    works_in_zone: bool = False


@dataclass(frozen=True)
class Suggestion:
    """One candidate and what speaks for and against them, each reason a phrase without full stop."""

    candidate: Candidate
    reasons: tuple[str, ...]


def suggest(candidates: Iterable[Candidate], needs: Mapping[str, str]) -> list[Suggestion]:
    """Every candidate, the likeliest first; `needs` are the child's types of need, label by code.

    Whoever is there comes before whoever is away. Then the shorter drive counts (in the steps in which minutes are
    estimated), then more of the needs among the specialisms, then fewer open requests; only then single kilometres and
    the zone. Ties go by name, so that the order is always the same.
    """
    ordered = sorted(candidates, key=lambda one: _rank(one, needs))
    busiest = _busiest(ordered)
    return [Suggestion(one, tuple(_reasons(one, needs, busiest))) for one in ordered]


def _rank(one: Candidate, needs: Mapping[str, str]) -> tuple[bool, float, int, int, float, bool, str, int]:
    return (
        bool(one.away),
        math.inf if one.minutes is None else one.minutes,
        -len(one.specialisms & needs.keys()),
        one.open_requests,
        math.inf if one.km is None else one.km,
        not one.works_in_zone,
        one.name.casefold(),
        one.teacher_id,
    )


def _busiest(candidates: list[Candidate]) -> int | None:
    """The id of the one candidate who has more open requests than each of the others; None if nobody has."""
    by_load = sorted(candidates, key=lambda one: one.open_requests, reverse=True)
    if len(by_load) < 2 or by_load[0].open_requests == by_load[1].open_requests:
        return None
    return by_load[0].teacher_id


def _reasons(one: Candidate, needs: Mapping[str, str], busiest: int | None) -> Iterable[str]:
    if one.away:
        yield one.away
    yield journey_in_words(one)
    known = [label for code, label in needs.items() if code in one.specialisms]
    if known:
        yield f"{'Specialism' if len(known) == 1 else 'Specialisms'}: {'; '.join(known)}"
    load = f"{one.open_requests or 'No'} open request{'' if one.open_requests == 1 else 's'}"
    yield f"{load}, the most of anyone" if one.teacher_id == busiest else load
    if one.away_soon:
        yield one.away_soon
    if one.works_in_zone:
        yield "Works in this zone"


def journey_in_words(one: Candidate) -> str:
    """How far it is from the candidate's own school: "12 km from Tidemark School, about 25 minutes"."""
    if not one.home_school:
        return f"{UNKNOWN_DISTANCE}: no school of their own is recorded"
    if one.minutes == 0:
        return f"Works at {one.home_school} itself"
    if one.minutes is None:
        return f"The distance from {one.home_school} is not known"
    drive = f"{'about ' if one.journey_is_estimate else ''}{one.minutes} minute{'' if one.minutes == 1 else 's'}"
    if one.km is None:
        return f"{drive[0].upper()}{drive[1:]} from {one.home_school}"
    length = f"{round(one.km)} km" if round(one.km) else "Less than 1 km"
    return f"{length} from {one.home_school}, {drive}"
