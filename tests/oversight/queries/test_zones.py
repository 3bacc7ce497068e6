"""Requests by zone, beside the schools and settings that are there."""

import pytest

from s2s_portal.oversight.documents.zones import zones_answer, zones_figures
from s2s_portal.oversight.queries.zones import requests_of, zones_of
from tests.oversight.queries.harbour import references, values

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_each_zone_beside_its_share(harbour):
    early, mainstream = zones_figures(zones_of(harbour.readings()))
    assert values(early) == [
        ("Ness", 0, 5, 0.0, 0.0, 25.0, 2.25),
        ("Quay", 0, 0, None, 0.0, 0.0, 0.0),
        ("Reedham Reach", 8, 10, 80.0, pytest.approx(800 / 9), 50.0, 4.5),
        ("Saltings", 1, 5, 20.0, pytest.approx(100 / 9), 25.0, 2.25),
        ("All zones", 9, 20, 45.0, 100.0, 100.0, 9.0),
    ]
    assert values(mainstream) == [
        ("Ness", 0, 1, 0.0, 0.0, 50.0, 0.5),
        ("Quay", 0, 0, None, 0.0, 0.0, 0.0),
        ("Reedham Reach", 1, 1, 100.0, 100.0, 50.0, 0.5),
        ("Saltings", 0, 0, None, 0.0, 0.0, 0.0),
        ("All zones", 1, 2, 50.0, 100.0, 100.0, 1.0),
    ]
    assert [series.values[2] for series in early.chart.series] == [pytest.approx(800 / 9), 50.0]
    assert early.notes == ("2 open early years settings have no zone yet, so they are in no zone’s share.",)
    assert mainstream.notes == ("Every open mainstream school has a zone.",)


def test_answer(harbour):
    answer = zones_answer(zones_of(harbour.readings()))
    assert (answer.figure, answer.level) == ("2 of 4 zones under half a share", "low")
    assert answer.sentence == (
        "Early years: 9 requests from 2 of 4 zones, 45.0 per 100 settings; "
        "the most in Reedham Reach (80.0), none in Ness. Under half of an even share: Ness and Saltings. "
        "Mainstream: 1 request from 1 of 4 zones, 50.0 per 100 schools; "
        "the most in Reedham Reach (100.0), none in Ness. Under half of an even share: Ness."
    )
    alone = zones_answer(zones_of(harbour.readings(stream="MAINSTREAM")))
    assert (alone.figure, alone.sentence[:21]) == ("1 of 4 zones under half a share", "Mainstream: 1 request")


@pytest.mark.parametrize("who", ["commissioner", "coordinator"])
def test_each_line_leads_to_the_requests_it_counts(harbour, who):
    asked = harbour.readings(by=getattr(harbour, who))
    for figure in zones_figures(zones_of(asked)):
        for line in figure.lines[:-1]:
            assert len(references(requests_of(asked, figure.key, line.key))) == line.values[1]
    assert references(requests_of(asked, "early-years", str(harbour.far_zone.pk))) == {harbour.f1.reference}
    for figure, line in (("early-years", ""), ("early-years", "0"), ("EARLY_YEARS", str(harbour.zone.pk))):
        assert requests_of(asked, figure, line) is None
    alone = harbour.readings(stream="MAINSTREAM")
    assert requests_of(alone, "early-years", str(harbour.zone.pk)) is None


def test_it_takes_two_statements(harbour, django_assert_num_queries):
    with django_assert_num_queries(2):
        zones_figures(zones_of(harbour.readings()))
