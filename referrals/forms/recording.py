"""The record of a visit as a form: its questions, what comes back from them, and both texts where two people wrote."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from referrals.actions.recording import Saved, Typed
from referrals.choices import ActionResult, RecordField
from referrals.forms.fields import LineField, TextField
from referrals.models import RecordAnswer
from referrals.queries.records import OpenAction
from referrals.rules import records as rules
from s2s_portal.core.forms import DateInput, DatePartsField, GovukForm, styled
from s2s_portal.core.forms.dates import PARTS, as_number

WAS, KEEP, THEIRS = "was_", "keep_", "theirs"
"""How the page names the version that an answer was typed over, and which of two texts is kept."""
HINTS = {
    RecordField.SEEN: "What you saw and heard, in plain words. Say what is fact and what is opinion.",
    RecordField.WORKS: "What already helps, and should go on.",
    RecordField.NEEDS_NOW: "What the child or the group needs now.",
    RecordField.NEXT_STEP: "The one thing that comes next, and when.",
}


def was(answer: RecordAnswer | None) -> str:
    """What tells the version that an answer is typed over: "3:" and a digest of its text; "0:" and none for nothing."""
    return f"{answer.version}:{_digest(answer.value)}" if answer else f"0:{_digest('')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def typed_in(posted: QueryDict | Mapping[str, str], names: Iterable[str]) -> dict[str, Typed]:
    """The answers that were sent, except those nobody has touched on that page and those given up for theirs."""
    found = {}
    for name in names:
        if WAS + name not in posted or posted.get(KEEP + name) == THEIRS:
            continue
        value, (number, _, digest) = value_of(posted, name), posted[WAS + name].partition(":")
        kept = posted.get(KEEP + name, "")
        if digest != _digest(value) or kept:
            # Keeping one's own text names the version that is meant to go.
            found[name] = Typed(value, as_number(kept or number, 9) or 0)
    return found


def value_of(posted: QueryDict | Mapping[str, str], name: str) -> str:
    """One answer as it is stored: plain line breaks; a date as what stood in its three boxes, such as "3 12 2024"."""
    if f"{name}_{PARTS[0]}" in posted:
        parts = ["".join(posted.get(f"{name}_{part}", "").split()) for part in PARTS]
        return " ".join(parts) if any(parts) else ""
    # A null byte is no text for PostgreSQL, and no keyboard writes one.
    return posted.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


class TypedDateInput(DateInput):
    """Three boxes with what was typed into them, whether it is a date or not."""

    def decompress(self, value: Any) -> list[Any]:
        """What stood in each box."""
        parts = str(value or "").split(" ")
        return parts if len(parts) == len(PARTS) else [None] * len(PARTS)


class RecordForm(GovukForm):
    """Every question of a record. `answers` are shown; `saved` says what came of a save that left something open."""

    submit_label: ClassVar[str] = ""
    mark_optional: ClassVar[bool] = False

    def __init__(
        self, *, rolled: Sequence[OpenAction], answers: Mapping[str, str], saved: Mapping[str, Saved] | None = None
    ) -> None:
        super().__init__(initial=dict(answers))
        self.rolled, self.saved = rolled, saved or {}
        for one in rolled:
            self._add_result(one)
        for field in RecordField:
            self.fields[field.value] = _words(field)
        for position in rules.POSITIONS:
            self._add_action(position)
        for name, when in ((rules.BEFORE, "before"), (rules.AFTER, "after")):
            self.fields[name] = _confidence(when)

    def _add_result(self, one: OpenAction) -> None:
        question = forms.ChoiceField(
            label="How does it stand?", choices=ActionResult, widget=forms.RadioSelect, required=False
        )
        self.fields[rules.result_name(one.action.pk)] = styled(question, size="s", inline=False)
        why = LineField(label="If not all of it is done: why?", max_length=rules.LONGEST_LINE, required=False)
        self.fields[rules.why_name(one.action.pk)] = styled(why, size="s")

    def _add_action(self, position: int) -> None:
        text = LineField(label="What", max_length=rules.LONGEST_LINE, required=False)
        owner = LineField(label="Who", max_length=rules.LONGEST_OWNER, required=False)
        due = DatePartsField(label="By when", widget=TypedDateInput(), required=False)
        for part, question in (("text", text), ("owner", owner), ("due", due)):
            self.fields[rules.action_name(position, part)] = styled(question, size="s")


def _words(field: RecordField) -> TextField:
    question = TextField(
        label=field.label, max_length=rules.LONGEST_TEXT, required=False, help_text=HINTS.get(field, "")
    )
    return styled(question, size="m", rows=6)


def _confidence(when: str) -> forms.ChoiceField:
    question = forms.ChoiceField(
        label=f"How confident did staff feel {when} the visit?",
        choices=list(rules.CONFIDENCE.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    return styled(question, size="s", hint="Ask them. Leave both blank if you did not.")
