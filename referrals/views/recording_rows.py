"""The questions of a record in groups, each with the version it was typed over and, in a conflict, both texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    """Questions that stand together under a heading, with a hint; `key` is its own on the page.

    `more` are groups like it in which nothing is written: they stand folded below it, as a phone's screen is short.
    """

    key: str
    title: str
    lines: list[Line]
    hint: str = ""
    more: Sequence["Group"] = ()


def record_url(record: Any) -> str:
    """The page of a finalised record, whose visit's request is known from its reference."""
    return reverse("referrals:record_detail", args=[record.reference.rpartition("/")[0], number_of(record)])


def retracted_line(record: Any) -> dict[str, str]:
    """A retracted record as the request's page names it: its reference, its page, when it was retracted."""
    when = spoken.day(london_date(record.retraction.at))
    return {"reference": record.reference, "url": record_url(record), "text": f"retracted on {when}"}


def groups_of(form: RecordForm, tokens: Mapping[str, str], *, by: Any) -> list[Group]:
    """The questions of a record in the order of the page."""

    def lines(*names: str) -> list[Line]:
        return [_line(form, name, tokens[name], by) for name in names]

    words = [field.value for field in RecordField if field != RecordField.NEXT_STEP]
    parts = ("text", "owner", "due")
    actions = [
        Group(f"action-{position}", f"Action {position}", lines(*(rules.action_name(position, part) for part in parts)))
        for position in rules.POSITIONS
    ]
    rolled = [_rolled(one, lines(*_names(one))) for one in form.rolled]
    last = Group("next", "", lines(RecordField.NEXT_STEP.value, rules.BEFORE, rules.AFTER))
    return [*rolled, Group("visit", "", lines(*words)), *_folded(actions), last]


def _folded(actions: Sequence[Group]) -> list[Group]:
    """The actions in which something is written, and the next; those after them go into its `more`."""
    written = [number for number, group in enumerate(actions, start=1) if any(map(_is_written, group.lines))]
    shown = max(written, default=0) + 1
    if shown >= len(actions):
        return list(actions)
    return [*actions[: shown - 1], replace(actions[shown - 1], more=actions[shown:])]


def _is_written(line: Line) -> bool:
    """Whether an answer holds something, or somebody has something to say about it."""
    return bool(line.field.value() or line.sentence or line.problem)


def _names(one: OpenAction) -> tuple[str, str]:
    return rules.result_name(one.action.pk), rules.why_name(one.action.pk)


def _rolled(one: OpenAction, lines: list[Line]) -> Group:
    """An earlier action, with how old it is and what was told of it since: what nobody touches ages visibly."""
    action = one.action
    hint = f"{action.owner}, by {spoken.day(action.due_on)}. Agreed on {spoken.day(one.agreed_on)}."
    for told in one.told:
        when = spoken.day(london_date(told.record.visit.booking.starts_at))
        hint += f" On {when}: {told.get_result_display().lower()}, {told.why}."
    return Group(f"agreed-{action.pk}", f"Agreed: {action.text}", lines, hint)


def _line(form: RecordForm, name: str, token: str, by: Any) -> Line:
    saved = form.saved.get(name)
    if saved is None:
        return Line(form[name], token)
    if saved.conflict and saved.answer is not None:
        answer = saved.answer
        theirs = in_words(name, answer.value)
        return Line(form[name], token, changed_sentence(answer, by), theirs, answer.version)
    return Line(form[name], token, problem=saved.problem)
