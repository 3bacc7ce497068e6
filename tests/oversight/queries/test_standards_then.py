"""A wait that is over is judged by the standard of its day, one that goes on by the standard of now."""

from dataclasses import replace

import pytest

from referrals.actions.standards import set_standards
from referrals.queries.standards import newest
from referrals.rules.standards import DEFAULTS
from s2s_portal.oversight.documents.waits import Measure, waits_figures
from s2s_portal.oversight.queries.waits import answer_of, waits_of
from tests.oversight.queries.autumn import when

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def put(autumn, days, at):
    wanted = replace(DEFAULTS, contact_working_days=days)
    return set_standards(standards=wanted, reason="Winter.", seen=newest().number, by=autumn.commissioner, at=at)


def contact(asked):
    """How many were reached within the standard of all reached, and how many wait past their due day."""
    spread = waits_of(asked).overall[Measure.CONTACT].spread
    return spread.within, spread.measured, spread.overdue


def test_a_lever_does_not_rewrite_what_is_over(autumn):
    """Late by a day against 5 working days: still late against the 5 of its day, though 60 are allowed now."""
    assert contact(autumn.readings()) == (5, 6, 1)
    put(autumn, 60, when(12, 13))
    assert contact(autumn.readings()) == (5, 6, 0)
    assert contact(autumn.readings(at=when(12, 12))) == (5, 6, 1)


def test_what_ended_under_a_standard_is_judged_by_it(autumn):
    put(autumn, 6, when(11, 7))
    put(autumn, 5, when(11, 13))
    assert contact(autumn.readings()) == (6, 6, 1)


def test_requests_that_are_alike_are_judged_by_the_standard_of_their_hour(autumn):
    """Three more, reached on one day: before noon a day late, in the afternoon in time."""
    put(autumn, 6, when(11, 12, hour=12))
    for hour in (15, 9, 16):
        autumn.reached(when(11, 12, hour))
    assert contact(autumn.readings()) == (5 + 2, 6 + 3, 1)


def test_the_figures_say_so_where_the_standard_has_changed(autumn):
    before = waits_figures(waits_of(autumn.readings()))[0]
    assert "were reached within the standard of 5 working days" in before.sentence
    put(autumn, 60, when(12, 13))
    contacts, *others = waits_figures(waits_of(autumn.readings()))
    assert "reached within the standard in force at the time (now 60 working days)" in contacts.sentence
    assert [column.label for column in contacts.columns][5] == "Within the standard"
    answer = answer_of(autumn.readings())
    assert (
        "heard within 2 working days; half of the first visits came within 2.0 weeks (standard: 4)" in answer.sentence
    )
    assert "of a wait that is over by the standard in force when it ended" in contacts.definition
    assert "were visited within the standard of 4 weeks" in others[2].sentence


@pytest.mark.parametrize("sets", [0, 3])
def test_all_sets_take_one_statement(autumn, django_assert_num_queries, sets):
    for number in range(sets):
        put(autumn, 7 + number, when(11, 7 + number))
    asked = autumn.readings()
    with django_assert_num_queries(1):
        assert asked.standards.contact_working_days == (DEFAULTS.contact_working_days if not sets else 6 + sets)
        assert asked.standards_over_time.at(when(11, 1)) == DEFAULTS
