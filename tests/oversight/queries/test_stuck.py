"""The stuck requests of an autumn: which, why, since when, with whom; those behind each line."""

from datetime import date, timedelta

import pytest

from referrals.choices import Clock, Status
from referrals.models import Referral
from referrals.queries.progress import clocks_of
from referrals.queries.standards import standards_at
from s2s_portal.organisations.queries.calendar import days
from s2s_portal.oversight.documents.stuck import BY_HOLDER, BY_REASON, ONE_BY_ONE, stuck_figures
from s2s_portal.oversight.queries.stuck import answer_of, requests_of, stopped, stuck_cases
from s2s_portal.oversight.rules.stuck import Holder, Stuck, Why
from tests.oversight.queries.autumn import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_stuck_cases(autumn):
    """The longest in front. One that is due today is not stuck, nor one whose visit is still to come."""
    found = [(one.case.reference, one.stuck) for one in stuck_cases(autumn.readings())]
    assert found == [
        (autumn.silent.reference, Stuck(Why.CLOCK, date(2024, 11, 11), 25, Holder.TEACHER, Clock.CONTACT)),
        (autumn.answered.reference, Stuck(Why.IDLE, date(2024, 11, 18), 20, Holder.TEACHER)),
        (autumn.asked.reference, Stuck(Why.ANSWER, date(2024, 12, 12), 2, Holder.ADVISER)),
    ]


def test_a_day_later_what_was_due_is_late(autumn):
    found = {one.case.reference: one.stuck for one in stuck_cases(autumn.readings(at=NOW + timedelta(days=1)))}
    assert found[autumn.new.reference] == Stuck(Why.CLOCK, date(2024, 12, 16), 1, Holder.COORDINATOR, Clock.CONTACT)
    late = Stuck(Why.CLOCK, date(2024, 12, 16), 1, Holder.TEACHER, Clock.OBSERVATION)
    assert found[autumn.answered.reference] == late
    assert len(found) == 4


def test_figures(autumn):
    by_holder, by_reason, one_by_one = stuck_figures(stopped(autumn.readings()))
    assert [line.values for line in by_holder.lines] == [
        ("Alder Carr School", 0, 0, 1, 1, 20),
        ("Birch Covert School", 1, 0, 0, 1, 25),
        ("Early Years Advisers", 0, 1, 0, 1, 2),
        ("All", 1, 1, 1, 3, 25),
    ]
    assert [line.values for line in by_reason.lines] == [
        ("First contact", 1, 25),
        ("More information awaited", 1, 2),
        ("Nothing has happened", 1, 20),
        ("All", 3, 25),
    ]
    assert [line.values[0] for line in one_by_one.lines] == [
        autumn.silent.reference,
        autumn.answered.reference,
        autumn.asked.reference,
    ]
    assert one_by_one.lines[0].url == f"/requests/{autumn.silent.reference}/"


def test_lines_lead_to_as_many_requests_as_they_count(autumn):
    asked = autumn.readings(at=NOW + timedelta(days=30))
    by_holder, by_reason, _ = stuck_figures(stopped(asked))
    for figure, column in ((by_holder, -2), (by_reason, -2)):
        assert len(figure.lines) > 2
        for line in figure.lines:
            if line.key:
                cases = requests_of(asked, figure.key, line.key)
                assert len({case.pk for case in cases}) == len(cases) == line.values[column], line
    for figure, line in ((BY_HOLDER, "0"), (BY_REASON, ""), (ONE_BY_ONE, "contact"), ("needs", "all")):
        assert requests_of(asked, figure, line) is None


def test_answer(autumn):
    answer = answer_of(autumn.readings())
    assert (answer.figure, answer.level) == ("3 stuck", "low")
    assert answer.sentence == (
        "3 requests are stuck: 2 with their teachers, 1 with its adviser; the longest for 25 working days."
    )


@pytest.mark.parametrize("later", [0, 5, 40])
def test_clocks_are_those_of_the_requests_own_pages(autumn, later):
    """Whatever the day: what a teacher reads on the request is what counts here."""
    asked = autumn.readings(at=NOW + timedelta(days=later))
    rows = list(Referral.objects.select_related("place").exclude(status__in=[Status.WITHDRAWN, Status.CLOSED]))
    own = clocks_of(rows, standards=standards_at(asked.scope.at), days=days(), today=asked.scope.today)
    assert asked.clocks == own
