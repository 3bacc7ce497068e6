"""Journeys: the estimate, what somebody entered instead, and what is said where nothing is known."""

import pytest

from s2s_portal.core.geography import Precision
from s2s_portal.organisations.actions.journeys import set_journey_time
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.queries.journeys import Journey, journey_time, journeys
from tests.factories.organisations import EstablishmentFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as NOW

pytestmark = pytest.mark.django_db


def school(easting, northing=300_000, **fields):
    return EstablishmentFactory(school=True, easting=easting, northing=northing, **fields)


def enter(one, other, minutes):
    by = person(Role.S2S_COORDINATOR)
    return set_journey_time(one=one, other=other, minutes=minutes, note="", by=by, at=NOW)


def test_an_estimate_there_and_back():
    here, there = school(600_000), school(610_000)
    expected = Journey(km=13, minutes=25, precision=Precision.EXACT)
    assert journeys([(here, there), (there, here)]) == {(here.pk, there.pk): expected, (there.pk, here.pk): expected}


def test_other_roads():
    here, there = school(600_000), school(610_000)
    found = journeys([(here, there)], factor=2.0, kmh=60, parking=0)
    assert found == {(here.pk, there.pk): Journey(km=20, minutes=20, precision=Precision.EXACT)}


def test_what_somebody_entered_replaces_the_estimate_both_ways():
    here, there, elsewhere = school(600_000), school(610_000), school(640_000)
    enter(there, here, 55)
    found = journeys([(here, there), (there, here), (here, elsewhere)])
    entered = Journey(km=13, minutes=55, is_estimate=False, precision=Precision.EXACT)
    assert found[here.pk, there.pk] == found[there.pk, here.pk] == entered
    assert found[here.pk, elsewhere.pk].is_estimate


def test_what_somebody_entered_where_the_distance_is_not_known():
    here, home = school(600_000), EstablishmentFactory(postcode="")
    assert journeys([(here, home)])[here.pk, home.pk] == Journey()
    enter(here, home, 40)
    found = journeys([(here, home)])[here.pk, home.pk]
    assert found == Journey(minutes=40, is_estimate=False)
    assert found.in_words == "40 minutes"


def test_the_precision_is_that_of_the_end_known_less_well():
    here = school(600_000, postcode="NR12 8ZZ")
    near, far = EstablishmentFactory(postcode="NR12 8ZZ"), EstablishmentFactory(postcode="NR12 0ZZ")
    found = journeys([(here, near), (near, far), (far, here)])
    assert [journey.precision for journey in found.values()] == [
        Precision.POSTCODE,
        Precision.OUTWARD,
        Precision.OUTWARD,
    ]


def test_nobody_drives_to_where_they_are():
    nowhere = EstablishmentFactory(postcode="")
    found = journeys([(nowhere, nowhere)])[nowhere.pk, nowhere.pk]
    assert (found.km, found.minutes, found.is_estimate) == (0, 0, False)


@pytest.mark.parametrize(
    ("journey", "words"),
    [
        (Journey(), "The distance is not known"),
        (Journey(km=12, minutes=25), "12 km, about 25 minutes"),
        (Journey(km=0, minutes=5), "less than 1 km, about 5 minutes"),
        (Journey(km=12, minutes=50, is_estimate=False), "12 km, 50 minutes"),
    ],
)
def test_in_words(journey, words):
    assert journey.in_words == words


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries(count, django_assert_num_queries):
    here = school(600_000, postcode="NR12 8ZZ")
    others = [EstablishmentFactory(postcode=f"NR12 {turn}ZZ") for turn in range(count)]
    with django_assert_num_queries(2):
        assert len(journeys([(here, other) for other in others])) == count


def test_no_query_for_no_journey(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert journeys([]) == {}


def test_journey_time_in_either_direction():
    here, there = school(600_000), school(610_000)
    assert journey_time(here, there) is None
    row = enter(here, there, 55)
    assert journey_time(there, here) == journey_time(here, there) == row
