"""What somebody types into a form of the settings, registers, contracts or people is not lost with their session."""

import uuid

import pytest
from django.urls import reverse

from s2s_portal.organisations.choices import Role, Source
from s2s_portal.organisations.models import Establishment, SignedLink
from tests.factories.organisations import EstablishmentFactory, person
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
WHY = "The council decided so on Tuesday."


@pytest.fixture
def council(shared_council):
    """One council for all tests of this module."""
    return shared_council


def came_back(client_of, who, url, typed):
    """The page as it is once somebody has signed in again, after their answers came without a session."""
    to_sign_in = client_of.post(url, typed)
    assert to_sign_in.status_code == 302
    client_of.force_login(who)
    answer = client_of.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    return text_of(answer)


@pytest.mark.parametrize(
    ("role", "url", "name"),
    [
        (Role.COMMISSIONER, "/settings/texts/start-schools-route/", "reason"),
        (Role.COMMISSIONER, "/settings/fees/add/", "reason"),
        (Role.ADMINISTRATOR, "/settings/zones/add/", "reason"),
        (Role.COMMISSIONER, "/contracts/new/", "name"),
        (Role.S2S_COORDINATOR, "/dashboards/case-list/", "reason"),
        (Role.ADMINISTRATOR, "/registers/by-hand/{local}/merge/{register}/", "reason"),
        (Role.ADMINISTRATOR, "/registers/without-a-name/{nameless}/", "reason"),
        (Role.ADMINISTRATOR, "/zones/schools-and-settings/check/?which=all&to={zone}", "reason"),
        (Role.ADMINISTRATOR, "/people/{person}/roles/", "reason"),
    ],
)
def test_the_page_has_it_again(council, client, role, url, name):
    local = EstablishmentFactory(by_hand=True, zone=council.zone, kind=council.setting.kind)
    nameless = EstablishmentFactory(name="", zone=None)
    url = url.format(
        local=local.urn,
        register=f"{council.setting.source}/{council.setting.urn}",
        nameless=f"{nameless.source}/{nameless.urn}",
        zone=council.zone.pk,
        person=person(Role.AUDITOR).pk,
    )
    given = {name: WHY, "file_format": "csv", "key": str(uuid.uuid4()), "seen": "stale"}
    assert WHY in came_back(client, council.people[role], url, given)
    assert Establishment.objects.get(source=Source.LOCAL).merged_into is None


def test_roles_that_came_back_are_about_what_the_person_holds_now(council, client):
    jo = person(Role.AUDITOR)
    url = reverse("referrals:person_roles", args=[jo.pk])
    page = came_back(
        client, council.people[Role.ADMINISTRATOR], url, {"reason": WHY, "seen": "stale", "roles": "AUDITOR"}
    )
    assert 'name="seen" value="Auditor"' in page
    assert "stale" not in page


@pytest.mark.parametrize("name", ["person_link", "person_link_back"])
def test_a_button_that_was_pressed_without_a_session_leads_back_to_its_page(council, client, name):
    jo = person(Role.AUDITOR)
    url = reverse(f"referrals:{name}", args=[jo.pk])
    client.post(url, {"key": str(uuid.uuid4())})
    client.force_login(council.people[Role.ADMINISTRATOR])
    page = client.get(url, follow=True)
    assert page.redirect_chain == [(reverse("referrals:person_detail", args=[jo.pk]), 302)]
    assert "Press the button again" in text_of(page)
    assert not SignedLink.objects.exists()
