"""Decisions about cohorts: what keeps one from being sent, who goes now and who waits (R5)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from referrals.choices import CohortPart, Plan, Priority, Status
from referrals.rules.answers import INDES_YEARS, OLDEST, Problem
from referrals.rules.lifecycle import CAME_TO_NOTHING
from s2s_portal.core import calendar

MOST_SCHOOLS = 40
"""How many schools a cohort may have; a list of them is read as far as this."""
MADE_ANEW = CAME_TO_NOTHING | {Status.CLOSED}
"""After these a school may be added to its cohort once more: a new request."""
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
INDES = ("indes_section_id", "indes_level")
PARTS: dict[CohortPart, tuple[str, ...]] = {
    CohortPart.GROUP: ("title", "zones", "why_now", "year_groups", "children", "names_reason"),
    CohortPart.NEEDS: (
        "primary_need_id",
        "further_needs",
        *INDES,
        "need_description",
        "strategies_tried",
        "strategies_outcome",
    ),
    CohortPart.SUPPORT: ("support_wanted", "goal_1", "goal_2", "goal_3"),
}
"""What is asked on each page of the description, by column."""


def part_of(field: str) -> CohortPart:
    """The page of the description on which `field` is asked."""
    return next(part for part, fields in PARTS.items() if field in fields)


def description_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What the description still lacks, in the order of the page.

    `answers` holds the cohort's columns by attribute name, and the plain facts `further_need_ids`, `needs_valid`,
    `indes_in_force` (whether any version of INDES is), `indes_section_valid` and `indes_top_level`.
    """
    found = [
        Problem(field, sentence, missing=True)
        for field, sentence in REQUIRED.items()
        if answers.get(field) in (None, "", []) and (field not in INDES or needs_indes(answers))
    ]
    if not answers.get("needs_valid", True):
        found.append(Problem("primary_need_id", "Choose types of need that are in use today"))
    if answers.get("primary_need_id") in (answers.get("further_need_ids") or ()):
        found.append(Problem("further_needs", "Further types of need must differ from the main one"))
    if not answers.get("indes_section_valid", True):
        found.append(Problem("indes_section_id", "The INDES section is not of the version in use today: choose again"))
    top, level = answers.get("indes_top_level"), answers.get("indes_level")
    if top and level and not 1 <= level <= top:
        found.append(Problem("indes_level", f"INDES levels go from 1 to {top}"))
    return found


def needs_indes(answers: Mapping[str, Any]) -> bool:
    """Whether INDES is asked for: it runs from Reception to Year 11 (DOMAIN §C1), while a version of it is in force."""
    return bool(answers.get("indes_in_force")) and within_indes(answers.get("year_groups") or ())


def within_indes(year_groups: Iterable[str]) -> bool:
    """Whether any of these years is from Reception to Year 11."""
    return not INDES_YEARS.isdisjoint(year_groups)


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


def agreed_too_early(agreed_on: date | None, today: date) -> Problem | None:
    """What is wrong with the day on which a school agreed, if that has not come yet."""
    if agreed_on and agreed_on > today:
        return Problem("agreed_on", "The date the school agreed must be today or in the past")
    return None


def child_problems(answers: Mapping[str, Any], *, today: date) -> list[Problem]:
    """What keeps a child from being named: who they are, and the parents' agreement, are needed in full (R11).

    `answers` holds the columns of a named child.
    """
    required = {
        "first_name": "Enter the child’s first name",
        "last_name": "Enter the child’s last name",
        "date_of_birth": "Enter the child’s date of birth",
        "agreement_by": "Enter who agreed",
        "agreement_on": "Enter the date they agreed",
        "agreement_how": "Select how they agreed",
        "agreement_held": "Enter where the agreement is kept",
    }
    found = [
        Problem(field, sentence, missing=True)
        for field, sentence in required.items()
        if not _says_something(answers.get(field))
    ]
    born, agreed_on = answers.get("date_of_birth"), answers.get("agreement_on")
    if born and born > today:
        found.append(Problem("date_of_birth", "Date of birth must be in the past"))
    elif born and calendar.age_on(today, born) >= OLDEST:
        found.append(
            Problem("date_of_birth", "Check the year of birth: S2S supports children and young people up to 25")
        )
    if agreed_on and agreed_on > today:
        found.append(Problem("agreement_on", "The date they agreed must be today or in the past"))
    elif born and agreed_on and agreed_on < born <= today:
        found.append(Problem("agreement_on", "The date they agreed must not be before the child was born"))
    return found


def _says_something(answer: Any) -> bool:
    """Whether there is an answer: a text without any letter or digit, seen or not, is none."""
    return any(char.isalnum() for char in answer) if isinstance(answer, str) else answer is not None


@dataclass(frozen=True)
class Candidate:
    """A school that could be sent: its key, the adviser's priority, its place in their order, and their plan for it.

    One that is not `ready` lacks something and cannot be sent yet.
    """

    key: str
    priority: Priority
    position: int
    plan: Plan
    ready: bool = True


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those not left out, in the adviser's order."""
    return sorted((one for one in candidates if one.plan != Plan.NOT_YET), key=lambda one: (one.position, one.key))


def suggested(candidates: Sequence[Candidate], *, free: int) -> dict[str, Plan]:
    """A plan for each school, by key: the adviser's own if it fits the places that are free, else one that does.

    Ours gives the free places to the highest priority first, within it in the adviser's order; the others wait (R5).
    Whoever is not ready is left out for now.
    """
    candidates = [one if one.ready else replace(one, plan=Plan.NOT_YET) for one in candidates]
    now = sum(one.plan == Plan.NOW for one in candidates)
    waits = any(one.plan == Plan.WAIT for one in candidates)
    if mismatch(now=now, wait=int(waits), free=free) is None:
        return {one.key: one.plan for one in candidates}
    first = sorted(in_order(candidates), key=lambda one: _PRIORITIES.index(one.priority))
    plans = {one.key: Plan.NOW if number < free else Plan.WAIT for number, one in enumerate(first)}
    return {one.key: plans.get(one.key, Plan.NOT_YET) for one in candidates}


def children_warning(*, described: int | None, at_schools: int) -> str | None:
    """A sentence where the schools' numbers of children do not add up to the number that the description says."""
    if described in (None, at_schools):
        return None
    return f"The schools add up to {at_schools} children, and the description says {described} in all."


NOTHING_CHOSEN = "Choose at least one school to send."


def cannot_send(plans: Iterable[Plan], *, free: int) -> str | None:
    """Why schools with these plans cannot be sent while `free` places are, in a sentence; None if they can (R5)."""
    counted = Counter(plans)
    if not counted[Plan.NOW] and not counted[Plan.WAIT]:
        return NOTHING_CHOSEN
    return mismatch(now=counted[Plan.NOW], wait=counted[Plan.WAIT], free=free)


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
