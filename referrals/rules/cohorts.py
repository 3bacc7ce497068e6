"""Decisions about cohorts: what keeps one from being sent, who goes now and who waits (R5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.choices import Plan, Priority
from referrals.rules.answers import INDES_YEARS, Problem

MOST_SCHOOLS = 40
"""How many schools a cohort may have; a list of them is read as far as this."""
_PRIORITIES = list(Priority.values)

REQUIRED: dict[str, str] = {
    "title": "Enter a title for the cohort",
    "why_now": "Enter why these children need support now",
    "year_groups": "Select at least one year group",
    "children": "Enter how many children are in the cohort",
    "primary_need_id": "Select the main type of need",
    "indes_section_id": "Select the INDES section",
    "indes_level": "Select the INDES level",
    "strategies_tried": "Enter what has been tried",
    "strategies_outcome": "Enter what came of it",
    "support_wanted": "Select at least one kind of support",
    "goal_1": "Enter at least one goal",
}
"""What a description must say before anything is sent, by column, with what to do if it does not."""
_INDES = {"indes_section_id", "indes_level"}


def description_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What the description still lacks, in the order of the page.

    `answers` holds the cohort's columns by attribute name, and the plain facts `indes_in_force` (whether any version of
    INDES is), `indes_section_valid`, `indes_top_level` and `needs_valid`.
    """
    found = [
        Problem(field, sentence, missing=True)
        for field, sentence in REQUIRED.items()
        if answers.get(field) in (None, "", []) and (field not in _INDES or _needs_indes(answers))
    ]
    if not answers.get("needs_valid", True):
        found.append(Problem("primary_need_id", "Choose types of need that are in use today"))
    if not answers.get("indes_section_valid", True):
        found.append(Problem("indes_section_id", "Choose a section of the INDES version in use today"))
    top, level = answers.get("indes_top_level"), answers.get("indes_level")
    if top and level and not 1 <= level <= top:
        found.append(Problem("indes_level", f"INDES levels go from 1 to {top}"))
    return found


def _needs_indes(answers: Mapping[str, Any]) -> bool:
    """INDES runs from Reception to Year 11 (DOMAIN §C1), while a version of it is in force."""
    return bool(answers.get("indes_in_force") and INDES_YEARS.intersection(answers.get("year_groups") or ()))


def school_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What keeps one school of a cohort from being sent.

    `answers` holds the line's columns, and the plain facts `setting_problem` (a sentence, as `answers.setting_problem`
    gives it), `names_allowed` (the cohort says why children are named) and `named` (how many are).
    """
    wrong = answers.get("setting_problem")
    found = [Problem("establishment_id", wrong)] if wrong else []
    required = {
        "children": "Enter how many children are at this school",
        "contact_name": "Enter who S2S should get in touch with",
        "contact_email": "Enter the contact’s e-mail address",
        "agreed_by": "Enter who at the school agreed to this request",
        "agreed_on": "Enter when the school agreed",
    }
    found += [
        Problem(field, sentence, missing=True)
        for field, sentence in required.items()
        if answers.get(field) in (None, "", [])
    ]
    if answers.get("named") and not answers.get("names_allowed"):
        why = "Say in the description why children have to be named, or remove the names"
        found.append(Problem("names_reason", why))
    if answers.get("children") and answers.get("named", 0) > answers["children"]:
        found.append(Problem("children", "More children are named than the number of children at this school"))
    return found


@dataclass(frozen=True)
class Candidate:
    """A school that could be sent: its key, the adviser's priority, its place in their order, and their plan for it."""

    key: str
    priority: Priority
    position: int
    plan: Plan


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those not left out, in the adviser's order."""
    return sorted((one for one in candidates if one.plan != Plan.NOT_YET), key=lambda one: (one.position, one.key))


def suggested(candidates: Sequence[Candidate], *, free: int) -> dict[str, Plan]:
    """A plan for each school, by key: the adviser's own if it fits the places that are free, else one that does.

    Ours gives the free places to the highest priority first, within it in the adviser's order; the others wait (R5).
    """
    now = sum(one.plan == Plan.NOW for one in candidates)
    waits = any(one.plan == Plan.WAIT for one in candidates)
    if mismatch(now=now, wait=int(waits), free=free) is None:
        return {one.key: one.plan for one in candidates}
    first = sorted(in_order(candidates), key=lambda one: _PRIORITIES.index(one.priority))
    plans = {one.key: Plan.NOW if number < free else Plan.WAIT for number, one in enumerate(first)}
    return {one.key: plans.get(one.key, Plan.NOT_YET) for one in candidates}


def mismatch(*, now: int, wait: int, free: int) -> str | None:
    """Why a plan with `now` requests sent and `wait` waiting does not fit `free` places; None if it fits (R5).

    Nobody is half-sent, and nobody waits for a place that is free.
    """
    if now > free:
        schools = "1 school is" if now == 1 else f"{now} schools are"
        return f"{_places(free)} free, and {schools} to be sent now. Choose again."
    if wait and free > now:
        return f"{_places(free - now, 'more ')} free, and nobody has to wait for that. Choose again."
    return None


def _places(count: int, more: str = "") -> str:
    if not count:
        return "No place is"
    return f"1 {more}place is" if count == 1 else f"{count} {more}places are"
