"""What was asked in one request, for its page. Whoever may not see the child gets less."""

from dataclasses import dataclass

from django.db.models import Value

from referrals.choices import Section, SupportKind
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


@dataclass(frozen=True)
class Wanted:
    """The kinds of support that a request asks for, in words, and its goals by position."""

    kinds: list[str]
    goals: list[tuple[int, str]]


def cards_of(referral: Referral, *, with_child: bool) -> list[Card]:
    """The answers of a request, section by section; without the child, only the few columns of `WITHOUT_CHILD`."""
    wanted = _wanted_of(referral)
    if not with_child:
        titles = TITLES[Section.CHILD] | TITLES[Section.NEEDS]
        rows = [Answer(field, titles[field], in_words(referral, field)) for field in WITHOUT_CHILD]
        rows = with_cohort_answers(referral, rows)
        return [Card("Needs", [row for row in rows if row.text] + [_support(wanted)])]
    sections = [section for section in sections_for(referral.stream) if section != Section.SETTING]
    cards = [
        Card(_title(section), with_cohort_answers(referral, _rows(referral, section, wanted))) for section in sections
    ]
    named = named_children(referral)
    return [*cards, Card("Children who are named", named)] if named else cards


def _wanted_of(referral: Referral) -> Wanted:
    """What a request asks for. One query: its page shows much."""
    kinds = referral.support_wanted.order_by().values_list(Value("kind"), "pk", "kind")
    goals = referral.goals.order_by().values_list(Value("goal"), "position", "text")
    rows = sorted(kinds.union(goals, all=True))
    return Wanted(
        kinds=[SupportKind(text).label for what, _, text in rows if what == "kind"],
        goals=[(position, text) for what, position, text in rows if what == "goal"],
    )


def _title(section: Section) -> str:
    """The section as somebody else than its writer reads it."""
    return "Conversation with the setting" if section == Section.CONVERSATION else section.label


def _rows(referral: Referral, section: Section, wanted: Wanted) -> list[Answer]:
    if section != Section.SUPPORT:
        return rows_of(referral, section)
    titles = TITLES[Section.SUPPORT]
    goals = [Answer("", titles[f"goal_{position}"], text) for position, text in wanted.goals]
    return [_support(wanted), *goals]


def _support(wanted: Wanted) -> Answer:
    return Answer("support_wanted", TITLES[Section.SUPPORT]["support_wanted"], "\n".join(wanted.kinds))
