"""Cohorts afterwards: copied to a new one, or all of their requests withdrawn."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from referrals.forms import fields
from referrals.forms.cohorts import TITLE_HINT
from referrals.forms.withdrawing import WithdrawForm
from referrals.models import Cohort
from s2s_portal.core.forms import GovukForm, styled


class CopyForm(GovukForm):
    """What the copy of a cohort is called, and whether its schools come along."""

    submit_label: ClassVar[str] = "Copy this cohort"

    title = styled(
        fields.LineField(label="What is the new cohort called?", max_length=150, help_text=TITLE_HINT),
        name="a title for the new cohort",
        size="s",
    )
    schools = styled(
        forms.ChoiceField(
            label="Does it start with the same schools?",
            choices=(("YES", "Yes, copy the schools in my zones"), ("NO", "No, only the description")),
            widget=forms.RadioSelect,
        ),
        name="whether it starts with the same schools",
        size="s",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, cohort: Cohort) -> None:
        super().__init__(data, initial={"title": cohort.title})


class WithdrawAllForm(WithdrawForm):
    """Why all of a cohort's requests are withdrawn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why are these requests being withdrawn?"
        self.style("reason", name="why these requests are being withdrawn")
