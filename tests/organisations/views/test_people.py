"""The lists of people and of zones."""

import pytest
from django.urls import reverse

from s2s_portal.core.pages import ROWS
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import EstablishmentFactory, UserFactory, ZoneFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
PEOPLE = reverse("organisations:person_list")
ZONES = reverse("organisations:zone_list")


@pytest.fixture
def administrator(client):
    client.force_login(person(Role.ADMINISTRATOR, full_name="Ada Ministrator"))
    return client


def test_people_with_roles_zones_and_whether_they_sign_in(administrator):
    zones = [ZoneFactory(name="Marsh"), ZoneFactory(name="Broad")]
    person(Role.SEND_ADVISER, Role.S2S_TEACHER, zones=zones, full_name="Jo Reeve", email="jo@s2s.invalid")
    UserFactory(full_name="Former <b>Colleague</b>", is_active=False)
    page = administrator.get(PEOPLE).content.decode()
    for words in (
        "Jo Reeve",
        "jo@s2s.invalid",
        "SEND Adviser: Broad, Marsh; S2S teacher: Broad, Marsh",
        "No role yet",
        "No longer",
    ):
        assert words in page
    assert "<b>Colleague" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_people_take_the_same_queries(administrator, django_assert_num_queries, count):
    for _ in range(count):
        person(Role.SEND_ADVISER, Role.S2S_TEACHER, zones=[ZoneFactory(), ZoneFactory()])
    with django_assert_num_queries(9):
        administrator.get(PEOPLE)


def test_people_are_paged(administrator):
    for number in range(ROWS):
        UserFactory(full_name=f"Person {number:03d}")
    first, second = (administrator.get(PEOPLE, {"page": page}).content.decode() for page in ("1", "2"))
    assert "Person 048" in first
    assert "Person 049" not in first
    assert "Person 049" in second


def test_zones_with_counts_and_those_without(administrator):
    marsh = ZoneFactory(name="Marsh")
    for _ in range(7):
        EstablishmentFactory(zone=marsh)
    for _ in range(3):
        EstablishmentFactory(zone=None)
    page = administrator.get(ZONES).content.decode()
    assert ">7</span></td>" in page
    assert '<a class="govuk-link" href="/establishments/?zone=none&amp;state=open">3</a>' in page
    assert "No adviser can find them until they have one" in page


@pytest.mark.parametrize("count", [1, 3])
def test_zones_take_the_same_queries(administrator, django_assert_num_queries, count):
    for _ in range(count):
        zone = ZoneFactory()
        EstablishmentFactory(zone=zone)
        person(Role.SEND_ADVISER, zones=[zone])
    with django_assert_num_queries(9):
        administrator.get(ZONES)


def test_zones_before_any_is_loaded(administrator):
    assert "No zone is loaded yet" in administrator.get(ZONES).content.decode()


@pytest.mark.parametrize("path", [PEOPLE, ZONES])
@pytest.mark.parametrize("role", Role)
def test_lists_are_for_administrators(client, role, path):
    client.force_login(person(role))
    assert client.get(path).status_code == (200 if role == Role.ADMINISTRATOR else 403)


@pytest.mark.parametrize("path", [PEOPLE, ZONES])
def test_lists_ask_for_sign_in_and_are_read_only(client, administrator, path):
    assert administrator.post(path).status_code == 405
    client.logout()
    assert client.get(path)["Location"].startswith("/accounts/login/?next=")
