"""What a commissioner asks of a quota: another size, places moved, a decision, the past."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from quotas import rules
from s2s_portal.core import spoken
from s2s_portal.core.forms import DatePartsField, GovukForm, styled
from s2s_portal.core.text import tidy

LONGEST = 500
"""Characters of a reason or note, as the ledger and the change hold them."""
RAISE, LOWER = "RAISE", "LOWER"
APPROVE, REFUSE = "APPROVE", "REFUSE"


class WordsField(forms.CharField):
    """A reason or a note, kept as one line: a line of the ledger shows it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The tidied text; a null byte is refused rather than dropped in silence."""
        if "\x00" in str(value or ""):
            wrong = self.error_messages["null_characters_not_allowed"]
            raise ValidationError(wrong, code="null_characters_not_allowed")
        return tidy(super().to_python(value))


def _places(label: str) -> forms.IntegerField:
    question = forms.IntegerField(label=label, min_value=1, max_value=rules.MOST_PLACES)
    return styled(question, name="the number of places", size="s", width=5)


def _reason(hint: str) -> WordsField:
    return styled(WordsField(label="Why?", max_length=LONGEST, help_text=hint), name="the reason", size="s", rows=3)


class AdjustForm(GovukForm):
    """How a quota is to be raised or lowered, and why."""

    submit_label: ClassVar[str] = "See what it would do"

    direction = styled(
        forms.ChoiceField(
            label="What should happen?",
            choices=[(RAISE, "Raise it: more places"), (LOWER, "Lower it: fewer places")],
            widget=forms.RadioSelect,
        ),
        name="whether to raise or lower it",
        size="s",
    )
    places = _places("By how many places?")
    reason = _reason("It stands in the ledger for good. Do not name a child.")

    @property
    def change(self) -> int:
        """The places to add, negative for those to take away; of a form that is valid."""
        places: int = self.cleaned_data["places"]
        return places if self.cleaned_data["direction"] == RAISE else -places


class MoveForm(GovukForm):
    """How many unused places are to be moved to the other stream, and why."""

    submit_label: ClassVar[str] = "See what it would do"

    places = _places("How many unused places?")
    reason = _reason("The second person reads it, and it stands in both ledgers for good. Do not name a child.")


class DecideForm(GovukForm):
    """The second person's decision."""

    submit_label: ClassVar[str] = "Record this decision"

    decision = styled(
        forms.ChoiceField(
            label="What do you decide?",
            choices=[(APPROVE, "Approve: the places move now"), (REFUSE, "Refuse: nothing moves")],
            widget=forms.RadioSelect,
        ),
        name="what you decide",
    )
    note = styled(
        WordsField(
            label="Note",
            required=False,
            max_length=LONGEST,
            help_text="Whoever proposed it reads it here. A refusal needs one.",
        ),
        size="s",
        rows=3,
        optional=False,
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        given = super().clean() or {}
        if given.get("decision") == REFUSE and not given.get("note") and "note" not in self.errors:
            self.add_error("note", "Enter why you refuse it")
        return given


class PastForm(GovukForm):
    """A day, and a time if one likes, as at which a quota is shown."""

    submit_label: ClassVar[str] = "Show"
    form_method: ClassVar[str] = "get"

    on = styled(DatePartsField(label="Day", help_text="For example, 26 11 2024"), name="the day", size="s")
    time = styled(
        forms.TimeField(
            label="Time",
            required=False,
            input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"],
            help_text="For example, 14:30. Without a time, the end of that day.",
            error_messages={"invalid": "Time must be a time like 14:30"},
            widget=forms.TextInput,
        ),
        size="s",
        width=5,
    )

    def __init__(self, data: Mapping[str, str] | None, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        self.moment: datetime | None = None

    @classmethod
    def is_asked(cls, given: Mapping[str, str]) -> bool:
        """Whether an address asks for a past moment at all."""
        return any(name in given for name in ("on_day", "on_month", "on_year", "time"))

    def clean(self) -> dict[str, Any]:
        """Work out the last moment that counts, or say why there is none."""
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            self.moment = rules.past_moment(given["on"], given["time"], now=self.now)
        except rules.NoSuchMoment as wrong:
            self.add_error("time" if given["time"] else "on", str(wrong))
        return given

    @property
    def in_words(self) -> str:
        """The moment as a heading says it, of a form that is valid: "26 November 2024, 14:30"."""
        if self.moment is None:
            return ""
        if self.cleaned_data["time"] or self.moment >= self.now:
            return spoken.moment(self.moment)
        return f"the end of {spoken.day(self.cleaned_data['on'])}"
