"""The weeks of an autumn, and how old its open requests are, counted by hand."""

from datetime import date

import pytest

from referrals.choices import Status
from referrals.models import Referral
from referrals.rules.lifecycle import OPEN_WITH_S2S
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.flow import AGE, CAME, LEFT, WEEKS, flow_figures
from s2s_portal.oversight.queries.flow import flow_of, requests_of
from s2s_portal.oversight.rules.flow import Left

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def numbers(asked):
    """Came, left, moved, open by Monday."""
    figure = flow_figures(flow_of(asked))[0]
    return {line.values[0]: line.values[1:] for line in figure.lines}


def test_weeks(autumn):
    assert numbers(autumn.readings()) == {
        date(2024, 11, 4): (9, 2, 0, 7),  # two were withdrawn
        date(2024, 11, 11): (0, 2, 0, 5),  # one closed, one withdrawn
        date(2024, 11, 18): (2, 0, 0, 7),  # one opened again, one reinstated
        date(2024, 11, 25): (0, 0, 0, 7),
        date(2024, 12, 2): (0, 0, 0, 7),
        date(2024, 12, 9): (1, 0, 0, 8),
        date(2024, 12, 16): (0, 0, 0, 8),
    }


def test_how_they_left(autumn):
    weeks = flow_of(autumn.readings()).weeks
    assert sorted(weeks[0].left[Left.WITHDRAWN]) == sorted([autumn.left_early.pk, autumn.back.pk])
    assert weeks[1].left[Left.WITHDRAWN] == [autumn.gave_up.pk]
    assert weeks[1].left[Left.COMPLETED] == [autumn.quick.pk]


def test_ages(autumn):
    ages = flow_of(autumn.readings()).ages
    older = {Status.SUPPORTING: 3, Status.IN_CONTACT: 1, Status.ASSIGNED: 1, Status.RETURNED: 1}
    assert ages == {"0": {Status.BOOKED: 1, Status.SUBMITTED: 1}, "4": older, "8": {}, "13": {}, "26": {}}


def test_what_is_open_at_the_end_is_what_stands_open(autumn):
    asked = autumn.readings()
    opened = set(Referral.objects.filter(status__in=OPEN_WITH_S2S).values_list("pk", flat=True))
    assert flow_of(asked).weeks[-1].open == opened
    assert sum(count for counts in flow_of(asked).ages.values() for count in counts.values()) == len(opened)


def test_lines_lead_to_as_many_requests_as_they_count(autumn):
    asked = autumn.readings()
    for figure in flow_figures(flow_of(asked)):
        for line in figure.lines:
            if line.key:
                cases = requests_of(asked, figure.key, line.key)
                assert len({case.pk for case in cases}) == len(cases) == line.values[-1], (figure.key, line.key)
    for figure, line in ((WEEKS, "2024-10-28"), (CAME, "x"), (LEFT, ""), (AGE, "5"), ("needs", "2024-11-04")):
        assert requests_of(asked, figure, line) is None


def test_sentences(autumn):
    assert [figure.sentence for figure in flow_figures(flow_of(autumn.readings()))] == [
        "This week no request came in and none left or moved; 8 requests are open with S2S.",
        "10 requests came in, 2 of them more than once.",
        "4 requests left or moved.",
        "8 requests are open, none of them for 13 weeks or more.",
    ]


def test_one_stream(autumn):
    asked = autumn.readings(stream=Stream.MAINSTREAM)
    assert numbers(asked)[date(2024, 11, 4)] == (1, 0, 0, 1)
    assert [label for label, _ in flow_of(asked).streams] == ["Mainstream"]


def test_no_week_is_left_out_between_the_first_and_the_last(autumn):
    """Requests came in on 4, 18 and 20 November and on 9 December; they left on 6, 8 and 14 November."""
    _, came, left, _ = flow_figures(flow_of(autumn.readings()))
    mondays = [date(2024, 11, 4), date(2024, 11, 11), date(2024, 11, 18), date(2024, 11, 25), date(2024, 12, 2)]
    weeks = [*mondays, date(2024, 12, 9)]
    assert [(line.values[0], line.values[-1], bool(line.key)) for line in came.lines[:-1]] == [
        (monday, count, bool(count)) for monday, count in zip(weeks, (9, 0, 2, 0, 0, 1), strict=True)
    ]
    assert came.chart.categories == tuple(f"{monday:%-d %b %Y}" for monday in weeks)
    assert [line.values[0] for line in left.lines[:-1]] == mondays[:2]
