"""Another e-mail address for somebody: whose it may be, what ends with the old one, and who may give it."""

import pytest
from django.core.exceptions import ValidationError

from s2s_portal.organisations.actions import access, invitations
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile
from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models import AuditEvent, User
from s2s_portal.organisations.permissions import NotAllowed
from tests.factories.organisations import PASSWORD, person
from tests.moments import AN_ORDINARY_TUESDAY as AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
OLD, NEW = "jo@council.invalid", "jo.reeve@council.invalid"


@pytest.fixture
def administrator():
    return person(Role.ADMINISTRATOR, full_name="Ada Ministrator")


@pytest.fixture
def jo():
    return person(Role.AUDITOR, full_name="Jo Reeve", email=OLD, last_login=AT)


def change(one, by, email=NEW, seen=OLD, **more):
    return access.change_email(person=one, email=email, seen=seen, reason="She has married", by=by, at=AT, **more)


def fresh(one):
    return User.objects.get(pk=one.pk)


def test_they_sign_in_with_the_new_address_alone(administrator, jo, client, client_for):
    here = client_for(jo)
    User.objects.filter(pk=jo.pk).update(last_login=AT)
    link = invitations.make_link(person=jo, by=administrator, at=AT)
    assert change(jo, administrator, email=" Jo.Reeve@Council.invalid ") == OLD
    assert fresh(jo).email == NEW
    assert here.get("/home/").url.startswith("/accounts/login/")
    for address, signs_in in ((OLD, False), (NEW, True)):
        answer = client.post("/accounts/login/", {"login": address, "password": PASSWORD})
        assert (answer.status_code == 302) == signs_in, address
    assert not invitations.choose_password(link=link, password="marsh harrier over the reeds", at=AT)
    row = AuditEvent.objects.get(what__startswith="changed the e-mail")
    assert (row.what, row.reference, row.user_id, row.reason) == (
        f"changed the e-mail address, which was {OLD}",
        f"person {jo.pk}",
        administrator.pk,
        "She has married",
    )


def test_the_same_again_writes_nothing(administrator, jo):
    assert change(jo, administrator)
    assert change(jo, administrator) == ""
    assert change(jo, administrator, email=NEW.upper(), seen="") == ""
    assert AuditEvent.objects.filter(reference=f"person {jo.pk}").count() == 1


def test_of_two_administrators_the_second_is_told(administrator, jo):
    change(jo, administrator)
    other = person(Role.ADMINISTRATOR)
    with pytest.raises(ChangedMeanwhile, match=f"Ada Ministrator has changed it .* It is now: {NEW}") as told:
        change(jo, other, email="third@council.invalid")
    assert told.value.now == NEW
    assert change(jo, other, email="third@council.invalid", seen=NEW) == NEW


def test_nobody_gets_an_address_that_somebody_has(administrator, jo):
    person(full_name="Jo Royal", email="Jo.Reeve@council.invalid", is_active=False)
    with pytest.raises(CannotChange, match="^Jo Royal is here with this address") as wrong:
        change(jo, administrator)
    assert wrong.value.field == "email"
    for address in ("jo", "jö@council.invalid", "jo@-"):
        with pytest.raises(ValidationError):
            change(jo, administrator, email=address)
    assert fresh(jo).email == OLD


@pytest.mark.parametrize("signed_in", [AT, None])
def test_a_password_stays_with_whoever_has_signed_in(administrator, signed_in):
    """Who never did may have been written to at somebody else's address, and that person have chosen one."""
    jo = person(email=OLD, last_login=signed_in)
    change(jo, administrator)
    assert fresh(jo).check_password(PASSWORD) == bool(signed_in)


def test_where_the_old_one_was_never_theirs_it_is_as_if_they_had_never_signed_in(administrator, jo):
    change(jo, administrator, never_theirs=True)
    assert (fresh(jo).last_login, fresh(jo).has_usable_password()) == (None, False)
    assert AuditEvent.objects.get().what == f"changed the e-mail address, which was never theirs: {OLD}"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators(role, jo):
    with pytest.raises(NotAllowed):
        change(jo, person(role))


def test_nobody_changes_their_own_and_nobodys_who_has_left(administrator, jo):
    with pytest.raises(NotAllowed, match="Ask another administrator"):
        change(administrator, administrator, seen=administrator.email)
    User.objects.filter(pk=jo.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="Jo Reeve is not active: let them sign in again first"):
        change(jo, administrator)
    assert not AuditEvent.objects.exists()
