"""Goals by their last closing, confidence by the records that stand, and both by aim."""

import pytest
from django.db import transaction

from referrals.choices import GoalResult
from s2s_portal.oversight.documents.outcomes import outcomes_figures
from s2s_portal.oversight.queries.outcomes import answer_of, outcomes_of, requests_of
from tests.factories.quotas import period_with_places
from tests.oversight.queries.asking import readings
from tests.oversight.queries.harbour import DAY, NOW, references, values
from tests.referrals.queries.test_unmet import NEXT_YEAR

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_goals_count_by_the_last_closing(harbour):
    goals, _, _ = outcomes_figures(outcomes_of(harbour.readings()))
    assert values(goals) == [
        ("Early years", 2, 3, 1, 1, 0, 1, pytest.approx(200 / 3)),
        ("Mainstream", 0, 0, 0, 0, 0, 0, None),
        ("All", 2, 3, 1, 1, 0, 1, pytest.approx(200 / 3)),
    ]
    assert [series.values for series in goals.chart.series] == [(1.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)]


def test_confidence_is_that_before_the_first_and_after_the_last_record_that_stands(harbour):
    _, confidence, _ = outcomes_figures(outcomes_of(harbour.readings()))
    assert values(confidence) == [
        ("Early years", 2, 2.0, 3.0, 1, 1, 0),
        ("Mainstream", 1, 4.0, 3.0, 0, 0, 1),
        ("All", 3, pytest.approx(8 / 3), 3.0, 1, 1, 1),
    ]


def test_both_by_aim(harbour):
    _, _, aims = outcomes_figures(outcomes_of(harbour.readings()))
    two_thirds = pytest.approx(200 / 3)
    assert values(aims) == [
        ("Relevant, practical support", 4, 4, 2, 3, two_thirds, pytest.approx(8 / 3), 3.0),
        ("Empowering all stakeholders", 1, 1, 1, 2, 50.0, 2.0, 4.0),
        ("Effective, sustainable practice", 0, 0, 0, 0, None, None, None),
    ]
    assert aims.sentence == (
        "5 visits were held: for relevant, practical support 4; empowering all stakeholders 1; "
        "effective, sustainable practice 0."
    )
    assert len(aims.notes) == 3


def test_answer(harbour):
    answer = answer_of(harbour.readings())
    assert answer.figure == "1 of 3 goals met"
    assert answer.sentence == (
        "1 of 3 goals was met and 1 partly, in 2 requests closed after visits. "
        "Staff’s confidence rose from 2.7 to 3.0 of 5, in 3 requests for which they were asked."
    )
    alone = answer_of(harbour.readings(stream="MAINSTREAM"))
    assert alone.figure == "No outcome yet"
    assert alone.sentence == (
        "No request has been closed after a visit yet. "
        "Staff’s confidence fell from 4.0 to 3.0 of 5, in 1 request for which they were asked."
    )


def test_one_that_is_opened_again_does_not_count_until_it_closes_again(harbour):
    with transaction.atomic():
        harbour.reopen(harbour.e8, at=NOW)
        [early, *_] = values(outcomes_figures(outcomes_of(harbour.readings()))[0])
        assert early[1:7] == (1, 2, 1, 0, 0, 1)
        harbour.close(harbour.e8, GoalResult.MET, at=NOW + DAY)
        [early, *_] = values(outcomes_figures(outcomes_of(harbour.readings(at=NOW + DAY)))[0])
        assert early[1:7] == (2, 3, 2, 0, 0, 1)
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["commissioner", "coordinator"])
def test_each_line_leads_to_the_requests_it_counts(harbour, who):
    asked = harbour.readings(by=getattr(harbour, who))
    for figure in outcomes_figures(outcomes_of(asked)):
        for line in figure.lines:
            if line.key:
                assert len(references(requests_of(asked, figure.key, line.key))) == line.values[1]
    assert references(requests_of(asked, "goals", "EARLY_YEARS")) == {harbour.e1.reference, harbour.e8.reference}
    assert references(requests_of(asked, "confidence", "MAINSTREAM")) == {harbour.m1.reference}
    assert references(requests_of(asked, "aim", "empowering")) == {harbour.e1.reference}
    for figure, line in (("goals", ""), ("aim", "practical-"), ("aims", "practical"), ("confidence", "BOTH")):
        assert requests_of(asked, figure, line) is None


def test_it_takes_three_statements(harbour, django_assert_num_queries):
    with django_assert_num_queries(3):
        outcomes_figures(outcomes_of(harbour.readings()))


def test_at_first_there_is_nothing_to_say(harbour):
    later = period_with_places(by=harbour.commissioner, **NEXT_YEAR)
    asked = readings(later, by=harbour.commissioner)
    assert answer_of(asked).sentence == (
        "No request has been closed after a visit yet. Nobody has been asked yet how confident staff feel."
    )
    assert [figure.lines for figure in outcomes_figures(outcomes_of(asked))] == [(), (), ()]
