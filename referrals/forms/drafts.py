"""The sections of a request as forms, in the order of the task list."""

from collections.abc import Mapping
from typing import Any

from django import forms

from referrals.choices import About, Agreement, AgreementHow, Section, SenStatus, SupportKind, YearGroup
from referrals.forms import fields
from referrals.forms.sections import Group, SectionForm
from referrals.queries.drafts import indes_sections_on, need_types_on
from referrals.rules.answers import expected_year_group, years_for
from s2s_portal.core.forms import AutocompleteInput, GovukForm, styled
from s2s_portal.organisations.choices import Stream

MOST_CHILDREN = 500
LONGEST_SEARCH = 500
"""A suggestion that was picked puts its whole line here: name, town, postcode and URN."""
DATE_HINT = "For example, 18 11 2024"


class SearchForm(GovukForm):
    """Which school or setting? Scripts offer suggestions; without them it is an ordinary search."""

    form_method = "get"
    submit_label = "Search"

    q = styled(
        forms.CharField(
            label="Name, URN, postcode or town",
            required=False,
            max_length=LONGEST_SEARCH,
            widget=AutocompleteInput("/establishments/suggest/", value_name="setting"),
        ),
        optional=False,
        name="name, URN, postcode or town",
    )


class ConversationForm(SectionForm):
    section = Section.CONVERSATION

    conversation_on = fields.day("When did you speak with the setting?", name="date of your conversation")
    conversation_with = fields.line("conversation_with", "Who did you speak to?", name="who you spoke to")
    conversation_agreed = fields.text("conversation_agreed", "What was agreed?", name="what was agreed")

    def set_up(self) -> None:
        self.style("conversation_on", hint=DATE_HINT)
        self.style("conversation_with", hint="Name and role, for example the manager or the SENCo")


class ChildForm(SectionForm):
    section = Section.CHILD
    groups = (
        Group(("about",)),
        Group(("child_first_name", "child_last_name", "date_of_birth"), when="child"),
        Group(("group_size", "group_description"), when="group"),
    )

    about = fields.one_of(About, "Who is this request about?", name="who this request is about")
    child_first_name = fields.line("child_first_name", "Child’s first name", autocomplete="off", width="two-thirds")
    child_last_name = fields.line("child_last_name", "Child’s last name", autocomplete="off", width="two-thirds")
    date_of_birth = fields.day("Child’s date of birth", name="date of birth", hint="For example, 27 3 2021")
    group_size = fields.number("How many children?", MOST_CHILDREN, name="how many children", width=3)
    group_description = fields.line(
        "group_description", "What do they have in common?", name="what they have in common", hint="Name no child here"
    )

    def set_up(self) -> None:
        self.style(
            "about",
            item_hints={
                About.CHILD: "S2S needs the child’s name and date of birth",
                About.GROUP: "No child is named",
            },
        )

    def pointless(self, cleaned: Mapping[str, Any]) -> set[str]:
        child, group = set(self.groups[1].fields), set(self.groups[2].fields)
        return {About.CHILD: group, About.GROUP: child}.get(cleaned.get("about", ""), set())


class NeedsForm(SectionForm):
    section = Section.NEEDS

    year_group = fields.drop_down("Year group", name="year group")
    sen_status = fields.one_of(SenStatus, "SEN status", name="SEN status")
    primary_need_id = fields.listed("Main type of need", name="main type of need")
    secondary_need_id = fields.listed("Second type of need (optional)", name="second type of need")
    indes_section_id = fields.listed("INDES section that fits best", name="INDES section")
    indes_level = fields.number("INDES level", 1, name="INDES level", width=2)
    need_description = fields.text(
        "need_description",
        "What should S2S know about the needs?",
        name="what S2S should know about the needs",
        hint="What you see day to day: strengths, what is hard, and when",
    )

    def set_up(self) -> None:
        self.valid_sections, self.top_levels = set(), {}
        self._offer_years()
        self._offer_needs()
        if self.draft.stream == Stream.MAINSTREAM:
            self._offer_indes()
        else:
            del self.fields["indes_section_id"], self.fields["indes_level"]

    def _offer_years(self) -> None:
        offered = list(years_for(self.draft.stream))
        chosen = self.draft.year_group
        offered += [YearGroup(chosen)] if chosen in YearGroup.values and chosen not in offered else []
        self.fields["year_group"].choices = [("", "Choose a year group"), *((one.value, one.label) for one in offered)]
        if self.draft.about == About.GROUP:
            self.style("year_group", hint="The one that most of the children are in")
        elif self.draft.date_of_birth and self.draft.date_of_birth <= self.today:
            expected = expected_year_group(date_of_birth=self.draft.date_of_birth, today=self.today)
            self.style("year_group", hint=f"By date of birth: {expected.label if expected else 'older than Year 13'}")

    def _offer_needs(self) -> None:
        """The types valid today, and what the draft holds even if it is no longer one of them."""
        valid = [(need.pk, str(need)) for need in need_types_on(self.today)]
        self.valid_needs = {pk for pk, _ in valid}
        for name in ("primary_need_id", "secondary_need_id"):
            held = getattr(self.draft, name.removesuffix("_id"))
            old = [(held.pk, f"{held} – no longer used")] if held and held.pk not in self.valid_needs else []
            blank = "Choose a type of need" if name == "primary_need_id" else "None"
            self.fields[name].choices = [("", blank), *valid, *old]

    def _offer_indes(self) -> None:
        rows = list(indes_sections_on(self.today))
        self.valid_sections = {row.pk for row in rows}
        held = self.draft.indes_section
        rows += [held] if held and held.pk not in {row.pk for row in rows} else []
        self.top_levels = {row.pk: row.top_level for row in rows}
        self.fields["indes_section_id"].choices = [("", "Choose a section"), *((row.pk, row.title) for row in rows)]
        self.style(
            "indes_section_id",
            hint="Needed from Reception to Year 11 for SEN support or an EHCP; leave it empty for everyone else",
        )
        top = max(self.top_levels.values(), default=0)
        self.fields["indes_level"] = fields.number("INDES level", top or 99, name="INDES level", width=2)
        self.style("indes_level", hint=f"A number from 1 to {top}" if top else "")

    def judged(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        answers = super().judged(cleaned)
        for name in ("primary_need", "secondary_need"):
            answers[f"{name}_valid"] = answers.get(f"{name}_id") in {None, *self.valid_needs}
        section = answers.get("indes_section_id")
        return answers | {
            "indes_in_force": bool(self.valid_sections),
            "indes_section_valid": section in {None, *self.valid_sections},
            "indes_top_level": self.top_levels.get(section),
        }


class TriedForm(SectionForm):
    section = Section.TRIED

    strategies_tried = fields.text(
        "strategies_tried",
        "What has been tried?",
        name="what has been tried",
        hint="Strategies, changes and advice so far, and for how long",
    )
    strategies_outcome = fields.text("strategies_outcome", "What came of it?", name="what came of it")


class SupportForm(SectionForm):
    section = Section.SUPPORT

    support_wanted = fields.some_of(
        SupportKind, "What support is wanted?", name="what support is wanted", hint="Select all that apply"
    )
    goal_1 = fields.line("goal_1", "First goal", hint="What should be different at the end of the support?")
    goal_2 = fields.line("goal_2", "Second goal", optional=True)
    goal_3 = fields.line("goal_3", "Third goal", optional=True)


class AgreementForm(SectionForm):
    section = Section.AGREEMENT
    groups = (
        Group(("agreement",)),
        Group(("agreement_by", "agreement_on", "agreement_how", "agreement_held"), when="agreed"),
    )

    agreement = fields.one_of(
        Agreement, "Has a parent or carer agreed to this request?", name="whether a parent or carer has agreed"
    )
    agreement_by = fields.line("agreement_by", "Who agreed?", name="who agreed", hint="For example, the child’s mother")
    agreement_on = fields.day("When did they agree?", name="date they agreed", hint=DATE_HINT)
    agreement_how = fields.one_of(AgreementHow, "How did they agree?", name="how they agreed")
    agreement_held = fields.line(
        "agreement_held",
        "Where is the agreement kept?",
        name="where the agreement is kept",
        hint="For example, the child’s file",
    )

    def set_up(self) -> None:
        held = self.draft.agreement
        names_a_child = self.draft.about == About.CHILD and held != Agreement.NOT_NEEDED
        no_answers = {Agreement.WITHDRAWN} | ({Agreement.NOT_NEEDED} if names_a_child else set())
        self.fields["agreement"].choices = [(one.value, one.label) for one in Agreement if one not in no_answers]
        later = "You can send the request now, but S2S cannot book an observation until the agreement is recorded"
        self.style("agreement", item_hints={Agreement.NOT_YET: later})

    def pointless(self, cleaned: Mapping[str, Any]) -> set[str]:
        given = cleaned.get("agreement", "")
        return set(self.groups[1].fields) if given in (Agreement.NOT_YET, Agreement.NOT_NEEDED) else set()


class ContactForm(SectionForm):
    section = Section.CONTACT

    contact_name = fields.line(
        "contact_name", "Who should S2S contact?", name="the person to contact", hint="At the school or setting"
    )
    contact_job_title = fields.line("contact_job_title", "Job title", optional=True)
    contact_email = fields.email("contact_email", "E-mail address", name="e-mail address", width="two-thirds")
    contact_telephone = fields.line(
        "contact_telephone", "Telephone number", fields.TelephoneField, name="telephone number", width=20
    )
    availability = fields.text(
        "availability",
        "When can they be reached, and when would a visit suit?",
        name="when they can be reached",
        rows=4,
        hint="For example, Tuesdays and Thursdays before 11; not in the week of the nativity play",
    )


FORM_OF: dict[Section, type[SectionForm]] = {
    form.section: form
    for form in (ConversationForm, ChildForm, NeedsForm, TriedForm, SupportForm, AgreementForm, ContactForm)
}
"""The form of each section but the first: the setting is chosen from a search."""
