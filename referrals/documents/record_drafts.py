"""A record that is being written, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from referrals.choices import ActionResult, RecordField
from referrals.documents.answers import Answer
from referrals.models import RecordAnswer
from referrals.rules import records as rules
from s2s_portal.core import spoken
from s2s_portal.organisations.models import User


class _Rolled(Protocol):
    """What is read of an open action (queries.records.OpenAction)."""

    action: object
    agreed_on: date


def title_of(name: str) -> str:
    """What people call an answer."""
    if name in RecordField.values:
        return RecordField(name).label
    if name in (rules.BEFORE, rules.AFTER):
        return f"Confidence of staff {name.rpartition('_')[2]} the visit"
    kind, *rest = name.split("_")
    if kind == "action":
        return f"Action {rest[0]}, {({'text': 'what', 'owner': 'who', 'due': 'by when'})[rest[1]]}"
    return "How an agreed action stands" if kind == "result" else "Why an agreed action is not done"


def in_words(name: str, value: str) -> str:
    """An answer as people read it; what cannot be read is shown as it was typed."""
    if name.startswith("result_"):
        return dict(ActionResult.choices).get(value, value)
    if name in (rules.BEFORE, rules.AFTER):
        return rules.CONFIDENCE.get(value, value)
    day = rules.day_in(value) if name.endswith("_due") else None
    return spoken.day(day) if day else value


def changed_sentence(answer: RecordAnswer, reader: User) -> str:
    """Who changed an answer while `reader` was writing: "S. Khan changed “Next step” at 14:02 while you …"."""
    who = "You" if answer.saved_by_id == reader.pk else str(answer.saved_by)
    where = " in another window" if who == "You" else ""
    at = spoken.clock_time(answer.saved_at)
    return f"{who} changed “{title_of(answer.name)}” at {at}{where} while you were writing"


def cards_of(answers: Mapping[str, str], rolled: Sequence[_Rolled]) -> list[tuple[str, list[Answer]]]:
    """The answers of a draft in cards: title, and what was written ("" for nothing)."""
    written = rules.read(answers, [one.action.pk for one in rolled])  # type: ignore[attr-defined]
    words = [Answer(field.value, field.label, written.words[field]) for field in RecordField]
    confidence = [
        Answer(name, title_of(name), in_words(name, answers.get(name, ""))) for name in (rules.BEFORE, rules.AFTER)
    ]
    cards = [("Agreed before", [_result(one, written) for one in rolled])] if rolled else []
    actions = [_action(one) for one in written.actions if not one.is_blank]
    none = [Answer("actions", "Actions", "None")]
    return [*cards, ("The visit", words), ("Agreed actions", actions or none), ("Confidence of staff", confidence)]


def _result(one: _Rolled, written: rules.Written) -> Answer:
    result, why = written.results[one.action.pk]  # type: ignore[attr-defined]
    label = dict(ActionResult.choices).get(result, "")
    text = "\n".join(part for part in (label, why if result != ActionResult.DONE else "") if part)
    return Answer(rules.result_name(one.action.pk), one.action.text, text)  # type: ignore[attr-defined]


def _action(one: rules.Agreed) -> Answer:
    due = spoken.day(one.due_on) if one.due_on else one.due
    lines = [one.text, f"Who: {one.owner}" if one.owner else "", f"By: {due}" if due else ""]
    return Answer(f"action_{one.position}", f"Action {one.position}", "\n".join(line for line in lines if line))
