"""Where the demo's schools and settings are: in Norfolk, together with their zone, and found again by postcode."""

from statistics import mean

from s2s_portal.core.geography import Point, road_km
from s2s_portal.demo.documents import registers
from s2s_portal.demo.documents.places import _ZONES
from s2s_portal.demo.documents.positions import CENTRES, position_of

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
