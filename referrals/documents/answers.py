"""What was answered, in words, section by section: for check-answers, conflicts and the request's own page."""

from dataclasses import dataclass
from datetime import date

from referrals.choices import About, Agreement, Section, SupportKind
from referrals.models import DraftReferral
from referrals.models.details import RequestDetails
from s2s_portal.core import spoken
from s2s_portal.organisations.choices import Stream


@dataclass(frozen=True)
class Answer:
    """One question and its answer in words ("" where there is none); `field` is the column it comes from."""

    field: str
    title: str
    text: str


TITLES: dict[Section, dict[str, str]] = {
    Section.SETTING: {"establishment_id": "School or setting"},
    Section.CONVERSATION: {
        "conversation_on": "Date of the conversation",
        "conversation_with": "Spoke to",
        "conversation_agreed": "What was agreed",
    },
    Section.CHILD: {
        "about": "This request is about",
        "child_first_name": "Child’s first name",
        "child_last_name": "Child’s last name",
        "date_of_birth": "Date of birth",
        "group_size": "Children in the group",
        "group_description": "What they have in common",
    },
    Section.NEEDS: {
        "year_group": "Year group",
        "sen_status": "SEN status",
        "primary_need_id": "Main type of need",
        "secondary_need_id": "Second type of need",
        "indes_section_id": "INDES section",
        "indes_level": "INDES level",
        "need_description": "About the needs",
    },
    Section.TRIED: {
        "strategies_tried": "What has been tried",
        "strategies_outcome": "What came of it",
    },
    Section.SUPPORT: {
        "support_wanted": "Support wanted",
        "goal_1": "First goal",
        "goal_2": "Second goal",
        "goal_3": "Third goal",
    },
    Section.AGREEMENT: {
        "agreement": "A parent or carer has agreed",
        "agreement_by": "Who agreed",
        "agreement_on": "When they agreed",
        "agreement_how": "How they agreed",
        "agreement_held": "Where the agreement is kept",
    },
    Section.CONTACT: {
        "contact_name": "Person to contact",
        "contact_job_title": "Job title",
        "contact_email": "E-mail address",
        "contact_telephone": "Telephone number",
        "availability": "When to call and visit",
    },
}
"""What each column is called on a page of answers, in the order of the section's questions."""
TITLE_OF = {column: title for titles in TITLES.values() for column, title in titles.items()}
"""The same for a column whose section does not matter, in the order of the request."""

_OF_A_CHILD = {"child_first_name", "child_last_name", "date_of_birth"}
_OF_A_GROUP = {"group_size", "group_description"}
_OF_AN_AGREEMENT = {"agreement_by", "agreement_on", "agreement_how", "agreement_held"}
_OF_SCHOOLS = {"indes_section_id", "indes_level"}
_IF_GIVEN = {"secondary_need_id", "goal_2", "goal_3", "contact_job_title"}


def in_words(details: RequestDetails, field: str) -> str:
    """The answer in the column `field` as people read it; "" where nothing was answered."""
    if field.endswith("_id"):
        return str(getattr(details, field.removesuffix("_id")) or "")
    value = getattr(details, field)
    if value in (None, "", []):
        return ""
    if isinstance(value, date):
        return spoken.day(value)
    if isinstance(value, list):
        return "\n".join(SupportKind(kind).label for kind in value if kind in SupportKind.values)
    return str(getattr(details, f"get_{field}_display", lambda: value)())


def rows_of(draft: DraftReferral, section: Section) -> list[Answer]:
    """The questions of `section` that concern this draft, answered or not yet; optional ones only if answered."""
    hidden = _beside_the_point(draft)
    rows = [Answer(field, title, in_words(draft, field)) for field, title in TITLES[section].items()]
    return [row for row in rows if row.field not in hidden and (row.text or row.field not in _IF_GIVEN)]


def _beside_the_point(draft: DraftReferral) -> set[str]:
    """The columns that this draft's other answers make pointless."""
    hidden: set[str] = set()
    if draft.about != About.CHILD:
        hidden |= _OF_A_CHILD
    if draft.about != About.GROUP:
        hidden |= _OF_A_GROUP
    if draft.agreement != Agreement.YES:
        hidden |= _OF_AN_AGREEMENT
    if draft.stream == Stream.EARLY_YEARS:
        hidden |= _OF_SCHOOLS
    return hidden
