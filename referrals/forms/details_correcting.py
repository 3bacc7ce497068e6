"""Correcting a sent request: the questions of a draft, and why they are answered anew."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from referrals.choices import Section
from referrals.forms.drafts import FORM_OF, NeedsForm
from referrals.forms.fields import TextField
from referrals.forms.pages import Group
from referrals.forms.sections import SectionForm
from referrals.models import DraftReferral
from referrals.rules import correcting as rules
from referrals.rules.answers import Problem
from s2s_portal.core.forms import GovukForm, styled

REASON = "reason"


def _reason() -> TextField:
    question = TextField(
        label="Why is this corrected?",
        max_length=500,
        help_text="Kept in the history, with what stood there before, for those who see the whole case.",
    )
    return styled(question, name="why this is corrected", rows=3, size="s")


class _Correcting(SectionForm):
    """A section's questions as in a draft; the reason comes last."""

    def __init__(self, *args: Any, of_cohort: bool, **kwargs: Any) -> None:
        self.of_cohort = of_cohort
        super().__init__(*args, **kwargs, complete=True)

    def set_up(self) -> None:
        super().set_up()
        self.fields[REASON] = _reason()
        if self.groups:
            self.groups = (*self.groups, Group((REASON,)))  # type: ignore[misc]

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[Problem]:
        """What the correction would make wrong, here or in another section."""
        now, stream = self.judged(cleaned), self.draft.stream
        return rules.new_problems(self.known, now, stream=stream, of_cohort=self.of_cohort, today=self.today)

    def saved(self, theirs: Any, name: str) -> Any:
        """A reason belongs to one correction: it never differs from somebody else's."""
        return self.cleaned_data[REASON] if name == REASON else super().saved(theirs, name)


class _CorrectingNeeds(_Correcting, NeedsForm):
    """A code that has been retired since the request was sent stays an answer, as long as it is left as it is."""

    def set_up(self) -> None:
        super().set_up()
        held: DraftReferral = self.draft
        self.valid_needs |= {held.primary_need_id, held.secondary_need_id} - {None}
        self.valid_sections |= {held.indes_section_id} - {None}


def _correcting(form: type[SectionForm]) -> type[SectionForm]:
    return type(f"Correcting{form.__name__}", (_Correcting, form), {"__doc__": form.__doc__})


CORRECTING_FORM_OF: dict[Section, type[SectionForm]] = {
    section: _correcting(form) for section, form in FORM_OF.items() if section != Section.AGREEMENT
} | {Section.NEEDS: _CorrectingNeeds}
"""The form of each section that may be corrected but the first: the setting is chosen from a search."""


class CorrectSettingForm(GovukForm):
    """Why another school or setting is meant."""

    submit_label = "Correct the school or setting"

    reason = _reason()
    edition = forms.CharField(required=False, widget=forms.HiddenInput)
