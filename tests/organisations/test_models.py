"""What the tables say about themselves, and what they refuse."""

import pytest
from django.db import IntegrityError

from s2s_portal.core.geography import Point
from s2s_portal.organisations.choices import EstablishmentStatus, Role, Stream
from s2s_portal.organisations.models import User
from s2s_portal.organisations.permissions import roles_of, zones_by_stream
from tests.factories.organisations import (
    ContactPersonFactory,
    EstablishmentFactory,
    EstablishmentKindFactory,
    UserFactory,
    ZoneFactory,
    person,
)

pytestmark = pytest.mark.django_db


def test_factories_make_one_setting_and_one_school():
    setting, school = EstablishmentFactory(), EstablishmentFactory(school=True)
    assert setting.kind.stream == Stream.EARLY_YEARS
    assert school.kind.stream == Stream.MAINSTREAM
    assert setting.is_open
    assert not EstablishmentFactory(closed=True).is_open
    assert setting.name_folded == setting.name.lower().replace("-", " ")


def test_person_has_roles_and_zones():
    zone = ZoneFactory()
    user = person(Role.EARLY_YEARS_ADVISER, Role.AUDITOR, zones=[zone])
    assert roles_of(user) == {Role.EARLY_YEARS_ADVISER, Role.AUDITOR}
    assert zones_by_stream(user) == {Stream.EARLY_YEARS: {zone.pk}}


def test_kind_that_is_not_eligible_has_no_stream():
    assert EstablishmentKindFactory.build(eligibility="PROVIDER").stream is None


def test_establishment_proposed_to_close_is_open():
    assert EstablishmentFactory.build(status=EstablishmentStatus.CLOSING, kind=None, zone=None).is_open


def test_establishment_without_a_name_is_shown_by_kind_and_urn():
    home = EstablishmentFactory(name="", urn="EY900001")
    assert str(home) == "Childcare on non-domestic premises EY900001 (name withheld)"


def test_establishment_address_leaves_out_blank_lines():
    setting = EstablishmentFactory(postcode="")
    assert setting.address_lines == ["1 Reedcutters Lane", "Market Staithe", "Norfolk"]
    assert setting.where == "Market Staithe"


def test_establishment_has_a_whole_position_or_none():
    assert EstablishmentFactory(easting=645_100, northing=317_200).position == Point(645_100, 317_200)
    assert EstablishmentFactory().position is None
    with pytest.raises(IntegrityError, match="position_whole"):
        EstablishmentFactory(easting=645_100)


def test_two_registers_may_use_one_urn_but_one_register_may_not():
    EstablishmentFactory(urn="123456")
    EstablishmentFactory(school=True, urn="123456")
    with pytest.raises(IntegrityError):
        EstablishmentFactory(urn="123456")


def test_one_contact_per_email_and_establishment():
    contact = ContactPersonFactory()
    assert str(contact) == f"{contact.name} <{contact.email}>"
    with pytest.raises(IntegrityError):
        ContactPersonFactory(establishment=contact.establishment, email=contact.email)


def test_one_person_per_email_whatever_its_capitals():
    UserFactory(email="jo@s2s.invalid")
    assert User.objects.get_by_natural_key("JO@s2s.invalid").email == "jo@s2s.invalid"
    with pytest.raises(IntegrityError):
        UserFactory(email="Jo@S2S.invalid")
