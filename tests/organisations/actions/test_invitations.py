"""Links with which people choose their own password: once, for seven days, and only the newest."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from s2s_portal.organisations.actions import access, invitations
from s2s_portal.organisations.actions.people import ensure_system_user
from s2s_portal.organisations.choices import LinkState, Role
from s2s_portal.organisations.models import AuditEvent, SignedLink, User
from s2s_portal.organisations.permissions import NotAllowed, roles_of
from s2s_portal.organisations.queries.invitations import person_of
from tests.factories.organisations import PASSWORD, UserFactory, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
CHOSEN = "marsh harrier over the reeds"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def newcomer():
    one = UserFactory(full_name="Jo Reeve", email="jo@council.invalid")
    one.set_unusable_password()
    one.save()
    return one


def did(one):
    return list(AuditEvent.objects.filter(reference=f"person {one.pk}").order_by("pk").values_list("what", flat=True))


def test_a_link_sets_the_password_once(administrator, newcomer):
    link = invitations.make_link(person=newcomer, by=administrator, at=AT)
    assert link.lasts_days == 7
    assert invitations.choose_password(link=link, password=CHOSEN, at=AT)
    assert not invitations.choose_password(link=link, password="another long one indeed", at=AT)
    assert User.objects.get(pk=newcomer.pk).check_password(CHOSEN)
    assert did(newcomer) == ["made a link to choose a password", "chose a password by a link"]
    assert AuditEvent.objects.get(what="chose a password by a link").user_id == newcomer.pk


def test_a_newer_link_ends_the_older(administrator, newcomer):
    old, new = (invitations.make_link(person=newcomer, by=administrator, at=AT) for _ in range(2))
    assert not invitations.choose_password(link=old, password=CHOSEN, at=AT)
    assert invitations.choose_password(link=new, password=CHOSEN, at=AT)


def test_a_link_is_for_the_address_they_have_now_whatever_was_read_before(administrator, newcomer):
    as_read = User.objects.get(pk=newcomer.pk)
    told = {"email": "jo.reeve@council.invalid", "seen": "jo@council.invalid", "reason": "It was mistyped"}
    access.change_email(person=newcomer, **told, by=administrator, at=AT)
    link = invitations.make_link(person=as_read, by=person(Role.ADMINISTRATOR), at=AT)
    assert person_of(link) == newcomer
    assert invitations.choose_password(link=link, password=CHOSEN, at=AT)


def test_a_weak_password_leaves_the_link_as_it_was(administrator, newcomer):
    link = invitations.make_link(person=newcomer, by=administrator, at=AT)
    with pytest.raises(ValidationError, match="too short"):
        invitations.choose_password(link=link, password="short", at=AT)
    with pytest.raises(ValidationError, match="too similar"):
        invitations.choose_password(link=link, password="jo@council.invalid", at=AT)
    assert SignedLink.objects.get().state(AT) == LinkState.LIVE


def test_a_link_grows_old_in_real_time(administrator, newcomer):
    link = invitations.make_link(person=newcomer, by=administrator, at=AT)
    assert link.state(AT + timedelta(days=7) - timedelta(seconds=1)) == LinkState.LIVE
    assert link.state(AT + timedelta(days=7)) == LinkState.EXPIRED


def test_taking_back(administrator, newcomer):
    link = invitations.make_link(person=newcomer, by=administrator, at=AT)
    assert invitations.take_back(person=newcomer, by=administrator, at=AT)
    assert not invitations.take_back(person=newcomer, by=administrator, at=AT)
    assert not invitations.choose_password(link=link, password=CHOSEN, at=AT)
    assert did(newcomer)[1:] == ["took back the link to choose a password"]


def test_a_link_is_nobodys_after_another_address_or_deactivation(administrator, newcomer):
    link = invitations.make_link(person=newcomer, by=administrator, at=AT)
    User.objects.filter(pk=newcomer.pk).update(email="joanna@council.invalid")
    assert person_of(link) is None
    assert not invitations.choose_password(link=link, password=CHOSEN, at=AT)
    User.objects.filter(pk=newcomer.pk).update(email="JO@council.invalid")
    assert person_of(link) == newcomer
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert not invitations.choose_password(link=link, password=CHOSEN, at=AT)
    with pytest.raises(NotAllowed, match="is not active"):
        invitations.make_link(person=newcomer, by=administrator, at=AT)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators(newcomer, role):
    by = person(role)
    with pytest.raises(NotAllowed):
        invitations.make_link(person=newcomer, by=by, at=AT)
    with pytest.raises(NotAllowed):
        invitations.take_back(person=newcomer, by=by, at=AT)
    with pytest.raises(NotAllowed):
        create(by=by)


def create(email="ada@council.invalid", *, by=None, another=False):
    given = {"email": email, "full_name": "Ada Ministrator", "another": another}
    return invitations.create_administrator(**given, by=by or ensure_system_user(), at=AT)


def test_the_first_administrator():
    link = create()
    ada = person_of(link)
    assert (ada.email, roles_of(ada), ada.has_usable_password()) == ("ada@council.invalid", {Role.ADMINISTRATOR}, False)
    assert invitations.choose_password(link=link, password=CHOSEN, at=AT)


def test_the_same_again_gives_a_new_link_and_ends_the_old():
    old = create()
    new = create("ADA@council.invalid ")
    assert User.objects.filter(memberships__role=Role.ADMINISTRATOR).count() == 1
    assert not invitations.choose_password(link=old, password=CHOSEN, at=AT)
    assert invitations.choose_password(link=new, password=CHOSEN, at=AT)


def test_no_second_administrator_unless_one_is_wanted(administrator):
    with pytest.raises(invitations.AdministratorThere, match=administrator.email):
        create()
    create(another=True)
    assert administrator.check_password(PASSWORD)
    assert User.objects.filter(memberships__role=Role.ADMINISTRATOR).count() == 2


def test_a_former_administrator_does_not_count_and_gets_no_link(administrator):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="is not active"):
        create(administrator.email)
    create()
