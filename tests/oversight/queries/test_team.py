"""What each teacher and provider school has to do on 16 December, counted by hand."""

import pytest

from s2s_portal.oversight.documents.team import SCHOOLS, TEACHERS, team_figures
from s2s_portal.oversight.queries.team import requests_of, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def rows(asked, at):
    return [line.values for line in team_figures(team_of(asked))[at].lines]


def test_by_teacher(autumn):
    """A visit of two teachers counts for both and once in the sum; leave after four weeks is not shown."""
    assert rows(autumn.readings(by=autumn.coordinator), 1) == [
        ("Ada Alder", "Alder Carr School", 4, 0, 1, 2, "6 to 10 January 2025"),
        ("Ben Birch", "Birch Covert School", 2, 1, 1, 1, None),
        ("Not given to a teacher yet", "", 2, 0, 0, 0, None),
        ("All", "", 8, 1, 1, 3, None),
    ]


def test_by_school(autumn):
    assert rows(autumn.readings(by=autumn.coordinator), 0) == [
        ("Alder Carr School", 1, 4, 0, 1, 2, 4.0),
        ("Birch Covert School", 1, 2, 1, 1, 1, 2.0),
        ("Not given to a teacher yet", 0, 2, 0, 0, 0, None),
        ("All", 2, 8, 1, 1, 3, 3.0),
    ]


def test_a_commissioner_reads_of_schools_alone(autumn):
    """No teacher's own numbers, and of nobody when they are away (DESIGN §2)."""
    asked = autumn.readings()
    [schools] = team_figures(team_of(asked))
    assert [line.values[:3] for line in schools.lines] == [
        ("Alder Carr School", 1, 4),
        ("Birch Covert School", 1, 2),
        ("Not given to a teacher yet", 0, 2),
        ("All", 2, 8),
    ]
    assert "2 teachers; the teachers of Alder Carr School have most: 4.0 open requests each." in schools.sentence
    assert "Ada" not in repr(schools)
    assert "January" not in repr(schools)
    assert requests_of(asked, TEACHERS, str(autumn.ada.pk)) is None
    assert requests_of(autumn.readings(by=autumn.coordinator), TEACHERS, str(autumn.ada.pk))


def test_sentence(autumn):
    assert team_figures(team_of(autumn.readings(by=autumn.coordinator)))[0].sentence == (
        "8 open requests, 1 overdue clock and 1 visit in the next 4 weeks; 2 teachers; Ada Alder has most: 4 "
        "open requests."
    )


def test_lines_lead_to_as_many_requests_as_they_count(autumn):
    asked = autumn.readings(by=autumn.coordinator)
    for figure in team_figures(team_of(asked)):
        for line in figure.lines[:-1]:
            assert len(requests_of(asked, figure.key, line.key)) == line.values[2], line
    for figure, line in ((TEACHERS, "0"), (SCHOOLS, ""), ("needs", "none")):
        assert requests_of(asked, figure, line) is None


def test_somebody_who_no_longer_signs_in_is_there_while_they_have_requests(autumn):
    autumn.ben.is_active = False
    autumn.ben.save()
    assert [row[0] for row in rows(autumn.readings(by=autumn.coordinator), 1)][:2] == ["Ada Alder", "Ben Birch"]
