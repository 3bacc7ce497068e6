"""What a cohort needs before it is sent, and who goes now: truth tables, no database."""

from datetime import date

import pytest

from referrals.choices import CohortPart, Plan, Priority, SupportKind, YearGroup
from referrals.rules import cohorts as rules
from referrals.rules.cohorts import Candidate

TODAY = date(2024, 11, 26)
TOMORROW = date(2024, 11, 27)

DESCRIBED = {
    "title": "Language groups",
    "why_now": "Four schools report it",
    "year_groups": [YearGroup.Y1],
    "children": 24,
    "primary_need_id": 1,
    "further_need_ids": [2],
    "needs_valid": True,
    "indes_in_force": True,
    "indes_section_id": 4,
    "indes_section_valid": True,
    "indes_top_level": 7,
    "indes_level": 3,
    "strategies_tried": "Groups",
    "strategies_outcome": "More words",
    "support_wanted": [SupportKind.TRAINING_STAFF],
    "goal_1": "Same signs",
}
READY = {
    "children": 6,
    "contact_name": "The SENCo",
    "contact_email": "senco@school.invalid",
    "agreed_by": "The head teacher",
    "agreed_on": TODAY,
    "setting_problem": None,
    "named": 0,
    "names_allowed": False,
}
CHILD = {
    "first_name": "Wilf",
    "last_name": "Tasburgh",
    "date_of_birth": date(2017, 5, 6),
    "agreement_by": "Mother",
    "agreement_on": TODAY,
    "agreement_how": "IN_PERSON",
    "agreement_held": "The file",
}


def described(**changes):
    return {problem.field: problem.missing for problem in rules.description_problems(DESCRIBED | changes)}


def school(**changes):
    return {problem.field: problem.missing for problem in rules.school_problems(READY | changes)}


def child(**changes):
    return {problem.field: problem.missing for problem in rules.child_problems(CHILD | changes, today=TODAY)}


class TestDescription:
    def test_complete(self):
        assert described() == {}

    @pytest.mark.parametrize("field", rules.REQUIRED)
    def test_each_answer_that_is_needed(self, field):
        blank = [] if isinstance(DESCRIBED[field], list) else None
        assert described(**{field: blank}) == {field: True}

    def test_a_sentence_for_each_in_the_order_of_the_pages(self):
        problems = rules.description_problems({"year_groups": [YearGroup.R], "indes_in_force": True})
        assert [problem.field for problem in problems] == [name for name in rules.REQUIRED if name != "year_groups"]
        order = [list(CohortPart).index(rules.part_of(problem.field)) for problem in problems]
        assert order == sorted(order)
        assert all(problem.sentence for problem in problems)

    @pytest.mark.parametrize(
        ("years", "in_force", "asked"),
        [
            ([YearGroup.N2], True, False),
            ([YearGroup.R], True, True),
            ([YearGroup.Y11], True, True),
            ([YearGroup.Y12, YearGroup.Y13], True, False),
            ([YearGroup.N1, YearGroup.Y6], True, True),
            ([YearGroup.Y6], False, False),
        ],
    )
    def test_indes_from_reception_to_year_11_while_a_version_is_in_force(self, years, in_force, asked):
        found = described(year_groups=years, indes_in_force=in_force, indes_section_id=None, indes_level=None)
        assert found == (dict.fromkeys(rules.INDES, True) if asked else {})

    def test_codes_of_today(self):
        assert described(needs_valid=False) == {"primary_need_id": False}
        assert described(indes_section_valid=False) == {"indes_section_id": False}

    @pytest.mark.parametrize(
        ("level", "top", "wrong"), [(0, 7, False), (1, 7, False), (7, 7, False), (8, 7, True), (9, None, False)]
    )
    def test_the_level_fits_the_scale(self, level, top, wrong):
        # 0 is no level at all: the form takes none below 1.
        assert described(indes_level=level, indes_top_level=top) == ({"indes_level": False} if wrong else {})

    def test_the_main_need_is_no_further_need(self):
        assert described(further_need_ids=[1, 2]) == {"further_needs": False}
        assert described(further_need_ids=[]) == {}

    def test_each_question_is_on_one_page(self):
        asked = [field for fields in rules.PARTS.values() for field in fields]
        assert len(asked) == len(set(asked))
        assert set(rules.REQUIRED) <= set(asked)


class TestSchool:
    def test_ready(self):
        assert school() == {}

    @pytest.mark.parametrize("field", ["children", "contact_name", "contact_email", "agreed_by", "agreed_on"])
    def test_each_answer_that_is_needed(self, field):
        assert school(**{field: None}) == {field: True}

    def test_a_school_that_cannot_be_asked_for(self):
        assert school(setting_problem="It is closed") == {"establishment_id": False}

    @pytest.mark.parametrize(
        ("named", "allowed", "problem"),
        [
            (0, False, {}),
            (1, True, {}),
            (1, False, {"names_reason": False}),
            (6, True, {}),
            (7, True, {"children": False}),
        ],
    )
    def test_names_need_a_reason_and_are_no_more_than_the_children(self, named, allowed, problem):
        assert school(named=named, names_allowed=allowed) == problem

    def test_without_a_number_nothing_is_too_many(self):
        assert school(children=None, named=1, names_allowed=True) == {"children": True}

    @pytest.mark.parametrize(("day", "wrong"), [(None, False), (TODAY, False), (TOMORROW, True)])
    def test_a_school_has_not_agreed_tomorrow(self, day, wrong):
        assert bool(rules.agreed_too_early(day, TODAY)) == wrong


class TestChild:
    def test_complete(self):
        assert child() == {}

    @pytest.mark.parametrize("field", CHILD)
    def test_each_answer_that_is_needed(self, field):
        assert child(**{field: None}) == {field: True}

    @pytest.mark.parametrize(
        ("born", "wrong"), [(TODAY, False), (TOMORROW, True), (date(1998, 11, 27), False), (date(1998, 11, 26), True)]
    )
    def test_born_before_today_and_not_yet_26(self, born, wrong):
        assert child(date_of_birth=born) == ({"date_of_birth": False} if wrong else {})

    def test_the_parents_have_not_agreed_tomorrow(self):
        assert child(agreement_on=TOMORROW) == {"agreement_on": False}

    def test_nor_before_the_child_was_born(self):
        assert child(agreement_on=CHILD["date_of_birth"]) == {}
        assert child(agreement_on=date(1900, 1, 1)) == {"agreement_on": False}

    @pytest.mark.parametrize("nothing", ["", " ", "\u00a0", "\u200b", "–", "?"])
    @pytest.mark.parametrize("field", ["first_name", "last_name", "agreement_by", "agreement_held"])
    def test_a_text_that_says_nothing_is_no_answer(self, field, nothing):
        assert child(**{field: nothing}) == {field: True}


def one(key, plan=Plan.NOW, priority=Priority.MEDIUM, position=0, *, ready=True):
    return Candidate(key, priority, position, plan, ready=ready)


class TestPlan:
    def test_the_order_is_the_advisers_and_leaves_out_what_they_leave_out(self):
        schools = [one("c", position=2), one("b", position=1), one("a", position=2), one("d", plan=Plan.NOT_YET)]
        assert [each.key for each in rules.in_order(schools)] == ["b", "a", "c"]

    @pytest.mark.parametrize(
        ("now", "wait", "free", "words"),
        [
            (0, 0, 0, None),
            (2, 0, 2, None),
            (2, 0, 9, None),
            (2, 3, 2, None),
            (3, 0, 2, "2 places are free, and 3 schools are to be sent now. Choose again."),
            (2, 0, 1, "1 place is free, and 2 schools are to be sent now. Choose again."),
            (1, 0, 0, "No place is free, and 1 school is to be sent now. Choose again."),
            (1, 1, 2, "1 more place is free, and nobody has to wait for that. Choose again."),
            (1, 1, 3, "2 more places are free, and nobody has to wait for that. Choose again."),
        ],
    )
    def test_nobody_is_half_sent_and_nobody_waits_for_a_free_place(self, now, wait, free, words):
        assert rules.mismatch(now=now, wait=wait, free=free) == words

    def test_a_plan_that_fits_is_the_advisers_own(self):
        schools = [one("a"), one("b", plan=Plan.WAIT), one("c", plan=Plan.NOT_YET)]
        assert rules.suggested(schools, free=1) == {"a": Plan.NOW, "b": Plan.WAIT, "c": Plan.NOT_YET}

    def test_else_the_highest_priority_goes_first_and_the_others_wait(self):
        schools = [
            one("low", priority=Priority.LOW, position=1),
            one("second", priority=Priority.HIGH, position=3),
            one("first", priority=Priority.HIGH, position=2),
            one("out", plan=Plan.NOT_YET, position=4),
        ]
        assert rules.suggested(schools, free=2) == {
            "first": Plan.NOW,
            "second": Plan.NOW,
            "low": Plan.WAIT,
            "out": Plan.NOT_YET,
        }

    @pytest.mark.parametrize(
        ("free", "a", "c"), [(2, Plan.NOW, Plan.NOW), (1, Plan.NOW, Plan.WAIT), (0, Plan.WAIT, Plan.WAIT)]
    )
    def test_whoever_is_not_ready_is_left_out_and_makes_room(self, free, a, c):
        schools = [one("a"), one("b", position=1, ready=False), one("c", position=2)]
        assert rules.suggested(schools, free=free) == {"a": a, "b": Plan.NOT_YET, "c": c}

    @pytest.mark.parametrize(
        ("described", "words"),
        [
            (None, None),
            (24, None),
            (27, "The schools add up to 24 children, and the description says 27 in all."),
            (20, "The schools add up to 24 children, and the description says 20 in all."),
        ],
    )
    def test_children_who_do_not_add_up_are_pointed_out(self, described, words):
        assert rules.children_warning(described=described, at_schools=24) == words

    def test_nobody_waits_where_there_is_room(self):
        schools = [one("a", plan=Plan.WAIT), one("b", position=1)]
        assert rules.suggested(schools, free=5) == {"a": Plan.NOW, "b": Plan.NOW}


@pytest.mark.parametrize(
    ("plans", "free", "sentence"),
    [
        ((Plan.NOW, Plan.NOW), 2, None),
        ((Plan.NOT_YET, Plan.NOT_YET), 2, rules.NOTHING_CHOSEN),
        ((), 2, rules.NOTHING_CHOSEN),
        ((Plan.NOW, Plan.NOW), 1, "1 place is free, and 2 schools are to be sent now. Choose again."),
        ((Plan.NOW, Plan.WAIT), 1, None),
        ((Plan.WAIT, Plan.NOT_YET), 0, None),
        ((Plan.NOW, Plan.WAIT), 2, "1 more place is free, and nobody has to wait for that. Choose again."),
    ],
)
def test_why_a_plan_cannot_be_sent(plans, free, sentence):
    assert rules.cannot_send(plans, free=free) == sentence
