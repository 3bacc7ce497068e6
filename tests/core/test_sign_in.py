"""The sign-in library's pages in our look and words."""

import pytest
from django.urls import reverse

from tests.factories.organisations import UserFactory


@pytest.fixture
def signed_in(client, db):
    client.force_login(UserFactory())
    return client


def test_sign_in_page_forbids_real_childrens_data(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert "No real child’s name or details may be entered" in page
    assert "placeholder" not in page


def test_sign_in_says_what_is_missing_and_links_to_it(client, db):
    page = client.post(reverse("account_login"), {"login": "", "password": ""}).content.decode()
    assert "<title>Error: Sign in – School to School support</title>" in page
    assert '<a href="#id_login">Enter your e-mail address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page


def test_wrong_password_keeps_the_address_and_tells_nothing(client, db):
    page = client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"}).content.decode()
    assert "There is a problem" in page
    assert 'value="a@example.org"' in page
    assert "E-mail address or password is wrong" in page
    assert "email address" not in page


@pytest.mark.parametrize("name", ["account_logout", "account_change_password", "account_reauthenticate"])
def test_account_pages_are_drawn_in_our_look(signed_in, name):
    page = signed_in.get(reverse(name)).content.decode()
    assert "govuk-heading-l" in page
    assert "app-header" in page


def test_change_of_password_asks_for_all_three(signed_in):
    page = signed_in.post(reverse("account_change_password"), {}).content.decode()
    for words in ("Enter your current password", "Enter your new password", "Enter your new password again"):
        assert words in page
    assert "This field is required" not in page
