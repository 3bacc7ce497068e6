"""People and the roles they hold."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from s2s_portal.core.addresses import deliverable
from s2s_portal.core.text import tidy
from s2s_portal.organisations.actions.audit import line, record, record_all
from s2s_portal.organisations.choices import STREAM_OF_ROLE, AuditKind, Permission, Role
from s2s_portal.organisations.models import Membership, User, Zone
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.people import SYSTEM_EMAIL, is_system, subject_of

SYSTEM_NAME = "S2S portal"
ZONED_ROLES = frozenset({*STREAM_OF_ROLE, Role.S2S_TEACHER})
"""Roles that are held in zones."""


@dataclass(frozen=True)
class Added:
    """What adding a person did: who, whether they are new, and which roles they did not hold before."""

    person: User
    is_new: bool
    new_roles: tuple[Role, ...]


@transaction.atomic
def add_person(
    *,
    email: str,
    full_name: str,
    roles: Collection[Role],
    zones: Collection[Zone],
    password: str | None,
    by: User,
) -> Added:
    """Add someone with `roles`, in `zones` where a role is held in zones; safe to repeat.

    Someone who is already here keeps name, password and every role, and gains the roles and zones they lack. Without a
    password nobody can sign in as them until they are given one. Audit rows stamp themselves, so there is no `at`.
    Raises `ValidationError` for a bad address or too weak a password, `NotAllowed` unless `by` looks after people.
    """
    if not is_system(by):
        check(by, Permission.MANAGE_PEOPLE)
    address = deliverable(tidy(email)).lower()
    person = User.objects.filter(email__iexact=address).first()
    is_new = person is None
    if person is None:
        person = _new_person(address, full_name, password)
        record(kind=AuditKind.WRITE, what="added person", reference=subject_of(person), by=by)
    new_roles = tuple(role for role in dict.fromkeys(roles) if _give(person, role, zones, by))
    return Added(person, is_new, new_roles)


def _new_person(address: str, full_name: str, password: str | None) -> User:
    User._meta.get_field("email").clean(address, None)
    if password is not None:
        validate_password(password, User(email=address, full_name=full_name))
    return User.objects.create_user(address, tidy(full_name), password)


def _give(person: User, role: Role, zones: Collection[Zone], by: User) -> bool:
    """Whether the role is new to the person; zones are added to it either way, never taken away."""
    membership, is_new = Membership.objects.get_or_create(user=person, role=role)
    if is_new:
        record(kind=AuditKind.WRITE, what=f"gave the role {role.label}", reference=subject_of(person), by=by)
    if role in ZONED_ROLES:
        held = set(membership.zones.all())
        added = sorted({*zones} - held, key=lambda zone: zone.name)
        membership.zones.add(*added)
        lines = [(zone_line("gave", zone, role), subject_of(person)) for zone in added]
        record_all(kind=AuditKind.WRITE, lines=lines, by=by)
    return is_new


def zone_line(verb: str, zone: Zone, role: Role) -> str:
    """How the history of a person says that a zone was given or taken away: who could see what when hangs on it."""
    return line(f"{verb} the zone ", zone.name, f", as {role.label}")


def ensure_system_user() -> User:
    """The user that jobs and commands act as, made if it is missing. Nobody can sign in as it."""
    portal, is_new = User.objects.get_or_create(
        email=SYSTEM_EMAIL, defaults={"full_name": SYSTEM_NAME, "is_active": False}
    )
    if is_new:
        portal.set_unusable_password()
        portal.save(update_fields=["password"])
    return portal
