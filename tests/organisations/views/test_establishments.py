"""The registers' pages, and the suggestions of the request form."""

import pytest
from django.urls import reverse

from s2s_portal.core.pages import ROWS
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import ContactPersonFactory, EstablishmentFactory, ZoneFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LIST = reverse("organisations:establishment_list")
SUGGEST = reverse("organisations:establishment_suggest")
NASTY = ["\x00", "x" * 10_000, "😀", "\u202eשלום", "<script>alert(1)</script>", "=1+1", "%", "'; DROP TABLE x; --"]


@pytest.fixture
def administrator(client):
    client.force_login(person(Role.ADMINISTRATOR))
    return client


@pytest.fixture
def zone():
    return ZoneFactory(name="Marsh")


@pytest.fixture
def adviser(client, zone):
    client.force_login(person(Role.EARLY_YEARS_ADVISER, zones=[zone]))
    return client


def test_list_shows_what_was_searched_for(administrator, zone):
    found = EstablishmentFactory(name="Puddle Lane Nursery", urn="EY912345", zone=zone)
    EstablishmentFactory(name="Elsewhere")
    page = administrator.get(LIST, {"q": "lane puddle"}).content.decode()
    assert "Puddle Lane Nursery" in page
    assert f'href="/establishments/OFSTED/{found.urn}/"' in page
    assert "Elsewhere" not in page
    assert "<strong>1</strong> found" in page


def test_list_filters(administrator, zone):
    EstablishmentFactory(name="Zoned", zone=zone)
    EstablishmentFactory(name="Zoneless", zone=None)
    closed = EstablishmentFactory(name="Gone away", zone=None, closed=True)
    pages = {
        name: administrator.get(LIST, filters).content.decode()
        for name, filters in {
            "zone": {"zone": zone.pk},
            "none": {"zone": "none", "state": "open"},
            "closed": {"state": "closed", "kind": closed.kind_id},
            "missing": {"missing": "on"},
        }.items()
    }
    shown = {
        name: [word for word in ("Zoned", "Zoneless", "Gone away") if f">{word}<" in page]
        for name, page in pages.items()
    }
    assert shown == {"zone": ["Zoned"], "none": ["Zoneless"], "closed": ["Gone away"], "missing": []}


@pytest.mark.parametrize(
    "filters", [{"kind": "9999"}, {"zone": "x"}, {"state": "ajar"}, {"kind": "\x00"}, {"q": "\x00"}]
)
def test_list_refuses_a_forged_filter_with_a_sentence(administrator, filters):
    EstablishmentFactory(name="Never shown")
    response = administrator.get(LIST, filters)
    page = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in page
    assert "Error: Schools and settings" in page
    assert "Never shown" not in page


@pytest.mark.parametrize("text", NASTY)
def test_list_takes_whatever_is_typed(administrator, text):
    EstablishmentFactory()
    response = administrator.get(LIST, {"q": text, "page": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_list_is_paged(administrator, zone):
    for number in range(ROWS + 1):
        EstablishmentFactory(name=f"Tern {number:03d}", zone=zone)
    first = administrator.get(LIST, {"q": "tern"}).content.decode()
    second = administrator.get(LIST, {"q": "tern", "page": "2"}).content.decode()
    assert "Tern 049" in first
    assert "Tern 050" not in first
    assert "?q=tern&amp;page=2" in first
    assert "Tern 050" in second
    assert "Tern 049" not in second


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries(administrator, django_assert_num_queries, count):
    for _ in range(count):
        EstablishmentFactory(zone=ZoneFactory())
    with django_assert_num_queries(9):
        administrator.get(LIST)


def test_detail_shows_the_facts_and_contacts(administrator, zone):
    setting = EstablishmentFactory(name="Puddle Lane", urn="EY912345", zone=zone, low_age=2, high_age=4)
    ContactPersonFactory(establishment=setting, name="Ann Deputy", is_deputy=True)
    page = administrator.get("/establishments/OFSTED/EY912345/").content.decode()
    for words in ("Puddle Lane", "EY912345", "Ofsted childcare register", "Marsh", "2 to 4", "Ann Deputy", "(deputy)"):
        assert words in page
    assert "1 Reedcutters Lane<br>Market Staithe<br>Norfolk<br>NR29 9ZZ" in page
    assert "not open" not in page


def test_detail_of_a_closed_one_without_zone_says_so(administrator):
    EstablishmentFactory(urn="EY912345", zone=None, closed=True)
    page = administrator.get("/establishments/OFSTED/EY912345/").content.decode()
    assert "nobody can send a request for it" in page
    assert "No zone: no adviser can find it" in page
    assert "Nobody yet" in page


@pytest.mark.parametrize(
    "path",
    ["GIAS/EY912345/", "OFSTED/EY000000/", "ELSEWHERE/EY912345/", "OFSTED/%00/", f"OFSTED/{'9' * 5000}/", "OFSTED/../"],
)
def test_detail_of_what_is_not_there_is_404(administrator, path):
    EstablishmentFactory(urn="EY912345")
    assert administrator.get(f"/establishments/{path}").status_code == 404


def test_suggest_answers_what_the_person_may_file_for(adviser, zone):
    EstablishmentFactory(name="Curlew Nursery", urn="EY900777", zone=zone)
    EstablishmentFactory(name="Curlew Gone", zone=zone, closed=True)
    EstablishmentFactory(name="Curlew Elsewhere")
    EstablishmentFactory(school=True, name="Curlew School", zone=zone)
    response = adviser.get(SUGGEST, {"q": "CURLEW"})
    assert response.json() == {
        "results": [{"value": "OFSTED:EY900777", "label": "Curlew Nursery, Market Staithe, NR29 9ZZ (URN EY900777)"}]
    }
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("text", ["", " ", *NASTY])
def test_suggest_takes_whatever_is_typed(adviser, zone, text):
    EstablishmentFactory(zone=zone)
    assert adviser.get(SUGGEST, {"q": text}).json() == {"results": []}
    assert adviser.get(SUGGEST).json() == {"results": []}


@pytest.mark.parametrize("count", [1, 3])
def test_suggest_takes_the_same_queries(adviser, zone, django_assert_num_queries, count):
    for _ in range(count):
        EstablishmentFactory(name="Curlew", zone=zone)
    with django_assert_num_queries(6):
        assert len(adviser.get(SUGGEST, {"q": "curlew"}).json()["results"]) == count


@pytest.mark.parametrize("role", Role)
def test_pages_are_for_their_roles_only(client, role):
    EstablishmentFactory(urn="EY912345")
    client.force_login(person(role))
    registers = 200 if role == Role.ADMINISTRATOR else 403
    assert client.get(LIST).status_code == registers
    assert client.get("/establishments/OFSTED/EY912345/").status_code == registers
    assert client.get(SUGGEST).status_code == (200 if role.endswith("ADVISER") else 403)


def test_refusal_says_why(adviser):
    assert "Your role does not let you see the registers of schools and settings" in adviser.get(LIST).content.decode()


@pytest.mark.parametrize("path", [LIST, SUGGEST, "/establishments/OFSTED/EY912345/"])
def test_pages_ask_for_sign_in_and_are_read_only(client, administrator, path):
    assert administrator.post(path).status_code == 405
    client.logout()
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")
