"""Closing a request with an outcome for each goal, and opening it again (R14)."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from referrals.choices import GoalResult
from referrals.forms.fields import LineField, TextField
from s2s_portal.core.forms import GovukForm, styled


class CloseForm(GovukForm):
    """A summary, and for each goal what became of it. `key` makes one closing of two presses."""

    submit_label: ClassVar[str] = "Continue"

    key = forms.UUIDField(widget=forms.HiddenInput)
    summary = styled(
        TextField(
            label="What S2S did, and where things stand now",
            max_length=4000,
            help_text="Read by those who see the whole case. It is not sent by e-mail.",
        ),
        name="what S2S did, and where things stand now",
        size="m",
        rows=8,
    )

    def __init__(self, *args: Any, goals: Sequence[Any], **kwargs: Any) -> None:
        """`goals` are the request's, in order."""
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        for goal in self.goals:
            result = forms.ChoiceField(
                label=f"Goal {goal.position}: {goal.text}", choices=GoalResult, widget=forms.RadioSelect
            )
            note = LineField(label=f"Anything to add about goal {goal.position}", max_length=500, required=False)
            self.fields[f"result_{goal.pk}"] = styled(result, name=f"what became of goal {goal.position}", size="m")
            self.fields[f"note_{goal.pk}"] = note

    def results(self) -> dict[int, tuple[str, str]]:
        """For each goal's id what became of it and the note."""
        given = self.cleaned_data
        return {goal.pk: (given[f"result_{goal.pk}"], given[f"note_{goal.pk}"]) for goal in self.goals}

    def told(self) -> list[dict[str, str]]:
        """The answers as rows of a summary list."""
        rows = [{"key": "Summary", "value": self.cleaned_data["summary"]}]
        for goal in self.goals:
            result, note = self.results()[goal.pk]
            words = [GoalResult(result).label, note]
            rows.append({"key": goal.text, "value": "\n".join(word for word in words if word)})
        return rows


class ReopenForm(GovukForm):
    """Why a closed request is opened again."""

    submit_label: ClassVar[str] = "Open this request again"

    reason = styled(
        TextField(
            label="Why is it opened again?",
            max_length=500,
            help_text="Kept in the history for those who see the whole case. It is not sent by e-mail.",
        ),
        name="why it is opened again",
        size="m",
        rows=4,
    )
