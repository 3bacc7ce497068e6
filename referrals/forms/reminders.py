"""Narrowing the list of reminders."""

from typing import Any

from django import forms

from referrals.choices import ReminderKind
from referrals.forms.narrowing import NarrowingForm
from s2s_portal.core.forms import styled


class ReminderFilterForm(NarrowingForm):
    """Which kind of reminder is shown."""

    kind = styled(forms.ChoiceField(label="Kind of reminder", required=False), name="a kind of reminder")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", "All kinds", ReminderKind.choices)

    def chosen(self) -> str:
        """The kind that was asked for; "" for all, and for what is none."""
        self.is_valid()
        return str(self.cleaned_data.get("kind", ""))
