"""What the form of every section of a request shares."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.functional import cached_property

from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import Section
from referrals.documents.answers import in_words
from referrals.forms.pages import Group, Line, PageForm
from referrals.models import DraftReferral
from referrals.queries.drafts import answers_of
from referrals.rules import answers as rules
from s2s_portal.organisations.models import User

__all__ = ["Group", "Line", "SectionForm"]


class SectionForm(PageForm):
    """The questions of one section of a draft."""

    section: ClassVar[Section]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, draft: DraftReferral, user: User, today: date, complete: bool
    ) -> None:
        self.draft, self.user, self.today, self.complete = draft, user, today, complete
        initial = {name: getattr(draft, name) for name in SECTION_FIELDS[self.section]}
        super().__init__(data, initial=initial)
        self.set_up()

    @cached_property
    def known(self) -> dict[str, Any]:
        """The draft's saved answers, as the rules read them."""
        return answers_of(self.draft, user=self.user, today=self.today)

    def set_up(self) -> None:
        """Choices, hints and questions that depend on the draft."""

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        """What `rules.answers.problems` says of the section."""
        return rules.problems(self.section, self.judged(cleaned), stream=self.draft.stream, today=self.today)

    def judged(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The draft's answers with those of this page, as the rules read them."""
        return self.known | dict(cleaned)

    def answers(self) -> dict[str, Any]:
        """The section's columns to save."""
        return {name: self.cleaned_data[name] for name in SECTION_FIELDS[self.section] if name in self.cleaned_data}

    def saved_in_words(self, theirs: DraftReferral, name: str) -> str:
        """What the draft says in the column `name`."""
        return in_words(theirs, name)
