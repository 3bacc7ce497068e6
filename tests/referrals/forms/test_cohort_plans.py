"""The plan's page: numbers that people type become an order, and what cannot come true is not offered."""

import pytest

from referrals.choices import Plan
from referrals.forms.cohort_plans import PlanForm
from referrals.models import CohortSchool
from referrals.queries.cohorts import Line
from s2s_portal.organisations.models import Establishment


def lines_of(count, **plans):
    return [
        Line(
            CohortSchool(
                establishment=Establishment(name=f"School {number}"),
                position=number,
                plan=plans.get(f"s{number}", Plan.NOW),
                priority="HIGH" if number == 3 else "MEDIUM",
            )
        )
        for number in range(1, count + 1)
    ]


def ordered(*numbers):
    """The schools' names in the order that these numbers, typed for schools 1 to n, bring about."""
    lines = lines_of(len(numbers))
    posted = {f"order-{line.key}": number for line, number in zip(lines, numbers, strict=True)}
    form = PlanForm(lines, free=99, posted=posted)
    assert not form.errors
    return [int(line.school.establishment.name[-1]) for key in form.order() for line in lines if line.key == key]


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        (("1", "2", "3", "4"), [1, 2, 3, 4]),
        (("10", "20", "5", "7"), [3, 4, 1, 2]),
        (("1", "2", "3", "1"), [4, 1, 2, 3]),
        (("3", "2", "3", "4"), [2, 3, 1, 4]),
        (
            ("1", "1", "1", "1"),
            [2, 3, 4, 1],
        ),  # three were moved before the first
        (("", "2", "3", " "), [2, 3, 1, 4]),
        (("4", "3", "2", "1"), [4, 3, 2, 1]),
        (("0", "2", "3", "9999"), [1, 2, 3, 4]),
    ],
)
def test_numbers_become_an_order_whatever_ties_and_gaps_they_have(numbers, order):
    assert ordered(*numbers) == order


@pytest.mark.parametrize("typed", ["first", "1.5", "-1", "12345", "²"])
def test_what_is_no_number_is_shown_back_beside_its_school(typed):
    lines = lines_of(2)
    form = PlanForm(lines, free=1, posted={f"order-{lines[1].key}": typed, f"plan-{lines[1].key}": "NOT_YET"})
    assert [row.number for row in form.rows] == ["1", typed]
    assert form.rows[1].plan == Plan.NOT_YET
    assert form.errors == [
        {
            "text": "Enter the place in the order as a whole number, such as 1: School 2",
            "url": f"#order-{lines[1].key}",
        }
    ]


def test_the_highest_priority_goes_first_where_not_all_can():
    form = PlanForm(lines_of(3), free=1)
    assert [row.plan for row in form.rows] == [Plan.WAIT, Plan.WAIT, Plan.NOW]


@pytest.mark.parametrize(
    ("free", "offered"),
    [(0, ["WAIT", "NOT_YET"]), (1, ["NOW", "WAIT", "NOT_YET"]), (2, ["NOW", "NOT_YET"]), (9, ["NOW", "NOT_YET"])],
)
def test_only_what_can_come_true_is_offered(free, offered):
    [first, _] = PlanForm(lines_of(2), free=free).rows
    assert [choice.value for choice in first.choices] == offered
    assert sum(choice.checked for choice in first.choices) == 1


def test_what_was_sent_stays_on_the_page_even_if_it_cannot_come_true_any_more():
    lines = lines_of(1)
    [row] = PlanForm(lines, free=0, posted={f"plan-{lines[0].key}": "NOW"}).rows
    assert [(choice.value, choice.checked) for choice in row.choices] == [
        ("NOW", True),
        ("WAIT", False),
        ("NOT_YET", False),
    ]


def test_a_forged_plan_is_as_if_nothing_was_sent():
    lines = lines_of(1)
    [row] = PlanForm(lines, free=5, posted={f"plan-{lines[0].key}": "ALWAYS", "plan-other": "WAIT"}).rows
    assert row.plan == Plan.NOW
