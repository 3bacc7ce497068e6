"""Roles, zones and whether people sign in: changed by others than themselves, never without an administrator left."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from s2s_portal.organisations.actions import access, invitations
from s2s_portal.organisations.actions.access import Held
from s2s_portal.organisations.actions.levers import ChangedMeanwhile
from s2s_portal.organisations.actions.teachers import NotAProvider
from s2s_portal.organisations.choices import Eligibility, Role, Source
from s2s_portal.organisations.models import AuditEvent, Membership, User
from s2s_portal.organisations.permissions import NotAllowed, roles_of
from s2s_portal.organisations.queries.accounts import held_in_words
from tests.factories.organisations import EstablishmentFactory, EstablishmentKindFactory, ZoneFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


def fresh(one):
    return User.objects.get(pk=one.pk)


def special_school():
    kind = EstablishmentKindFactory(
        source=Source.GIAS, name="Community special school", eligibility=Eligibility.PROVIDER
    )
    return EstablishmentFactory(school=True, kind=kind, name="Heron Carr School", urn="900777")


def seen_of(one):
    return held_in_words(fresh(one).memberships.all())


def set_roles(one, *held, by, seen=None):
    seen = seen_of(one) if seen is None else seen
    return access.set_roles(person=one, held=held, seen=seen, reason="They have another post", by=by)


def test_roles_zones_and_home_school_are_as_given(administrator):
    marsh, broad, school = ZoneFactory(name="Marsh"), ZoneFactory(name="Broad"), special_school()
    jo = person(Role.AUDITOR)
    held = [Held(Role.SEND_ADVISER, [marsh, broad]), Held(Role.S2S_TEACHER, [marsh], school)]
    assert set_roles(jo, *held, by=administrator) == [
        "took away the role Auditor",
        "gave the role SEND Adviser",
        "gave the zone Broad, as SEND Adviser",
        "gave the zone Marsh, as SEND Adviser",
        "gave the role S2S teacher",
        "gave the zone Marsh, as S2S teacher",
        "set the own school: Heron Carr School (GIAS 900777)",
    ]
    assert roles_of(fresh(jo)) == {Role.SEND_ADVISER, Role.S2S_TEACHER}
    assert Membership.objects.get(user=jo, role=Role.S2S_TEACHER).home_school == school
    assert AuditEvent.objects.filter(reference=f"person {jo.pk}", user_id=administrator.pk).count() == 7
    assert set_roles(jo, *held, by=administrator) == []
    assert set_roles(jo, Held(Role.SEND_ADVISER, [broad]), Held(Role.S2S_TEACHER), by=administrator) == [
        "took away the zone Marsh, as SEND Adviser",
        "took away the zone Marsh, as S2S teacher",
        "took away the own school: Heron Carr School (GIAS 900777)",
    ]
    assert set_roles(jo, by=administrator) == [
        "took away the role SEND Adviser",
        "took away the zone Broad, as SEND Adviser",
        "took away the role S2S teacher",
    ]
    rows = AuditEvent.objects.filter(reference=f"person {jo.pk}")
    assert set(rows.values_list("reason", flat=True)) == {"They have another post"}


def test_a_long_name_is_cut_and_the_rest_of_the_line_stays(administrator):
    jo, zone = person(), ZoneFactory(name="Z" * 100)
    _, told = set_roles(jo, Held(Role.EARLY_YEARS_ADVISER, [zone]), by=administrator)
    assert told.startswith("gave the zone ZZZ")
    assert told.endswith("Z…, as Early Years Adviser")
    assert AuditEvent.objects.order_by("-pk").first().what == told


def test_of_two_administrators_the_second_is_told_and_gives_nothing_back(administrator):
    jo, other = person(Role.AUDITOR, Role.COMMISSIONER), person(Role.ADMINISTRATOR, full_name="Ida Mautby")
    seen = seen_of(jo)
    set_roles(jo, Held(Role.COMMISSIONER), by=other)
    wanted = [Held(role) for role in (Role.AUDITOR, Role.COMMISSIONER, Role.S2S_COORDINATOR)]
    with pytest.raises(ChangedMeanwhile, match="Ida Mautby has changed it.* It is now: Commissioner") as told:
        set_roles(jo, *wanted, by=administrator, seen=seen)
    assert told.value.now == "Commissioner"
    assert roles_of(fresh(jo)) == {Role.COMMISSIONER}
    assert set_roles(jo, Held(Role.COMMISSIONER), by=administrator, seen=seen) == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda row: row.zones.clear(),
        lambda row: row.zones.add(ZoneFactory(name="Fens")),
        lambda row: Membership.objects.filter(pk=row.pk).update(home_school=special_school()),
    ],
)
def test_zones_and_school_are_seen_too(administrator, meanwhile):
    jo = person(Role.S2S_TEACHER, zones=[ZoneFactory(name="Marsh")])
    seen = seen_of(jo)
    meanwhile(Membership.objects.get(user=jo))
    with pytest.raises(ChangedMeanwhile):
        set_roles(jo, by=administrator, seen=seen)
    assert roles_of(fresh(jo)) == {Role.S2S_TEACHER}


def test_zones_are_for_roles_that_are_held_in_zones(administrator):
    jo = person()
    set_roles(jo, Held(Role.COMMISSIONER, [ZoneFactory()]), by=administrator)
    assert not Membership.objects.get(user=jo).zones.exists()


def test_a_home_school_provides_s2s_or_nothing_changes(administrator):
    jo = person()
    with pytest.raises(NotAProvider):
        set_roles(jo, Held(Role.S2S_TEACHER, (), EstablishmentFactory(school=True)), by=administrator)
    assert roles_of(fresh(jo)) == set()


def test_nobody_changes_themselves(administrator):
    for change in (
        lambda: set_roles(administrator, by=administrator),
        lambda: access.deactivate(person=administrator, reason="x", by=administrator, at=AT),
        lambda: access.reactivate(person=administrator, reason="x", by=administrator),
    ):
        with pytest.raises(NotAllowed, match="Nobody changes their own roles"):
            change()
    assert roles_of(fresh(administrator)) == {Role.ADMINISTRATOR}


def test_of_two_administrators_who_remove_each_other_one_stays(administrator):
    other = person(Role.ADMINISTRATOR)
    roles_of(other)  # read before the first took it away, as in a request that began then
    set_roles(other, by=administrator)
    for change in (
        lambda: set_roles(administrator, by=other),
        lambda: access.deactivate(person=administrator, reason="x", by=other, at=AT),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert roles_of(fresh(administrator)) == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators(role):
    by, jo = person(role), person(Role.AUDITOR)
    for change in (
        lambda: set_roles(jo, by=by),
        lambda: access.deactivate(person=jo, reason="x", by=by, at=AT),
        lambda: access.reactivate(person=jo, reason="x", by=by),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_who_was_deactivated_signs_in_anew_after_coming_back(administrator, client_for):
    jo, other = person(Role.SEND_ADVISER, zones=[ZoneFactory()]), client_for(person(Role.AUDITOR))
    lost, slow = client_for(jo), client_for(jo)
    late = slow.cookies["sessionid"].value
    kept = dict(Session.objects.values_list("pk", "session_data"))[late]
    access.deactivate(person=jo, reason="A laptop was stolen", by=administrator, at=AT)
    Session.objects.create(pk=late, session_data=kept, expire_date=AT + timedelta(hours=1))  # it was just signing in
    access.reactivate(person=jo, reason="With a new laptop", by=administrator)
    for old in (lost, slow):
        assert old.get("/home/").url.startswith("/accounts/login/")
    assert client_for(jo).get("/home/").status_code == 200
    assert other.get("/home/").status_code == 200


def test_somebody_leaves_and_comes_back(administrator):
    jo = person(Role.SEND_ADVISER, zones=[ZoneFactory()])
    link = invitations.make_link(person=jo, by=administrator, at=AT)
    assert access.deactivate(person=jo, reason="Left the council", by=administrator, at=AT)
    assert not access.deactivate(person=jo, reason="Again", by=administrator, at=AT)
    assert not fresh(jo).is_active
    assert not invitations.choose_password(link=link, password="marsh harrier over the reeds", at=AT)
    assert access.reactivate(person=jo, reason="Came back", by=administrator)
    assert not access.reactivate(person=jo, reason="Again", by=administrator)
    assert roles_of(fresh(jo)) == {Role.SEND_ADVISER}
    rows = AuditEvent.objects.filter(reference=f"person {jo.pk}").exclude(reason="").order_by("pk")
    assert list(rows.values_list("what", "reason")) == [
        ("deactivated person", "Left the council"),
        ("reactivated person", "Came back"),
    ]
