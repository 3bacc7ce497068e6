"""The waits of an autumn, counted by hand; each request counts where and as often as it should."""

import pytest

from referrals.models import Referral
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.waits import By, Measure
from s2s_portal.oversight.queries.waits import answer_of, requests_of, waits_of
from s2s_portal.oversight.rules.spread import Spread, WaitState
from tests.oversight.queries.asking import each_wait

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CONTACT, VISIT, RECORD = Measure
LATE_VISIT, QUICK_VISIT = 29 / 7, 2 / 7


def lengths(asked, measure):
    """How long each of the waits that are over took, by reference."""
    found = {}
    for case, wait in each_wait(asked, measure):
        if wait.state == WaitState.OVER:
            found.setdefault(case.reference, []).append(wait.length)
    return found


def names(autumn, some):
    """References as names of the scene."""
    by_reference = {row.reference: name for name, row in vars(autumn).items() if isinstance(row, Referral)}
    return {by_reference[reference]: told for reference, told in some.items()}


def test_contact(autumn):
    asked = autumn.readings()
    found = {"quick": [0], "slow": [5], "gave_up": [6], "answered": [10 - 5], "back": [2], "school": [1]}
    assert names(autumn, lengths(asked, CONTACT)) == found
    expected = Spread(over=6, measured=6, median=2, far=5, within=5, waiting=3, overdue=1, ended=1)
    assert waits_of(asked).overall[CONTACT].spread == expected
    assert waits_of(asked).overall[CONTACT].requests == 10


def test_first_visit(autumn):
    asked = autumn.readings()
    found = {"quick": [QUICK_VISIT], "slow": [LATE_VISIT], "school": [2.0]}
    assert names(autumn, lengths(asked, VISIT)) == found
    expected = Spread(over=3, measured=3, median=2.0, far=LATE_VISIT, within=2, waiting=2, overdue=0, ended=1)
    assert waits_of(asked).overall[VISIT].spread == expected


def test_record(autumn):
    """A visit counts once, with the record that stands; a request counts once however many visits it had."""
    asked = autumn.readings()
    assert names(autumn, lengths(asked, RECORD)) == {"quick": [2, 5], "school": [8]}
    overall = waits_of(asked).overall[RECORD]
    assert overall.spread == Spread(over=3, measured=3, median=5, far=8, within=3, waiting=1, overdue=0, ended=0)
    assert overall.requests == 3


def by_label(asked, measure, by):
    """Requests, waits that are over and their median, by the name of the group."""
    groups = waits_of(asked).groups[measure, by]
    return {group.label: (group.requests, group.spread.over, group.spread.median) for group in groups}


@pytest.mark.parametrize(
    ("measure", "by", "groups"),
    [
        (CONTACT, By.ZONE, {"Reedham Reach": (9, 6, 2), "Saltings": (1, 0, None)}),
        (CONTACT, By.STREAM, {"Early years": (9, 5, 5), "Mainstream": (1, 1, 1)}),
        # Reached by one school's teacher before another's had it; three have never been given to anybody.
        (
            CONTACT,
            By.SCHOOL,
            {
                "Alder Carr School": (6, 6, 2),
                "Birch Covert School": (1, 0, None),
                "No provider school yet": (3, 0, None),
            },
        ),
        (VISIT, By.SCHOOL, {"Alder Carr School": (5, 2, QUICK_VISIT), "Birch Covert School": (1, 1, 2.0)}),
        (VISIT, By.STREAM, {"Early years": (5, 2, QUICK_VISIT), "Mainstream": (1, 1, 2.0)}),
        (RECORD, By.SCHOOL, {"Alder Carr School": (2, 2, 2), "Birch Covert School": (1, 1, 8)}),
        (RECORD, By.ZONE, {"Reedham Reach": (3, 3, 5)}),
    ],
)
def test_groups(autumn, measure, by, groups):
    assert by_label(autumn.readings(), measure, by) == groups


def test_one_stream(autumn):
    asked = autumn.readings(stream=Stream.MAINSTREAM)
    assert names(autumn, lengths(asked, RECORD)) == {"school": [8]}
    assert by_label(asked, CONTACT, By.STREAM) == {"Mainstream": (1, 1, 1)}


def test_lines_lead_to_as_many_requests_as_they_count(autumn):
    asked = autumn.readings()
    found = waits_of(asked)
    for (measure, by), groups in found.groups.items():
        for group in (*groups, found.overall[measure]):
            cases = requests_of(asked, f"{measure}-{by}", group.key)
            assert len({case.pk for case in cases}) == len(cases) == group.requests, (measure, by, group.label)
        assert sum(group.requests for group in groups) == found.overall[measure].requests
    assert requests_of(asked, "contact-need", "all") is None
    assert requests_of(asked, "contact", "all") is None
    assert requests_of(asked, "contact-zone", "0") is None


def test_answer(autumn):
    answer = answer_of(autumn.readings())
    assert answer.figure == "Contact 2 working days · visit 2.0 weeks · record 5 working days"
    assert answer.sentence == (
        "Half of those reached heard within 2 working days (standard: 5); half of the first "
        "visits came within 2.0 weeks (standard: 4); half of the records came within 5 working days (standard: 10); "
        "1 wait is overdue."
    )
