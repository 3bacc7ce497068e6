"""The pages on which schools and settings are put in zones."""

import re

import pytest
from django.urls import reverse

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Establishment, ReferenceChange
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("organisations:placing")
CHECK = reverse("organisations:placing_check")


@pytest.fixture
def viewer(client_for):
    return client_for(person(Role.ADMINISTRATOR))


@pytest.fixture
def broad():
    return ZoneFactory(name="Broad")


def without_zone(**fields):
    return EstablishmentFactory(zone=None, **fields)


def sent_from(page):
    """The hidden answers of the check page's form."""
    return dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]+)"', page.content.decode()))


def test_the_list_offers_ticks_districts_and_zones(viewer, broad):
    one = without_zone(name="Reed <b>Warblers</b>", postcode="NR29 9ZZ")
    without_zone(postcode="NR30 1AA")
    EstablishmentFactory(name="Placed already")
    page = viewer.get(LIST).content.decode()
    assert f'name="tick" type="checkbox" value="{one.pk}"' in page
    assert "Reed &lt;b&gt;Warblers" in page
    assert "Placed already" not in page
    assert f'href="{LIST}?outward=NR29">NR29</a>: 1' in page
    assert "Check all 2 that match" in page
    only = viewer.get(LIST, {"outward": "nr30, NR31"}).content.decode()
    assert "Warblers" not in only
    assert "<strong>1</strong> found" in only


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(viewer, django_assert_num_queries, count, broad):
    for _ in range(count):
        without_zone()
    with django_assert_num_queries(11):
        viewer.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_the_check_takes_the_same_queries(viewer, django_assert_num_queries, count, broad):
    for _ in range(count):
        without_zone()
    with django_assert_num_queries(12):
        viewer.get(CHECK, {"which": "all", "to": broad.pk})


def test_before_a_register_is_loaded_it_says_so(viewer):
    page = text_of(viewer.get(LIST))
    assert "No register is loaded yet" in page
    assert "Every school and setting" not in page
    assert f'href="{reverse("organisations:register_list")}"' in page
    assert "No school or setting matches" in text_of(viewer.get(LIST, {"outward": "NR29"}))


def test_nothing_is_left(viewer, broad):
    EstablishmentFactory(zone=broad)
    assert "Every school and setting that needs a zone has one" in text_of(viewer.get(LIST))
    assert "No school or setting matches" in text_of(viewer.get(LIST, {"outward": "NR29"}))


def test_neither_a_tick_nor_a_zone(viewer):
    one = without_zone()
    page = text_of(viewer.get(CHECK, {"which": "ticked"}))
    assert f'<a href="#tick-{one.pk}">Tick at least one school or setting</a>' in page
    assert '<a href="#id_to">Select the zone</a>' in page


def test_ticks_stay_when_the_zone_is_forgotten(viewer):
    one = without_zone()
    page = viewer.get(CHECK, {"which": "ticked", "tick": one.pk}).content.decode()
    assert f'value="{one.pk}" checked' in page


@pytest.mark.parametrize("bad", ["x", "9" * 30, "-1", "²"])
def test_ticks_that_no_page_sends(viewer, broad, bad):
    assert viewer.get(CHECK, {"which": "ticked", "tick": bad, "to": broad.pk}).status_code == 200
    assert viewer.get(CHECK, {"which": "ticked", "tick": "1", "to": bad}).status_code == 200


def test_all_that_match_are_checked_and_put(viewer, broad):
    near, far = without_zone(postcode="NR29 9ZZ"), without_zone(postcode="NR30 1AA")
    address = f"{CHECK}?which=all&outward=NR29&to={broad.pk}"
    page = viewer.get(address)
    assert "Put this school or setting in Broad?" in text_of(page)
    assert far.name not in text_of(page)
    answer = viewer.post(address, sent_from(page) | {"reason": "The map"})
    assert answer.url == f"{LIST}?outward=NR29"
    assert Establishment.objects.get(pk=near.pk).zone == broad
    assert Establishment.objects.get(pk=far.pk).zone is None
    assert "Broad was given 1 school or setting." in text_of(viewer.get(answer.url))


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_is_put_in_a_zone_without_a_reason(viewer, broad, reason):
    one = without_zone()
    address = f"{CHECK}?which=all&to={broad.pk}"
    page = viewer.post(address, sent_from(viewer.get(address)) | {"reason": reason})
    assert "Enter the reason" in text_of(page)
    assert Establishment.objects.get(pk=one.pk).zone is None
    assert not ReferenceChange.objects.exists()


def test_pressing_twice_says_the_same_and_does_it_once(viewer, broad):
    without_zone()
    address = f"{CHECK}?which=all&to={broad.pk}"
    given = sent_from(viewer.get(address)) | {"reason": "The map"}
    assert [viewer.post(address, given).url for _ in range(2)] == [f"{LIST}?"] * 2
    assert ReferenceChange.objects.count() == 1


def test_somebody_else_was_quicker(viewer, broad):
    one = without_zone()
    address = f"{CHECK}?which=all&to={broad.pk}"
    given = sent_from(viewer.get(address)) | {"reason": "The map"}
    Establishment.objects.filter(pk=one.pk).update(zone=ZoneFactory(name="Marsh"))
    answer = viewer.post(address, given)
    assert answer.url == address
    page = text_of(viewer.get(address))
    assert "Some of them have been given another zone since you looked" in page
    assert "Nothing is left to put in Broad" in page
