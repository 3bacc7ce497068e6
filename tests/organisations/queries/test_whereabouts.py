"""Where establishments are: their own position first, then ever wider circles of neighbours, then nowhere."""

import pytest

from s2s_portal.core.geography import Point, Precision
from s2s_portal.organisations.models import Establishment
from s2s_portal.organisations.queries.whereabouts import points_of
from tests.factories.organisations import EstablishmentFactory

pytestmark = pytest.mark.django_db


def school(postcode, easting, northing, **fields):
    return EstablishmentFactory(school=True, postcode=postcode, easting=easting, northing=northing, **fields)


def setting(postcode, **fields):
    return EstablishmentFactory(postcode=postcode, **fields)


def test_its_own_position_comes_first():
    school("NR12 8ZZ", 600_000, 300_000)
    own = school("NR12 8ZZ", 636_000, 325_000)
    assert points_of([own]) == {own.pk: (Point(636_000, 325_000), Precision.EXACT)}


def test_ever_wider_circles():
    """Each is placed by the nearest of its neighbours alone, and by the mean of several."""
    school("NR12 8ZZ", 636_000, 325_000)
    school("NR12 8ZZ", 636_200, 325_100, closed=True)
    school("NR12 8ZY", 638_000, 327_000)
    school("NR12 9ZZ", 642_000, 331_000)
    school("NR1 2ZZ", 623_000, 308_000)
    same, sector, outward = setting("NR12 8ZZ"), setting("NR12 8ZX"), setting("NR12 0ZZ")
    assert points_of([same, sector, outward]) == {
        same.pk: (Point(636_100, 325_050), Precision.POSTCODE),
        sector.pk: (Point(636_733, 325_700), Precision.SECTOR),
        outward.pk: (Point(638_050, 327_025), Precision.OUTWARD),
    }


@pytest.mark.parametrize("postcode", ["", "NR13 1ZZ", "NR1 2ZZ"])
def test_who_is_nowhere_is_left_out(postcode):
    """No postcode, nobody near, or only somewhere whose code begins alike: NR1 is no part of NR12."""
    school("NR12 8ZZ", 636_000, 325_000)
    EstablishmentFactory(postcode="NR13 1ZY")
    assert points_of([setting(postcode)]) == {}


def test_outward_follows_the_postcode():
    one = setting("NR12 8ZZ")
    assert [one.outward, setting("").outward] == ["NR12", ""]
    Establishment.objects.filter(pk=one.pk).update(postcode="EC1A 1BB")
    one.refresh_from_db()
    assert one.outward == "EC1A"


@pytest.mark.parametrize("count", [1, 3, 30])
def test_one_query(count, django_assert_num_queries):
    school("NR12 8ZZ", 636_000, 325_000)
    settings = [setting(f"NR{12 + turn} 8ZZ") for turn in range(count)]
    with django_assert_num_queries(1):
        assert len(points_of(settings)) == 1


def test_no_query_where_everything_is_known(django_assert_num_queries):
    places = [school("NR12 8ZZ", 636_000, 325_000), setting("")]
    with django_assert_num_queries(0):
        assert list(points_of(places)) == [places[0].pk]
        assert points_of([]) == {}
