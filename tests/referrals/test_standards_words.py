"""What other standards would do, in sentences."""

from dataclasses import replace

import pytest

from referrals.choices import Clock
from referrals.documents.standards_effects import AS_NOW, NO_CLOCK, beside, effects_in_words, keeps_in_words
from referrals.rules.standards import DEFAULTS
from referrals.rules.standards_effects import ClockEffect

SLOWER, FEWER = replace(DEFAULTS, contact_working_days=1), replace(DEFAULTS, most_visits=4)
MEASURED = "What S2S has done already is measured by the standards that were in force when it was done."
BOOKED = "Visits that are booked stay booked: the other numbers count for times booked from then on."


def test_each_number_beside_the_other():
    rows = beside(DEFAULTS, replace(SLOWER, most_visits=4))
    assert rows[0] == ("Reach the school or setting", "5 working days", "1 working day")
    assert rows[1] == ("Hold the first visit", "4 weeks", AS_NOW)
    assert rows[5] == ("Most visits", "6 visits", "4 visits")
    assert rows[6] == ("Length of a road", "130 % of the straight line", AS_NOW)
    assert len(rows) == 8


@pytest.mark.parametrize(
    ("effect", "told", "sentence"),
    [
        (
            ClockEffect(Clock.CONTACT, 23, 20, 3, 5),
            {},
            "23 requests wait for first contact: 3 are overdue now, 5 would be. "
            "20 of their deadlines move to another day.",
        ),
        (
            ClockEffect(Clock.OBSERVATION, 1, 1, 1, 0),
            {},
            "1 request waits for the first visit: 1 is overdue now, none would be. Its deadline moves to another day.",
        ),
        (
            ClockEffect(Clock.RECORD, 1200, 1, 0, 1000),
            {},
            "1,200 requests wait for the record of a visit: none is overdue now, 1,000 would be. "
            "1 of their deadlines moves to another day.",
        ),
        (
            ClockEffect(Clock.REVIEW, 2, 0, 0, 0),
            {"later": True},
            "As things stand today, 2 requests wait for the review: none is overdue, and none would be. "
            "No deadline among them moves.",
        ),
        (
            ClockEffect(Clock.REVIEW, 61, 61, 0, 0),
            {},
            "61 requests wait for the review: none is overdue now, and none would be. "
            "All their deadlines move to another day.",
        ),
        (ClockEffect(Clock.REVIEW, 0, 0, 0, 0), {}, "No request waits for the review."),
        (
            ClockEffect(Clock.REVIEW, 0, 0, 0, 0),
            {"later": True},
            "As things stand today, no request waits for the review.",
        ),
        (
            ClockEffect(Clock.CONTACT, 3, 2, 1, 2),
            {"later": True, "taken_back": True},
            "As things stand today, 3 requests wait for first contact: 1 is overdue, 2 would be with the change. "
            "2 of their deadlines would move, and now stay where they are.",
        ),
        (
            ClockEffect(Clock.CONTACT, 1, 1, 1, 0),
            {"later": True, "taken_back": True},
            "As things stand today, 1 request waits for first contact: 1 is overdue, none would be with the change. "
            "Its deadline stays where it is.",
        ),
        (
            ClockEffect(Clock.CONTACT, 1, 0, 0, 0),
            {"later": True, "taken_back": True},
            "As things stand today, 1 request waits for first contact: none is overdue, "
            "and none would be with the change. No deadline among them would move.",
        ),
    ],
)
def test_a_sentence_for_each_clock(effect, told, sentence):
    assert effects_in_words([effect], **told) == [sentence]


def test_where_no_clock_changes():
    assert effects_in_words([]) == [NO_CLOCK]


@pytest.mark.parametrize(
    ("then", "kept"),
    [(DEFAULTS, []), (SLOWER, [MEASURED]), (FEWER, [BOOKED]), (replace(SLOWER, km_per_hour=40), [MEASURED, BOOKED])],
)
def test_what_stays(then, kept):
    assert keeps_in_words(DEFAULTS, then) == kept
