"""What a school's or setting's contact is asked on the pages behind a signed link."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from referrals.forms.fields import TextField
from s2s_portal.core.forms import GovukForm, styled

CONFIRM, ADD_VIEW = "confirm", "view"


class AnswerForm(GovukForm):
    """Whether a record is right, or the school's or setting's view of it."""

    submit_label: ClassVar[str] = "Send your answer"

    answer = styled(
        forms.ChoiceField(
            label="Is this record right?",
            choices=[(CONFIRM, "Confirm this record"), (ADD_VIEW, "Add our view")],
            widget=forms.RadioSelect,
        ),
        name="whether the record is right",
        size="m",
        item_hints={
            CONFIRM: "It says what happened and what we agreed.",
            ADD_VIEW: "Something is missing, or we see it in another way.",
        },
    )
    view = styled(
        TextField(
            label="Your view, if you add one",
            required=False,
            max_length=2000,
            help_text="It is kept beside the record for S2S and the council. The record itself stays as it is.",
        ),
        name="your view",
        size="s",
        rows=6,
        optional=False,
    )

    def clean(self) -> dict[str, Any]:
        """A view has words, and words that somebody typed are not dropped in silence."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        has_view = bool(told.get("view", "").strip())
        if told.get("answer") == ADD_VIEW and not has_view and "view" not in self.errors:
            self.add_error("view", "Enter your view, or confirm the record")
        if told.get("answer") == CONFIRM and has_view:
            self.add_error("answer", "Choose “Add our view”, or remove what you wrote there")
        return told


NONE_SUITS = "none"


class ChooseForm(GovukForm):
    """Which of the offered times suits, if one does."""

    submit_label: ClassVar[str] = "Send your answer"

    time = styled(
        forms.ChoiceField(label="Which time suits you?", widget=forms.RadioSelect),
        name="which time suits you",
        size="m",
        divider_before=NONE_SUITS,
    )
    note = styled(
        TextField(
            label="If none suits: when could S2S come, and when not?",
            required=False,
            max_length=500,
            help_text="S2S reads it on the portal. Please name no child.",
        ),
        name="when S2S could come",
        size="s",
        rows=3,
        optional=False,
    )

    def __init__(self, *args: Any, times: Sequence[Any], **kwargs: Any) -> None:
        """`times` are the offer's, in order (`queries.setting.OpenTime`)."""
        super().__init__(*args, **kwargs)
        self.times = list(times)
        self._offer(self.times)

    def _offer(self, times: Iterable[Any]) -> None:
        self.fields["time"].choices = [*((str(one.position), one.text) for one in times), (NONE_SUITS, "None of these")]

    def only_free(self) -> None:
        """Draw only what can still be chosen; called after what was sent was read, so that a taken time is named."""
        self._offer(one for one in self.times if one.is_free)

    def clean(self) -> dict[str, Any]:
        """That none suits says when it would; a note beside a chosen time would be lost."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        has_note = bool(told.get("note", "").strip())
        if told.get("time") == NONE_SUITS and not has_note and "note" not in self.errors:
            self.add_error("note", "Enter when S2S could come, or choose a time")
        if told.get("time") not in (None, NONE_SUITS) and has_note:
            self.add_error("note", "Remove what you wrote here, or choose “None of these”")
        return told


CANCEL, OTHER_TIME = "cancel", "other"


class VisitForm(GovukForm):
    """What should become of a planned visit. `sequence` comes back with it: which state of it the contact saw."""

    submit_label: ClassVar[str] = "Send"

    what = styled(
        forms.ChoiceField(
            label="Does the time not suit you?",
            choices=[(OTHER_TIME, "Ask for another time"), (CANCEL, "Cancel the visit")],
            widget=forms.RadioSelect,
        ),
        name="what S2S should do",
        size="m",
        item_hints={
            OTHER_TIME: "The visit stays as it is until S2S has agreed another time with you.",
            CANCEL: "The visit is cancelled at once, and this cannot be undone.",
        },
    )
    note = styled(
        TextField(
            label="Why, and when would it suit you?",
            max_length=500,
            help_text="S2S reads it on the portal. Please name no child.",
        ),
        name="why, and when it would suit you",
        size="s",
        rows=3,
    )
    sequence = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
