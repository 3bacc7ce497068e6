"""A cohort and its schools in words: what each question is called, and what was answered."""

from datetime import date
from typing import Any

from referrals.choices import CohortPart, SupportKind, YearGroup
from referrals.documents.answers import Answer
from referrals.models import Cohort, CohortChild, CohortSchool
from s2s_portal.core import spoken

TITLES: dict[CohortPart, dict[str, str]] = {
    CohortPart.GROUP: {
        "title": "Title",
        "zones": "Zones",
        "why_now": "Why now",
        "year_groups": "Year groups",
        "children": "Children in all",
        "names_reason": "Why children are named",
    },
    CohortPart.NEEDS: {
        "primary_need_id": "Main type of need",
        "further_needs": "Further types of need",
        "indes_section_id": "INDES section",
        "indes_level": "INDES level",
        "need_description": "About the needs",
        "strategies_tried": "What has been tried",
        "strategies_outcome": "What came of it",
    },
    CohortPart.SUPPORT: {
        "support_wanted": "Support wanted",
        "goal_1": "First goal",
        "goal_2": "Second goal",
        "goal_3": "Third goal",
    },
}
"""What each column of the description is called, in the order of its pages."""
_IF_GIVEN = {"names_reason", "further_needs", "indes_section_id", "indes_level", "need_description", "goal_2", "goal_3"}
_LABELS = {"year_groups": YearGroup, "support_wanted": SupportKind}


def in_words(row: Cohort | CohortSchool, field: str) -> str:
    """The answer in the column `field` as people read it; "" where nothing was answered."""
    if field in ("zones", "further_needs"):
        return "\n".join(str(one) for one in getattr(row, field).all())
    if field == "indes_section_id":
        return section_with_version(row.indes_section)
    value = getattr(row, field.removesuffix("_id"))
    if value in (None, "", []):
        return ""
    if field in _LABELS:
        between = ", " if field == "year_groups" else "\n"
        return between.join(_LABELS[field](one).label for one in value if one in _LABELS[field].values)
    if isinstance(value, date):
        return spoken.day(value)
    return str(getattr(row, f"get_{field}_display", lambda: value)())


def section_with_version(section: Any) -> str:
    """A section of INDES with the version it belongs to; "" for none."""
    return f"{section.title}\nINDES version: {section.version}" if section else ""


def rows_of(cohort: Cohort, part: CohortPart) -> list[Answer]:
    """The questions of one page of the description; optional ones only if answered."""
    rows = [Answer(field, title, in_words(cohort, field)) for field, title in TITLES[part].items()]
    return [row for row in rows if row.text or row.field not in _IF_GIVEN]


def agreement_in_words(child: CohortChild) -> str:
    """The parents' agreement for one named child: who, when, how and where it is kept."""
    day, how = spoken.day(child.agreement_on), child.get_agreement_how_display().lower()
    return f"{child.agreement_by} agreed on {day}, {how}. Kept: {child.agreement_held}"


def child_in_words(child: CohortChild) -> str:
    """A named child on one line: name, date of birth and, where it is known, the year group."""
    year = f", {child.get_year_group_display()}" if child.year_group else ""
    return f"{child.first_name} {child.last_name}, born {spoken.day(child.date_of_birth)}{year}"
