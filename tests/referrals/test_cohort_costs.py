"""What sending a cohort costs, in words (R5)."""

from datetime import date

import pytest

from quotas.choices import Intake
from referrals.documents.cohort_costs import cost_sentence, not_now_sentence


@pytest.mark.parametrize(
    ("schools", "left", "waiting", "sentence"),
    [
        (
            *(7, 6, 0),
            "7 requests would use 7 mainstream places; 6 of 85 are left. "
            "Choose which go now; the others wait in this order.",
        ),
        (
            *(7, 6, 2),
            "7 requests would use 7 mainstream places; 6 of 85 are left. 2 requests wait ahead of you, so 4 places are "
            "free. Choose which go now; the others wait in this order.",
        ),
        (
            *(2, 2, 1),
            "2 requests would use 2 mainstream places; 2 of 85 are left. 1 request waits ahead of you, so 1 place is "
            "free. Choose which go now; the others wait in this order.",
        ),
        (*(7, 78, 0), "7 requests would use 7 mainstream places; 78 of 85 are left. All can go now."),
        (*(1, 1, 0), "1 request would use 1 mainstream place; 1 of 85 is left. It can go now."),
        (
            *(3, 2, 5),
            "3 requests would use 3 mainstream places; 2 of 85 are left. 5 requests wait ahead of you, so no place is "
            "free. All can join the waiting list, in this order.",
        ),
        (
            *(1, 0, 0),
            "1 request would use 1 mainstream place; none of 85 is left. It can join the waiting list.",
        ),
        (
            *(2, -3, 1),
            "2 requests would use 2 mainstream places; none of 85 is left, and 3 more are used: over by 3. "
            "1 request waits ahead of you. All can join the waiting list, in this order.",
        ),
    ],
)
def test_the_cost_with_its_numbers(schools, left, waiting, sentence):
    free = max(0, left - waiting)
    assert cost_sentence(schools=schools, left=left, bought=85, waiting=waiting, free=free) == sentence


def test_what_would_happen_where_no_requests_are_taken():
    dates = {"opens_on": date(2024, 9, 2), "cut_off_on": date(2024, 12, 13)}
    refused = "Sent now, each request is refused with the reasons, and the schools stay on the cohort."
    assert not_now_sentence(intake=None) == f"No places have been bought for this time. {refused}"
    assert not_now_sentence(intake=Intake.NOT_YET, **dates) == f"Requests open on 2 September 2024. {refused}"
    assert not_now_sentence(intake=Intake.CLOSED, **dates) == (
        f"Requests closed at the end of 13 December 2024. {refused}"
    )
    assert not_now_sentence(intake=Intake.OPEN, **dates) == ""
