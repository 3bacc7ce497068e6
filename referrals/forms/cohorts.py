"""Cohorts: beginning one, and its description in three short pages."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from referrals.choices import CohortPart, SupportKind, YearGroup
from referrals.documents.cohorts import in_words
from referrals.forms import fields
from referrals.forms.drafts import MOST_CHILDREN
from referrals.forms.pages import Group, PageForm
from referrals.models import Cohort
from referrals.queries import cohorts as queries
from referrals.queries.drafts import indes_sections_on, need_types_on
from referrals.rules import cohorts as rules
from referrals.rules.answers import years_for
from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import User, Zone

TITLE_HINT = "For example, Language groups in Years 1 and 2. Name no child here"
SHORT = {YearGroup.N1: "Nursery, age 2", YearGroup.N2: "Nursery, age 3"}
"""What two years are called where there is little room; their age is that on 31 August."""


def written(column: str, kind: type[forms.CharField], label: str, model: Any = Cohort, **looks: Any) -> forms.CharField:
    """A question answered in words, no longer than `column` of `model` holds."""
    longest = model._meta.get_field(column).max_length
    looks = {"optional": False, "size": "s"} | looks
    return styled(kind(label=label, max_length=longest, required=False), **looks)


def numbered(label: str, **looks: Any) -> forms.TypedMultipleChoiceField:
    """Checkboxes for rows of the database; the form fills in the choices. Gives a list of primary keys."""
    question = forms.TypedMultipleChoiceField(
        label=label, coerce=int, empty_value=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    return styled(question, **({"optional": False, "size": "s"} | looks))


class StartForm(GovukForm):
    """What a new cohort is called and where its schools are."""

    submit_label: ClassVar[str] = "Start this cohort"

    title = styled(
        fields.LineField(label="What is this cohort called?", max_length=150, help_text=TITLE_HINT),
        name="a title for the cohort",
        size="s",
    )
    zones = styled(
        forms.TypedMultipleChoiceField(
            label="In which of your zones are its schools?", coerce=int, widget=forms.CheckboxSelectMultiple
        ),
        name="at least one zone",
        size="s",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, zones: Iterable[Zone]) -> None:
        """`zones`: the person's own; one alone is ticked."""
        self.own = {zone.pk: zone for zone in zones}
        super().__init__(data, initial={"zones": list(self.own) if len(self.own) == 1 else []})
        self.fields["zones"].choices = [(pk, zone.name) for pk, zone in self.own.items()]

    def chosen(self) -> list[Zone]:
        """The zones that were ticked."""
        return [self.own[pk] for pk in self.cleaned_data["zones"]]


class DescriptionForm(PageForm):
    """The questions of one page of a cohort's description."""

    part: ClassVar[CohortPart]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, cohort: Cohort, user: User, today: date, complete: bool
    ) -> None:
        self.cohort, self.user, self.today, self.complete = cohort, user, today, complete
        super().__init__(data)
        self.set_up()
        self.initial = {name: self.saved(cohort, name) for name in self.fields}

    def set_up(self) -> None:
        """Choices, hints and questions that depend on the cohort."""

    def saved(self, theirs: Cohort, name: str) -> Any:
        """What is saved now, as a cleaned answer would be."""
        if name in ("zones", "further_needs"):
            held = {one.pk for one in getattr(theirs, name).all()}
            return [pk for pk, _ in self.fields[name].choices if pk in held]  # in the order in which browsers send them
        return getattr(theirs, name)

    def saved_in_words(self, theirs: Cohort, name: str) -> str:
        """What the cohort says in the column `name`."""
        return in_words(theirs, name)

    def judged(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The cohort's answers with those of this page, as the rules read them."""
        return queries.description_answers(self.cohort, self.today) | dict(cleaned)

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        """What the rules say of this page."""
        found = rules.description_problems(self.judged(cleaned))
        return [problem for problem in found if rules.part_of(problem.field) == self.part]

    def answers(self) -> dict[str, Any]:
        """The page's columns to save."""
        return {name: self.cleaned_data[name] for name in rules.PARTS[self.part] if name in self.cleaned_data}


class GroupForm(DescriptionForm):
    """Which children, where and why now; whether any has to be named (DOMAIN §D1: none by default)."""

    part = CohortPart.GROUP
    groups = (
        Group(("title", "zones", "why_now", "year_groups", "children", "named")),
        Group(("names_reason",), when="named"),
    )

    title = written("title", fields.LineField, "Title", hint=TITLE_HINT)
    zones = numbered("Zones of its schools", name="at least one of your zones")
    why_now = written(
        "why_now",
        fields.TextField,
        "Why do these children need support now?",
        name="why these children need support now",
        hint="What you have seen across the schools, and what will happen without support. Name no child",
    )
    year_groups = fields.some_of(
        (), "Which year groups?", name="year groups", hint="As on 31 August. Select all that apply", small=True
    )
    children = fields.number(
        "How many children, in all its schools?", MOST_CHILDREN * rules.MOST_SCHOOLS, name="how many children", width=4
    )
    named = fields.one_of(
        (("NO", "No, numbers and needs are enough"), ("YES", "Yes, some children have to be named")),
        "Does any child have to be named?",
        name="whether any child has to be named",
        hint="S2S works with groups of children without knowing their names. Name a child only if S2S has to know who "
        "it is; then the parents’ agreement is recorded for each child.",
    )
    names_reason = written(
        "names_reason", fields.TextField, "Why do children have to be named?", name="why children have to be named"
    )

    def set_up(self) -> None:
        self.own = {zone.pk: zone for zone in queries.own_mainstream_zones(self.user)}
        self.fields["zones"].choices = [(pk, zone.name) for pk, zone in self.own.items()]
        if len(self.own) == 1:
            del self.fields["zones"]
        years = years_for(Stream.MAINSTREAM)
        self.fields["year_groups"].choices = [(year.value, SHORT.get(year, year.label)) for year in years]

    def pointless(self, cleaned: Mapping[str, Any]) -> set[str]:
        return {"names_reason"} if cleaned.get("named") == "NO" else set()

    def saved(self, theirs: Cohort, name: str) -> Any:
        if name == "named":
            return "YES" if theirs.names_reason else "NO"
        return super().saved(theirs, name)

    def saved_in_words(self, theirs: Cohort, name: str) -> str:
        if name == "named":
            return "Yes" if theirs.names_reason else "No"
        return super().saved_in_words(theirs, name)

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        found = list(super().problems(cleaned))
        if "zones" in self.fields and not cleaned.get("zones"):
            found.append(rules.Problem("zones", "Select at least one of your zones"))
        if cleaned.get("named") == "YES" and not cleaned.get("names_reason"):
            found.append(rules.Problem("names_reason", "Enter why children have to be named"))
        return found

    def answers(self) -> dict[str, Any]:
        """The page's columns to save; without a zone ticked, its zones stay."""
        answers = super().answers()
        zones = [self.own[pk] for pk in answers.pop("zones", [])]
        return answers | ({"zones": zones} if zones else {})


class NeedsForm(DescriptionForm):
    """What the children need, and what has been tried."""

    part = CohortPart.NEEDS

    primary_need_id = fields.listed("Main type of need", name="main type of need")
    further_needs = numbered(
        "Further types of need (optional)", name="further types of need", hint="Select all that apply", small=True
    )
    indes_section_id = fields.listed("INDES section that fits best", name="INDES section")
    indes_level = fields.number("INDES level", 99, name="INDES level", width=2)
    need_description = written(
        "need_description",
        fields.TextField,
        "What else should S2S know about the needs? (optional)",
        name="what else S2S should know",
        hint="What staff see day to day, and what is different from school to school. Name no child",
    )
    strategies_tried = written(
        "strategies_tried",
        fields.TextField,
        "What has been tried?",
        name="what has been tried",
        hint="By the schools and by the council: strategies, training and advice so far, and for how long",
    )
    strategies_outcome = written("strategies_outcome", fields.TextField, "What came of it?", name="what came of it")

    def set_up(self) -> None:
        self.needs = {need.pk: need for need in need_types_on(self.today)}
        offered = [(pk, str(need)) for pk, need in self.needs.items()]
        self.fields["primary_need_id"].choices = [("", "Choose a type of need"), *offered]
        self.fields["further_needs"].choices = offered
        self.sections_today = {}
        if rules.within_indes(self.cohort.year_groups):
            self.sections_today = {section.pk: section for section in indes_sections_on(self.today)}
        if self.sections_today:
            self._offer_indes()
        else:
            del self.fields["indes_section_id"], self.fields["indes_level"]

    def _offer_indes(self) -> None:
        titles = [(pk, section.title) for pk, section in self.sections_today.items()]
        self.fields["indes_section_id"].choices = [("", "Choose a section"), *titles]
        version = next(iter(self.sections_today.values())).version
        self.style("indes_section_id", hint=f"INDES version: {version}. Asked for Reception to Year 11")
        top = max(section.top_level for section in self.sections_today.values())
        self.fields["indes_level"] = fields.number("INDES level", top, name="INDES level", width=2)
        self.style("indes_level", hint=f"A number from 1 to {top}: the one that most of the children are at")

    def judged(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        section = self.sections_today.get(cleaned.get("indes_section_id"))
        return super().judged(cleaned) | {
            "further_need_ids": cleaned.get("further_needs", []),
            "needs_valid": True,
            "indes_section_valid": True,
            "indes_in_force": bool(self.sections_today),
            "indes_top_level": section.top_level if section else None,
        }

    def answers(self) -> dict[str, Any]:
        """The page's columns to save; INDES is blanked where it is not asked."""
        answers = super().answers()
        answers["further_needs"] = [self.needs[pk] for pk in answers["further_needs"]]
        return answers if self.sections_today else answers | dict.fromkeys(rules.INDES)


class SupportForm(DescriptionForm):
    """What is wanted, and what should be different at the end."""

    part = CohortPart.SUPPORT

    support_wanted = fields.some_of(
        SupportKind, "What support is wanted?", name="what support is wanted", hint="Select all that apply"
    )
    goal_1 = fields.line(
        "goal_1", "First goal", hint="What should be different at the end? For all schools; each may have its own"
    )
    goal_2 = fields.line("goal_2", "Second goal", optional=True)
    goal_3 = fields.line("goal_3", "Third goal", optional=True)


FORM_OF: dict[CohortPart, type[DescriptionForm]] = {form.part: form for form in (GroupForm, NeedsForm, SupportForm)}
"""The form of each page of the description."""
