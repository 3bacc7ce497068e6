"""Contacts are remembered once for each e-mail address of a school or setting."""

import pytest

from s2s_portal.organisations.actions.establishments import remember_contact
from s2s_portal.organisations.models import ContactPerson
from tests.factories.organisations import ContactPersonFactory, EstablishmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def remember():
    """`remember_contact` with every answer given."""
    given = {"name": "Marram Gull", "job_title": "SENCo", "email": "gull@setting.invalid", "telephone": "01603 496000"}
    return lambda establishment, **changes: remember_contact(establishment=establishment, **(given | changes))


def test_remember_contact(remember):
    establishment = EstablishmentFactory()
    remember(establishment)
    stored = ContactPerson.objects.get()
    assert (stored.establishment, stored.name, stored.job_title) == (establishment, "Marram Gull", "SENCo")
    assert (stored.email, stored.telephone) == ("gull@setting.invalid", "01603 496000")
    assert not stored.is_deputy


@pytest.mark.parametrize("email", ["gull@setting.invalid", "Gull@Setting.invalid"])
def test_the_same_address_is_the_same_contact_brought_up_to_date(remember, email):
    establishment = EstablishmentFactory()
    remember(establishment)
    remember(establishment, email=email, name="Marram Tern", telephone="")
    stored = ContactPerson.objects.get()
    assert (stored.name, stored.telephone, stored.email) == ("Marram Tern", "", "gull@setting.invalid")


def test_what_this_does_not_ask_is_kept(remember):
    deputy = ContactPersonFactory(email="gull@setting.invalid", is_deputy=True)
    remember(deputy.establishment)
    deputy.refresh_from_db()
    assert deputy.is_deputy
    assert deputy.name == "Marram Gull"


def test_the_same_address_elsewhere_is_another_contact(remember):
    remember(EstablishmentFactory())
    remember(EstablishmentFactory())
    assert ContactPerson.objects.count() == 2
