"""Which roles a person holds, whether they sign in and with which address: changed by administrators, never by oneself.

So there is always an administrator left: whoever changes somebody is one, and is still one when it is written.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from s2s_portal.core import sessions
from s2s_portal.core.addresses import deliverable
from s2s_portal.core.text import tidy
from s2s_portal.organisations.actions import audit, links
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile, one_at_a_time
from s2s_portal.organisations.actions.people import ZONED_ROLES, zone_line
from s2s_portal.organisations.actions.teachers import NotAProvider, school_line
from s2s_portal.organisations.choices import AuditKind, Eligibility, LinkPurpose, Permission, Role
from s2s_portal.organisations.models import Establishment, Membership, User, Zone
from s2s_portal.organisations.permissions import NotAllowed, check
from s2s_portal.organisations.queries.accounts import held_in_words, history_of
from s2s_portal.organisations.queries.people import subject_of

NOT_YOURSELF = "Nobody changes their own roles or closes their own account. Ask another administrator."


@dataclass(frozen=True)
class Held:
    """One role that a person is to hold: the zones it holds in, and a teacher's own school."""

    role: Role
    zones: Collection[Zone] = ()
    home_school: Establishment | None = None


@transaction.atomic
def set_roles(*, person: User, held: Sequence[Held], seen: str, reason: str, by: User) -> list[str]:
    """Give `person` these roles, zones and home school, and no others; what changed, in words. The same again: nothing.

    `seen` is `held_in_words` of what `by` looked at. Raises `NotAllowed` unless `by` looks after people and is somebody
    else, `NotAProvider` for a home school that does not provide S2S, and `ChangedMeanwhile`.
    """
    _check_may(by, person)
    rows = Membership.objects.filter(user=person).order_by("pk")
    rows = rows.select_related("home_school__kind").prefetch_related("zones")
    now, before = {Role(one.role): one for one in rows}, held_in_words(rows)
    wanted = {one.role: one for one in held}
    changes = []
    for role in [role for role in now if role not in wanted]:
        changes += [role_taken(role), *_hold(now[role], Held(role))]
        now[role].delete()
    for role, one in wanted.items():
        if role not in now:
            changes.append(f"gave the role {role.label}")
        changes += _hold(now.get(role) or Membership.objects.create(user=person, role=role), one)
    if changes and seen != before:  # the same again is as wanted, whoever did it
        raise ChangedMeanwhile(f"{_last_by(person)} has changed it while you were writing. It is now: {before}", before)
    lines = [(what, subject_of(person)) for what in changes]
    audit.record_all(kind=AuditKind.WRITE, lines=lines, by=by, reason=reason)
    return changes


def role_taken(role: Role) -> str:
    """The line that says, among the changes of a person, that they hold `role` no more."""
    return f"took away the role {role.label}"


def _hold(membership: Membership, held: Held) -> list[str]:
    """Zones and home school of one role; what was taken away and given, each by its name."""
    changes: list[str] = []
    was, zones = set(membership.zones.all()), set(held.zones) if held.role in ZONED_ROLES else set()
    for verb, some in (("took away", was - zones), ("gave", zones - was)):
        changes += [zone_line(verb, zone, held.role) for zone in sorted(some, key=lambda zone: zone.name)]
    if was != zones:
        membership.zones.set(zones)
    if held.role == Role.S2S_TEACHER and membership.home_school != held.home_school:
        school = held.home_school
        if school is not None and school.kind.eligibility != Eligibility.PROVIDER:
            raise NotAProvider(f"{school} does not provide S2S, so it cannot be a teacher’s own school.")
        if membership.home_school is not None:
            changes.append(school_line("took away", membership.home_school))
        if school is not None:
            changes.append(school_line("set", school))
        membership.home_school = school
        membership.save(update_fields=["home_school"])
    return changes


def _last_by(person: User) -> str:
    last = history_of(person).first()
    return (last.by_name or last.user_email) if last else "Somebody"


@transaction.atomic
def deactivate(*, person: User, reason: str, by: User, at: datetime) -> bool:
    """Let `person` sign in no more, at once; roles and work stay as they are. False if they could not before.

    Raises `NotAllowed` as `set_roles`.
    """
    person = _check_may(by, person)
    if not person.is_active:
        return False
    links.revoke(purpose=LinkPurpose.CHOOSE_PASSWORD, subject=subject_of(person), at=at)
    return _set_active(person, active=False, reason=reason, by=by)


@transaction.atomic
def reactivate(*, person: User, reason: str, by: User) -> bool:
    """Let `person` sign in again with the roles and the password they had. False if they could. Raises `NotAllowed`."""
    person = _check_may(by, person)
    return not person.is_active and _set_active(person, active=True, reason=reason, by=by)


def _set_active(person: User, *, active: bool, reason: str, by: User) -> bool:
    person.is_active = active
    person.save(update_fields=["is_active"])
    sessions.end_all_of(person.pk)  # on coming back too: whoever was signing in meanwhile begins anew
    what = "reactivated person" if active else "deactivated person"
    audit.record(kind=AuditKind.WRITE, what=what, reference=subject_of(person), by=by, reason=reason)
    return True


def check_active(person: User) -> None:
    """Raise `NotAllowed`, with a sentence, for somebody who was deactivated."""
    if not person.is_active:
        raise NotAllowed(f"{person} is not active: let them sign in again first.")


@transaction.atomic
def change_email(
    *, person: User, email: str, seen: str, reason: str, by: User, at: datetime, never_theirs: bool = False
) -> str:
    """Let `person` sign in with another address, and sign them out; the address before, "" if it is that already.

    Whoever has never signed in loses a password, too: it may have been chosen by whoever reads the wrong inbox. So it
    is where the old address was `never_theirs`: who signed in then was somebody else, and they themselves never did.
    `seen` is the address that `by` looked at. Raises `NotAllowed` as `set_roles` and for somebody who does not sign in,
    `ValidationError` for a bad address, `CannotChange` for somebody else's, and `ChangedMeanwhile`.
    """
    one_at_a_time()  # as `inviting.invite`, which may add somebody with this address
    person = _check_may(by, person)
    check_active(person)
    address, before = deliverable(tidy(email)).lower(), person.email
    User._meta.get_field("email").clean(address, None)
    if address == before:
        return ""
    if seen != before:
        raise ChangedMeanwhile(f"{_last_by(person)} has changed it while you were writing. It is now: {before}", before)
    other = User.objects.filter(email__iexact=address).exclude(pk=person.pk).first()
    if other is not None:
        raise CannotChange(f"{other} is here with this address: nobody else can have it", "email")
    person.email = address
    if never_theirs:
        person.last_login = None
    if person.last_login is None:
        person.set_unusable_password()
    person.save(update_fields=["email", "password", "last_login"])
    links.revoke(purpose=LinkPurpose.CHOOSE_PASSWORD, subject=subject_of(person), at=at)
    sessions.end_all_of(person.pk)
    what = audit.line(f"changed the e-mail address, which was {'never theirs: ' if never_theirs else ''}", before)
    audit.record(kind=AuditKind.WRITE, what=what, reference=subject_of(person), by=by, reason=reason)
    return before


def _check_may(by: User, person: User) -> User:
    """The person as they are now, locked with every administrator: two of them cannot remove each other at once."""
    check(by, Permission.MANAGE_PEOPLE)
    administrators = Membership.objects.filter(role=Role.ADMINISTRATOR).values("user")
    locked = User.objects.filter(Q(pk=person.pk) | Q(pk__in=administrators)).order_by("pk")
    rows = {one.pk: one for one in locked.select_for_update(no_key=True)}
    # Whoever waited for the lock may have lost the role meanwhile.
    check(User.objects.get(pk=by.pk), Permission.MANAGE_PEOPLE)
    if by.pk == person.pk:
        raise NotAllowed(NOT_YOURSELF)
    return rows[person.pk]
