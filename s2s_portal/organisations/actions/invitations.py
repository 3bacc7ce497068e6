"""Links with which people choose their own password: made, taken back, and used once. Nobody else ever knows it."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from s2s_portal.organisations.actions import audit, links
from s2s_portal.organisations.actions.people import add_person
from s2s_portal.organisations.choices import AuditKind, LinkPurpose, Permission, Role
from s2s_portal.organisations.models import SignedLink, User
from s2s_portal.organisations.permissions import NotAllowed, check
from s2s_portal.organisations.queries.invitations import person_of
from s2s_portal.organisations.queries.people import active_people, is_system, subject_of

PURPOSE = LinkPurpose.CHOOSE_PASSWORD


@transaction.atomic
def make_link(*, person: User, by: User, at: datetime) -> SignedLink:
    """A link with which `person` chooses a password; those made before open nothing any more.

    Raises `NotAllowed` unless `by` looks after people (or is the portal), and for somebody who does not sign in.
    """
    if not is_system(by):
        check(by, Permission.MANAGE_PEOPLE)
    # Whoever waited for the lock may have read an address that is nobody's any more: a link for it would open nothing.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        raise NotAllowed(f"{person} is not active: let them sign in again first.")
    subject = subject_of(person)
    links.revoke(purpose=PURPOSE, subject=subject, at=at)
    link = links.issue(purpose=PURPOSE, subject=subject, email=person.email)
    audit.record(kind=AuditKind.WRITE, what="made a link to choose a password", reference=subject, by=by)
    return link


@transaction.atomic
def take_back(*, person: User, by: User, at: datetime) -> bool:
    """Make the person's link open nothing; False if there was none that did. Raises `NotAllowed`."""
    check(by, Permission.MANAGE_PEOPLE)
    if not links.revoke(purpose=PURPOSE, subject=subject_of(person), at=at):
        return False
    what = "took back the link to choose a password"
    audit.record(kind=AuditKind.WRITE, what=what, reference=subject_of(person), by=by)
    return True


class AdministratorThere(ValueError):
    """The portal has an administrator, who adds people; the message says who."""


@transaction.atomic
def create_administrator(*, email: str, full_name: str, another: bool, by: User, at: datetime) -> SignedLink:
    """The first administrator of an installation, and the link with which they choose their password.

    The same address again gives a new link. Raises `AdministratorThere` if somebody else is one, unless `another`;
    `ValidationError` for a bad address; `NotAllowed` unless `by` looks after people (or is the portal), and if the
    address is that of somebody who was deactivated.
    """
    there = active_people(Role.ADMINISTRATOR).exclude(email__iexact=email.strip()).first()
    if there is not None and not another:
        raise AdministratorThere(f"{there} <{there.email}> is an administrator: they add people on the page People.")
    added = add_person(email=email, full_name=full_name, roles=[Role.ADMINISTRATOR], zones=[], password=None, by=by)
    return make_link(person=added.person, by=by, at=at)


@transaction.atomic
def choose_password(*, link: SignedLink, password: str, at: datetime) -> bool:
    """Set the password of the person whose link this is, and use the link up; False if it was used or taken back.

    Whoever is signed in as them is signed out. Raises `ValidationError`, with sentences, for too weak a password.
    """
    person = person_of(link)
    if person is None:
        return False
    validate_password(password, person)
    # The person before the link, as whoever closes their account or changes their address locks them.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not links.use(link, at=at):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(kind=AuditKind.WRITE, what="chose a password by a link", reference=subject_of(person), by=person)
    return True
