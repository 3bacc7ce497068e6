"""Confidence before the first visit and after the last."""

from s2s_portal.oversight.rules.confidence import Change, Confidence, Said, changes_of, confidence_of


def test_of_several_visits_the_first_before_and_the_last_after_count():
    said = [Said(1, 2, 5), Said(2, 3, 3), Said(1, 1, 4), Said(1, 3, 3)]
    assert changes_of(said) == {1: Change(2, 3), 2: Change(3, 3)}
    assert changes_of([]) == {}


def test_changes_are_counted_for_the_requests_that_have_one():
    changes = {1: Change(2, 3), 2: Change(3, 3), 3: Change(4, 1), 4: Change(5, 5)}
    assert confidence_of(changes, [1, 2, 3, 9]) == Confidence(3, 3.0, 7 / 3, 1, 1, 1)
    assert confidence_of(changes, [9]) == Confidence(0, None, None, 0, 0, 0)
