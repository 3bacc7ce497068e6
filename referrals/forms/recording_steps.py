"""The small forms around a record: what became of a visit, a file, an addition, a retraction."""

import uuid
from typing import Any, ClassVar

from django import forms

from referrals.choices import NotHeldReason, VisitOutcome
from referrals.forms.fields import LineField, TextField
from s2s_portal.core.files import MOST_BYTES, TOO_LARGE
from s2s_portal.core.forms import GovukForm, styled

LATEST = 300
"""Minutes after which a visit that began late was another visit."""


def _key() -> forms.UUIDField:
    """What makes one row of two presses: made when the page is shown."""
    return forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class OutcomeForm(GovukForm):
    """What became of a visit."""

    submit_label: ClassVar[str] = "Save what became of it"
    mark_optional: ClassVar[bool] = False

    outcome = styled(
        forms.ChoiceField(label="Was the visit held?", choices=VisitOutcome, widget=forms.RadioSelect),
        name="whether the visit was held",
        size="m",
    )
    minutes_late = styled(
        forms.IntegerField(
            label="If it began late: by how many minutes?", min_value=1, max_value=LATEST, required=False
        ),
        width=3,
        size="s",
        name="minutes late",
    )
    reason = styled(
        forms.ChoiceField(
            label="If it was not held: why?", choices=NotHeldReason, widget=forms.RadioSelect, required=False
        ),
        size="s",
    )
    note = styled(
        TextField(
            label="Anything to add (optional)",
            required=False,
            max_length=500,
            help_text="Kept in the history for those who see the whole case. It is not sent by e-mail.",
        ),
        rows=3,
        size="s",
    )

    def clean(self) -> dict[str, Any]:
        """Late says by how much, not held says why; what belongs to another outcome is not kept."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        outcome = told.get("outcome")
        if outcome != VisitOutcome.HELD_LATE:
            self._errors.pop("minutes_late", None)
            told["minutes_late"] = None
        elif told.get("minutes_late") is None and "minutes_late" not in self._errors:
            self.add_error("minutes_late", "Enter by how many minutes it began late")
        if outcome != VisitOutcome.NOT_HELD:
            told["reason"] = ""
        elif not told.get("reason"):
            self.add_error("reason", "Choose why the visit was not held")
        return told


class FileForm(GovukForm):
    """One file for the record; its kind is judged by its content when it is kept."""

    submit_label: ClassVar[str] = "Attach the file"

    key = _key()
    file = styled(
        forms.FileField(
            label="Choose a file",
            allow_empty_file=True,
            max_length=1000,
            help_text="PDF, picture or Office document, at most 10 MB. Look first whether it is about this child.",
        ),
        size="s",
        name="a file",
    )

    def clean_file(self) -> Any:
        """The file, unless it is larger than is ever read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class AddForm(GovukForm):
    """Something to add to a finalised record."""

    submit_label: ClassVar[str] = "Add it to the record"

    key = _key()
    text = styled(
        TextField(
            label="What do you want to add?",
            max_length=4000,
            help_text="It is shown and printed below the record, with your name and the time. The record itself stays.",
        ),
        rows=8,
        name="what you want to add",
    )


class RetractForm(GovukForm):
    """Why a record is retracted, and its reference, typed."""

    submit_label: ClassVar[str] = "Retract this record"
    submit_kind: ClassVar[str] = "warning"

    reason = styled(
        LineField(
            label="How was it found out that this record is about the wrong child?",
            max_length=500,
            help_text="Do not name the other child.",
        ),
        name="how it was found out",
        size="s",
    )
    breach_note = styled(
        TextField(
            label="Who may have seen it, who was told, and what was done?",
            max_length=4000,
            help_text="For the data protection officer. A record about the wrong child may be a personal data breach.",
        ),
        name="who may have seen it, who was told, and what was done",
        size="s",
        rows=6,
    )
    typed = styled(LineField(label="", max_length=40), width=20, size="s", name="the record’s reference")

    def __init__(self, *args: Any, reference: str, **kwargs: Any) -> None:
        self.reference = reference
        super().__init__(*args, **kwargs)
        self.fields["typed"].label = f"Type {reference} to confirm"

    def clean_typed(self) -> str:
        """The record's own reference, in any case."""
        typed = "".join(str(self.cleaned_data["typed"]).split()).upper()
        if typed != self.reference:
            raise forms.ValidationError(f"Type the record’s reference: {self.reference}")
        return typed
