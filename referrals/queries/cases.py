"""What was asked in one request, for its page. Whoever may not see the child gets less."""

from dataclasses import dataclass

from referrals.choices import Section
from referrals.documents.answers import TITLES, Answer, in_words, rows_of
from referrals.models import Referral
from referrals.queries.related import named_children, with_cohort_answers
from referrals.rules.answers import sections_for

WITHOUT_CHILD = (
    "about",
    "year_group",
    "sen_status",
    "primary_need_id",
    "secondary_need_id",
    "indes_section_id",
    "indes_level",
)
"""What a commissioner sees of the answers: no identity, no narrative. A new question is hidden until it is put here."""


@dataclass(frozen=True)
class Card:
    """One group of questions and answers."""

    title: str
    rows: list[Answer]


def cards_of(referral: Referral, *, with_child: bool) -> list[Card]:
    """The answers of a request, section by section; without the child, only the few columns of `WITHOUT_CHILD`."""
    if not with_child:
        titles = TITLES[Section.CHILD] | TITLES[Section.NEEDS]
        rows = [Answer(field, titles[field], in_words(referral, field)) for field in WITHOUT_CHILD]
        rows = with_cohort_answers(referral, rows)
        return [Card("Needs", [row for row in rows if row.text] + [_support(referral)])]
    sections = [section for section in sections_for(referral.stream) if section != Section.SETTING]
    cards = [Card(_title(section), with_cohort_answers(referral, _rows(referral, section))) for section in sections]
    named = named_children(referral)
    return [*cards, Card("Children who are named", named)] if named else cards


def _title(section: Section) -> str:
    """The section as somebody else than its writer reads it."""
    return "Conversation with the setting" if section == Section.CONVERSATION else section.label


def _rows(referral: Referral, section: Section) -> list[Answer]:
    if section != Section.SUPPORT:
        return rows_of(referral, section)
    titles = TITLES[Section.SUPPORT]
    goals = [Answer("", titles[f"goal_{goal.position}"], goal.text) for goal in referral.goals.order_by("position")]
    return [_support(referral), *goals]


def _support(referral: Referral) -> Answer:
    kinds = [wanted.get_kind_display() for wanted in referral.support_wanted.order_by("pk")]
    return Answer("support_wanted", TITLES[Section.SUPPORT]["support_wanted"], "\n".join(kinds))
