"""One request, told in full: the answers of every section, made from a kind of need and some chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from referrals.choices import About, Agreement, AgreementHow, Section, SenStatus, YearGroup
from referrals.rules.answers import needs_indes
from s2s_portal.core.text import folded
from s2s_portal.demo.documents import (
    children,
    days,
    narratives_early_years,
    narratives_primary,
    narratives_secondary,
)
from s2s_portal.demo.documents.narratives import Narrative, told
from s2s_portal.organisations.choices import Stream

Answers = dict[Section, dict[str, Any]]
_CHILDREN = {
    Stream.EARLY_YEARS: narratives_early_years.CHILDREN,
    Stream.MAINSTREAM: narratives_primary.CHILDREN + narratives_secondary.CHILDREN,
}
_GROUPS = {
    Stream.EARLY_YEARS: narratives_early_years.GROUPS,
    Stream.MAINSTREAM: narratives_primary.GROUPS + narratives_secondary.GROUPS,
}
_GROUPS_IN_A_HUNDRED = {Stream.EARLY_YEARS: 9, Stream.MAINSTREAM: 16}
_AGREED = (
    "To ask for an observation, and for modelling of strategies in the room. The setting goes on with its plan until "
    "the visit and keeps a note of what works.",
    "That the setting has done what it can from its own practice, and that S2S should see the child at the busiest "
    "part of the session. The manager will free the key person to talk afterwards.",
    "To ask S2S for advice on next steps and for training of two key staff. The parents have been told and will be "
    "invited to the feedback.",
    "To send the request now, and to review the support plan with the setting in four weeks whatever comes of it.",
)
_HOURS = (
    "{He} attends for 15 hours over three days.",
    "{He} attends every morning in term time.",
    "{He} attends for 30 hours.",
    "{He} attends on two days and shares the week with a childminder.",
)
_IN_SCHOOL = (
    "{He} has been at this school from the start.",
    "{He} joined the school in September.",
    "{He} has a teaching assistant for part of each morning.",
    "{He} is in a class of 29.",
)
_AVAILABLE = (
    "Mondays and Thursdays, 9.15 to 11.30. Please ring before 8.45 or after 12.",
    "Any morning but Wednesday. The hall is used by others on Wednesdays.",
    "By telephone between 1 and 2 pm; visits on Tuesdays or Fridays suit best.",
    "Please e-mail first. The SENCo works Monday to Wednesday.",
    "Any day after 9.30; parking is on the road, as the playground gates are locked.",
)
_HELD = {
    Stream.EARLY_YEARS: ("In the child’s file at the setting", "With the support plan, in the setting’s office"),
    Stream.MAINSTREAM: ("In the SEN file at the school", "On the school’s records system, with the support plan"),
}
_JOBS = {
    Stream.EARLY_YEARS: ("Manager", "SENCo", "Deputy manager and SENCo", "Pre-school leader"),
    Stream.MAINSTREAM: ("SENCo", "SENDCo and assistant head", "Headteacher and SENCo", "Inclusion lead"),
}


@dataclass(frozen=True)
class Codes:
    """Primary keys of the code lists: DfE types of need by code, INDES sections by number."""

    needs: Mapping[str, int]
    indes: Mapping[int, int]


@dataclass(frozen=True)
class Subject:
    """What a request is about: the kind of need, the year group, and the child unless it is a group."""

    narrative: Narrative
    year: YearGroup
    child: children.Child | None


def subject(
    rng: Random, stream: Stream, years: set[YearGroup], *, one_child: bool = False, group: bool = False
) -> Subject:
    """Someone to ask support for, at a school or setting that has children in `years`; chance says if one or more."""
    is_group = group or (not one_child and rng.randrange(100) < _GROUPS_IN_A_HUNDRED[stream])
    tales = _GROUPS[stream] if is_group else _CHILDREN[stream]
    chosen = rng.choice([tale for tale in tales if years.intersection(tale.years)])
    year = rng.choice([year for year in chosen.years if year in years])
    return Subject(chosen, year, None if chosen.sizes else children.child(rng, year))


def answers(rng: Random, *, about: Subject, stream: Stream, urn: str, on: date, codes: Codes) -> Answers:
    """Every section's answers but the setting's, as written on `on` for the establishment with this URN."""
    contact = children.grown_up(rng)
    job = rng.choice(_JOBS[stream])
    sections: Answers = {
        Section.CHILD: _child(rng, about),
        Section.NEEDS: _needs(rng, about, stream, codes),
        Section.TRIED: _tried(rng, about),
        Section.SUPPORT: _support(rng, about),
        Section.AGREEMENT: _agreement(rng, about, stream, on),
        Section.CONTACT: _contact(rng, contact, job, urn),
    }
    if stream == Stream.EARLY_YEARS:
        spoke_on = days.school_day_before(rng, on, within=8)
        conversation = {
            "conversation_on": spoke_on,
            "conversation_with": f"{contact}, {job.lower() if job == 'Manager' else job}",
            "conversation_agreed": rng.choice(_AGREED),
        }
        sections = {Section.CONVERSATION: conversation} | sections
    return sections


def _say(about: Subject, text: str) -> str:
    return told(text, about.child.first_name, about.child.pronoun) if about.child else text


def _child(rng: Random, about: Subject) -> dict[str, Any]:
    if about.child is None:
        sizes, shared = about.narrative.sizes, about.narrative.what_they_share
        return {"about": About.GROUP, "group_size": rng.choice(sizes), "group_description": shared}
    return {
        "about": About.CHILD,
        "child_first_name": about.child.first_name,
        "child_last_name": about.child.last_name,
        "date_of_birth": about.child.born_on,
    }


def _needs(rng: Random, about: Subject, stream: Stream, codes: Codes) -> dict[str, Any]:
    tale = about.narrative
    status = _status(rng, tale, stream) if about.child else SenStatus.K
    needs: dict[str, Any] = {
        "year_group": about.year,
        "sen_status": status,
        "primary_need_id": codes.needs[tale.need],
        "secondary_need_id": codes.needs[tale.second] if tale.second else None,
        "need_description": _described(rng, about, stream),
    }
    if needs_indes(stream=stream, year_group=about.year, sen_status=status):
        needs |= {"indes_section_id": codes.indes[tale.indes], "indes_level": rng.choice((3, 4, 4, 5, 5, 6))}
    return needs


def _status(rng: Random, tale: Narrative, stream: Stream) -> SenStatus:
    if tale.need in ("SLD", "PMLD"):
        return SenStatus.E
    if stream == Stream.EARLY_YEARS:
        return rng.choices((SenStatus.N, SenStatus.K, SenStatus.E), (30, 60, 10))[0]
    return rng.choices((SenStatus.N, SenStatus.K, SenStatus.E), (4, 70, 26))[0]


def _described(rng: Random, about: Subject, stream: Stream) -> str:
    described = _say(about, rng.choice(about.narrative.described))
    if about.child is None:
        return described
    return f"{described} {_say(about, rng.choice(_HOURS if stream == Stream.EARLY_YEARS else _IN_SCHOOL))}"


def _tried(rng: Random, about: Subject) -> dict[str, Any]:
    strategies, outcome = rng.choice(about.narrative.tried)
    return {"strategies_tried": _say(about, strategies), "strategies_outcome": _say(about, outcome)}


def _support(rng: Random, about: Subject) -> dict[str, Any]:
    tale = about.narrative
    kinds = rng.sample(tale.support, k=min(len(tale.support), rng.choice((1, 2, 2, 3))))
    goals = rng.sample(tale.goals, k=min(len(tale.goals), rng.choice((1, 2, 3))))
    numbered = {f"goal_{number}": _say(about, goal) for number, goal in enumerate(goals, start=1)}
    return {"support_wanted": [kind.value for kind in tale.support if kind in kinds]} | numbered


def _agreement(rng: Random, about: Subject, stream: Stream, on: date) -> dict[str, Any]:
    if about.child is None:
        return {"agreement": Agreement.NOT_NEEDED}
    if rng.random() < 0.15:
        return {"agreement": Agreement.NOT_YET}
    return {
        "agreement": Agreement.YES,
        "agreement_by": children.parent(rng, about.child),
        "agreement_on": days.school_day_before(rng, on, within=9),
        "agreement_how": rng.choice(list(AgreementHow)),
        "agreement_held": rng.choice(_HELD[stream]),
    }


def _contact(rng: Random, name: str, job: str, urn: str) -> dict[str, Any]:
    return {
        "contact_name": name,
        "contact_job_title": job,
        "contact_email": f"{folded(name).replace(' ', '.')}@{urn.lower()}.demo.invalid",
        "contact_telephone": f"01632 960{rng.randint(0, 999):03d}",
        "availability": rng.choice(_AVAILABLE),
    }
