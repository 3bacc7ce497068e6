"""What a request must say before it can be sent, section by section. `answers` maps column names to values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from referrals.choices import About, Agreement, Section, SectionState, SenStatus, YearGroup
from s2s_portal.core import calendar
from s2s_portal.organisations.choices import Stream

Answers = Mapping[str, Any]
OLDEST = 26
"""S2S serves children and young people from birth to 25; a date of birth before that is a slip."""

_ORDER = [year.value for year in YearGroup]
INDES_YEARS = frozenset(_ORDER[_ORDER.index(YearGroup.R) : _ORDER.index(YearGroup.Y11) + 1])
"""INDES runs from Reception to Year 11 (DOMAIN §C1)."""


@dataclass(frozen=True)
class Problem:
    """One thing that stands between a section and done: which column, and what to do about it."""

    field: str
    sentence: str
    missing: bool = False


def sections_for(stream: str) -> tuple[Section, ...]:
    """The sections of a request of `stream`, in order; only early years requests rest on a conversation (R2)."""
    return tuple(section for section in Section if section != Section.CONVERSATION or stream == Stream.EARLY_YEARS)


def section_state(*, saved: bool, problems: list[Problem]) -> SectionState:
    """The state of a section: saved at all, and what is missing from or wrong with it."""
    if not saved:
        return SectionState.NOT_STARTED
    if any(not problem.missing for problem in problems):
        return SectionState.NEEDS_ATTENTION
    return SectionState.IN_PROGRESS if problems else SectionState.DONE


def problems(section: Section, answers: Answers, *, stream: str, today: date) -> list[Problem]:
    """Everything that keeps `section` from being done on `today`, in the order of the page.

    `answers` holds the columns of `RequestDetails` by attribute name, `support_wanted` and `goal_1`, and for the
    setting, needs and INDES the plain facts `setting_problem`, `primary_need_valid`, `secondary_need_valid`,
    `indes_section_valid`, `indes_top_level` and `indes_in_force`; a fact left out is no hindrance.
    """
    return _CHECKS[section](answers, stream, today)


def all_problems(answers: Answers, *, stream: str, today: date) -> dict[Section, list[Problem]]:
    """The problems of each section that has any: an empty result means that the request can be sent."""
    found = {section: problems(section, answers, stream=stream, today=today) for section in sections_for(stream)}
    return {section: some for section, some in found.items() if some}


def _required(answers: Answers, **sentences: str) -> list[Problem]:
    return [
        Problem(field, sentence, missing=True)
        for field, sentence in sentences.items()
        if answers.get(field) in (None, "", [])
    ]


def _setting(answers: Answers, stream: str, today: date) -> list[Problem]:
    wrong = answers.get("setting_problem")
    return [Problem("establishment_id", wrong)] if wrong else []


def _conversation(answers: Answers, stream: str, today: date) -> list[Problem]:
    """R2: date (not in the future), with whom, what was agreed."""
    found = _required(
        answers,
        conversation_on="Enter the date of your conversation",
        conversation_with="Enter who you spoke to",
        conversation_agreed="Enter what was agreed",
    )
    held_on = answers.get("conversation_on")
    if held_on and held_on > today:
        found.append(Problem("conversation_on", "The date of your conversation must be today or in the past"))
    return found


def _child(answers: Answers, stream: str, today: date) -> list[Problem]:
    if answers.get("about") == About.GROUP:
        return _required(
            answers,
            group_size="Enter how many children are in the group",
            group_description="Enter what the children have in common",
        )
    if answers.get("about") != About.CHILD:
        return _required({}, about="Select whether this is about one child or a group")
    found = _required(
        answers,
        child_first_name="Enter the child’s first name",
        child_last_name="Enter the child’s last name",
        date_of_birth="Enter the child’s date of birth",
    )
    born = answers.get("date_of_birth")
    if born and born > today:
        found.append(Problem("date_of_birth", "Date of birth must be in the past"))
    elif born and calendar.age_on(today, born) >= OLDEST:
        found.append(
            Problem("date_of_birth", "Check the year of birth: S2S supports children and young people up to 25")
        )
    return found


def _needs(answers: Answers, stream: str, today: date) -> list[Problem]:
    found = _required(
        answers,
        year_group="Select the year group",
        sen_status="Select the SEN status",
        primary_need_id="Select the main type of need",
        need_description="Enter what you would like S2S to know about the needs",
    )
    if answers.get("year_group") and answers["year_group"] not in years_for(stream):
        found.append(Problem("year_group", "Requests of this stream are not for this year group: choose another"))
    for name in ("primary_need", "secondary_need"):
        if answers.get(f"{name}_id") and not answers.get(f"{name}_valid", True):
            found.append(Problem(f"{name}_id", "This type of need cannot be used today: choose another"))
    if answers.get("primary_need_id") and answers.get("primary_need_id") == answers.get("secondary_need_id"):
        found.append(Problem("secondary_need_id", "The second type of need must differ from the main one"))
    return found + _indes(answers, stream)


def _indes(answers: Answers, stream: str) -> list[Problem]:
    """INDES is asked of those who need it while a version is in force; what is given must fit its scale."""
    found = []
    wanted = needs_indes(stream=stream, year_group=answers.get("year_group"), sen_status=answers.get("sen_status"))
    if wanted and answers.get("indes_in_force", True):
        found += _required(
            answers,
            indes_section_id="Select the INDES section that fits best",
            indes_level="Enter the INDES level",
        )
    if answers.get("indes_section_id") and not answers.get("indes_section_valid", True):
        found.append(Problem("indes_section_id", "This INDES section is of an older scale: choose one of today’s"))
    top, level = answers.get("indes_top_level"), answers.get("indes_level")
    if top and level and level > top:
        found.append(Problem("indes_level", f"INDES level must be {top} or less for this section"))
    return found


def years_for(stream: str) -> tuple[YearGroup, ...]:
    """The year groups of `stream`: early years up to Reception, schools from their nursery classes on."""
    years = tuple(YearGroup)
    if stream == Stream.EARLY_YEARS:
        return years[: years.index(YearGroup.R) + 1]
    return years[years.index(YearGroup.N1) :]


def needs_indes(*, stream: str, year_group: str | None, sen_status: str | None) -> bool:
    """Whether INDES must be given: children on the SEN register from Reception to Year 11, never early years."""
    on_register = sen_status in (SenStatus.K, SenStatus.E)
    return stream == Stream.MAINSTREAM and year_group in INDES_YEARS and on_register


def _tried(answers: Answers, stream: str, today: date) -> list[Problem]:
    return _required(
        answers,
        strategies_tried="Enter what has been tried",
        strategies_outcome="Enter what came of it",
    )


def _support(answers: Answers, stream: str, today: date) -> list[Problem]:
    return _required(
        answers,
        support_wanted="Select at least one kind of support",
        goal_1="Enter at least one goal",
    )


def _agreement(answers: Answers, stream: str, today: date) -> list[Problem]:
    """R11: who, when, how, held where. "Not yet" may be sent; an observation of a named child may not be booked."""
    found = _required(answers, agreement="Select whether a parent or carer has agreed")
    if answers.get("agreement") == Agreement.NOT_NEEDED and answers.get("about") == About.CHILD:
        found.append(
            Problem("agreement", "This request names a child, so the parents’ agreement is needed: say yes or not yet")
        )
    if answers.get("agreement") != Agreement.YES:
        return found
    found += _required(
        answers,
        agreement_by="Enter who agreed",
        agreement_on="Enter the date they agreed",
        agreement_how="Select how they agreed",
        agreement_held="Enter where the agreement is kept",
    )
    agreed_on = answers.get("agreement_on")
    if agreed_on and agreed_on > today:
        found.append(Problem("agreement_on", "The date they agreed must be today or in the past"))
    return found


def holds_up_observation(answers: Answers) -> bool:
    """R11: whether the parents' agreement is missing before an observation of a named child may be booked."""
    return answers.get("about") == About.CHILD and answers.get("agreement") != Agreement.YES


def _contact(answers: Answers, stream: str, today: date) -> list[Problem]:
    return _required(
        answers,
        contact_name="Enter the name of the person S2S should contact",
        contact_email="Enter their e-mail address",
        contact_telephone="Enter their telephone number",
        availability="Enter when they can be reached and when a visit would suit",
    )


_CHECKS: dict[Section, Callable[[Answers, str, date], list[Problem]]] = {
    Section.SETTING: _setting,
    Section.CONVERSATION: _conversation,
    Section.CHILD: _child,
    Section.NEEDS: _needs,
    Section.TRIED: _tried,
    Section.SUPPORT: _support,
    Section.AGREEMENT: _agreement,
    Section.CONTACT: _contact,
}


def expected_year_group(*, date_of_birth: date, today: date) -> YearGroup | None:
    """The school year of a child born on `date_of_birth`, in the academic year of `today` (DOMAIN §C5).

    None for someone too old for Year 13.
    """
    age = calendar.age_for_school_year(today, date_of_birth)
    if age < 2:
        return YearGroup.UNDER_2
    place = _ORDER.index(YearGroup.N1) + age - 2
    return YearGroup(_ORDER[place]) if place < len(_ORDER) else None


def year_group_warning(answers: Answers, *, today: date) -> str | None:
    """A sentence where the year group differs from the date of birth's: it warns and never blocks; None otherwise."""
    born, chosen = answers.get("date_of_birth"), answers.get("year_group")
    if answers.get("about") != About.CHILD or not born or not chosen or born > today:
        return None
    expected = expected_year_group(date_of_birth=born, today=today)
    if expected is None or expected == chosen:
        return None
    return (
        f"The date of birth belongs to “{expected.label}”, but “{YearGroup(chosen).label}” is chosen. "
        "If the child is placed out of year, leave it as it is."
    )


def setting_problem(
    *, is_open: bool, stream: str | None, wanted_stream: str, zone_id: int | None, own_zones: set[int]
) -> str | None:
    """Why a request of `wanted_stream` cannot be for this establishment, in a sentence; None if it can (R1)."""
    if not is_open:
        return "This school or setting is closed in the register: choose another"
    if stream != wanted_stream:
        return "Requests for this kind of school or setting are not yours to file: choose another"
    if zone_id is None:
        return "This school or setting has no zone yet: ask an administrator to give it one"
    if zone_id not in own_zones:
        return "This school or setting is outside your zones: its own adviser files requests for it"
    return None
