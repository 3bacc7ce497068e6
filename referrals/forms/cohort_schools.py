"""One school of a cohort, and naming a child there."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from referrals.choices import AgreementHow, Priority
from referrals.documents.cohorts import in_words
from referrals.forms import fields
from referrals.forms.cohorts import written
from referrals.forms.drafts import DATE_HINT, MOST_CHILDREN
from referrals.forms.pages import Group, PageForm
from referrals.models import Cohort, CohortChild, CohortSchool
from referrals.rules import cohorts as rules
from referrals.rules.answers import years_for
from s2s_portal.core.forms import GovukForm, styled
from s2s_portal.organisations.choices import Stream

CONTACT = ("contact_name", "contact_job_title", "contact_email", "contact_telephone")


class SchoolForm(PageForm):
    """What is different at each school: how many children, how soon, whom to contact, who agreed."""

    groups = (
        Group(("children", "priority")),
        Group(CONTACT, title="Who S2S gets in touch with"),
        Group(("agreed_by", "agreed_on"), title="The school’s agreement"),
        Group(("availability", "goal_1", "goal_2", "goal_3"), title="Only if this school differs"),
    )

    children = fields.number("How many children are at this school?", MOST_CHILDREN, name="how many children", width=3)
    priority = fields.one_of(
        Priority, "How soon does it need support?", name="how soon it needs support", inline=True, hint="Your judgement"
    )
    contact_name = fields.line("contact_name", "Name", name="the person to contact", hint="For example, the SENCo")
    contact_job_title = fields.line("contact_job_title", "Job title (optional)", name="job title")
    contact_email = fields.email("contact_email", "E-mail address", name="e-mail address", width="two-thirds")
    contact_telephone = fields.line(
        "contact_telephone", "Telephone number (optional)", fields.TelephoneField, name="telephone number", width=20
    )
    agreed_by = written(
        "agreed_by",
        fields.LineField,
        "Who at the school agreed to this request?",
        CohortSchool,
        name="who at the school agreed",
        hint="For example, the head teacher",
    )
    agreed_on = fields.day("When did they agree?", name="date the school agreed", hint=DATE_HINT)
    availability = written(
        "availability",
        fields.TextField,
        "When can they be reached, and when would a visit suit? (optional)",
        CohortSchool,
        name="when they can be reached",
        rows=3,
    )
    goal_1 = fields.line("goal_1", "First goal of this school (optional)", name="first goal")
    goal_2 = fields.line("goal_2", "Second goal of this school (optional)", name="second goal")
    goal_3 = fields.line("goal_3", "Third goal of this school (optional)", name="third goal")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        school: CohortSchool,
        cohort: Cohort,
        today: date,
        complete: bool,
    ) -> None:
        """`school` knows how many children it names, as `queries.cohorts.line_of` has it."""
        self.school, self.cohort, self.today, self.complete = school, cohort, today, complete
        super().__init__(data, initial={name: getattr(school, name) for name in self.base_fields})
        self.style("goal_1", hint=f"Instead of the cohort’s. Blank: “{cohort.goal_1}”" if cohort.goal_1 else "")

    def clean_priority(self) -> str:
        """Nothing ticked leaves it as it is."""
        return self.cleaned_data["priority"] or self.school.priority

    def clean_agreed_on(self) -> date | None:
        """Never a day to come, whether the page is complete or not: the action would refuse it."""
        agreed_on = self.cleaned_data["agreed_on"]
        wrong = rules.agreed_too_early(agreed_on, self.today)
        if wrong:
            raise forms.ValidationError(wrong.sentence)
        return agreed_on

    def saved_in_words(self, theirs: CohortSchool, name: str) -> str:
        """What the school's line says in the column `name`."""
        return in_words(theirs, name)

    def problems(self, cleaned: Mapping[str, Any]) -> Iterable[rules.Problem]:
        """What keeps the school from being sent, as far as this page can mend it."""
        facts = {"named": self.school.named, "names_allowed": True}
        return rules.school_problems(dict(cleaned) | facts)

    def answers(self) -> dict[str, Any]:
        """The columns to save."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


class ChildForm(GovukForm):
    """A child who has to be named, with the parents' agreement; all of it is needed."""

    submit_label: ClassVar[str] = "Name this child"

    first_name = written("first_name", fields.LineField, "First name", CohortChild, autocomplete="off")
    last_name = written("last_name", fields.LineField, "Last name", CohortChild, autocomplete="off")
    date_of_birth = fields.day("Date of birth", name="date of birth", hint="For example, 27 3 2017")
    year_group = fields.drop_down("Year group (optional)", name="year group")
    agreement_by = fields.line("agreement_by", "Who agreed?", name="who agreed", hint="For example, the child’s mother")
    agreement_on = fields.day("When did they agree?", name="date they agreed", hint=DATE_HINT)
    agreement_how = fields.one_of(AgreementHow, "How did they agree?", name="how they agreed")
    agreement_held = fields.line(
        "agreement_held",
        "Where is the agreement kept?",
        name="where the agreement is kept",
        hint="For example, the child’s file at the school",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, cohort: Cohort, today: date) -> None:
        self.today = today
        super().__init__(data)
        years = [(year.value, year.label) for year in years_for(Stream.MAINSTREAM)]
        first = [year for year in years if year[0] in cohort.year_groups]
        self.fields["year_group"].choices = [("", "Choose a year group"), *(first or years)]
        styled(self.fields["first_name"], width="two-thirds")
        styled(self.fields["last_name"], width="two-thirds")

    def clean(self) -> dict[str, Any]:
        """Nothing may be missing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for problem in rules.child_problems(cleaned, today=self.today):
            if problem.field not in self._errors:
                self.add_error(problem.field, problem.sentence)
        return cleaned
