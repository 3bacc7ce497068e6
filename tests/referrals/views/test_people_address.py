"""The page on which an administrator gives somebody another e-mail address."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from s2s_portal.notifications.delivery import deliver_waiting
from s2s_portal.organisations.actions import access
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import Membership, User
from tests.factories.organisations import PASSWORD, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.referrals.views.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
OLD, NEW = "jo@council.invalid", "jo.reeve@council.invalid"


@pytest.fixture
def admin(client_for):
    return client_for(person(Role.ADMINISTRATOR, full_name="Ada Ministrator"))


@pytest.fixture
def jo():
    return person(Role.AUDITOR, full_name="Jo Reeve", email=OLD, last_login=AT)


def page_of(one):
    return reverse("referrals:person_email", args=[one.pk])


def given(**changes):
    return {"email": NEW, "reason": "She has married", "seen": OLD} | changes


def test_it_is_found_on_the_persons_page_and_stays_in_their_history(admin, jo):
    assert page_of(jo) in text_of(admin.get(reverse("referrals:person_detail", args=[jo.pk])))
    asked = text_of(admin.get(page_of(jo)))
    assert "They are signed out at once and told at both addresses." in asked
    assert re.search(rf'name="seen"[^>]*value="{OLD}"', asked)
    for _ in range(2):
        page = text_of(admin.post(page_of(jo), given(), follow=True))
    assert "Nothing was different." in page
    assert page.count(f"Changed the e-mail address, which was {OLD}") == 1
    assert NEW in page
    assert "“She has married”" in page


@pytest.mark.parametrize(
    ("changes", "words", "where"),
    [
        (
            {"email": "Here@council.invalid"},
            "Somebody Here is here with this address: nobody else can have it",
            "email",
        ),
        ({"email": "jo"}, "e-mail address", "email"),
        ({"email": ""}, "Enter the new e-mail address", "email"),
        ({"reason": ""}, "Enter the reason for the change", "reason"),
    ],
)
def test_what_cannot_be_says_so_at_its_question_and_stays_typed(admin, jo, changes, words, where):
    person(full_name="Somebody Here", email="here@council.invalid")
    page = text_of(admin.post(page_of(jo), given(**changes)))
    assert words in page
    assert f'href="#id_{where}"' in page
    assert User.objects.get(pk=jo.pk).email == OLD


def test_an_address_without_a_domain_that_mail_can_reach_is_refused_at_the_question(admin, jo):
    page = text_of(admin.post(page_of(jo), given(email="jo@bücher.invalid-")))
    assert 'href="#id_email"' in page


def test_who_was_first_is_named_and_pressing_again_goes_on(admin, jo):
    other = person(Role.ADMINISTRATOR, full_name="Ida Mautby")
    access.change_email(person=jo, email="third@council.invalid", seen=OLD, reason="So.", by=other, at=AT)
    page = text_of(admin.post(page_of(jo), given()))
    assert "Ida Mautby has changed it while you were writing. It is now: third@council.invalid" in page
    assert re.search(r'name="seen"[^>]*value="third@council.invalid"', page)
    assert admin.post(page_of(jo), given(seen="third@council.invalid")).status_code == 302
    assert User.objects.get(pk=jo.pk).email == NEW


def test_who_has_not_signed_in_is_said_to_be_invited(admin):
    assert "they get the invitation at the new address" in text_of(admin.get(page_of(person(email=OLD))))


@pytest.mark.parametrize("roles", [1, 3])
def test_it_asks_the_database_little_whatever_they_hold(admin, roles, django_assert_num_queries):
    jo = person(email=OLD)
    for role in list(Role)[:roles]:
        Membership.objects.create(user=jo, role=role).zones.add(ZoneFactory())
    with django_assert_num_queries(8):
        admin.get(page_of(jo))


def test_a_password_that_somebody_else_chose_at_the_wrong_address_stops_working(admin, jo, client):
    assert "The old address was never theirs" in text_of(admin.get(page_of(jo)))
    page = text_of(admin.post(page_of(jo), given(never_theirs="on"), follow=True))
    assert f"Changed the e-mail address, which was never theirs: {OLD}" in page
    assert "Invited today, not yet signed in" in page
    assert client.post("/accounts/login/", {"login": NEW, "password": PASSWORD}).status_code == 200
    assert deliver_waiting().sent == 1
    [sent] = mail.outbox
    assert (sent.to, "/link/" in sent.body) == ([NEW], True)


def test_of_who_has_not_signed_in_it_is_not_asked_whose_the_old_address_was(admin):
    assert "was never theirs" not in text_of(admin.get(page_of(person(email=OLD))))


def test_of_who_was_deactivated_it_says_so_before_anything_is_typed(admin, jo):
    User.objects.filter(pk=jo.pk).update(is_active=False)
    for answer in (admin.get(page_of(jo)), admin.post(page_of(jo), given())):
        assert answer.status_code == 403
        assert "Jo Reeve is not active: let them sign in again first." in text_of(answer)
