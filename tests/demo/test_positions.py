"""Where the demo's schools and settings are: in Norfolk, together with their zone, and found again by postcode."""

from statistics import mean

import pytest

from s2s_portal.core.geography import Point, road_km
from s2s_portal.demo.documents import registers
from s2s_portal.demo.documents.places import _ZONES
from s2s_portal.demo.documents.positions import CENTRES, position_of
from s2s_portal.organisations.choices import Role, Source
from s2s_portal.organisations.models import Establishment, Membership
from s2s_portal.organisations.queries.whereabouts import points_of

NORFOLK = (range(545_000, 655_000), range(278_000, 345_000))


def positions():
    return [Point(row["Easting"], row["Northing"]) for row in registers.registers().schools]


def test_every_outward_code_has_a_centre():
    assert {outward for _zone, _town, codes in _ZONES for outward in codes} == set(CENTRES)


def test_every_school_is_in_norfolk():
    assert [one for one in positions() if one.easting not in NORFOLK[0] or one.northing not in NORFOLK[1]] == []


def test_positions_are_spread_and_stay_the_same():
    assert positions() == positions()
    assert len(set(positions())) > 380
    assert position_of("NR12 8AB") == position_of("NR12 8AB") != position_of("NR12 8AD")


def test_neighbouring_postcodes_are_near_and_sectors_apart():
    here = position_of("NR12 8AB")
    assert road_km(here, position_of("NR12 8UW"), 1) < 1
    assert 1 < road_km(here, position_of("NR12 3AB"), 1) < 8


def test_zones_hang_together():
    """Schools of one zone are nearer to each other than to those of other zones."""
    found = registers.registers()
    zone_of = {urn: zone for source, urn, zone in found.zones if source == "GIAS"}
    placed = [(zone_of[str(row["URN"])], Point(row["Easting"], row["Northing"])) for row in found.schools]
    within = [road_km(a, b) for zone, a in placed for other, b in placed if zone == other]
    between = [road_km(a, b) for zone, a in placed for other, b in placed if zone != other]
    assert max(within) < 45
    assert mean(within) < 15 < 45 < mean(between)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_settings_are_found_by_their_postcodes(demo):
    settings = list(Establishment.objects.filter(source=Source.OFSTED).exclude(postcode=""))
    found = points_of(settings)
    assert len(found) == len(settings) > 400
    off = [road_km(found[one.pk][0], position_of(one.postcode), 1) for one in settings]
    assert mean(off) < 2
    assert max(off) < 8


@pytest.mark.sqlite
@pytest.mark.django_db
def test_teachers_work_where_their_own_school_is(demo):
    teachers = Membership.objects.filter(role=Role.S2S_TEACHER).select_related("home_school")
    at_home = [one.home_school.zone_id in {zone.pk for zone in one.zones.all()} for one in teachers]
    assert len(at_home) == 20
    assert sum(at_home) >= 18
    assert len({one.home_school_id for one in teachers}) >= 9
