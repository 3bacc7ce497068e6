"""`/demo/`: whoever comes may be anyone, in a demo and nowhere else."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from s2s_portal.demo.choices import Persona
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import User
from tests.factories.organisations import person

PERSONAS = [
    *("early-years-adviser", "send-adviser", "s2s-coordinator", "s2s-teacher"),
    *("commissioner", "second-commissioner", "administrator", "auditor"),
]


def sign_in(client: Client, persona: str):
    return client.post("/demo/sign-in/", {"persona": persona})


def who(client: Client) -> str:
    """The role of whoever this client is signed in as; "" if nobody is."""
    user = client.get("/").context["user"]
    return user.memberships.get().role if user.is_authenticated else ""


@pytest.fixture
def everybody(db):
    """One person for each persona, without the rest of the demo."""
    return [person(persona.role, email=f"{persona.value}@demo.invalid") for persona in Persona]


def test_the_personas_are_those_that_were_promised():
    assert Persona.values == PERSONAS


def test_the_page_offers_everybody(everybody):
    page = Client().get("/demo/")
    assert page.status_code == 200
    assert re.findall(r'name="persona" value="(.*?)"', page.content.decode()) == PERSONAS
    for user in everybody:
        assert f"Sign in as {user.full_name}" in page.content.decode()


@pytest.mark.parametrize("persona", PERSONAS)
def test_one_click_signs_in_and_lands_at_home(everybody, persona):
    client = Client()
    answer = sign_in(client, persona)
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert client.get("/home/").status_code == 200
    assert who(client) == persona.removeprefix("second-").replace("-", "_").upper()


def test_one_may_become_someone_else(everybody):
    client = Client()
    sign_in(client, "auditor")
    sign_in(client, "commissioner")
    assert who(client) == Role.COMMISSIONER


@pytest.mark.parametrize("forged", ["", "root", "AUDITOR", "auditor@demo.invalid", "audi\0tor", "x" * 5000])
def test_nobody_can_be_made_up(everybody, forged):
    client = Client()
    answer = sign_in(client, forged)
    assert answer.status_code == 400
    assert "Nobody in this demo has that name" in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()
    assert who(client) == ""


def test_a_persona_who_has_left_cannot_be_become(everybody):
    everybody[0].is_active = False
    everybody[0].save()
    assert sign_in(Client(), PERSONAS[0]).status_code == 400
    assert PERSONAS[0] not in Client().get("/demo/").content.decode()


def test_another_site_cannot_sign_a_visitor_in(everybody):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "auditor").status_code == 403
    assert who(client) == ""


def test_a_link_does_not_sign_in(everybody):
    assert Client().get("/demo/sign-in/?persona=auditor").status_code == 405


@pytest.mark.parametrize("signed_in", [False, True])
def test_outside_a_demo_there_is_no_such_page(settings, everybody, signed_in):
    settings.S2S_DEMO = False
    client = Client()
    if signed_in:
        client.force_login(everybody[list(Persona).index(Persona.ADMINISTRATOR)])
    assert client.get("/demo/").status_code == 404
    assert sign_in(client, "auditor").status_code == 404
    assert who(client) == (Role.ADMINISTRATOR if signed_in else "")


@pytest.mark.django_db
def test_before_the_demo_is_loaded_the_page_says_how():
    page = Client().get("/demo/")
    assert page.status_code == 200
    assert "manage.py seed_demo" in page.content.decode()
    assert 'name="persona"' not in page.content.decode()


def test_the_same_number_of_queries_for_one_person_and_for_all(everybody):
    with CaptureQueriesContext(connection) as for_all:
        Client().get("/demo/")
    User.objects.exclude(pk=everybody[0].pk).update(is_active=False)
    with CaptureQueriesContext(connection) as for_one:
        Client().get("/demo/")
    assert len(for_one) == len(for_all) <= 5
