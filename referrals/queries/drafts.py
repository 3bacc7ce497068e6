"""Drafts: where each stands, and what its sections still need."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, Q, QuerySet, TextField
from django.db.models.functions import Left

from referrals.choices import Section, SectionState
from referrals.models import DraftReferral, DraftSection, IndesSection, NeedType
from referrals.models.details import DETAIL_FIELDS
from referrals.permissions import sees_cases_of, visible_drafts
from referrals.rules import answers as rules
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import zones_by_stream


@dataclass(frozen=True)
class SectionLine:
    """One line of a draft's task list."""

    section: Section
    state: SectionState
    version: int
    problems: list[rules.Problem]


def whole(user: User) -> QuerySet[DraftReferral]:
    """The drafts the person may open, with what their answers name. Not more: PostgreSQL plans every join each time."""
    return _WHOLE.filter(visible_drafts(user))


_WHOLE = DraftReferral.objects.select_related("establishment__kind", "primary_need", "secondary_need", "indes_section")


TYPED = tuple(
    field.name
    for field in DraftReferral._meta.concrete_fields
    if isinstance(field, CharField | TextField) and not field.choices
)
"""What was typed: pages long, and about a child. A list asks of each only whether it is there."""
BEGINNING = "beginning_of_"


def listed(user: User, today: date) -> QuerySet[DraftReferral]:
    """The drafts the person may open, newest change first, with all that their sections' states on `today` need.

    What was typed stays in the database; of each such answer comes one character, which says that there is one.
    """
    beginnings = {f"{BEGINNING}{name}": Left(name, 1) for name in TYPED}
    lines = whole(user).select_related("establishment__zone", "started_by").order_by("-changed_at", "-pk")
    scale = Exists(indes_sections_on(today))
    return lines.prefetch_related("sections").defer(*TYPED).annotate(**beginnings, indes_in_force=scale)


def find(user: User, key: uuid.UUID) -> DraftReferral | None:
    """The draft with this key, if the person may see it."""
    try:
        draft = _WHOLE.get(key=key)  # not first(): putting one row in order takes a fifth of the query's time
    except DraftReferral.DoesNotExist:
        return None
    # As `visible_drafts` has it; asked here, of what was read anyway, it costs nothing.
    return draft if sees_cases_of(user, draft.stream, {draft.establishment.zone_id}) else None


def version_of(draft: DraftReferral, section: Section) -> int:
    """How often one section has been saved; 0 before the first time."""
    versions = DraftSection.objects.filter(draft=draft, section=section).order_by().values_list("version", flat=True)
    return next(iter(versions), 0)


def last_saved(draft: DraftReferral) -> DraftSection | None:
    """The section that was saved last, with who saved it."""
    return DraftSection.objects.filter(draft=draft).select_related("saved_by").order_by("-saved_at", "-pk").first()


def answers_of(draft: DraftReferral, *, user: User, today: date) -> dict[str, object]:
    """The draft's answers as `rules.answers` reads them, for `user`, on `today`; of a listed draft their beginnings."""
    absent = draft.get_deferred_fields()
    answers: dict[str, object] = {
        name: getattr(draft, BEGINNING + name if name in absent else name) for name in (*DETAIL_FIELDS, "goal_1")
    }
    establishment = draft.establishment
    answers |= {
        "support_wanted": draft.support_wanted,
        "setting_problem": rules.setting_problem(
            is_open=establishment.is_open,
            stream=establishment.kind.stream,
            wanted_stream=draft.stream,
            zone_id=establishment.zone_id,
            own_zones=zones_by_stream(user).get(draft.stream, set()),
        ),
        "primary_need_valid": valid_on(draft.primary_need, today),
        "secondary_need_valid": valid_on(draft.secondary_need, today),
        "indes_section_valid": valid_on(draft.indes_section, today),
        "indes_top_level": draft.indes_section.top_level if draft.indes_section else None,
        "indes_in_force": draft.stream == Stream.MAINSTREAM and _indes_in_force(draft, today),
    }
    return answers


def _indes_in_force(draft: DraftReferral, today: date) -> bool:
    """Whether any INDES version is in force: a listed draft has been told, for the others it is one query."""
    return vars(draft)["indes_in_force"] if "indes_in_force" in vars(draft) else indes_sections_on(today).exists()


def valid_on(code: NeedType | IndesSection | None, today: date) -> bool:
    """Whether a code may be used on `today`; no code is no hindrance."""
    return code is None or (code.valid_from <= today and (code.valid_to is None or today <= code.valid_to))


def task_list(draft: DraftReferral, *, user: User, today: date) -> list[SectionLine]:
    """The draft's sections in order, each with its state (one query besides the draft)."""
    saved = {row.section: row.version for row in draft.sections.all()}
    answers = answers_of(draft, user=user, today=today)
    lines = []
    for section in rules.sections_for(draft.stream):
        problems = rules.problems(section, answers, stream=draft.stream, today=today)
        state = rules.section_state(saved=section in saved, problems=problems)
        lines.append(SectionLine(section, state, saved.get(section, 0), problems))
    return lines


def need_types_on(today: date) -> QuerySet[NeedType]:
    """The DfE types of need that are valid on `today`, by label."""
    return NeedType.objects.filter(_in_force(today)).order_by("label", "pk")


def indes_sections_on(today: date) -> QuerySet[IndesSection]:
    """The sections of the INDES version in force on `today`, in the scale's order."""
    return IndesSection.objects.filter(_in_force(today)).order_by("number", "pk")


def _in_force(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
