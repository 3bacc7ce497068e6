"""What the forms share whose answers two people may save at once: a draft's sections, a cohort's pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField

from referrals.rules.answers import Problem
from s2s_portal.core.forms import GovukForm


@dataclass(frozen=True)
class Group:
    """Questions that stand together. `when` names the answer that they follow from (static/src/_request.scss)."""

    fields: tuple[str, ...]
    when: str = ""
    title: str = ""


@dataclass(frozen=True)
class Line:
    """One question on the page, and in a conflict what the other person saved ("" where it does not differ)."""

    field: BoundField
    differs: bool = False
    theirs: str = ""


class PageForm(GovukForm):
    """The questions of one page; field names are columns, so the rules' problems find their fields.

    Only how answers are written is checked here, unless `complete`: then `problems` speaks too, with the same rules
    that judge the whole before it is sent.
    """

    groups: ClassVar[tuple[Group, ...]] = ()
    submit_label = ""
    complete: bool = False
    theirs: Any = None

    def pointless(self, cleaned: Mapping[str, Any]) -> set[str]:
        """The questions that the other answers make pointless: what stands there is neither judged nor kept."""
        return set()

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[Problem]:
        """What the rules say of the page's answers."""
        return ()

    def full_clean(self) -> None:
        """As Django's; errors are listed in the order of the page."""
        super().full_clean()
        found = dict(self._errors)
        self._errors.clear()
        self._errors.update({name: found[name] for name in [*self.fields, NON_FIELD_ERRORS] if name in found})

    def clean(self) -> dict[str, Any]:
        """Blank the pointless, then let the rules speak if the page is meant to be done."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.pointless(cleaned):
            self._errors.pop(name, None)
            cleaned[name] = self.fields[name].clean(None)
        if self.complete:
            for problem in self.problems(cleaned):
                if problem.field not in self._errors:
                    self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)
        return cleaned

    def saved(self, theirs: Any, name: str) -> Any:
        """What is saved now for the question `name`, as a cleaned answer would be."""
        return getattr(theirs, name)

    def saved_in_words(self, theirs: Any, name: str) -> str:
        """The same as people read it; "" for nothing."""
        raise NotImplementedError

    def differs_from(self, theirs: Any) -> bool:
        """Whether what was typed differs from what is saved now; if so, the page shows both."""
        self.theirs = theirs
        return any(line.differs for group in self.sections() for line in group[1])

    def parts(self) -> list[tuple[str, list[Line]]]:
        """The page's groups of questions: what each follows from, and its lines."""
        return [(group.when, lines) for group, lines in self.sections()]

    def sections(self) -> list[tuple[Group, list[Line]]]:
        """The page's groups of questions with their lines."""
        groups = self.groups or (Group(tuple(self.fields)),)
        return [
            (group, [self._line(name) for name in group.fields if name in self.fields])
            for group in groups
            if any(name in self.fields for name in group.fields)
        ]

    def _line(self, name: str) -> Line:
        if self.theirs is None or name not in self.cleaned_data:
            return Line(self[name])
        differs = self.cleaned_data[name] != self.saved(self.theirs, name)
        return Line(self[name], differs, self.saved_in_words(self.theirs, name) if differs else "")
