"""What each section needs, on which day: truth tables, no database."""

from datetime import date

import pytest

from referrals.choices import About, Agreement, Section, SectionState, SenStatus, YearGroup
from referrals.rules import answers as rules
from s2s_portal.organisations.choices import Stream

TODAY = date(2024, 11, 26)
EARLY, MAIN = Stream.EARLY_YEARS, Stream.MAINSTREAM

COMPLETE = {
    "conversation_on": TODAY,
    "conversation_with": "The manager",
    "conversation_agreed": "To ask S2S",
    "about": About.CHILD,
    "child_first_name": "Wilf",
    "child_last_name": "Tasburgh",
    "date_of_birth": date(2021, 3, 4),
    "year_group": YearGroup.N2,
    "sen_status": SenStatus.K,
    "primary_need_id": 1,
    "need_description": "Few words yet",
    "strategies_tried": "Signs",
    "strategies_outcome": "Calmer",
    "support_wanted": ["OBSERVATION"],
    "goal_1": "Asks for help",
    "agreement": Agreement.YES,
    "agreement_by": "Mother",
    "agreement_on": TODAY,
    "agreement_how": "IN_PERSON",
    "agreement_held": "The file",
    "contact_name": "The manager",
    "contact_email": "manager@setting.invalid",
    "contact_telephone": "01603 496000",
    "availability": "Mornings",
}
GROUP = {"about": About.GROUP, "group_size": 4, "group_description": "Share a room"}


def found(section, stream=EARLY, today=TODAY, **changes):
    problems = rules.problems(section, COMPLETE | changes, stream=stream, today=today)
    return {problem.field: problem.missing for problem in problems}


def test_complete_answers_have_no_problems():
    assert rules.all_problems(COMPLETE, stream=EARLY, today=TODAY) == {}


def test_nothing_answered_names_every_section_but_the_setting():
    problems = rules.all_problems({}, stream=EARLY, today=TODAY)
    assert set(problems) == set(Section) - {Section.SETTING}
    assert all(problem.missing and problem.sentence for some in problems.values() for problem in some)


@pytest.mark.parametrize(
    ("section", "field"),
    [
        (Section.CONVERSATION, "conversation_on"),
        (Section.CONVERSATION, "conversation_with"),
        (Section.CONVERSATION, "conversation_agreed"),
        (Section.CHILD, "about"),
        (Section.CHILD, "child_first_name"),
        (Section.CHILD, "child_last_name"),
        (Section.CHILD, "date_of_birth"),
        (Section.NEEDS, "year_group"),
        (Section.NEEDS, "sen_status"),
        (Section.NEEDS, "primary_need_id"),
        (Section.NEEDS, "need_description"),
        (Section.TRIED, "strategies_tried"),
        (Section.TRIED, "strategies_outcome"),
        (Section.SUPPORT, "support_wanted"),
        (Section.SUPPORT, "goal_1"),
        (Section.AGREEMENT, "agreement"),
        (Section.AGREEMENT, "agreement_by"),
        (Section.AGREEMENT, "agreement_on"),
        (Section.AGREEMENT, "agreement_how"),
        (Section.AGREEMENT, "agreement_held"),
        (Section.CONTACT, "contact_name"),
        (Section.CONTACT, "contact_email"),
        (Section.CONTACT, "contact_telephone"),
        (Section.CONTACT, "availability"),
    ],
)
@pytest.mark.parametrize("blank", [None, "", []], ids=["none", "empty text", "empty list"])
def test_each_mandatory_answer_is_missed_when_blank(section, field, blank):
    assert found(section, **{field: blank}) == {field: True}


class TestSections:
    def test_only_early_years_rest_on_a_conversation(self):
        assert Section.CONVERSATION in rules.sections_for(EARLY)
        assert Section.CONVERSATION not in rules.sections_for(MAIN)
        assert len(rules.sections_for(EARLY)) == len(Section)

    @pytest.mark.parametrize(
        ("saved", "problems", "state"),
        [
            (False, [], SectionState.NOT_STARTED),
            (False, [rules.Problem("a", "b", missing=True)], SectionState.NOT_STARTED),
            (True, [], SectionState.DONE),
            (True, [rules.Problem("a", "b", missing=True)], SectionState.IN_PROGRESS),
            (True, [rules.Problem("a", "b", missing=True), rules.Problem("c", "d")], SectionState.NEEDS_ATTENTION),
        ],
    )
    def test_section_state(self, saved, problems, state):
        assert rules.section_state(saved=saved, problems=problems) == state


@pytest.mark.parametrize(
    ("held_on", "wrong"),
    [(date(2024, 11, 25), False), (TODAY, False), (date(2024, 11, 27), True)],
    ids=["yesterday", "today", "tomorrow"],
)
def test_a_conversation_is_not_in_the_future(held_on, wrong):
    assert found(Section.CONVERSATION, conversation_on=held_on) == ({"conversation_on": False} if wrong else {})


@pytest.mark.parametrize(
    ("agreed_on", "wrong"), [(TODAY, False), (date(2024, 11, 27), True)], ids=["today", "tomorrow"]
)
def test_an_agreement_is_not_in_the_future(agreed_on, wrong):
    assert found(Section.AGREEMENT, agreement_on=agreed_on) == ({"agreement_on": False} if wrong else {})


@pytest.mark.parametrize("agreement", [Agreement.NOT_YET, ""])
def test_without_an_agreement_its_details_are_not_asked(agreement):
    missing = {} if agreement else {"agreement": True}
    assert found(Section.AGREEMENT, agreement=agreement, agreement_by="", agreement_on=None) == missing


@pytest.mark.parametrize(("about", "wrong"), [(About.CHILD, True), (About.GROUP, False)])
def test_a_named_child_needs_agreement(about, wrong):
    problems = found(Section.AGREEMENT, about=about, agreement=Agreement.NOT_NEEDED)
    assert problems == ({"agreement": False} if wrong else {})


class TestChild:
    def test_a_group_needs_its_size_and_what_they_share(self):
        assert found(Section.CHILD, **GROUP) == {}
        assert found(Section.CHILD, **(GROUP | {"group_size": None})) == {"group_size": True}
        assert found(Section.CHILD, **(GROUP | {"group_description": ""})) == {"group_description": True}

    @pytest.mark.parametrize(
        ("born", "wrong"),
        [
            (date(2024, 11, 27), True),
            (TODAY, False),
            (date(1998, 11, 27), False),
            (date(1998, 11, 26), True),
        ],
        ids=["tomorrow", "today", "25 until tomorrow", "26 today"],
    )
    def test_a_date_of_birth_belongs_to_someone_from_birth_to_25(self, born, wrong):
        assert found(Section.CHILD, date_of_birth=born) == ({"date_of_birth": False} if wrong else {})


class TestNeeds:
    def test_an_expired_code_needs_attention(self):
        assert found(Section.NEEDS, primary_need_valid=False) == {"primary_need_id": False}
        changes = {"secondary_need_id": 2, "secondary_need_valid": False}
        assert found(Section.NEEDS, **changes) == {"secondary_need_id": False}

    def test_the_second_type_of_need_differs_from_the_main_one(self):
        assert found(Section.NEEDS, secondary_need_id=1) == {"secondary_need_id": False}
        assert found(Section.NEEDS, secondary_need_id=2) == {}

    @pytest.mark.parametrize("year", YearGroup, ids=str)
    @pytest.mark.parametrize("status", SenStatus, ids=str)
    def test_indes_is_asked_from_reception_to_year_11_of_those_on_the_register(self, year, status):
        school_years = ["R", *map(str, range(1, 12))]
        expected = year.value in school_years and status != SenStatus.N
        assert rules.needs_indes(stream=MAIN, year_group=year, sen_status=status) == expected
        assert not rules.needs_indes(stream=EARLY, year_group=year, sen_status=status)

    def test_indes_is_not_asked_while_no_version_is_in_force(self):
        assert found(Section.NEEDS, stream=MAIN, year_group=YearGroup.Y4, indes_in_force=False) == {}

    def test_an_older_scale_and_a_level_beyond_the_scale_need_attention(self):
        given = {"stream": MAIN, "year_group": YearGroup.Y4, "indes_section_id": 3, "indes_level": 7}
        assert found(Section.NEEDS, **given, indes_top_level=7) == {}
        assert found(Section.NEEDS, **given, indes_top_level=6) == {"indes_level": False}
        assert found(Section.NEEDS, **given, indes_section_valid=False) == {"indes_section_id": False}

    @pytest.mark.parametrize("year", YearGroup, ids=str)
    def test_each_stream_has_its_year_groups(self, year):
        assert (year in rules.years_for(EARLY)) == (year.value in ("U2", "N1", "N2", "R"))
        assert (year in rules.years_for(MAIN)) == (year.value != "U2")
        wrong = found(Section.NEEDS, year_group=year)
        assert wrong == ({} if year in rules.years_for(EARLY) else {"year_group": False})

    def test_a_missing_indes_is_named(self):
        missing = found(Section.NEEDS, stream=MAIN, year_group=YearGroup.Y4)
        assert missing == {"indes_section_id": True, "indes_level": True}


class TestYearGroup:
    @pytest.mark.parametrize(
        ("born", "year"),
        [
            (date(2024, 11, 1), YearGroup.UNDER_2),
            (date(2022, 9, 1), YearGroup.UNDER_2),
            (date(2022, 8, 31), YearGroup.N1),
            (date(2021, 9, 1), YearGroup.N1),
            (date(2021, 8, 31), YearGroup.N2),
            (date(2020, 9, 1), YearGroup.N2),
            (date(2020, 8, 31), YearGroup.R),
            (date(2020, 2, 29), YearGroup.R),
            (date(2019, 8, 31), YearGroup.Y1),
            (date(2009, 8, 31), YearGroup.Y11),
            (date(2007, 8, 31), YearGroup.Y13),
            (date(2006, 9, 1), YearGroup.Y13),
            (date(2006, 8, 31), None),
        ],
    )
    def test_expected_year_group(self, born, year):
        assert rules.expected_year_group(date_of_birth=born, today=TODAY) == year

    @pytest.mark.parametrize(("today", "year"), [(date(2024, 8, 31), YearGroup.N2), (date(2024, 9, 1), YearGroup.R)])
    def test_the_year_turns_on_1_september(self, today, year):
        assert rules.expected_year_group(date_of_birth=date(2020, 5, 5), today=today) == year

    def test_a_mismatch_warns_in_both_words(self):
        answers = COMPLETE | {"year_group": YearGroup.R}
        warning = rules.year_group_warning(answers, today=TODAY)
        assert YearGroup.N2.label in warning
        assert YearGroup.R.label in warning
        assert rules.problems(Section.NEEDS, answers, stream=EARLY, today=TODAY) == []

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"about": About.GROUP, "year_group": YearGroup.R},
            {"date_of_birth": None},
            {"year_group": ""},
            {"date_of_birth": date(2024, 12, 1)},
            {"date_of_birth": date(2000, 1, 1)},
        ],
        ids=["fits", "group", "no birth date", "no year", "not born yet", "too old to say"],
    )
    def test_nothing_to_warn_of(self, changes):
        assert rules.year_group_warning(COMPLETE | changes, today=TODAY) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"is_open": False}, "closed"),
        ({"stream": MAIN}, "not yours"),
        ({"stream": None}, "not yours"),
        ({"zone_id": None}, "no zone"),
        ({"zone_id": 9}, "outside your zones"),
    ],
)
def test_setting_problem(changes, words):
    facts = {"is_open": True, "stream": EARLY, "wanted_stream": EARLY, "zone_id": 1, "own_zones": {1, 2}} | changes
    problem = rules.setting_problem(**facts)
    assert problem is None if words is None else words in problem


def test_a_setting_problem_needs_attention():
    assert found(Section.SETTING, setting_problem="Closed") == {"establishment_id": False}
