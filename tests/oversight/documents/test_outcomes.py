"""The words about outcomes: nothing yet, one of each, goals that nobody was asked about, confidence that fell."""

import pytest

from s2s_portal.oversight.documents.outcomes import Goals, Group, Outcomes, outcomes_answer, outcomes_figures
from s2s_portal.oversight.rules.confidence import Confidence

NOBODY = Confidence(0, None, None, 0, 0, 0)


def outcomes(goals: Goals, confidence: Confidence = NOBODY) -> Outcomes:
    return Outcomes(Group("", "All", 1, 1, goals, confidence), [], [])


@pytest.mark.parametrize(
    ("goals", "sentence"),
    [
        (Goals(0, 0, 0, 0, 0, 0), "No request has been closed after a visit yet."),
        (Goals(1, 0, 0, 0, 0, 0), "1 request was closed after a visit, without an outcome of any goal."),
        (Goals(2, 1, 1, 0, 0, 0), "1 of 1 goals was met, in 1 request closed after visits."),
        (Goals(9, 8, 5, 4, 3, 2), "5 of 14 goals were met and 4 partly, in 8 requests closed after visits."),
    ],
    ids=str,
)
def test_goals(goals, sentence):
    assert outcomes(goals).goals_sentence == sentence


def test_requests_that_closed_without_an_outcome_are_said():
    assert outcomes_figures(outcomes(Goals(9, 8, 5, 4, 3, 2)))[0].notes == (
        "1 request closed without an outcome of any goal.",
    )
    assert outcomes_figures(outcomes(Goals(8, 8, 5, 4, 3, 2)))[0].notes == ()


@pytest.mark.parametrize(
    ("confidence", "sentence"),
    [
        (NOBODY, "Nobody has been asked yet how confident staff feel."),
        (
            Confidence(1, 2.0, 4.0, 1, 0, 0),
            "Staff’s confidence rose from 2.0 to 4.0 of 5, in 1 request for which they were asked.",
        ),
        (
            Confidence(1200, 3.51, 3.49, 1, 0, 2),
            "Staff’s confidence stayed at 3.5 of 5, in 1,200 requests for which they were asked.",
        ),
        (
            Confidence(2, 4.0, 1.5, 0, 0, 2),
            "Staff’s confidence fell from 4.0 to 1.5 of 5, in 2 requests for which they were asked.",
        ),
    ],
    ids=str,
)
def test_confidence(confidence, sentence):
    assert outcomes(Goals(0, 0, 0, 0, 0, 0), confidence).confidence_sentence == sentence


def test_answer_before_and_after_the_first_outcome():
    assert outcomes_answer(outcomes(Goals(1, 0, 0, 0, 0, 0))).figure == "No outcome yet"
    assert outcomes_answer(outcomes(Goals(1, 1, 0, 2, 0, 0))).figure == "0 of 2 goals met"
