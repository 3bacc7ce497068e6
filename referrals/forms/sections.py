"""What the form of every section of a request shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property

from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import Section
from referrals.documents.answers import in_words
from referrals.models import DraftReferral
from referrals.queries.drafts import answers_of
from referrals.rules import answers as rules
from s2s_portal.core.forms import GovukForm
from s2s_portal.organisations.models import User


@dataclass(frozen=True)
class Group:
    """Questions that stand together. `when` names the answer that they follow from (static/src/_request.scss)."""

    fields: tuple[str, ...]
    when: str = ""


@dataclass(frozen=True)
class Line:
    """One question on the page, and in a conflict what the other person saved ("" where it does not differ)."""

    field: BoundField
    differs: bool = False
    theirs: str = ""


class SectionForm(GovukForm):
    """The questions of one section; field names are the draft's columns, so the rules' problems find their fields.

    Only how answers are written is checked here, unless `complete`: then `rules.answers.problems` speaks too, the
    same function that judges the whole request before it is sent.
    """

    section: ClassVar[Section]
    groups: ClassVar[tuple[Group, ...]] = ()
    submit_label = ""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, draft: DraftReferral, user: User, today: date, complete: bool
    ) -> None:
        self.draft, self.user, self.today, self.complete = draft, user, today, complete
        self.theirs: DraftReferral | None = None
        initial = {name: getattr(draft, name) for name in SECTION_FIELDS[self.section]}
        super().__init__(data, initial=initial)
        self.set_up()

    @cached_property
    def known(self) -> dict[str, Any]:
        """The draft's saved answers, as the rules read them."""
        return answers_of(self.draft, user=self.user, today=self.today)

    def set_up(self) -> None:
        """Choices, hints and questions that depend on the draft."""

    def pointless(self, cleaned: Mapping[str, Any]) -> set[str]:
        """The questions that the other answers make pointless: what stands there is neither judged nor kept."""
        return set()

    def full_clean(self) -> None:
        """As Django's; errors are listed in the order of the page."""
        super().full_clean()
        found = dict(self._errors)
        self._errors.clear()
        self._errors.update({name: found[name] for name in [*self.fields, NON_FIELD_ERRORS] if name in found})

    def clean(self) -> dict[str, Any]:
        """Blank the pointless, then let the rules speak if the section is meant to be done."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.pointless(cleaned):
            self._errors.pop(name, None)
            cleaned[name] = self.fields[name].clean(None)
        if self.complete:
            today, stream = self.today, self.draft.stream
            for problem in rules.problems(self.section, self.judged(cleaned), stream=stream, today=today):
                if problem.field not in self._errors:
                    self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)
        return cleaned

    def judged(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The draft's answers with those of this page, as the rules read them."""
        return self.known | dict(cleaned)

    def answers(self) -> dict[str, Any]:
        """The section's columns to save."""
        return {name: self.cleaned_data[name] for name in SECTION_FIELDS[self.section] if name in self.cleaned_data}

    def differs_from(self, theirs: DraftReferral) -> bool:
        """Whether what was typed differs from what is saved now; if so, the page shows both."""
        self.theirs = theirs
        return any(line.differs for _, lines in self.parts() for line in lines)

    def parts(self) -> list[tuple[str, list[Line]]]:
        """The page's groups of questions: what each follows from, and its lines."""
        groups = self.groups or (Group(tuple(self.fields)),)
        return [
            (group.when, [self._line(name) for name in group.fields if name in self.fields])
            for group in groups
            if any(name in self.fields for name in group.fields)
        ]

    def _line(self, name: str) -> Line:
        if self.theirs is None or name not in self.cleaned_data:
            return Line(self[name])
        differs = self.cleaned_data[name] != getattr(self.theirs, name)
        return Line(self[name], differs, in_words(self.theirs, name) if differs else "")
