"""What the forms of all sections promise together."""

from datetime import date

import pytest

from referrals.actions.drafts import SECTION_FIELDS
from referrals.choices import Section
from referrals.documents.answers import TITLES, in_words, rows_of
from referrals.forms.drafts import FORM_OF
from referrals.rules import answers as rules
from s2s_portal.organisations.choices import Role, Stream
from tests.factories.referrals import filled_draft, load_codes, start_draft
from tests.referrals.views.desk import desk

pytestmark = pytest.mark.django_db
TODAY = date(2024, 11, 26)
SECTIONS = [section for section in Section if section != Section.SETTING]
MANY_ANSWERS = (
    {},
    {"about": "CHILD"},
    {"about": "GROUP"},
    {"agreement": "YES"},
    {"year_group": "4", "sen_status": "K"},
)
"""Enough to make every rule about a missing answer speak."""


def form_for(section: Section, role: Role = Role.SEND_ADVISER, data: dict | None = None, *, complete: bool = False):
    """The section's form for a new draft."""
    load_codes()
    here = desk(Role.EARLY_YEARS_ADVISER if section == Section.CONVERSATION else role, with_places=False)
    draft = start_draft(here.setting, by=here.user)
    return FORM_OF[section](data, draft=draft, user=here.user, today=TODAY, complete=complete)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_column_of_a_section_is_asked_and_drawn_once(section):
    form = form_for(section)
    assert tuple(form.fields) == SECTION_FIELDS[section]
    drawn = [line.field.name for _, lines in form.parts() for line in lines]
    assert drawn == list(form.fields)


@pytest.mark.parametrize("section", list(Section))
def test_every_column_has_a_title_where_answers_are_shown(section):
    assert tuple(TITLES[section]) == SECTION_FIELDS[section]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_question_marked_optional_is_never_missing_by_the_rules(section):
    form = form_for(section)
    stream = form.draft.stream
    missing = {
        problem.field
        for answers in MANY_ANSWERS
        for problem in rules.problems(section, answers, stream=stream, today=TODAY)
    }
    assert missing
    for name, field in form.fields.items():
        says_optional = field.govuk.optional or "(optional)" in str(field.label)
        assert says_optional is False or name not in missing


@pytest.mark.parametrize("section", SECTIONS)
def test_every_problem_of_the_rules_stands_at_a_question_of_its_section(section):
    form = form_for(section, data={}, complete=True)
    assert form.errors
    assert set(form.errors) <= set(form.fields)


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_section_can_be_kept_for_later_and_fits_the_columns(section):
    form = form_for(section, data={})
    assert form.is_valid()
    assert set(form.answers()) == set(SECTION_FIELDS[section])
    for name, value in form.answers().items():
        setattr(form.draft, name, value)
    form.draft.save()


def test_early_years_is_not_asked_for_indes():
    asked = set(form_for(Section.NEEDS, Role.EARLY_YEARS_ADVISER).fields)
    assert set(SECTION_FIELDS[Section.NEEDS]) - asked == {"indes_section_id", "indes_level"}


def test_answers_are_told_in_words():
    here = desk(Role.SEND_ADVISER, with_places=False)
    draft = filled_draft(here.setting, by=here.user, support_wanted=["OBSERVATION", "RESOURCES"])
    words = {row.field: row.text for section in Section for row in rows_of(draft, section)}
    assert words["date_of_birth"] == "6 May 2016"
    assert words["support_wanted"] == "Observation and recommendations\nMaking resources"
    assert words["primary_need_id"] == "Speech, language and communication needs (SLCN)"
    assert words["indes_level"] == "3"
    assert words["year_group"] == "Year 4"
    assert words["establishment_id"] == str(here.setting)
    assert not {"group_size", "group_description", "secondary_need_id", "goal_2"} & set(words)
    assert in_words(draft, "secondary_need_id") == ""


def test_a_group_and_an_agreement_that_is_not_there_hide_what_does_not_concern_them():
    here = desk(with_places=False)
    draft = filled_draft(here.setting, by=here.user, agreement="NOT_NEEDED", about="GROUP", group_size=4)
    assert draft.stream == Stream.EARLY_YEARS
    fields = [row.field for section in Section for row in rows_of(draft, section)]
    hidden = {"child_first_name", "date_of_birth", "agreement_by", "agreement_held", "indes_level"}
    assert not hidden & set(fields)
    assert {"group_size", "group_description"} <= set(fields)
