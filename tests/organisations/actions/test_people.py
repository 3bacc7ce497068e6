"""Adding people: once, with what they lack, and only by those who look after people."""

import pytest
from django.core.exceptions import ValidationError

from s2s_portal.organisations.actions.people import add_person, ensure_system_user
from s2s_portal.organisations.choices import AuditKind, Role, Stream
from s2s_portal.organisations.models import AuditEvent, User
from s2s_portal.organisations.permissions import NotAllowed, roles_of, zones_by_stream
from s2s_portal.organisations.queries.people import system_user
from tests.factories.organisations import ZoneFactory, person

pytestmark = pytest.mark.django_db
STRONG = "marsh harrier over the reeds"


def add(**changes):
    given = {
        "email": "jo.reeve@council.invalid",
        "full_name": "Jo Reeve",
        "roles": [Role.EARLY_YEARS_ADVISER],
        "zones": [],
        "password": STRONG,
        "by": ensure_system_user(),
    }
    return add_person(**given | changes)


def test_add_person():
    zone = ZoneFactory()
    added = add(email=" Jo.Reeve@Council.invalid ", full_name="Jo\u00a0 Reeve", zones=[zone])
    jo = User.objects.get(email="jo.reeve@council.invalid")
    assert added.person == jo
    assert (added.is_new, added.new_roles) == (True, (Role.EARLY_YEARS_ADVISER,))
    assert jo.full_name == "Jo Reeve"
    assert jo.check_password(STRONG)
    assert jo.is_active
    assert not jo.is_staff
    assert not jo.is_superuser
    assert zones_by_stream(jo) == {Stream.EARLY_YEARS: {zone.pk}}


def test_add_person_is_recorded_with_who_and_when(at):
    jo = add(zones=[ZoneFactory(name="Marsh")]).person
    rows = AuditEvent.objects.order_by("pk")
    assert [(row.what, row.kind, row.reference) for row in rows] == [
        ("added person", AuditKind.WRITE, f"person {jo.pk}"),
        ("gave the role Early Years Adviser", AuditKind.WRITE, f"person {jo.pk}"),
        ("gave the zone Marsh, as Early Years Adviser", AuditKind.WRITE, f"person {jo.pk}"),
    ]
    assert {(row.user_email, row.at) for row in rows} == {("portal@s2s.invalid", at)}


def test_add_person_without_a_password_lets_nobody_sign_in_yet():
    assert not add(password=None).person.has_usable_password()


def test_add_person_again_adds_only_what_is_missing():
    north, south = ZoneFactory(), ZoneFactory()
    first = add(zones=[north]).person
    recorded = AuditEvent.objects.count()
    again = add(
        email="JO.REEVE@council.invalid",
        full_name="Somebody Else",
        password="another long password",
        roles=[Role.EARLY_YEARS_ADVISER, Role.AUDITOR, Role.AUDITOR],
        zones=[south],
    )
    assert again.person == first
    assert (again.is_new, again.new_roles) == (False, (Role.AUDITOR,))
    jo = User.objects.get(pk=first.pk)
    assert jo.full_name == "Jo Reeve"
    assert jo.check_password(STRONG)
    assert roles_of(jo) == {Role.EARLY_YEARS_ADVISER, Role.AUDITOR}
    assert zones_by_stream(jo) == {Stream.EARLY_YEARS: {north.pk, south.pk}}
    assert not jo.memberships.get(role=Role.AUDITOR).zones.exists()
    assert AuditEvent.objects.count() == recorded + 2  # a role, and a zone of the one there was
    assert add().new_roles == ()


def test_add_person_keeps_an_international_domain_in_the_form_that_mail_servers_take():
    assert add(email="jo@Exämple.invalid").person.email == "jo@xn--exmple-cua.invalid"
    assert not add(email="jo@exämple.invalid").is_new


@pytest.mark.parametrize(
    "email",
    [
        *("", "jo", "jo@", "jo@council\x00.invalid", "a b@council.invalid"),
        *("jö@council.invalid", "jo@straße.invalid", f"jo@{'x.' * 130}invalid"),
    ],
)
def test_add_person_refuses_what_is_no_address(email):
    with pytest.raises(ValidationError):
        add(email=email)
    assert not User.objects.filter(full_name="Jo Reeve").exists()


@pytest.mark.parametrize("password", ["", "short", "qwerty123456", "jo.reeve@council"])
def test_add_person_refuses_a_weak_password_and_writes_nothing(password):
    with pytest.raises(ValidationError):
        add(password=password)
    assert not User.objects.filter(full_name="Jo Reeve").exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_add_person_is_for_those_who_look_after_people(role):
    by = person(role)
    if role == Role.ADMINISTRATOR:
        assert add(by=by).is_new
        assert AuditEvent.objects.filter(user_id=by.pk).count() == 2
        return
    with pytest.raises(NotAllowed):
        add(by=by)
    assert not User.objects.filter(full_name="Jo Reeve").exists()


def test_ensure_system_user_makes_one_that_cannot_sign_in():
    portal = ensure_system_user()
    assert ensure_system_user() == portal == system_user()
    assert str(portal) == "S2S portal"
    assert not portal.is_active
    assert not portal.has_usable_password()


def test_system_user_is_missing_until_it_is_made():
    with pytest.raises(User.DoesNotExist):
        system_user()
