"""Establishment search finds what people type, and a person is only ever offered what they may file for."""

import pytest
from django.db import connection

from s2s_portal.organisations.choices import EstablishmentStatus, Role, Source, Stream
from s2s_portal.organisations.models import Establishment, ImportRun
from s2s_portal.organisations.queries import establishments
from tests.factories.organisations import (
    ContactPersonFactory,
    EstablishmentFactory,
    EstablishmentKindFactory,
    ZoneFactory,
    person,
)
from tests.moments import AN_ORDINARY_TUESDAY

pytestmark = pytest.mark.django_db


def names(**kwargs):
    return [found.name for found in establishments.search(**kwargs)]


@pytest.fixture
def heron():
    return EstablishmentFactory(
        name="St. Mary’s Héron-Reach Pre-school (Thorpe)",
        urn="EY912345",
        town="Great Saltmarsh",
        postcode="NR29 3QX",
    )


@pytest.mark.parametrize(
    "text",
    [
        "heron",
        "HERON",
        "Héron reach",
        "reach heron",
        "st marys",
        "St Mary's",
        "ST. MARY’S heron",
        "preschool heron",
        "pre-school thorpe",
        "(thorpe)",
        "saltmarsh",
        "great saltmarsh heron",
        "ey912345",
        " EY 912345 ",
        "URN EY912345",
        "URN: 912345",
        "912345",
        "nr29 3qx",
        "NR293QX",
        "n r 2 9 3 q x",
        "NR29",
        "nr 29",
        "nr29 3",
        "nr29 3q",
        "he\u200bron",
        "her\u00adon",
        "heron\x00reach",
    ],
)
def test_search_finds_it(heron, text):
    EstablishmentFactory(postcode="PE39 3QX")
    assert establishments.search(text=text) == [heron]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "%",
        "_",
        "he%ron",
        "h_ron",
        "heron goose",
        "NR2",
        "NR29 4",
        "EY91234",
        "\x00",
        "\\",
        "😀",
        "שלום",
    ],
)
def test_search_does_not_find_it(heron, text):
    assert establishments.search(text=text) == []


def test_search_looks_at_the_first_hundred_characters_only(heron):
    assert establishments.search(text="heron " + "x" * 10_000) == []
    assert establishments.search(text="heron" + " " * 10_000 + "goose") == [heron]
    assert establishments.search(text="\ufdfa" * 10_000) == []


def test_search_finds_words_that_registers_write_apart():
    EstablishmentFactory(name="Avocet Play Group")
    EstablishmentFactory(name="Saint Withburga Nursery")
    assert names(text="avocet playgroup") == ["Avocet Play Group"]
    assert names(text="st withburga") == ["Saint Withburga Nursery"]


def test_search_puts_exact_then_beginnings_then_names_in_order_and_nameless_last():
    for name in ("Little Bittern", "Bittern Two", "Bittern One", "Great Bittern"):
        EstablishmentFactory(name=name)
    EstablishmentFactory(name="", town="Bittern")
    assert names(text="bittern") == ["Bittern One", "Bittern Two", "Great Bittern", "Little Bittern", ""]
    exact = EstablishmentFactory(name="Zebra Crossing", urn="100200", source=Source.LOCAL)
    EstablishmentFactory(name="100200 Steps Nursery")
    assert establishments.search(text="100200")[0] == exact


def test_search_orders_equal_names_by_primary_key():
    same = [EstablishmentFactory(name="Twin Oaks") for _ in range(3)]
    assert establishments.search(text="twin oaks") == same


def test_search_is_narrowed_by_stream_zone_status_and_limit():
    north, south = ZoneFactory(), ZoneFactory()
    setting = EstablishmentFactory(name="Teal Nursery", zone=north)
    school = EstablishmentFactory(school=True, name="Teal School", zone=south)
    closed = EstablishmentFactory(closed=True, name="Teal Gone", zone=north)
    closing = EstablishmentFactory(name="Teal Leaving", zone=north, status=EstablishmentStatus.CLOSING)
    assert establishments.search(text="teal") == [closing, setting, school]
    assert establishments.search(text="teal", streams={Stream.MAINSTREAM}) == [school]
    assert establishments.search(text="teal", zone_ids={north.pk}) == [closing, setting]
    assert establishments.search(text="teal", zone_ids=set()) == []
    assert establishments.search(text="teal", include_closed=True) == [closed, closing, setting, school]
    assert establishments.search(text="teal", limit=1) == [closing]


@pytest.mark.parametrize("count", [1, 3])
def test_search_is_one_query(django_assert_num_queries, count):
    for _ in range(count):
        EstablishmentFactory(name="Sandpiper")
    with django_assert_num_queries(1):
        found = establishments.search(text="sandpiper NR29")
        assert [(one.kind.name, one.zone.name) for one in found] == []
    with django_assert_num_queries(1):
        assert len([(one.kind.name, one.zone.name) for one in establishments.search(text="sandpiper")]) == count


def test_search_uses_the_indexes_on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("trigram indexes exist on PostgreSQL only")
    EstablishmentFactory()
    many = {
        "urn": "'EY' || to_char(n, 'FM000000')",
        "name_folded": "'wader' || n || ' nursery'",
        "town_folded": "'staithe ' || n % 400",
        "postcode": "'NR' || n % 90 || ' ' || n % 9 || 'ZZ'",
    }
    written = [one for one in Establishment._meta.concrete_fields if not one.primary_key and not one.generated]
    columns = [field.column for field in written]
    values = ", ".join(many.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO organisations_establishment ({names})"
            f" SELECT {values} FROM organisations_establishment AS one, generate_series(0, 19999) AS n"
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organisations_establishment")
    for text in ("ader19999", "EY001234", "NR29 3ZZ", "NR29 3"):
        plan = establishments.matching(text)[:20].explain()
        assert "Seq Scan on organisations_establishment " not in plan, plan


def test_suggestions_are_of_own_streams_and_zones_only():
    mine, other = ZoneFactory(), ZoneFactory()
    setting = EstablishmentFactory(name="Curlew Nursery", urn="EY900777", zone=mine)
    EstablishmentFactory(name="Curlew Elsewhere", zone=other)
    EstablishmentFactory(name="Curlew Nowhere", zone=None)
    EstablishmentFactory(name="Curlew Gone", zone=mine, closed=True)
    EstablishmentFactory(name="Curlew Planned", zone=mine, status=EstablishmentStatus.PROPOSED)
    EstablishmentFactory(school=True, name="Curlew School", zone=mine)
    provider = EstablishmentKindFactory(source=Source.GIAS, name="Special school", eligibility="PROVIDER")
    EstablishmentFactory(name="Curlew Special", zone=mine, kind=provider)
    user = person(Role.EARLY_YEARS_ADVISER, zones=[mine])
    assert establishments.suggestions(user, "curlew") == [
        establishments.Choice("OFSTED:EY900777", "Curlew Nursery, Market Staithe, NR29 9ZZ (URN EY900777)")
    ]
    assert list(establishments.fileable_by(user)) == [setting]


def test_suggestions_keep_each_stream_to_its_own_zones():
    north, south = ZoneFactory(), ZoneFactory()
    both = person(Role.EARLY_YEARS_ADVISER, zones=[north])
    both.memberships.create(role=Role.SEND_ADVISER).zones.set([south])
    wanted = [EstablishmentFactory(name="Knot A", zone=north)]
    EstablishmentFactory(name="Knot B", zone=south)
    EstablishmentFactory(school=True, name="Knot C", zone=north)
    wanted.append(EstablishmentFactory(school=True, name="Knot D", zone=south))
    assert list(establishments.fileable_by(both)) == wanted


@pytest.mark.parametrize("role", [role for role in Role if not role.endswith("ADVISER")])
def test_suggestions_are_none_for_other_roles(role):
    zone = ZoneFactory()
    EstablishmentFactory(name="Redshank", zone=zone)
    assert establishments.suggestions(person(role, zones=[zone]), "redshank") == []


def test_suggestions_are_ten_at_most():
    zone = ZoneFactory()
    for _ in range(11):
        EstablishmentFactory(name="Many Geese", zone=zone)
    assert len(establishments.suggestions(person(Role.EARLY_YEARS_ADVISER, zones=[zone]), "geese")) == 10


def test_chosen_is_what_the_person_may_file_for():
    zone = ZoneFactory()
    user = person(Role.EARLY_YEARS_ADVISER, zones=[zone])
    setting = EstablishmentFactory(zone=zone)
    elsewhere = EstablishmentFactory()
    assert establishments.chosen(user, establishments.key_of(setting)) == setting
    for forged in (establishments.key_of(elsewhere), "", "OFSTED", "OFSTED:\x00", "x" * 10_000, f"GIAS:{setting.urn}"):
        assert establishments.chosen(user, forged) is None


def test_register_filters():
    zone = ZoneFactory(name="Staithe")
    zoned = EstablishmentFactory(name="Plover A", zone=zone)
    zoneless = EstablishmentFactory(name="Plover B", zone=None)
    closed = EstablishmentFactory(name="Plover C", zone=None, closed=True)
    school = EstablishmentFactory(school=True, name="Plover D", zone=zone)
    assert list(establishments.register()) == [zoned, zoneless, closed, school]
    assert list(establishments.register(text="plover c")) == [closed]
    assert list(establishments.register(kind_id=school.kind_id)) == [school]
    assert list(establishments.register(zone_id=zone.pk)) == [zoned, school]
    assert list(establishments.register(without_zone=True)) == [zoneless, closed]
    assert list(establishments.register(without_zone=True, is_open=True)) == [zoneless]
    assert list(establishments.register(is_open=False)) == [closed]


def test_register_begins_with_those_that_have_a_name():
    withheld = EstablishmentFactory(name="")
    named = EstablishmentFactory(name="Zostera Nursery")
    assert list(establishments.register()) == [named, withheld]


def test_register_shows_what_the_last_file_did_not_hold():
    old, new = (
        ImportRun.objects.create(source=Source.OFSTED, started_at=AN_ORDINARY_TUESDAY, finished_at=AN_ORDINARY_TUESDAY)
        for _ in range(2)
    )
    ImportRun.objects.create(source=Source.OFSTED, started_at=AN_ORDINARY_TUESDAY)
    EstablishmentFactory(seen_in=new)
    missing = EstablishmentFactory(name="Dunlin A", seen_in=old)
    never = EstablishmentFactory(name="Dunlin B", seen_in=None)
    EstablishmentFactory(source=Source.LOCAL, seen_in=None)
    EstablishmentFactory(school=True, seen_in=None)  # no GIAS file was ever read whole
    assert list(establishments.register(not_in_last_file=True)) == [missing, never]


def test_one_and_its_contacts():
    setting = EstablishmentFactory(urn="EY900900")
    deputy = ContactPersonFactory(establishment=setting, is_deputy=True, name="Ann")
    first = ContactPersonFactory(establishment=setting, name="Zoe")
    assert establishments.one("OFSTED", "EY900900") == setting
    assert establishments.one("GIAS", "EY900900") is None
    assert establishments.contacts_of(setting) == [first, deputy]


def test_choices_of_the_register_filters():
    kind = EstablishmentKindFactory()
    zones = [ZoneFactory(name="Zone B"), ZoneFactory(name="Zone A")]
    assert establishments.zone_choices() == [(zones[1].pk, "Zone A"), (zones[0].pk, "Zone B")]
    assert establishments.kind_choices() == [
        (kind.pk, "Childcare on non-domestic premises (Ofsted childcare register)")
    ]
