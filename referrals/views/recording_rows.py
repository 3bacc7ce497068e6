"""The questions of a record in groups, each with the version it was typed over and, in a conflict, both texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.urls import reverse

from referrals.choices import RecordField
from referrals.documents.record_drafts import changed_sentence, in_words
from referrals.forms.recording import RecordForm
from referrals.queries.records import OpenAction, number_of
from referrals.rules import records as rules
from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date


@dataclass(frozen=True)
class Line:
    """One question. `was` tells what it was typed over; in a conflict `sentence` says who changed it to `theirs`.

    `keep` is the version that goes when one's own text is kept; `problem` says why it was not saved.
    """

    field: BoundField
    was: str
    sentence: str = ""
    theirs: str = ""
    keep: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Group:
    """Questions that stand together under a heading, with a hint."""

    title: str
    lines: list[Line]
    hint: str = ""


def record_url(record: Any) -> str:
    """The page of a finalised record, whose visit's request is known from its reference."""
    return reverse("referrals:record_detail", args=[record.reference.rpartition("/")[0], number_of(record)])


def groups_of(form: RecordForm, tokens: Mapping[str, str], *, by: Any) -> list[Group]:
    """The questions of a record in the order of the page."""

    def lines(*names: str) -> list[Line]:
        return [_line(form, name, tokens[name], by) for name in names]

    words = [field.value for field in RecordField if field != RecordField.NEXT_STEP]
    parts = ("text", "owner", "due")
    actions = [
        Group(f"Action {position}", lines(*(rules.action_name(position, part) for part in parts)))
        for position in rules.POSITIONS
    ]
    rolled = [_rolled(one, lines(*_names(one))) for one in form.rolled]
    last = Group("", lines(RecordField.NEXT_STEP.value, rules.BEFORE, rules.AFTER))
    return [*rolled, Group("", lines(*words)), *actions, last]


def _names(one: OpenAction) -> tuple[str, str]:
    return rules.result_name(one.action.pk), rules.why_name(one.action.pk)


def _rolled(one: OpenAction, lines: list[Line]) -> Group:
    """An earlier action, with how old it is and what was told of it since: what nobody touches ages visibly."""
    action = one.action
    hint = f"{action.owner}, by {spoken.day(action.due_on)}. Agreed on {spoken.day(one.agreed_on)}."
    for told in one.told:
        when = spoken.day(london_date(told.record.visit.booking.starts_at))
        hint += f" On {when}: {told.get_result_display().lower()}, {told.why}."
    return Group(f"Agreed: {action.text}", lines, hint)


def _line(form: RecordForm, name: str, token: str, by: Any) -> Line:
    saved = form.saved.get(name)
    if saved is None:
        return Line(form[name], token)
    if saved.conflict and saved.answer is not None:
        answer = saved.answer
        theirs = in_words(name, answer.value)
        return Line(form[name], token, changed_sentence(answer, by), theirs, answer.version)
    return Line(form[name], token, problem=saved.problem)
