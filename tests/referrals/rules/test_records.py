"""What a record of visit may say and what is missing in it: truth tables, no database."""

from datetime import date

import pytest

from referrals.choices import ActionResult, RecordField
from referrals.rules import records as rules

VISITED = date(2024, 12, 3)
COMPLETE = {"seen": "Sand", "needs_now": "Time", "next_step": "A timetable"}
ACTION = {"action_1_text": "Use it", "action_1_owner": "Perran", "action_1_due": "3 12 2024"}


def wrong(answers, open_actions=None) -> list[tuple[str, str]]:
    """The field and the sentence of each problem."""
    open_actions = open_actions or {}
    written = rules.read(answers, open_actions)
    found = rules.problems(written, visited_on=VISITED, open_actions=open_actions)
    return [(one.field, one.sentence) for one in found]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("3 12 2024", VISITED),
        ("03 12 2024", VISITED),
        ("3 Dec 2024", VISITED),
        ("3 december 2024", VISITED),
        ("29 2 2024", date(2024, 2, 29)),
        ("29 2 2025", None),
        ("31 11 2024", None),
        ("0 12 2024", None),
        ("3 13 2024", None),
        ("3 12 24", None),
        ("3 12 02024", None),
        ("3 xyz 2024", None),
        ("x 12 2024", None),
        ("3 12 abcd", None),
        ("3 2024", None),
        ("3 12 2024 5", None),
        ("٣ 12 2024", None),
        ("3 1234567890 2024", None),
        ("", None),
    ],
)
def test_dates_as_they_are_typed(typed, day):
    assert rules.day_in(typed) == day


def test_a_record_may_agree_on_nothing():
    assert wrong(COMPLETE) == []


@pytest.mark.parametrize("field", [RecordField.SEEN, RecordField.NEEDS_NOW, RecordField.NEXT_STEP])
@pytest.mark.parametrize("blank", ["", "  \n "])
def test_what_every_record_says(field, blank):
    assert wrong(COMPLETE | {field.value: blank}) == [(field.value, f"Write something under “{field.label}”")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"action_1_text": ""}, ("action_1_text", "Say what action 1 is")),
        ({"action_1_owner": ""}, ("action_1_owner", "Say who does action 1")),
        ({"action_1_due": ""}, ("action_1_due", "Say by when action 1 is done")),
        (
            {"action_1_due": "31 2 2025"},
            ("action_1_due", "The date of action 1 must be a real date, like 3 12 2024"),
        ),
        (
            {"action_1_due": "2 12 2024"},
            ("action_1_due", "The date of action 1 must be the day of the visit, 3 December 2024, or later"),
        ),
        ({"action_1_due": "4 12 2024"}, None),
        ({"action_1_text": "", "action_1_owner": "", "action_1_due": ""}, None),
    ],
)
def test_an_action_says_what_who_and_by_when(changes, problem):
    assert wrong(COMPLETE | ACTION | changes) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("result", "why", "field"),
    [
        ("", "", "result_7"),
        ("MAYBE", "Because", "result_7"),
        (ActionResult.DONE, "", None),
        (ActionResult.DONE, "At once", None),
        (ActionResult.PARTLY, "", "why_7"),
        (ActionResult.PARTLY, "No time", None),
        (ActionResult.NOT_DONE, "  ", "why_7"),
        (ActionResult.NOT_DONE, "No time", None),
    ],
)
def test_each_earlier_action_is_told_about(result, why, field):
    found = wrong(COMPLETE | {"result_7": result, "why_7": why}, {7: "Use it"})
    assert [name for name, _ in found] == ([field] if field else [])


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [("", "", None), ("1", "5", None), ("1", "", rules.AFTER), ("", "5", rules.BEFORE)],
)
def test_confidence_is_told_for_both_or_neither(before, after, field):
    found = wrong(COMPLETE | {rules.BEFORE: before, rules.AFTER: after})
    assert found == ([(field, "Say how confident staff were both before and after, or neither")] if field else [])


@pytest.mark.parametrize("value", ["0", "6", "x"])
def test_a_confidence_that_nobody_can_choose_counts_as_none(value):
    assert wrong(COMPLETE | {rules.BEFORE: value, rules.AFTER: "5"}) == [
        (rules.BEFORE, "Say how confident staff were both before and after, or neither")
    ]


def test_problems_come_in_the_order_of_the_page():
    found = wrong({"action_2_text": "Use it", rules.BEFORE: "1"}, {7: "Use it"})
    assert [name for name, _ in found] == [
        *("result_7", "seen", "needs_now", "action_2_owner", "action_2_due", "next_step", "confidence_after")
    ]


def test_every_answer_has_a_name_and_a_longest_text():
    lengths = rules.lengths([7])
    assert list(lengths)[:3] == ["result_7", "why_7", "seen"]
    assert len(lengths) == 2 + 5 + 15 + 2
    assert (lengths["seen"], lengths["action_5_text"], lengths["why_7"]) == (4000, 500, 500)
    assert rules.too_long("x" * 5002, 4000) == "Shorten this by 1,002 characters: it may have 4,000"
