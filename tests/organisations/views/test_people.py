"""The lists of people and of zones."""

import pytest
from django.urls import reverse

from s2s_portal.core.pages import ROWS
from s2s_portal.organisations.actions.invitations import make_link
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import EstablishmentFactory, UserFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

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
    with django_assert_num_queries(10):
        administrator.get(PEOPLE)
    with django_assert_num_queries(10):
        administrator.get(PEOPLE, {"q": "s2s", "role": "SEND_ADVISER"})


def names(page):
    """The people in the list, as their links are named."""
    return [row[0]["text"] for row in page.context["rows"]]


def test_people_are_found_by_name_email_and_role(administrator):
    person(Role.SEND_ADVISER, Role.S2S_TEACHER, full_name="Jo Reeve", email="jo@s2s.invalid")
    person(Role.SEND_ADVISER, full_name="Sam Staithe", email="reeves.hall@s2s.invalid")
    for asked, found in (
        ({"q": "reeve"}, ["Jo Reeve", "Sam Staithe"]),
        ({"q": "STAITHE sam"}, ["Sam Staithe"]),
        ({"q": "jo@s2s"}, ["Jo Reeve"]),
        ({"q": "reeve", "role": "S2S_TEACHER"}, ["Jo Reeve"]),
        ({"role": "ADMINISTRATOR"}, ["Ada Ministrator"]),
        ({"role": "SEND_ADVISER"}, ["Jo Reeve", "Sam Staithe"]),
        ({"q": "%"}, []),
    ):
        assert names(administrator.get(PEOPLE, asked)) == found, asked
    assert "Nobody matches" in administrator.get(PEOPLE, {"q": "nobody"}).content.decode()
    wrong = administrator.get(PEOPLE, {"role": "KING"}).content.decode()
    assert "There is a problem" in wrong
    assert "Jo Reeve" not in wrong


def test_those_who_were_not_invited_can_be_picked_out(administrator):
    for number in range(3):
        UserFactory(full_name=f"Person {number}", password=None)
    UserFactory(full_name="Left", password=None, is_active=False)
    invited = User.objects.get(full_name="Person 1")
    make_link(person=invited, by=User.objects.get(full_name="Ada Ministrator"), at=AT)
    page = administrator.get(PEOPLE, {"invited": "on"})
    assert names(page) == ["Person 0", "Person 2"]
    assert [row[3]["hint"] for row in page.context["rows"]] == ["Not invited"] * 2
    everyone = administrator.get(PEOPLE).context["rows"]
    assert sum(row[3]["hint"] == "Not invited" for row in everyone) == 2, "the list and its filter agree"


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
    assert 'href="/zones/schools-and-settings/">3 schools and settings without a zone</a>: no adviser can find' in page


@pytest.mark.parametrize("count", [1, 3])
def test_zones_take_the_same_queries(administrator, django_assert_num_queries, count):
    for _ in range(count):
        zone = ZoneFactory()
        EstablishmentFactory(zone=zone)
        person(Role.SEND_ADVISER, zones=[zone])
    with django_assert_num_queries(9):
        administrator.get(ZONES)


def test_zones_before_any_is_loaded(administrator):
    assert "There is no zone yet" in administrator.get(ZONES).content.decode()


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
